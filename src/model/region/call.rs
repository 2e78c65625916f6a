//! A call: one attempt's request as the servers see it. It may outlive the interest of the client who sent it.

use super::super::data::{CommitId, Missed};
use super::super::draws::Draws;
use super::super::node_id::NodeId;
use super::super::outcome::{Cause, Operation, Phase};
use super::super::slab::Handle;
use super::super::visitor::Session;
use crate::scenario::{GeographyId, RegionId};
use crate::units::{SimDuration, SimTime};

/// Client that waits for the response.
#[derive(Clone, Copy, Debug)]
pub(super) enum Owner {
    /// An attempt of a session.
    Visitor(Handle),
    /// A health check's probe.
    Probe {
        probe: Handle,
        /// Set if it asks for the database too.
        deep: bool,
    },
}

/// Progress of a call at the app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AppSide {
    /// It has not arrived, and has reserved no worker.
    Arriving,
    /// It waits for a worker.
    Queued,
    /// A worker serves it, or will when it arrives.
    Serving,
    /// A worker is held by its database call, or will be: nothing can come before that.
    Calling,
    /// The app's answer is on its way, which a cut may yet lose.
    Answering,
    /// The app has answered, or died.
    Gone,
}

/// Progress of a call at the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NodeSide {
    /// Nothing is there.
    Absent,
    /// The call is on the link, or will be: nothing can come before that.
    Travelling,
    /// It waits for a connection.
    Waiting,
    /// It holds one, or its commit waits for the other side.
    Present,
    /// The answer is on the link.
    Returning,
}

/// One request at the servers.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) owner: Owner,
    pub(super) region: RegionId,
    /// The region's incarnation when the connection was opened.
    pub(super) incarnation: u32,
    pub(super) operation: Operation,
    pub(super) geography: GeographyId,
    pub(super) draws: Draws,
    pub(super) request: u32,
    pub(super) attempt: u32,
    /// Start of the request, before which an acknowledged version must be visible to a fresh read.
    pub(super) started: SimTime,
    /// Time at which its client first sent it.
    pub(super) sent: SimTime,
    /// Time at which its client gives the attempt up.
    pub(super) deadline: SimTime,
    /// Set if that moment is scheduled.
    pub(super) deadline_set: bool,
    pub(super) half_rtt: SimDuration,
    pub(super) write: Handle,
    pub(super) app_side: AppSide,
    pub(super) node_side: NodeSide,
    /// Set if its worker comes free by itself.
    pub(super) has_left_worker: bool,
    /// If it had to wait for a worker or a connection: for want of what.
    pub(super) queued: Option<Phase>,
    pub(super) node: NodeId,
    /// Set if the node was silent already when the app called it.
    pub(super) node_was_silent: bool,
    /// Time at which the app sent it to the node, or will.
    pub(super) node_called: SimTime,
    /// Set if the moment is scheduled at which the app gives it up.
    pub(super) give_up_set: bool,
    /// Set if the node will end it before its service is over.
    pub(super) is_cut_short: bool,
    pub(super) link_half_rtt: SimDuration,
    /// Phase of the obstacle to its database call, if there is one.
    pub(super) trouble: Option<Phase>,
    /// Reason why it failed, if it did.
    pub(super) failure: Option<Cause>,
    /// Phase of that failure, while the news is on its way.
    pub(super) failure_phase: Phase,
    /// Its commit, once made.
    pub(super) commit: CommitId,
    /// Time at which the receipt of its commit is expected to be known, and until when that is waited for.
    pub(super) ack_expected: SimTime,
    pub(super) ack_way: SimDuration,
    pub(super) ack_wait_ends: SimTime,
    /// Versions that its read missed.
    pub(super) missed: Missed,
}

impl Call {
    pub(super) fn of_visitor(visitor: &Session, session: Handle, incarnation: u32, deadline: SimTime) -> Self {
        Call {
            incarnation,
            operation: visitor.operation,
            request: visitor.request,
            attempt: visitor.attempt,
            started: visitor.started,
            sent: visitor.sent,
            half_rtt: visitor.half_rtt(),
            write: visitor.write,
            ..Call::new(Owner::Visitor(session), visitor.geography, visitor.region, deadline, visitor.draws)
        }
    }

    /// A probe's request, which reads no key. It counts as the first geography's: where its
    /// checker is, is looked at on its way.
    pub(super) fn of_probe(probe: Handle, region: RegionId, deep: bool, deadline: SimTime, draws: Draws) -> Self {
        Call {
            deadline_set: true,
            ..Call::new(Owner::Probe { probe, deep }, GeographyId::FIRST, region, deadline, draws)
        }
    }

    /// A request that has not arrived, a read of nothing in particular.
    fn new(owner: Owner, geography: GeographyId, region: RegionId, deadline: SimTime, draws: Draws) -> Self {
        Call {
            owner,
            region,
            incarnation: 0,
            operation: Operation::Read,
            geography,
            draws,
            request: 0,
            attempt: 0,
            started: SimTime::ZERO,
            sent: SimTime::ZERO,
            deadline,
            deadline_set: false,
            half_rtt: SimDuration::ZERO,
            write: Handle::NONE,
            app_side: AppSide::Arriving,
            node_side: NodeSide::Absent,
            has_left_worker: false,
            queued: None,
            node_was_silent: false,
            node: NodeId::of(region),
            node_called: SimTime::ZERO,
            give_up_set: false,
            is_cut_short: false,
            link_half_rtt: SimDuration::ZERO,
            trouble: None,
            failure: None,
            failure_phase: Phase::Other,
            commit: CommitId::NONE,
            ack_expected: SimTime::NEVER,
            ack_way: SimDuration::ZERO,
            ack_wait_ends: SimTime::NEVER,
            missed: Missed::NOTHING,
        }
    }

    /// Tells if its database call crosses the link.
    #[inline]
    pub(super) fn is_remote(&self) -> bool {
        self.node.region() != self.region
    }

    /// Returns whether its commit has waited, or waits, for a receipt that comes sooner or later.
    pub(super) fn has_waited_for_receipt(&self) -> bool {
        self.ack_expected < SimTime::NEVER
    }

    /// Tells if it is a probe's.
    #[inline]
    pub(super) fn is_probe(&self) -> bool {
        matches!(self.owner, Owner::Probe { .. })
    }
}
