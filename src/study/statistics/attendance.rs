//! Attendance: in how many runs the incidents met anybody.
//!
//! Nothing is learnt of an outage during which nobody asks: no time to recover, and no downtime. So whatever is expected of a
//! design is not met if in too many runs no request met any of the incidents.

use crate::study::record::column::Column;
use crate::study::record::rows::RunRows;
use crate::study::seen::observation::Observation;

/// Share of the runs in which all incidents may go unattended.
const MOST_UNATTENDED: f64 = 0.05;

/// In how many runs of a design there were incidents, and somebody met them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Attendance {
    /// Runs of the design.
    pub runs: u64,
    /// Runs in which a request met an incident.
    pub attended: u64,
    /// Runs with incidents of which no request met any.
    pub unattended: u64,
}

impl Attendance {
    /// Counts the runs of a design.
    pub(crate) fn of(rows: &RunRows) -> Self {
        let all = rows.read(Column::Attendance);
        let count = |attended: f64| all.iter().filter(|one| **one == Observation::Value(attended)).count() as u64;
        Attendance { runs: all.len() as u64, attended: count(1.0), unattended: count(0.0) }
    }

    /// Returns whether the runs in which no request met the incidents are few enough.
    pub fn is_enough(&self) -> bool {
        self.unattended as f64 <= MOST_UNATTENDED * self.runs as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_run_in_twenty_may_go_unattended() {
        let of = |unattended| Attendance { runs: 60, attended: 60 - unattended, unattended };
        assert!(of(0).is_enough() && of(3).is_enough() && !of(4).is_enough());
    }
}
