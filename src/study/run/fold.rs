//! Sums over the runs of a design: merged histograms and counts. Integers only, so runs may be merged as they end.

use crate::model::{Operation, SwitchTail};
use crate::study::record::latency::{LatencyPercentiles, MergedLatency};
use crate::study::record::run_record::Shares;
use crate::study::record::timeline::{TimelineCounts, TimelineSummary};
use crate::study::seen::view::VisitorView;
use crate::units::SimDuration;

/// Merged over runs of one design.
#[derive(Clone, Debug)]
pub(crate) struct Merged {
    /// Per geography and operation.
    latency: Vec<[MergedLatency; 2]>,
    switch_tail: SwitchTail,
    timeline: TimelineCounts,
}

impl Merged {
    pub(crate) fn new(geographies: usize) -> Self {
        Merged {
            latency: (0..geographies).map(|_| [MergedLatency::new(), MergedLatency::new()]).collect(),
            switch_tail: SwitchTail { bin: SimDuration::ZERO, lookups: Vec::new(), attempts: Vec::new() },
            timeline: TimelineCounts::new(),
        }
    }

    /// Adds one run. The order of runs does not matter.
    pub(in crate::study) fn add(&mut self, run: &Shares) {
        for (merged, counts) in self.latency.iter_mut().flatten().zip(run.latency.iter().flatten()) {
            merged.add(counts);
        }
        self.timeline.add(&run.timeline);
        self.switch_tail.bin = run.switch_tail.bin;
        add_bins(&mut self.switch_tail.lookups, &run.switch_tail.lookups);
        add_bins(&mut self.switch_tail.attempts, &run.switch_tail.attempts);
    }

    /// The curve of every view that has any success.
    pub(crate) fn curves(&self) -> Vec<(VisitorView, LatencyPercentiles)> {
        VisitorView::all(self.latency.len()).filter_map(|view| self.curve(view).map(|curve| (view, curve))).collect()
    }

    fn curve(&self, view: VisitorView) -> Option<LatencyPercentiles> {
        let mut sum = MergedLatency::new();
        for (_, operations) in self.latency.iter().enumerate().filter(|&(place, _)| view.sees_geography(place)) {
            for operation in Operation::ALL.into_iter().filter(|&operation| view.sees_operation(operation)) {
                sum.merge(&operations[operation as usize]);
            }
        }
        sum.curve()
    }

    /// The spread of the runs along the timeline.
    pub(crate) fn timeline(&self) -> TimelineSummary {
        self.timeline.summary()
    }

    pub(crate) fn into_switch_tail(self) -> SwitchTail {
        self.switch_tail
    }
}

fn add_bins(sum: &mut Vec<[u64; 2]>, other: &[[u64; 2]]) {
    if sum.len() < other.len() {
        sum.resize(other.len(), [0, 0]);
    }
    for (sum, other) in sum.iter_mut().zip(other) {
        sum[0] += other[0];
        sum[1] += other[1];
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::RunOutcome;
    use crate::study::synthetic;

    #[test]
    fn runs_merge_to_the_same_whatever_their_order() {
        let mut runs: Vec<RunOutcome> = (0..4).map(|number| synthetic::outage(number, 2)).collect();
        runs[2].switch_tail.lookups.push([5, 9]);
        let merged = |order: [usize; 4]| {
            let mut merged = Merged::new(1);
            order.into_iter().for_each(|place| merged.add(&Shares::of(&runs[place])));
            (merged.curves(), merged.into_switch_tail())
        };
        let (curves, tail) = merged([0, 1, 2, 3]);
        assert_eq!((curves.clone(), tail.clone()), merged([3, 2, 0, 1]));
        assert_eq!(tail.lookups, vec![[4, 8], [5, 9]]);
        assert_eq!(curves[0].1.requests, 400);
    }

    #[test]
    fn writes_without_success_have_no_curve() {
        let mut merged = Merged::new(1);
        merged.add(&Shares::of(&synthetic::outage(0, 0)));
        let views: Vec<VisitorView> = merged.curves().into_iter().map(|(view, _)| view).collect();
        assert!(views.contains(&VisitorView { geography: Some(0), operation: Some(Operation::Read) }));
        assert!(!views.contains(&VisitorView { geography: None, operation: Some(Operation::Write) }));
    }
}
