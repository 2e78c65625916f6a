//! Database calls: over the link or not, to a node that answers or not, in the order in which they come.

use super::super::dns::Voice;
use super::super::draws::{Draws, OfAttempt, OfRequest};
use super::super::event::{Event, NameServer, Scheduler};
use super::super::node_id::NodeId;
use super::super::outcome::{Cause, Operation, Phase};
use super::super::pool::Admission;
use super::super::slab::Handle;
use super::call::{AppSide, Call, NodeSide, Owner};
use super::endpoint::Role;
use super::gray::Gray;
use super::serving::Serving;
use super::state::Reachability;
use crate::scenario::{Reads, RegionId};
use crate::units::SimTime;

impl Serving<'_> {
    /// Returns the role of the node that a call needs.
    #[inline]
    pub(super) fn role(&self, operation: Operation) -> Role {
        match (operation, self.setting.design.database.reads) {
            (Operation::Read, Reads::Local | Reads::Nowhere) => Role::Reader,
            (Operation::Read, Reads::Primary) | (Operation::Write, _) => Role::Writer,
        }
    }

    /// Tells if a node that is up serves such calls.
    #[inline]
    pub(super) fn serves(&self, node: NodeId, operation: Operation) -> bool {
        match operation {
            Operation::Write => self.data.accepts_writes(node),
            Operation::Read => self.role(operation) == Role::Reader || self.data.serves_as_primary(node),
        }
    }

    /// The node that a call of a session with these draws goes to; `None` if its name has run out and the traffic manager's
    /// authority is silent.
    #[inline]
    fn endpoint(&mut self, region: RegionId, draws: Draws, role: Role, now: SimTime) -> Option<NodeId> {
        let Serving { regions, data, dns, .. } = self;
        regions.states[region].endpoints.lead(draws, role, now, || {
            let answers = dns.voice(NameServer::Gtm) == Voice::Answers;
            answers.then(|| match role {
                Role::Writer if !data.is_multi_primary() => data.primary(),
                Role::Reader | Role::Writer => {
                    let own = NodeId::of(region);
                    let is_there = |node| !dns.manager().node_is_left_out(node);
                    if is_there(own) || !is_there(own.other()) { own } else { own.other() }
                }
            })
        })
    }

    /// The app calls the node that its endpoint names.
    pub(super) fn call_database(&mut self, scheduler: &mut Scheduler, call: Handle) {
        let now = scheduler.now();
        let request = self.regions.calls.live(call);
        request.app_side = AppSide::Calling;
        request.node_called = now;
        let (region, draws, operation) = (request.region, request.draws, request.operation);
        let role = self.role(operation);
        let endpoint = self.endpoint(region, draws, role, now);
        let request = self.regions.calls.live(call);
        let Some(node) = endpoint else {
            request.node = NodeId::of(request.region);
            self.set_trouble(call, Phase::Names);
            self.meets_silence(scheduler, call);
            return;
        };
        request.node = node;
        request.node_was_silent = self.regions.states[node].node_reachability() == Reachability::Silent;
        if !request.is_remote() {
            self.database_arrives(scheduler, call);
            return;
        }
        if self.regions.link.is_cut() {
            self.meets_silence(scheduler, call);
            return;
        }
        self.call_over_link(scheduler, call);
    }

    /// The app's call leaves for the other region's node, over a link that is whole.
    fn call_over_link(&mut self, scheduler: &mut Scheduler, call: Handle) {
        let request = self.regions.calls.live(call);
        let draw = request.draws.of_attempt(request.request, request.attempt, OfAttempt::LinkRtt);
        let half = (self.setting.plan.link_rtt.duration(draw) + self.regions.link.delay).half();
        request.link_half_rtt = half;
        request.node_side = NodeSide::Travelling;
        self.books.sent_over_link(request.region, request.node_called, self.setting.plan.scenario.link.call_size);
        let arrives = request.node_called + half;
        let is_late = arrives > request.deadline;
        scheduler.schedule_at(arrives, Event::DatabaseArrives { call });
        self.app_gives_up_before(scheduler, call, arrives + half);
        self.connect_gives_up_before(scheduler, call, arrives);
        if is_late {
            self.regions.set_deadline(scheduler, call);
        }
    }

    /// The node of the other region, if that is what the app will call at `at` for certain, when it has done with a call.
    pub(super) fn will_call_other(&mut self, scheduler: &Scheduler, call: Handle, at: SimTime) -> Option<NodeId> {
        let request = self.regions.calls.live(call);
        let (region, draws, operation) = (request.region, request.draws, request.operation);
        let strikes = |gray: &Gray| gray.strikes(draws, request.request, request.attempt);
        let state = &self.regions.states[region];
        let may_call = self.setting.asks_database() && !self.regions.link.is_cut();
        if at >= scheduler.lookahead_bound() || !may_call || strikes(&state.gray) {
            return None;
        }
        state.endpoints.cached_at(at, draws, self.role(operation)).filter(|node| node.region() != region)
    }

    /// The app will call the node of the other region at `at`.
    pub(super) fn call_other_at(&mut self, scheduler: &mut Scheduler, call: Handle, node: NodeId, at: SimTime) {
        let request = self.regions.calls.live(call);
        request.app_side = AppSide::Calling;
        request.node = node;
        request.node_called = at;
        request.node_was_silent = self.regions.states[node].node_reachability() == Reachability::Silent;
        self.call_over_link(scheduler, call);
    }

    /// A call begins while its node, or the way there, is silent: the connect to it times out.
    fn meets_silence(&mut self, scheduler: &mut Scheduler, call: Handle) {
        self.troubled(call);
        let request = self.regions.calls.live(call);
        request.node_side = NodeSide::Absent;
        let node = &self.setting.plan.scenario.regions[request.node.region()].database;
        let gives_up = request.node_called + node.connect_timeout.min(node.timeout);
        if gives_up > request.deadline {
            self.regions.set_deadline(scheduler, call);
        }
        scheduler.schedule_at(gives_up.max(scheduler.now()), Event::DatabaseFails { call });
    }

    /// A call is on its way to a node that was silent when it left: if the connect times out before it `arrives`, that is
    /// scheduled.
    fn connect_gives_up_before(&mut self, scheduler: &mut Scheduler, call: Handle, arrives: SimTime) {
        let request = self.regions.calls.see(call);
        let node = &self.setting.plan.scenario.regions[request.node.region()].database;
        let gives_up = request.node_called + node.connect_timeout;
        if request.node_was_silent && gives_up < arrives {
            scheduler.schedule_at(gives_up, Event::DatabaseFails { call });
        }
    }

    /// Notes what stands in the way of a call.
    pub(super) fn troubled(&mut self, call: Handle) {
        let phase = self.database_phase(call);
        self.set_trouble(call, phase);
    }

    /// The phase of a call that its node cannot serve.
    fn database_phase(&self, call: Handle) -> Phase {
        let request = self.regions.calls.see(call);
        let needs = self.role(request.operation);
        // Said here too, for those who will wait behind this call.
        let beyond_help = || self.beyond_help(request.node_called, request.geography, request.operation);
        self.regions.phase_of_trouble(self.data, call, needs).or_else(beyond_help).unwrap_or(Phase::NoPrimary)
    }

    /// A call reaches its node, or what is left of it.
    #[inline]
    pub(in super::super) fn database_arrives(&mut self, scheduler: &mut Scheduler, call: Handle) {
        let Some(request) = self.regions.calls.get_mut(call) else { return };
        let entered = scheduler.now().saturating_sub(request.link_half_rtt);
        if request.is_remote() && !self.regions.link.delivers(entered) {
            self.held_at_link(scheduler, call);
            return;
        }
        let (node, operation) = (request.node, request.operation);
        match self.regions.states[node].node_reachability() {
            Reachability::Silent => {
                let request = self.regions.calls.live(call);
                request.node_side = NodeSide::Absent;
                if request.app_side != AppSide::Calling {
                    self.close_if_over(call);
                } else if request.node_was_silent {
                    self.meets_silence(scheduler, call);
                } else {
                    self.troubled(call);
                    self.sent_into_silence(scheduler, call);
                }
            }
            Reachability::Refusing => self.node_refuses(scheduler, call, Cause::DatabaseUnavailable),
            Reachability::Up => {
                if !self.serves(node, operation) {
                    self.node_refuses(scheduler, call, Cause::ReadOnly);
                    return;
                }
                self.enter_node(scheduler, call);
            }
        }
    }

    /// A call comes to the connections of its node.
    #[inline]
    fn enter_node(&mut self, scheduler: &mut Scheduler, call: Handle) {
        let node = self.regions.calls.live(call).node;
        self.make_room_at_node(scheduler, node);
        let admission = self.regions.states[node].node.enter(scheduler.now(), call);
        if admission == Admission::Served {
            self.node_serves(scheduler, call);
            return;
        }
        debug_assert!(self.regions.states[node].fast_reads.is_empty(), "no read that would wait takes the fast path");
        let want = self.regions.states[node].want_of_capacity();
        self.regions.calls.live(call).queued.get_or_insert(want);
        let busy = self.regions.states[node].node.busy(scheduler.now()) as usize;
        if self.data.receipts_block(node, busy) {
            let phase = self.regions.receipt_phase(self.data.primary());
            self.set_trouble(call, phase);
        }
        let request = self.regions.calls.live(call);
        if admission == Admission::Refused {
            request.failure = Some(Cause::DatabaseUnavailable);
            self.node_answers(scheduler, call);
            return;
        }
        request.node_side = NodeSide::Waiting;
        self.app_gives_up_before(scheduler, call, SimTime::NEVER);
        self.regions.set_deadline(scheduler, call);
        self.watch_connections(scheduler, node);
    }

    fn node_refuses(&mut self, scheduler: &mut Scheduler, call: Handle, cause: Cause) {
        self.troubled(call);
        self.regions.calls.live(call).failure = Some(cause);
        self.node_answers(scheduler, call);
    }

    /// A connection of the node takes a call up.
    #[inline]
    fn node_serves(&mut self, scheduler: &mut Scheduler, call: Handle) {
        let request = self.regions.calls.live(call);
        let now = scheduler.now();
        let place = request.node;
        request.node_side = NodeSide::Present;
        let gray = &self.regions.states[place].gray;
        if gray.is_slow() {
            request.queued.get_or_insert(Phase::Gray);
        }
        let node = &self.setting.plan.regions[place];
        let sampler = match request.operation {
            Operation::Read => &node.read,
            Operation::Write => &node.write,
        };
        let demand = sampler.duration_of(|| request.draws.of_request(request.request, OfRequest::DatabaseDemand));
        let (region, demand) = (place.region(), gray.stretch(demand));
        let service = self.warmed(region, now, demand);
        let limit = self.setting.plan.scenario.regions[region].database.statement_timeout;
        let done = match limit.filter(|limit| *limit < service) {
            Some(limit) => {
                self.regions.calls.live(call).is_cut_short = true;
                now + limit
            }
            None => now + service,
        };
        if self.can_settle(scheduler, call, done) {
            self.settle_read(scheduler, call, done);
            return;
        }
        let request = self.regions.calls.live(call);
        let (is_late, back) = (done > request.deadline, request.link_half_rtt);
        if is_late {
            self.regions.set_deadline(scheduler, call);
        }
        self.app_gives_up_before(scheduler, call, done + back);
        scheduler.schedule_at(done, Event::DatabaseDone { call });
    }

    /// Tells if nothing can come between now and the end of a call at its node, so that all that follows may be settled
    /// now: a read in its own region, in time, for whose worker and connection nobody waits.
    #[inline]
    fn can_settle(&self, scheduler: &Scheduler, call: Handle, done: SimTime) -> bool {
        let request = self.regions.calls.see(call);
        let state = &self.regions.states[request.region];
        request.operation == Operation::Read
            && self.setting.known_by(done, done + request.half_rtt)
                < self.regions.undisturbed_until(scheduler, request.geography, request.region)
            && !request.is_remote()
            && !request.is_probe()
            && request.app_side == AppSide::Calling
            && request.trouble.is_none()
            && !request.is_cut_short
            && done <= self.given_up_at(request)
            && done + request.half_rtt <= request.deadline
            && state.app.is_without_queue()
            && state.node.is_without_queue()
            // A write of the other side could yet conflict with what it misses.
            && !self.data.is_multi_primary()
            && self.may_succeed_early(request.region, Operation::Read)
            // A write that is still to come could yet be seen instead.
            && !self.could_miss_own_write(call, done)
    }

    /// A read ends at `at`, as is known already, and its visitor has the response half a round trip later.
    #[inline]
    fn settle_read(&mut self, scheduler: &mut Scheduler, call: Handle, at: SimTime) {
        self.read(scheduler, call, at);
        let request = self.regions.calls.live(call);
        let region = request.region;
        let state = &mut self.regions.states[region];
        state.node.leave_at(at);
        if self.setting.holds_worker(region) {
            state.app.leave_at(at);
        }
        let heard = at + request.half_rtt;
        if let Owner::Visitor(session) = request.owner
            && self.visitors.get(session).is_some()
        {
            if heard <= self.setting.plan.horizon && request.missed.is_any() {
                self.read_is_heard(call);
            }
            self.requests().request_succeeds(scheduler, session, heard);
        }
        let missed = self.regions.calls.live(call).missed;
        self.data.read_is_over(missed, self.books);
        self.regions.calls.remove(call);
    }

    /// Somebody waits for a connection: if one comes free by itself, it is to be noticed.
    fn watch_connections(&mut self, scheduler: &mut Scheduler, node: NodeId) {
        if let Some(at) = self.regions.states[node].node.alarm() {
            scheduler.schedule_at(at, Event::ConnectionsFree { node });
        }
    }

    /// Connections for which somebody waited may have come free.
    pub(in super::super) fn connections_free(&mut self, scheduler: &mut Scheduler, node: NodeId) {
        self.regions.states[node].node.alarmed(scheduler.now());
        while let Some(next) = self.regions.states[node].node.take_up(scheduler.now()) {
            self.node_serves(scheduler, next);
        }
        self.watch_connections(scheduler, node);
    }

    /// A connection of a node is free again, and takes up who waits.
    pub(super) fn connection_freed(&mut self, scheduler: &mut Scheduler, node: NodeId) {
        if let Some(next) = self.regions.states[node].node.leave(scheduler.now()) {
            self.node_serves(scheduler, next);
        }
    }

    /// The node has served a call: a read has its version; a write commits, and may have to wait for its receipt.
    pub(in super::super) fn database_done(&mut self, scheduler: &mut Scheduler, call: Handle) {
        let Some(request) = self.regions.calls.get(call) else { return };
        if request.node_side != NodeSide::Present {
            return;
        }
        let (node, operation) = (request.node, request.operation);
        if request.is_cut_short {
            self.regions.calls.live(call).failure = Some(Cause::DatabaseUnavailable);
            self.connection_freed(scheduler, node);
            self.node_answers(scheduler, call);
            return;
        }
        match operation {
            Operation::Read => {
                if !request.is_probe() {
                    self.read(scheduler, call, scheduler.now());
                }
            }
            Operation::Write => {
                if !self.data.accepts_writes(node) {
                    // Fenced or demoted while the write was being served.
                    self.connection_freed(scheduler, node);
                    self.node_refuses(scheduler, call, Cause::ReadOnly);
                    return;
                }
                if self.commit(scheduler, call) {
                    return;
                }
            }
        }
        self.connection_freed(scheduler, node);
        self.node_answers(scheduler, call);
    }

    /// The node sends its answer.
    pub(super) fn node_answers(&mut self, scheduler: &mut Scheduler, call: Handle) {
        let request = self.regions.calls.live(call);
        if request.app_side != AppSide::Calling || !request.is_remote() {
            request.node_side = NodeSide::Absent;
            if request.app_side == AppSide::Calling {
                self.app_has_answer(scheduler, call);
            } else {
                self.close_if_over(call);
            }
            return;
        }
        let returns = scheduler.now() + request.link_half_rtt;
        if self.answer_is_certain(scheduler, call, returns) {
            self.answer_will_return(scheduler, call, returns);
            return;
        }
        let request = self.regions.calls.live(call);
        request.node_side = NodeSide::Returning;
        let is_late = returns > request.deadline;
        scheduler.schedule_at(returns, Event::AnswerReturns { call });
        if is_late {
            self.regions.set_deadline(scheduler, call);
        }
    }

    /// Tells if nothing can come between now and the return of an answer over the link, so that all that follows may be
    /// settled now: a good one, in time, to an app where nobody waits for the worker.
    fn answer_is_certain(&self, scheduler: &Scheduler, call: Handle, returns: SimTime) -> bool {
        let request = self.regions.calls.see(call);
        let state = &self.regions.states[request.region];
        returns < self.regions.undisturbed_until(scheduler, request.geography, request.region)
            && !self.regions.link.is_cut()
            && !request.is_probe()
            && request.failure.is_none()
            && request.trouble.is_none()
            && returns <= self.given_up_at(request)
            && returns + request.half_rtt <= request.deadline
            && state.app.is_without_queue()
            && self.may_succeed_early(request.region, request.operation)
    }

    /// The answer of a remote node will reach the app at `returns`, as is known already, and leaves for the visitor then.
    fn answer_will_return(&mut self, scheduler: &mut Scheduler, call: Handle, returns: SimTime) {
        let request = self.regions.calls.live(call);
        request.node_side = NodeSide::Absent;
        let region = request.region;
        if self.setting.holds_worker(region) {
            self.regions.states[region].app.leave_at(returns);
        }
        self.respond(scheduler, call, returns);
    }

    /// The answer of a remote node reaches the app, unless the link was cut on its way.
    pub(in super::super) fn answer_returns(&mut self, scheduler: &mut Scheduler, call: Handle) {
        let Some(request) = self.regions.calls.get_mut(call) else { return };
        if !self.regions.link.delivers(scheduler.now().saturating_sub(request.link_half_rtt)) {
            self.held_at_link(scheduler, call);
            return;
        }
        request.node_side = NodeSide::Absent;
        if request.app_side == AppSide::Calling {
            self.app_has_answer(scheduler, call);
        } else {
            self.close_if_over(call);
        }
    }

    /// A packet of a call meets the cut: it is sent again when the link heals; the app waits, up to its timeout.
    fn held_at_link(&mut self, scheduler: &mut Scheduler, call: Handle) {
        self.regions.link.held.push(call);
        if self.regions.calls.live(call).app_side == AppSide::Calling {
            if self.regions.link_is_partitioned()
                && !self.regions.paths.is_isolated(self.regions.calls.live(call).node.region())
            {
                self.set_trouble(call, Phase::Link);
            } else {
                self.troubled(call);
            }
            self.sent_into_silence(scheduler, call);
        }
    }

    /// A call already sent will not be answered for now: the app waits, up to its timeout.
    pub(super) fn sent_into_silence(&mut self, scheduler: &mut Scheduler, call: Handle) {
        self.regions.set_deadline(scheduler, call);
        let request = self.regions.calls.live(call);
        let timeout = self.setting.plan.scenario.regions[request.node.region()].database.timeout;
        let gives_up = (request.node_called + timeout).max(scheduler.now());
        scheduler.schedule_at(gives_up, Event::DatabaseFails { call });
    }

    /// Returns the time at which the app gives a call up that it has made.
    #[inline]
    fn given_up_at(&self, call: &Call) -> SimTime {
        call.node_called + self.setting.plan.scenario.regions[call.node.region()].database.timeout
    }

    /// Schedules the moment at which the app gives a call up, if that is before its answer `comes`.
    #[inline]
    pub(super) fn app_gives_up_before(&mut self, scheduler: &mut Scheduler, call: Handle, comes: SimTime) {
        let request = self.regions.calls.see(call);
        let gives_up = self.given_up_at(request);
        if gives_up < comes && !request.give_up_set && request.app_side == AppSide::Calling {
            self.regions.calls.live(call).give_up_set = true;
            scheduler.schedule_at(gives_up.max(scheduler.now()), Event::DatabaseFails { call });
        }
    }

    /// The app gives a database call up. One that waits for a connection leaves the queue; one that is served runs on.
    pub(in super::super) fn database_fails(&mut self, scheduler: &mut Scheduler, call: Handle) {
        let Some(request) = self.regions.calls.get_mut(call) else { return };
        if request.app_side == AppSide::Calling {
            if request.node_side == NodeSide::Waiting {
                request.node_side = NodeSide::Absent;
                self.regions.states[request.node].node.give_up(call);
            }
            request.failure = Some(Cause::DatabaseUnavailable);
            self.app_has_answer(scheduler, call);
        }
    }

    /// The app has its answer, good or bad: the worker is free, and the response leaves.
    pub(super) fn app_has_answer(&mut self, scheduler: &mut Scheduler, call: Handle) {
        self.no_longer_stuck(call);
        let request = self.regions.calls.live(call);
        let region = request.region;
        let (operation, node, failure) = (request.operation, request.node, request.failure);
        let request_is_probe = request.is_probe();
        let role = self.role(operation);
        if !request_is_probe {
            self.regions.states[region].endpoints.learn(role, node, failure);
        }
        self.respond(scheduler, call, scheduler.now());
        if self.setting.holds_worker(region) {
            self.worker_freed(scheduler, region);
        }
    }
}
