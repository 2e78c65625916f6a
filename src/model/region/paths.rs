//! Who can reach which region: cuts on the way, as opposed to outages at its end.

/// Cuts between geographies and regions. Counts, so that several act together.
#[derive(Debug)]
pub(in super::super) struct Paths {
    /// Cuts of all kinds at the moment; while there are none, nothing else is looked at.
    any: u32,
    /// Per geography and region: visitors and checkers.
    cut: Vec<[u32; 2]>,
    /// Per geography and region: checkers alone.
    unseen: Vec<[u32; 2]>,
}

impl Paths {
    pub(in super::super) fn new(geographies: usize) -> Self {
        Paths { any: 0, cut: vec![[0; 2]; geographies], unseen: vec![[0; 2]; geographies] }
    }

    /// The path between a geography and a region is cut, or one cut fewer.
    pub(in super::super) fn cut(&mut self, geography: usize, region: usize, begins: bool) {
        count(&mut self.any, begins);
        count(&mut self.cut[geography][region], begins);
    }

    /// The checkers of a geography cannot see a region, or one reason for it fewer.
    pub(in super::super) fn hide(&mut self, geography: usize, region: usize, begins: bool) {
        count(&mut self.any, begins);
        count(&mut self.unseen[geography][region], begins);
    }

    /// Whether packets between the visitors of a geography and a region vanish.
    #[inline]
    pub(in super::super) fn is_cut(&self, geography: u8, region: u8) -> bool {
        self.any > 0 && self.cut[usize::from(geography)][usize::from(region)] > 0
    }

    /// Whether packets between the checkers of a geography and a region vanish.
    #[inline]
    pub(in super::super) fn is_hidden(&self, geography: u8, region: u8) -> bool {
        self.any > 0 && (self.is_cut(geography, region) || self.unseen[usize::from(geography)][usize::from(region)] > 0)
    }
}

/// Counts one more, or one fewer.
fn count(counter: &mut u32, begins: bool) {
    if begins {
        *counter += 1;
    } else {
        *counter -= 1;
    }
}
