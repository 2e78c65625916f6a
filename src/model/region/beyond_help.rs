//! Until when requests were beyond help.

use super::super::outcome::{Operation, Phase};
use super::super::per_geography::PerGeography;
use crate::scenario::GeographyId;
use crate::units::SimTime;

/// Reason why an attempt is beyond help, the stronger reason first.
const REASONS: [Phase; 2] = [Phase::NothingLeft, Phase::NeverPromotes];

/// Records until when requests were last beyond help.
#[derive(Debug)]
pub(super) struct BeyondHelp {
    /// Per geography, [`Operation`] and reason.
    until: PerGeography<[[SimTime; REASONS.len()]; Operation::ALL.len()]>,
}

impl BeyondHelp {
    /// Returns a record in which nothing was ever beyond help.
    pub(super) fn new(geographies: usize) -> Self {
        BeyondHelp { until: PerGeography::same(Default::default(), geographies) }
    }

    /// Notes that requests are beyond help now, and why.
    pub(super) fn note(&mut self, geography: GeographyId, operation: Operation, reason: Phase, now: SimTime) {
        let place = usize::from(reason == REASONS[1]);
        self.until[geography][operation as usize][place] = now;
    }

    /// Returns why an attempt that was sent at `sent` is beyond help, if it is: of those that held since, and the one
    /// that holds now.
    pub(super) fn since(
        &self,
        sent: SimTime,
        geography: GeographyId,
        operation: Operation,
        is_now: Option<Phase>,
    ) -> Option<Phase> {
        let until = &self.until[geography][operation as usize];
        let holds = |reason: usize| until[reason] > sent || is_now == Some(REASONS[reason]);
        (0..REASONS.len()).find(|&reason| holds(reason)).map(|reason| REASONS[reason])
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::scheduler_alone::at;
    use super::super::alone::HERE;
    use super::*;

    #[test]
    fn what_was_beyond_help_on_the_way_counts_and_the_stronger_reason_first() {
        let mut record = BeyondHelp::new(1);
        let since = |record: &BeyondHelp, sent, now| record.since(at(sent), HERE, Operation::Read, now);
        assert_eq!(since(&record, 0, None), None);
        record.note(HERE, Operation::Read, Phase::NeverPromotes, at(20));
        assert_eq!(since(&record, 19, None), Some(Phase::NeverPromotes));
        assert_eq!(since(&record, 20, None), None, "it was over when that was sent");
        assert_eq!(since(&record, 19, Some(Phase::NothingLeft)), Some(Phase::NothingLeft));
        assert_eq!(record.since(at(19), HERE, Operation::Write, None), None);
    }
}
