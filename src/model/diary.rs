//! The diary of a run: what happened, in order, and because of what.
//!
//! It is kept only when it is asked for ([`super::simulate_traced`]). It holds changes of state, of which a run has dozens,
//! never requests. Every step but a root has a cause, an earlier step; roots are the start of the run, incidents that begin
//! and switches that were planned.

use super::dns::Target;
use super::outcome::{RunOutcome, Timing};
use super::record::Leaving;
use crate::scenario::{GeographyId, RegionId};
use crate::units::SimTime;

/// One thing that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Time.
    pub at: SimTime,
    /// Fact.
    pub what: What,
    /// Place of the step that led to it; `None` for a root.
    pub cause: Option<usize>,
}

/// Facts of a run. Regions, geographies and incidents are places in the scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// The run starts. A root.
    RunStarts,
    /// An incident begins. A root.
    IncidentBegins {
        /// Place of the incident.
        incident: usize,
        /// Number of times that it had happened before.
        occurrence: u32,
    },
    /// An incident ends.
    IncidentEnds {
        /// Place of the incident.
        incident: usize,
        /// Number of times that it had happened before.
        occurrence: u32,
    },
    /// A checker changes its mind about a component.
    CheckerFinds {
        /// Geography of the checker.
        geography: GeographyId,
        /// Component that it probes.
        component: Component,
        /// Set if it holds it to be down now.
        down: bool,
    },
    /// The quorum of the checkers changes its mind.
    Verdict {
        /// Component that they probe.
        component: Component,
        /// Set if they hold it to be down now.
        down: bool,
    },
    /// Another answer is published.
    AnswerChanges {
        /// For which geography.
        geography: GeographyId,
        /// Region of the first address; `None`: a failure is answered.
        region: Option<RegionId>,
    },
    /// The last attempt is sent to a region that the answer had left.
    LastVisitorLeaves {
        /// Geography of the visitor.
        geography: GeographyId,
        /// The region that the answer had left.
        region: RegionId,
    },
    /// Those who watch the primary lose contact with it.
    ContactLost {
        /// Region of the primary.
        region: RegionId,
    },
    /// A primary without contact stops acknowledging.
    Fenced {
        /// Region of the primary.
        region: RegionId,
    },
    /// The promotion is decided.
    PromotionDecided {
        /// Region of the replica.
        region: RegionId,
    },
    /// A planned switch of the role begins. A root, unless the role returns after a promotion.
    SwitchBegins {
        /// Region that gets the role.
        region: RegionId,
    },
    /// A replica is the primary from now on.
    Promoted {
        /// Its region.
        region: RegionId,
    },
    /// A standby is ordered to grow.
    StandbyOrdered {
        /// Its region.
        region: RegionId,
    },
    /// A standby is at full size.
    StandbyActive {
        /// Its region.
        region: RegionId,
    },
    /// The first success of the surviving side for someone who would have gone to the failed one.
    FirstServedElsewhere {
        /// Place of the incident.
        incident: usize,
    },
    /// Success is back, and lasts.
    Recovered {
        /// Place of the incident.
        incident: usize,
    },
    /// The replication backlog that an incident left is gone.
    BacklogCleared {
        /// Place of the incident.
        incident: usize,
    },
}

/// Component that a checker probes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Component {
    /// A region's endpoint.
    Region(RegionId),
    /// A region's database node.
    Database(RegionId),
}

impl From<Target> for Component {
    fn from(target: Target) -> Self {
        match target {
            Target::Region(region) => Component::Region(region),
            Target::Node(node) => Component::Database(node.region()),
        }
    }
}

/// The steps so far, and which of them later ones may come from.
#[derive(Debug, Default)]
pub(super) struct Diary {
    is_kept: bool,
    steps: Vec<Step>,
    /// The latest root or end of an incident.
    latest_change: usize,
    /// Begin of each occurrence, in the order of the log of incidents.
    begins: Vec<usize>,
    /// Per target: the latest step of a checker, verdict.
    checker: [usize; 4],
    verdict: [usize; 4],
    contact: usize,
    decision: usize,
    promotion: usize,
    standby: usize,
}

impl Diary {
    /// A diary that is kept; the default one is not.
    pub(super) fn kept() -> Self {
        let mut diary = Diary { is_kept: true, ..Diary::default() };
        diary.write(SimTime::ZERO, What::RunStarts, None);
        diary
    }

    fn write(&mut self, at: SimTime, what: What, cause: Option<usize>) -> usize {
        if self.is_kept {
            self.steps.push(Step { at, what, cause });
        }
        self.steps.len().saturating_sub(1)
    }

    /// An occurrence of an incident begins.
    pub(super) fn incident_begins(&mut self, at: SimTime, incident: usize, occurrence: u32) {
        self.latest_change = self.write(at, What::IncidentBegins { incident, occurrence }, None);
        self.begins.push(self.latest_change);
    }

    /// It ends; `entry` is its place in the log of incidents.
    pub(super) fn incident_ends(&mut self, at: SimTime, entry: u32, incident: usize, occurrence: u32) {
        let cause = Some(self.begins[entry as usize]);
        self.latest_change = self.write(at, What::IncidentEnds { incident, occurrence }, cause);
    }

    /// A checker changes its mind; `entry` is the occurrence that shows at the target, if one does.
    pub(super) fn checker(
        &mut self,
        at: SimTime,
        geography: GeographyId,
        target: Target,
        down: bool,
        entry: Option<usize>,
    ) {
        let cause = entry.filter(|_| down).map_or(self.latest_change, |entry| self.begins[entry]);
        let what = What::CheckerFinds { geography, component: target.into(), down };
        self.checker[target.index()] = self.write(at, what, Some(cause));
    }

    /// The quorum changes its mind.
    pub(super) fn verdict(&mut self, at: SimTime, target: Target, down: bool) {
        let what = What::Verdict { component: target.into(), down };
        self.verdict[target.index()] = self.write(at, what, Some(self.checker[target.index()]));
    }

    /// Another answer is published, of the view of `target`.
    pub(super) fn answer_changes(
        &mut self,
        at: SimTime,
        geography: GeographyId,
        region: Option<RegionId>,
        target: Target,
    ) {
        // A cold standby is answered because it has become active.
        let cause = self.verdict[target.index()].max(match target {
            Target::Region(_) if self.verdict[target.index()] == 0 => self.standby,
            Target::Region(_) | Target::Node(_) => 0,
        });
        self.write(at, What::AnswerChanges { geography, region }, Some(cause));
    }

    /// Contact with the primary is lost; `entry` is the occurrence that took it, if one did.
    pub(super) fn contact_lost(&mut self, at: SimTime, region: RegionId, entry: Option<usize>) {
        let cause = entry.map_or(self.latest_change, |entry| self.begins[entry]);
        self.contact = self.write(at, What::ContactLost { region }, Some(cause));
    }

    /// The primary without contact is fenced.
    pub(super) fn fenced(&mut self, at: SimTime, region: RegionId) {
        self.write(at, What::Fenced { region }, Some(self.contact));
    }

    /// The promotion is decided.
    pub(super) fn promotion_decided(&mut self, at: SimTime, region: RegionId) {
        self.decision = self.write(at, What::PromotionDecided { region }, Some(self.contact));
    }

    /// A planned switch of the role begins, or its return after a promotion.
    pub(super) fn switch_begins(&mut self, at: SimTime, region: RegionId, returns: bool) {
        let cause = returns.then_some(self.promotion.max(self.latest_change));
        self.decision = self.write(at, What::SwitchBegins { region }, cause);
        self.latest_change = self.decision;
    }

    /// The roles are swapped.
    pub(super) fn promoted(&mut self, at: SimTime, region: RegionId) {
        self.promotion = self.write(at, What::Promoted { region }, Some(self.decision));
    }

    /// A standby is ordered to grow, by the verdict on the other region or the decision to promote.
    pub(super) fn standby_ordered(&mut self, at: SimTime, region: RegionId) {
        let verdict = self.verdict[Target::Region(region.other()).index()];
        self.standby = self.write(at, What::StandbyOrdered { region }, Some(verdict.max(self.decision)));
    }

    /// A standby is at full size.
    pub(super) fn standby_active(&mut self, at: SimTime, region: RegionId) {
        self.standby = self.write(at, What::StandbyActive { region }, Some(self.standby));
    }

    /// The steps, with those that are known only at the end, in order of time.
    pub(super) fn close(mut self, outcome: &RunOutcome, leavings: &[Leaving]) -> Vec<Step> {
        for leaving in leavings {
            let answer = |step: &Step| matches!(step.what, What::AnswerChanges { geography, .. } if geography == leaving.geography);
            let cause = self.latest(leaving.last, answer);
            let what = What::LastVisitorLeaves { geography: leaving.geography, region: leaving.region };
            self.write(leaving.last, what, cause);
        }
        for (entry, found) in outcome.incidents.iter().enumerate() {
            let incident = found.incident;
            if let Timing::After(after) = found.first_failed_over() {
                let at = found.started + after;
                let led = |step: &Step| matches!(step.what, What::AnswerChanges { .. } | What::Promoted { .. });
                let cause = self.latest(at, led).max(Some(self.begins[entry]));
                self.write(at, What::FirstServedElsewhere { incident }, cause);
            }
            if let Timing::After(after) = found.recovered {
                let at = found.started + after;
                let helped = |step: &Step| {
                    matches!(
                        step.what,
                        What::IncidentEnds { .. }
                            | What::AnswerChanges { .. }
                            | What::Promoted { .. }
                            | What::StandbyActive { .. }
                            | What::LastVisitorLeaves { .. }
                    )
                };
                let cause = self.latest(at, helped).max(Some(self.begins[entry]));
                self.write(at, What::Recovered { incident }, cause);
            }
            if let Timing::After(after) = found.backlog_cleared {
                let ended = |step: &Step| step.what == What::IncidentEnds { incident, occurrence: found.occurrence };
                let cause = self.steps.iter().position(ended);
                self.write(found.ended + after, What::BacklogCleared { incident }, cause);
            }
        }
        in_order(self.steps)
    }

    /// The steps so far.
    #[cfg(test)]
    pub(super) fn steps(self) -> Vec<Step> {
        self.steps
    }

    /// The latest step up to `at` for which `fits`.
    fn latest(&self, at: SimTime, fits: impl Fn(&Step) -> bool) -> Option<usize> {
        let all = self.steps.iter().enumerate().filter(|(_, step)| step.at <= at && fits(step));
        all.max_by_key(|(place, step)| (step.at, *place)).map(|(place, _)| place)
    }
}

/// Sorts steps by time, earlier written first among equals, and lets causes name the new places.
fn in_order(steps: Vec<Step>) -> Vec<Step> {
    let mut order: Vec<usize> = (0..steps.len()).collect();
    order.sort_by_key(|&place| (steps[place].at, place));
    let mut new_place = vec![0; steps.len()];
    for (new, &old) in order.iter().enumerate() {
        new_place[old] = new;
    }
    order.iter().map(|&old| Step { cause: steps[old].cause.map(|cause| new_place[cause]), ..steps[old] }).collect()
}
