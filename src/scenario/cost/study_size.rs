//! The numbers that the cost of a study grows with.

/// The designs, pairs of designs and runs of a study: memory and disk grow with each.
#[derive(Clone, Copy, Debug)]
pub(super) struct StudySize {
    designs: f64,
    pub(super) pairs: f64,
    pub(super) runs: f64,
}

impl StudySize {
    /// Returns the size of a study of so many designs and so many runs of each.
    pub(super) fn of(designs: f64, runs: f64) -> Self {
        StudySize { designs, pairs: designs * (designs - 1.0).max(0.0) / 2.0, runs: runs * designs }
    }

    /// Returns the bytes of a study that takes `whole` by itself, and so many for each design, pair and run.
    pub(super) fn bytes(self, whole: f64, of_design: f64, of_pair: f64, of_run: f64) -> f64 {
        whole + self.designs * of_design + self.pairs * of_pair + self.runs * of_run
    }
}
