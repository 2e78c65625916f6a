//! Id of an incident of the scenario.

/// One of the incidents, by its position in file order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct IncidentId(u32);

impl IncidentId {
    /// The incident at a position of the scenario's list.
    ///
    /// # Panics
    /// If it is beyond what a list in memory can hold: a file holds some ten thousand.
    pub(super) fn at(index: usize) -> Self {
        IncidentId(u32::try_from(index).expect("fewer incidents than numbers"))
    }

    /// Position of the incident in file order.
    pub(super) fn index(self) -> usize {
        self.0 as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_incident_beyond_sixteen_bits_keeps_its_place() {
        assert_eq!(IncidentId::at(65_537).index(), 65_537);
    }
}
