//! Everything that can happen in the world: one closed enum, matched exhaustively in `world.rs`.

use super::dns::{Addresses, Target};
use super::incident::IncidentId;
use super::node_id::NodeId;
use super::outcome::Cause;
use super::slab::Handle;
use crate::engine;
use crate::scenario::{GeographyId, RegionId};

/// Events of the model.
pub(super) type Scheduler = engine::Scheduler<Event>;

/// Event that the engine schedules. Handles that have gone stale make an event a no-op.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// The next session of a geography starts.
    SessionStarts { geography: GeographyId },
    /// A session that a surge adds starts.
    SurgeSession { occurrence: u32 },
    /// A client that never leaves makes its first request.
    ServiceClientStarts { geography: GeographyId, number: u32 },
    /// A session's think time is over.
    RequestStarts { session: Handle },
    /// A session's back-off is over.
    AttemptStarts { session: Handle },
    /// The first packet of a new connection reaches the region.
    ConnectArrives { session: Handle },
    /// The session learns that its attempt has failed.
    AttemptFails { session: Handle, cause: Cause },
    /// A request reaches the app of its region.
    RequestArrives { call: Handle },
    /// The app has done its own work on a request.
    AppDone { call: Handle },
    /// Workers of a region for which somebody waits come free.
    WorkersFree { region: RegionId },
    /// Connections of a node for which somebody waits come free.
    ConnectionsFree { node: NodeId },
    /// A database call that crosses the link reaches the node.
    DatabaseArrives { call: Handle },
    /// The node has served a call.
    DatabaseDone { call: Handle },
    /// The receipt of a commit by the replica is known at the primary.
    CommitAcked { call: Handle },
    /// A commit has waited for its receipt as long as it may.
    CommitWaitEnds { call: Handle },
    /// The answer of a remote node reaches the app.
    AnswerReturns { call: Handle },
    /// The app gives its database call up.
    DatabaseFails { call: Handle },
    /// A response that a cut could lose reaches its client.
    ResponseArrives { call: Handle },
    /// A resolver's query reaches an authority.
    QueryArrives { resolver: u32, authority: NameServer },
    /// An authority's answer reaches the resolver.
    QueryAnswered { resolver: u32, authority: NameServer, addresses: Addresses },
    /// A resolver gives a query up, or is told that there is no telling.
    QueryFails { resolver: u32 },
    /// An authority's answer without an address reaches the resolver.
    QueryEmpty { resolver: u32 },
    /// A checker starts a probe of a target.
    ProbeStarts { check: u32 },
    /// A probe reaches its target.
    ProbeArrives { probe: Handle },
    /// A probe has not been answered in time.
    ProbeTimesOut { probe: Handle },
    /// A checker learns the result of a probe.
    ProbeDone { check: u32, good: bool },
    /// The traffic manager publishes the state of a region or of a node's name.
    Publish { target: Target, generation: u32 },
    /// A standby region reaches full size.
    StandbyActive { region: RegionId },
    /// The failover controller, or the operator, decides on the promotion.
    PromotionDecided { generation: u32 },
    /// The promotion is finished.
    PromotionDone { generation: u32 },
    /// The operators switch the primary's role over.
    PlannedSwitch { drain: bool },
    /// The primary's role goes back to its first region, unless there has been a promotion since.
    RoleReturns { promotions: u32 },
    /// Two-way synchronisation meets a conflict at a region that halts.
    ConflictMet { sender: NodeId, position: u64 },
    /// An operator has dealt with a conflict.
    ConflictRepaired { sender: NodeId, position: u64 },
    /// The lease of a primary without contact runs out.
    LeaseEnds { generation: u32 },
    /// A node that was empty has a full copy.
    FullCopyDone { node: NodeId, generation: u32 },
    /// An incident begins.
    IncidentStarts { incident: IncidentId },
    /// An occurrence of an incident ends.
    IncidentEnds { occurrence: u32 },
    /// Measured time begins.
    MeasuringStarts,
    /// Measured time ends.
    MeasuringEnds,
    /// A bin of the timeline ends.
    TimelineTick,
    /// A window of measured time ends.
    WindowTick,
}

/// One of the two authorities in the chain of names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NameServer {
    /// The site's own zone, which holds the CNAME.
    Zone,
    /// The traffic manager, which holds the answer.
    Gtm,
}
