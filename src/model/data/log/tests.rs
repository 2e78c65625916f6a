use super::super::super::node_id::NodeId;
use super::super::super::scheduler_alone::{at, secs};
use super::super::super::slab::Handle;
use super::*;

/// A commit of a key that is ready after so many seconds, then takes these on the line, on the way, and to apply.
fn shipment(key: u32, [ship, transmission, way, apply]: [u64; 4]) -> Shipment {
    Shipment {
        key,
        write: Handle::NONE,
        ship: secs(ship),
        transmission: secs(transmission),
        way: secs(way),
        apply: secs(apply),
        knows: 0,
        conflicts_with_earlier: false,
    }
}

/// Returns the time at which a commit leaves, arrives and is applied.
fn times(log: &Log, position: u64) -> [SimTime; 3] {
    let entry = log.get(position).expect("a commit in the log");
    [entry.departs, entry.arrives, entry.applied]
}

/// The positions that are taken out by now.
fn applied(log: &mut Log, second: u64) -> Vec<u64> {
    let mut positions = Vec::new();
    log.advance(at(second), |position, _| positions.push(position));
    positions
}

#[test]
fn commits_leave_arrive_and_are_applied_in_order() {
    let mut log = Log::new(8, SimDuration::ZERO);
    assert_eq!(log.append(at(10), shipment(1, [5, 2, 4, 1])), (1, None));
    assert_eq!(times(&log, 1), [at(17), at(21), at(22)]);
    // It would be ready first, and would be faster on the way.
    assert_eq!(log.append(at(11), shipment(2, [0, 2, 1, 1])).0, 2);
    assert_eq!(times(&log, 2), [at(19), at(21), at(22)], "not ready before 15 s, and the line is free at 17 s");
    assert_eq!((log.lag(at(20)), log.lag(at(21)), log.lag(at(22))), (secs(10), secs(11), secs(0)));
    assert_eq!(log.received(at(20)), (0, at(20)));
    assert_eq!(log.received(at(21)), (2, at(22)));
    assert_eq!(applied(&mut log, 22), [1, 2]);
    assert!(log.is_empty() && log.has_applied(2, at(0)) && log.first() == 3);
}

#[test]
fn commits_are_applied_side_by_side_but_no_closer_than_the_receiver_can() {
    let mut log = Log::new(8, secs(3));
    for second in [10, 11, 30] {
        log.append(at(second), shipment(1, [0, 0, 1, 5]));
    }
    // Received at 11, 12 and 31 s, each seen 5 s later, but 3 s after the one before it.
    assert_eq!([1, 2, 3].map(|position| times(&log, position)[2]), [at(16), at(19), at(36)]);
    log.receiver_dies(at(17));
    log.receiver_returns(at(40));
    assert_eq!([2, 3].map(|position| times(&log, position)[2]), [at(45), at(48)]);
}

#[test]
fn the_oldest_commit_of_a_key_is_known_until_it_is_taken_out() {
    let mut log = Log::new(2000, SimDuration::ZERO);
    log.append(at(1), shipment(7, [0, 0, 1, 0]));
    log.append(at(2), shipment(7 + 1024, [0, 0, 1, 0]));
    log.append(at(3), shipment(7, [0, 0, 1, 0]));
    assert_eq!((log.oldest_of_key(7), log.oldest_of_key(7 + 1024), log.oldest_of_key(8)), (1, 2, 0));
    assert_eq!(log.get(1).map(|entry| entry.next_of_key), Some(3));
    applied(&mut log, 3);
    assert_eq!((log.oldest_of_key(7), log.oldest_of_key(7 + 1024)), (3, 0));
}

#[test]
fn a_cut_drops_what_is_on_the_way_and_a_stall_does_not() {
    for (way_is_open, kept) in [(true, [at(11), at(14), at(14)]), (false, [SimTime::NEVER; 3])] {
        let mut log = Log::new(8, SimDuration::ZERO);
        log.append(at(10), shipment(1, [1, 0, 3, 0]));
        log.append(at(10), shipment(2, [5, 0, 3, 0]));
        log.interrupt(at(12), way_is_open);
        assert_eq!(times(&log, 1), kept);
        assert_eq!(times(&log, 2), [SimTime::NEVER; 3], "it had not left");
        log.resume(at(20));
        let again = if way_is_open { kept } else { [at(20), at(23), at(23)] };
        assert_eq!((times(&log, 1), times(&log, 2)), (again, [at(20), at(23), at(23)]));
    }
}

#[test]
fn a_backlog_is_what_waits_when_the_stream_goes_on_until_the_line_is_free() {
    let mut log = Log::new(8, SimDuration::ZERO);
    log.interrupt(at(5), false);
    log.append(at(10), shipment(1, [0, 4, 1, 0]));
    log.append(at(10), shipment(2, [0, 4, 1, 0]));
    assert!(!log.has_backlog(), "the stream stands");
    log.resume(at(20));
    assert!(log.has_backlog() && log.clear_backlog(at(27)).is_none());
    // A commit that is ready before the line is free joins the backlog; one that comes later finds it cleared.
    assert_eq!(log.append(at(25), shipment(3, [0, 4, 1, 0])), (3, None));
    assert_eq!(log.append(at(33), shipment(3, [0, 4, 1, 0])), (4, Some(at(32))));
    assert!(!log.has_backlog());
}

#[test]
fn a_dead_receiver_applies_nothing_until_it_returns() {
    let mut log = Log::new(8, SimDuration::ZERO);
    log.append(at(10), shipment(1, [0, 0, 1, 2]));
    log.append(at(11), shipment(2, [0, 0, 1, 2]));
    // Applied at 13 s and at 15 s.
    log.receiver_dies(at(14));
    assert_eq!(applied(&mut log, 100), [1]);
    log.receiver_returns(at(100));
    assert_eq!(times(&log, 2), [at(11), at(12), at(102)]);
}

#[test]
fn a_branch_that_is_cut_off_does_not_survive_and_the_next_uses_its_positions_again() {
    let mut log = Log::new(8, SimDuration::ZERO);
    let commit = |log: &Log, position| CommitId { node: NodeId::BOTH[0], branch: log.branch(), position };
    log.append(at(10), shipment(1, [0, 0, 1, 0]));
    log.append(at(12), shipment(1, [0, 0, 1, 0]));
    let (first, second) = (commit(&log, 1), commit(&log, 2));
    applied(&mut log, 11);
    assert_eq!(log.cut_off(at(12)).len(), 1);
    assert!(log.survives(first) && !log.survives(second) && log.oldest_of_key(1) == 0);
    log.resume(at(20));
    log.append(at(20), shipment(1, [0, 0, 1, 0]));
    assert!(log.survives(commit(&log, 2)) && !log.survives(second), "the same position on another branch");
}

#[test]
fn what_has_left_stays_when_the_rest_is_cut_off() {
    let mut log = Log::new(8, SimDuration::ZERO);
    for (second, key) in [(10, 1), (11, 2), (12, 1)] {
        log.append(at(second), shipment(key, [1, 0, 9, 0]));
    }
    let gone = log.truncate(at(12));
    assert_eq!(gone.iter().map(|entry| entry.committed).collect::<Vec<_>>(), [at(12)]);
    assert_eq!((log.oldest_of_key(1), log.oldest_of_key(2), log.next()), (1, 2, 3));
    assert_eq!(log.get(1).map(|entry| entry.next_of_key), Some(0));
}

#[test]
fn a_write_of_the_other_side_meets_every_commit_of_its_key_once() {
    let mut log = Log::new(8, SimDuration::ZERO);
    for key in [1, 2, 1] {
        log.append(at(10), shipment(key, [1, 0, 9, 0]));
    }
    let met = |log: &mut Log| {
        let mut positions = Vec::new();
        log.meet(1, |position, _| positions.push(position));
        positions
    };
    assert_eq!(met(&mut log), [1, 3]);
    assert!(met(&mut log).is_empty());
    log.append(at(11), shipment(1, [1, 0, 9, 0]));
    assert_eq!(met(&mut log), [4], "those before have been met");
    assert!(log.open_conflicts().is_empty(), "nobody halts");
    log.halt_at_conflicts();
    assert_eq!(log.open_conflicts(), [(1, at(20)), (3, at(20)), (4, at(21))]);
    assert_eq!(log.lag(at(20)), secs(10), "it halts at the very moment of the conflict");
    log.halt(at(20));
    assert!(log.is_halted() && applied(&mut log, 30).is_empty());
}
