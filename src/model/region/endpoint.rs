//! Ways in which an app finds the database node to call, and notices that it should call another.

use super::super::draws::{Draws, OfSession};
use super::super::node_id::NodeId;
use super::super::outcome::Cause;
use super::super::whole;
use crate::engine::Stream;
use crate::scenario::Endpoint;
use crate::units::{SimDuration, SimTime};

/// Role of the node that a call needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// To be read from.
    Reader,
    /// To be the primary.
    Writer,
}

/// Database nodes, as a region's app knows them.
#[derive(Debug)]
pub(super) enum Endpoints {
    /// Each instance caches the answers for the reader's and the writer's name.
    Names {
        /// Life of a cached answer.
        ttl: SimDuration,
        /// Per instance: reader, writer.
        instances: Vec<[CachedName; 2]>,
    },
    /// The driver counts errors: reader, writer.
    Drivers([Driver; 2]),
}

/// A cached answer.
#[derive(Clone, Copy, Debug)]
pub(super) struct CachedName {
    node: NodeId,
    expires: SimTime,
}

/// State of a driver, for one role.
#[derive(Clone, Copy, Debug)]
pub(super) struct Driver {
    /// The node that it would rather use, and the one that it uses.
    first: NodeId,
    current: NodeId,
    /// Errors of the current node in a row.
    errors: u32,
    errors_limit: u32,
    /// Time at which it last tested the first node, while it uses the other.
    tested: SimTime,
    retest: SimDuration,
}

impl Endpoints {
    /// Endpoints of a region that has long been running: cached answers run out at phases uniform over the TTL.
    pub(super) fn new(endpoint: Endpoint, instances: u32, reader: NodeId, writer: NodeId, stream: Stream) -> Self {
        match endpoint {
            Endpoint::Dns { ttl } => {
                let cached = |instance: u32, role: u64, node: NodeId| {
                    let left = ttl.as_secs_f64() * stream.uniform(u64::from(instance) * 2 + role);
                    CachedName { node, expires: SimTime::ZERO + SimDuration::from_secs_f64(left) }
                };
                let names = |instance| [cached(instance, 0, reader), cached(instance, 1, writer)];
                Endpoints::Names { ttl, instances: (0..instances).map(names).collect() }
            }
            Endpoint::Driver { errors, retest } => {
                let driver = |node| Driver {
                    first: node,
                    current: node,
                    errors: 0,
                    errors_limit: errors,
                    tested: SimTime::ZERO,
                    retest,
                };
                Endpoints::Drivers([driver(reader), driver(writer)])
            }
        }
    }

    /// The node of the name for a role that is cached for a session with these draws, if it is a name, and until `at`.
    #[inline]
    pub(super) fn cached_at(&self, at: SimTime, draws: Draws, role: Role) -> Option<NodeId> {
        let Endpoints::Names { instances, .. } = self else { return None };
        let cached = instances[instance(draws, instances.len())][role as usize];
        (at < cached.expires).then_some(cached.node)
    }

    /// The node that a call of a session with these draws goes to now. A name that has run out is looked up; `None` if that has no
    /// answer.
    #[inline]
    pub(super) fn lead(
        &mut self,
        draws: Draws,
        role: Role,
        now: SimTime,
        look_up: impl FnOnce() -> Option<NodeId>,
    ) -> Option<NodeId> {
        match self {
            Endpoints::Drivers(drivers) => Some(drivers[role as usize].pick(now)),
            Endpoints::Names { ttl, instances } => {
                let instance = instance(draws, instances.len());
                let cached = &mut instances[instance][role as usize];
                if now >= cached.expires {
                    cached.node = look_up()?;
                    cached.expires = now + *ttl;
                }
                Some(cached.node)
            }
        }
    }

    /// Tells if they learn nothing from how calls end.
    #[inline]
    pub(super) fn are_names(&self) -> bool {
        matches!(self, Endpoints::Names { .. })
    }

    /// Takes note of how a call to `node` ended. Names learn nothing from it.
    pub(super) fn learn(&mut self, role: Role, node: NodeId, failure: Option<Cause>) {
        if let Endpoints::Drivers(drivers) = self {
            drivers[role as usize].learn(node, failure);
        }
    }
}

impl Driver {
    /// The node to call now: the current one, or the first one when it is time to test it again.
    fn pick(&mut self, now: SimTime) -> NodeId {
        if self.current != self.first && now.since(self.tested) >= self.retest {
            self.tested = now;
            return self.first;
        }
        if self.current == self.first {
            self.tested = now;
        }
        self.current
    }

    fn learn(&mut self, node: NodeId, failure: Option<Cause>) {
        match failure {
            None => {
                if node == self.first {
                    self.current = node;
                }
                if node == self.current {
                    self.errors = 0;
                }
            }
            Some(Cause::ReadOnly) => {
                // The primary is elsewhere, and the other node is the one to prefer from now on.
                self.first = node.other();
                self.current = node.other();
                self.errors = 0;
            }
            Some(_) if node == self.current => {
                self.errors += 1;
                if self.errors >= self.errors_limit {
                    self.current = node.other();
                    self.errors = 0;
                }
            }
            Some(_) => {}
        }
    }
}

/// Returns the one of `instances` that serves a session.
#[inline]
fn instance(draws: Draws, instances: usize) -> usize {
    if instances == 1 {
        return 0;
    }
    whole::pick(draws.of_session(OfSession::Instance).uniform(), instances)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NODES: [NodeId; 2] = NodeId::BOTH;

    fn driver() -> Driver {
        Driver {
            first: NODES[0],
            current: NODES[0],
            errors: 0,
            errors_limit: 3,
            tested: SimTime::ZERO,
            retest: SimDuration::from_secs(10),
        }
    }

    fn at(seconds: u64) -> SimTime {
        SimTime::ZERO + SimDuration::from_secs(seconds)
    }

    #[test]
    fn a_cached_name_leads_to_its_node_until_it_runs_out() {
        let ttl = SimDuration::from_secs(10);
        let names = Endpoints::new(Endpoint::Dns { ttl }, 1, NODES[0], NODES[1], Stream::root(1, 2));
        let draws = Draws(Stream::root(3, 4));
        assert!(names.are_names());
        assert_eq!(names.cached_at(SimTime::ZERO, draws, Role::Reader), Some(NODES[0]));
        assert_eq!(names.cached_at(SimTime::ZERO, draws, Role::Writer), Some(NODES[1]));
        assert_eq!(names.cached_at(at(10), draws, Role::Reader), None, "none lasts longer than the TTL");
        let driver = Endpoint::Driver { errors: 3, retest: ttl };
        let drivers = Endpoints::new(driver, 1, NODES[0], NODES[1], Stream::root(1, 2));
        assert!(!drivers.are_names() && drivers.cached_at(SimTime::ZERO, draws, Role::Reader).is_none());
    }

    #[test]
    fn a_name_that_has_run_out_is_looked_up_and_kept_for_its_ttl() {
        let ttl = SimDuration::from_secs(10);
        let mut names = Endpoints::new(Endpoint::Dns { ttl }, 1, NODES[0], NODES[1], Stream::root(1, 2));
        let draws = Draws(Stream::root(3, 4));
        assert_eq!(names.lead(draws, Role::Writer, at(20), || None), None, "nobody answers");
        assert_eq!(names.lead(draws, Role::Writer, at(20), || Some(NODES[0])), Some(NODES[0]));
        assert_eq!(names.lead(draws, Role::Writer, at(29), || unreachable!("it is cached")), Some(NODES[0]));
        assert_eq!(names.lead(draws, Role::Writer, at(30), || Some(NODES[1])), Some(NODES[1]));
    }

    #[test]
    fn a_driver_changes_over_after_three_errors_in_a_row_and_tests_the_first_node_every_ten_seconds() {
        let mut driver = driver();
        assert_eq!(driver.pick(at(1)), NODES[0]);
        driver.learn(NODES[0], Some(Cause::DatabaseUnavailable));
        driver.learn(NODES[0], Some(Cause::DatabaseUnavailable));
        driver.learn(NODES[0], None);
        driver.learn(NODES[0], Some(Cause::DatabaseUnavailable));
        driver.learn(NODES[0], Some(Cause::DatabaseUnavailable));
        assert_eq!(driver.pick(at(2)), NODES[0]);
        driver.learn(NODES[0], Some(Cause::DatabaseUnavailable));
        assert_eq!(driver.pick(at(3)), NODES[1]);
        assert_eq!(driver.pick(at(12)), NODES[0]);
        driver.learn(NODES[0], Some(Cause::DatabaseUnavailable));
        assert_eq!(driver.pick(at(13)), NODES[1]);
        assert_eq!(driver.pick(at(22)), NODES[0]);
        driver.learn(NODES[0], None);
        assert_eq!(driver.pick(at(23)), NODES[0]);
    }

    #[test]
    fn a_refused_write_sends_the_driver_to_the_other_node_for_good() {
        let mut driver = driver();
        driver.learn(NODES[0], Some(Cause::ReadOnly));
        assert_eq!(driver.pick(at(1)), NODES[1]);
        assert_eq!(driver.pick(at(100)), NODES[1]);
    }
}
