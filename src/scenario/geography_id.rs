//! Which geography: an index that is made where geographies are counted, and never by a cast.

use serde::Serialize;
use thiserror::Error;

/// The most geographies of a scenario. What a run does for each of them at its start grows with their square.
pub const MOST_GEOGRAPHIES: u16 = 1_000;

/// One of the geographies, by its position in file order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct GeographyId(u16);

/// A position that no geography can have.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("there are more geographies than {MOST_GEOGRAPHIES}, the most of a scenario")]
pub struct TooManyGeographies;

impl GeographyId {
    /// The geography that the file names first.
    pub const FIRST: GeographyId = GeographyId(0);

    /// The ids of so many geographies, in file order.
    ///
    /// # Errors
    /// If there are more than [`MOST_GEOGRAPHIES`].
    pub fn all(count: usize) -> Result<impl ExactSizeIterator<Item = GeographyId> + Clone, TooManyGeographies> {
        let count = u16::try_from(count).map_err(|_| TooManyGeographies)?;
        if count > MOST_GEOGRAPHIES {
            return Err(TooManyGeographies);
        }
        Ok((0..count).map(GeographyId))
    }

    /// Position of the geography in file order.
    #[inline]
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

impl TryFrom<usize> for GeographyId {
    type Error = TooManyGeographies;

    fn try_from(index: usize) -> Result<Self, TooManyGeographies> {
        match u16::try_from(index) {
            Ok(index) if index < MOST_GEOGRAPHIES => Ok(GeographyId(index)),
            Ok(_) | Err(_) => Err(TooManyGeographies),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_geography_up_to_the_limit_has_an_id_of_its_own_and_none_beyond() {
        let most = usize::from(MOST_GEOGRAPHIES);
        let ids: Vec<usize> = GeographyId::all(most).unwrap().map(GeographyId::index).collect();
        assert_eq!(ids, (0..most).collect::<Vec<_>>());
        assert!(GeographyId::all(most + 1).is_err());
        assert_eq!(GeographyId::try_from(most - 1).map(GeographyId::index), Ok(most - 1));
        for beyond in [most, 65_536, 65_537, usize::MAX] {
            assert_eq!(GeographyId::try_from(beyond), Err(TooManyGeographies));
        }
    }

    #[test]
    fn a_geography_is_written_as_its_position_in_the_file() {
        assert_eq!(serde_json::to_string(&GeographyId::try_from(300).unwrap()).unwrap(), "300");
    }
}
