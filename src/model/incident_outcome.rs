//! Outcome of a run's incidents: the begin and end of each, and the length of all that followed.

use super::outcome::Operation;
use crate::units::{SimDuration, SimTime};

/// One occurrence of an incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IncidentOutcome {
    /// Place of the incident in the file.
    pub incident: usize,
    /// Number of the occurrence, from 0.
    pub occurrence: u32,
    /// Time at which it began.
    pub started: SimTime,
    /// Time at which it ended; the horizon if it had not.
    pub ended: SimTime,
    /// Time at which what it left was over too (a full copy); the horizon if it was not.
    pub effects_ended: SimTime,
    /// True if anybody that it could touch made a request while it lasted, or a bad window is charged to it. If not, no time
    /// to a verdict, a fail-over or a recovery applies.
    pub attended: bool,
    /// Place of its episode in [`RunOutcome::episodes`](super::RunOutcome::episodes).
    pub episode: u32,
    /// True if a bad window is charged to it.
    pub affected: bool,
    /// Time to the traffic manager's verdict on the region, or on the node's name.
    pub dns_verdict: Timing,
    /// Time to the failover controller's (or operator's) verdict.
    pub database_verdict: Timing,
    /// Time to the first success served by the surviving side for someone who would have gone to the failed one, per
    /// [`Operation`].
    pub failed_over: [Timing; Operation::ALL.len()],
    /// Time to the sustained recovery: the end of the last bad window.
    pub recovered: Timing,
    /// Time to the end of the first bad window that a stable stretch follows.
    pub first_recovered: Timing,
    /// Bad windows that ended a stable stretch before the sustained recovery.
    pub relapses: u32,
    /// True if measured time goes on for as long after the recovery as a relapse may take.
    pub confirmed: bool,
    /// Time from the incident's end until the replication backlog that it left was gone.
    pub backlog_cleared: Timing,
}

impl IncidentOutcome {
    /// Returns the time to the first success of the surviving side, be it a read or a write.
    pub fn first_failed_over(&self) -> Timing {
        let [read, write] = self.failed_over;
        match (read, write) {
            (Timing::After(one), Timing::After(other)) => Timing::After(one.min(other)),
            (Timing::After(_), Timing::NotApplicable | Timing::Censored | Timing::CensoredAt(_))
            | (Timing::NotApplicable | Timing::Censored | Timing::CensoredAt(_), Timing::NotApplicable) => read,
            (
                Timing::NotApplicable | Timing::Censored | Timing::CensoredAt(_),
                Timing::After(_) | Timing::Censored | Timing::CensoredAt(_),
            ) => write,
        }
    }
}

/// Incidents that overlap, or follow each other before the service was back for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Episode {
    /// Time at which the first of them began.
    pub started: SimTime,
    /// Time at which the last of them was over, with what it left; the horizon if it was not.
    pub ended: SimTime,
    /// Time from its start to the recovery from the last bad window that is charged to one of them.
    pub recovered: Timing,
}

/// A time that may not apply, or may not have been seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timing {
    /// It has no meaning for this incident and design, or the incident had no effect.
    NotApplicable,
    /// It took this long.
    After(SimDuration),
    /// It had not come by the horizon.
    Censored,
    /// It had not come when the incident was over after this time: it would have taken longer.
    CensoredAt(SimDuration),
}
