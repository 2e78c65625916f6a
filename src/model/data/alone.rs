//! Data without a world, for its tests: who writes what, and what is told.

use super::super::event::Scheduler;
use super::super::node_id::NodeId;
use super::super::outcome::WriteTally;
use super::super::per_region::PerRegion;
use super::super::scheduler_alone::{at, scheduler_at, secs};
use super::super::slab::Handle;
use super::Data;
use super::commit::NewCommit;
use super::commit_id::CommitId;
use super::witness::Witness;
use crate::scenario::{ConflictPolicy, Conflicts, Distribution, GeographyId};
use crate::units::{SimDuration, SimTime};

/// Both nodes: the first one is the primary where there is one.
pub(super) const NODES: [NodeId; 2] = NodeId::BOTH;

/// Facts that have been told.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Heard {
    pub(super) stale_reads: Vec<(SimTime, SimDuration)>,
    pub(super) own_writes_missed: u32,
    pub(super) cleared: Vec<(NodeId, SimTime)>,
    pub(super) discarded: Vec<NodeId>,
}

impl Witness for Heard {
    fn stale_read(&mut self, _: GeographyId, started: SimTime, staleness: SimDuration) {
        self.stale_reads.push((started, staleness));
    }

    fn own_write_missed(&mut self, _: GeographyId) {
        self.own_writes_missed += 1;
    }

    fn backlog_cleared(&mut self, sender: NodeId, at: SimTime) {
        self.cleared.push((sender, at));
    }

    fn backlog_discarded(&mut self, sender: NodeId) {
        self.discarded.push(sender);
    }
}

/// A single primary, the first node; eight keys and one geography.
pub(super) fn one_primary() -> Data {
    Data::new(NODES[0], 8, SimDuration::ZERO, None, 1)
}

/// Two primaries, where the later writer wins.
pub(super) fn two_primaries() -> Data {
    Data::new(NODES[0], 8, SimDuration::ZERO, Some(&Conflicts::LastWriterWins), 1)
}

/// Two primaries, where each receiving region decides.
pub(super) fn policies(policies: [ConflictPolicy; 2]) -> Conflicts {
    Conflicts::AtReceiver { policies, repair: Distribution::Constant { value: 60.0 } }
}

/// The first node commits a write at so many seconds, which leaves 3 s later, takes 2 s on the way, and 4 s to apply.
pub(super) fn write_slowly(data: &mut Data, second: u64) -> (Handle, CommitId) {
    let write = data.open_write(GeographyId::FIRST);
    let times = [secs(3), SimDuration::ZERO, secs(2), secs(4)];
    (write, data.commit(&mut scheduler_at(second), new(NODES[0], 1, write, times), &mut Heard::default()))
}

fn new(node: NodeId, key: u32, write: Handle, [ship, transmission, way, apply]: [SimDuration; 4]) -> NewCommit {
    NewCommit { node, key, write, ship, transmission, way, apply }
}

/// A node commits a write of a key. It leaves 3 s later, takes 2 s on the way, and is applied at once.
pub(super) fn write_on(data: &mut Data, scheduler: &mut Scheduler, node: NodeId, key: u32) -> (Handle, CommitId) {
    let write = data.open_write(GeographyId::FIRST);
    let times = [secs(3), SimDuration::ZERO, secs(2), SimDuration::ZERO];
    (write, data.commit(scheduler, new(node, key, write, times), &mut Heard::default()))
}

/// The same at so many seconds; its visitor has the success at once.
pub(super) fn write(data: &mut Data, second: u64, node: NodeId, key: u32) -> CommitId {
    let (write, commit) = write_on(data, &mut scheduler_at(second), node, key);
    data.acknowledge(write, commit, at(second));
    data.release_write(write);
    commit
}

/// Returns the fate of the writes at so many seconds, if all nodes can be reached then.
pub(super) fn account(data: Data, second: u64) -> WriteTally {
    account_without(data, second, &[])
}

/// The same if these nodes cannot be reached.
pub(super) fn account_without(data: Data, second: u64, gone: &[NodeId]) -> WriteTally {
    let is_gone = PerRegion::from_fn(|region| gone.contains(&NodeId::of(region)));
    data.close(at(second), is_gone, &mut Heard::default()).writes.remove(0)
}
