//! Publications that the traffic manager is going to make, and the answers that each changes.

use super::super::event::Event;
use super::target::Target;
use crate::scenario::{GeographyId, RegionId};
use crate::units::SimDuration;

/// A view of a target that is to be published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct Publication {
    pub(super) target: Target,
    /// The verdict that it is of: once there is a later one it is void.
    pub(super) generation: u32,
    /// After so long.
    pub(super) after: SimDuration,
    /// And again after so long, when the target is no longer held back.
    pub(super) again_after: Option<SimDuration>,
}

impl Publication {
    /// The event of the publication, and when it is due.
    pub(super) fn due(self) -> impl Iterator<Item = (SimDuration, Event)> {
        let event = Event::Publish { target: self.target, generation: self.generation };
        [Some(self.after), self.again_after].into_iter().flatten().map(move |after| (after, event))
    }
}

/// A geography is answered something else from now on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct AnswerChange {
    pub(super) geography: GeographyId,
    /// The region of the first address; `None`: a failure is answered.
    pub(super) region: Option<RegionId>,
    /// Set if its visitors are led elsewhere.
    pub(super) switch: Option<Switch>,
}

/// Visitors of a geography are led elsewhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Switch {
    /// The region that they were led to while all was well, if the answer leaves that.
    pub(super) left: Option<RegionId>,
    /// A region that takes no other's visitors yet, and begins to now.
    pub(super) takes_over: Option<RegionId>,
}
