//! A run as one view sees it, with its sums made once.

use super::calm::SeenCalm;
use super::thresholds;
use super::thresholds::Thresholds;
use super::view::VisitorView;
use super::windows::{WindowSums, lost_by_phase};
use crate::model::{NamesTally, Operation, Phase, RunOutcome, Tally, WriteTally};
use crate::scenario::Prices;
use crate::units::SimDuration;

/// One view of one run with everything that metrics are made of.
#[derive(Debug)]
pub(crate) struct Seen<'a> {
    pub(crate) run: &'a RunOutcome,
    pub(crate) view: VisitorView,
    pub(crate) tally: Tally,
    pub(crate) windows: WindowSums,
    /// Only of the whole.
    pub(crate) lost_by_phase: Option<[f64; Phase::ALL.len()]>,
    /// By threshold; only of the whole, and only of a study.
    pub(crate) downtimes: [Option<SimDuration>; thresholds::COUNT],
    /// Not of reads.
    pub(crate) writes: Option<WriteTally>,
    /// Not of reads or writes alone.
    pub(crate) names: Option<NamesTally>,
    pub(crate) prices: Option<Prices>,
    /// All calm time of the run.
    pub(crate) calm: SeenCalm,
    /// Calm time before the first incident or planned change, of the whole.
    pub(crate) calm_before: Option<SeenCalm>,
}

impl<'a> Seen<'a> {
    pub(crate) fn of(run: &'a RunOutcome, view: VisitorView, slo: f64, prices: Option<Prices>) -> Self {
        let places = || (0..run.visitors.len()).filter(move |&geography| view.sees_geography(geography));
        Seen {
            run,
            view,
            prices,
            downtimes: [None; thresholds::COUNT],
            calm: SeenCalm::of(&[&run.calm.before, &run.calm.again], view),
            calm_before: (view == VisitorView::WHOLE).then(|| SeenCalm::of(&[&run.calm.before], view)),
            tally: merged_tally(run, view),
            windows: WindowSums::of(run, view, slo),
            lost_by_phase: (view == VisitorView::WHOLE).then(|| lost_by_phase(run)),
            writes: view
                .sees_operation(Operation::Write)
                .then(|| places().map(|geography| run.writes[geography]).fold(WriteTally::default(), add_writes)),
            names: view.operation.is_none().then(|| {
                places().map(|geography| run.names[geography]).fold(NamesTally::default(), |sum, other| NamesTally {
                    lookups: sum.lookups + other.lookups,
                    hits: sum.hits + other.hits,
                })
            }),
        }
    }

    /// Adds the downtime by threshold of the whole run.
    pub(crate) fn under(self, thresholds: Option<&Thresholds>) -> Self {
        let downtimes = thresholds.map(|thresholds| thresholds.downtimes(self.run));
        Seen { downtimes: downtimes.unwrap_or(self.downtimes), ..self }
    }

    /// Successful reads.
    pub(crate) fn reads_succeeded(&self) -> u64 {
        let reads = |view: VisitorView| view.sees_operation(Operation::Read);
        let geographies = self.run.visitors.iter().enumerate();
        geographies
            .filter(|&(geography, _)| reads(self.view) && self.view.sees_geography(geography))
            .map(|(_, operations)| operations[Operation::Read as usize].succeeded)
            .sum()
    }
}

fn merged_tally(run: &RunOutcome, view: VisitorView) -> Tally {
    let mut sum = Tally::default();
    let geographies = run.visitors.iter().enumerate().filter(|&(geography, _)| view.sees_geography(geography));
    for tally in geographies.flat_map(|(_, operations)| operations.iter().zip(Operation::ALL)) {
        if view.sees_operation(tally.1) {
            add_tally(&mut sum, tally.0);
        }
    }
    sum
}

fn add_tally(sum: &mut Tally, other: &Tally) {
    sum.succeeded += other.succeeded;
    sum.failed += other.failed;
    sum.attempts += other.attempts;
    for (sum, count) in sum.failed_by_cause.iter_mut().zip(other.failed_by_cause) {
        *sum += count;
    }
    for (sum, count) in sum.failed_by_phase.iter_mut().zip(other.failed_by_phase) {
        *sum += count;
    }
    sum.latency.add(&other.latency);
    sum.stale_reads += other.stale_reads;
    sum.own_writes_missed += other.own_writes_missed;
    sum.staleness.add(&other.staleness);
}

fn add_writes(sum: WriteTally, other: WriteTally) -> WriteTally {
    WriteTally {
        acknowledged: sum.acknowledged + other.acknowledged,
        conflicting: sum.conflicting + other.conflicting,
        lost: sum.lost + other.lost,
        stranded: sum.stranded + other.stranded,
        recovered: sum.recovered + other.recovered,
        durable: sum.durable + other.durable,
        ambiguous: sum.ambiguous + other.ambiguous,
        duplicated: sum.duplicated + other.duplicated,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::synthetic;

    #[test]
    fn the_whole_is_the_sum_of_its_parts() {
        let mut run = synthetic::run(2);
        run.visitors[0][0].succeeded = 10;
        run.visitors[0][1].succeeded = 3;
        run.visitors[1][0].failed = 2;
        run.visitors[1][0].latency.record(SimDuration::from_secs(2));
        run.visitors[0][1].latency.record(SimDuration::from_secs(4));
        run.writes[0].lost = 1;
        run.writes[1].lost = 5;
        let whole = Seen::of(&run, VisitorView::WHOLE, 0.95, None);
        assert_eq!((whole.tally.succeeded, whole.tally.failed), (13, 2));
        assert_eq!((whole.tally.latency.count(), whole.tally.latency.max), (2, SimDuration::from_secs(4)));
        assert_eq!(whole.writes.unwrap().lost, 6);
        let second = Seen::of(&run, VisitorView { geography: Some(1), operation: None }, 0.95, None);
        assert_eq!((second.tally.succeeded, second.tally.failed, second.writes.unwrap().lost), (0, 2, 5));
        let reads = Seen::of(&run, VisitorView { geography: None, operation: Some(Operation::Read) }, 0.95, None);
        assert_eq!((reads.tally.succeeded, reads.writes, reads.names), (10, None, None));
    }
}
