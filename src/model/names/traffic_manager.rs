//! The traffic manager: verdicts on regions, and the answers that it publishes.

use super::super::event::Event;
use super::super::incident::Change;
use super::super::world::{Agenda, World};
use super::Target;
use crate::scenario::Failback;
use crate::units::{SimDuration, SimTime};

/// The traffic manager's knowledge and its published answers.
#[derive(Debug)]
pub(in super::super) struct TrafficManager {
    /// For each geography, the regions from first to last choice.
    orders: Vec<[u8; 2]>,
    /// Its view of each target (two regions, two nodes).
    pub(in super::super) views: [View; 4],
    /// What it answers for each geography, and since when; the last entry is current.
    answers: Vec<Vec<(SimTime, u8)>>,
}

/// What the traffic manager holds of one target.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct View {
    /// The verdict.
    down: bool,
    /// When it last came to be down, and up.
    down_since: SimTime,
    up_since: SimTime,
    /// Whether the published answer leaves the target out, and since when.
    published_down: bool,
    published_down_since: SimTime,
    /// Counts verdicts, so that an overtaken publication is dropped.
    generation: u32,
}

impl TrafficManager {
    pub(in super::super) fn new(orders: Vec<[u8; 2]>) -> Self {
        let view = View {
            down: false,
            down_since: SimTime::NEVER,
            up_since: SimTime::ZERO,
            published_down: false,
            published_down_since: SimTime::NEVER,
            generation: 0,
        };
        let answers = orders.iter().map(|order| vec![(SimTime::ZERO, order[0])]).collect();
        TrafficManager { orders, views: [view; 4], answers }
    }

    /// The region answered for a geography now.
    #[inline]
    pub(in super::super) fn answer(&self, geography: usize) -> u8 {
        self.answers[geography].last().expect("an answer from the start").1
    }

    /// The region that was answered for a geography at `at`.
    pub(in super::super) fn answer_at(&self, geography: usize, at: SimTime) -> u8 {
        let history = &self.answers[geography];
        let after = history.partition_point(|(since, _)| *since <= at);
        history[after.saturating_sub(1)].1
    }

    /// The region answered for a geography while all is well.
    pub(in super::super) fn ordinary(&self, geography: usize) -> u8 {
        self.orders[geography][0]
    }

    /// Whether the verdict on a region stood at `at`.
    pub(in super::super) fn had_found_down(&self, region: u8, at: SimTime) -> bool {
        let view = &self.views[usize::from(region)];
        view.down_since <= at && (view.up_since < view.down_since || view.up_since > at)
    }

    /// Since when the published answer has left a region out; never, if it does not.
    pub(in super::super) fn left_out_since(&self, region: u8) -> SimTime {
        self.views[usize::from(region)].published_down_since
    }

    /// Whether the published name of a region's database node points elsewhere.
    pub(in super::super) fn node_is_left_out(&self, region: usize) -> bool {
        self.views[Target::Node(region as u8).index()].published_down
    }

    /// The first choice that is not left out; failing that, one that is up again but held back; failing that, the ordinary
    /// first choice (fail open).
    fn choose(&self, geography: usize) -> u8 {
        let order = self.orders[geography];
        let view = |region: &u8| &self.views[usize::from(*region)];
        let usable = order.into_iter().find(|region| !view(region).published_down);
        let held_back = || order.into_iter().find(|region| !view(region).down);
        usable.or_else(held_back).unwrap_or(order[0])
    }
}

impl World<'_> {
    /// The checkers have come to another view of a target.
    pub(in super::super) fn verdict(&mut self, agenda: &mut Agenda, target: Target, down: bool) {
        let now = agenda.now();
        let view = &mut self.manager.views[target.index()];
        view.down = down;
        view.generation += 1;
        let generation = view.generation;
        if down {
            view.down_since = now;
        } else {
            view.up_since = now;
        }
        let delay = self.design.dns.publish_delay;
        let publish = Event::Publish { target: target.index() as u8, generation };
        agenda.after(delay, publish);
        if down {
            self.incidents.dns_verdict(now, target);
            if let Target::Region(region) = target {
                self.activate_standby(agenda, 1 - region);
            }
        } else if let Some(hold) = self.hold(target).filter(|hold| *hold > SimDuration::ZERO) {
            agenda.after(hold + delay, publish);
        }
    }

    /// How long a target that is up again is held back; `None`: for the rest of the run.
    fn hold(&self, target: Target) -> Option<SimDuration> {
        match (target, self.design.failback) {
            (Target::Node(_), _) => Some(SimDuration::ZERO),
            (Target::Region(_), Failback::Automatic { hold }) => Some(hold),
            (Target::Region(_), Failback::Never) => None,
        }
    }

    /// The traffic manager publishes its view of a target, and the answers that follow.
    pub(in super::super) fn publish(&mut self, agenda: &mut Agenda, target: u8, generation: u32) {
        let now = agenda.now();
        let which = u64::from(target) << 32 | u64::from(generation);
        let region = Target::ALL[usize::from(target)].region();
        if self.change_fails(region, Change::Publication, which, Event::Publish { target, generation }) {
            return;
        }
        let hold = self.hold(Target::ALL[usize::from(target)]);
        let delay = self.design.dns.publish_delay;
        let view = &mut self.manager.views[usize::from(target)];
        if view.generation != generation {
            return;
        }
        if view.down && !view.published_down {
            view.published_down = true;
            view.published_down_since = now;
        } else if !view.down && hold.is_some_and(|hold| now >= view.up_since + hold + delay) {
            view.published_down = false;
            view.published_down_since = SimTime::NEVER;
        }
        self.publish_answers(now);
    }

    /// Publishes the answers that follow from the views.
    fn publish_answers(&mut self, now: SimTime) {
        for geography in 0..self.manager.answers.len() {
            let region = self.manager.choose(geography);
            let before = self.manager.answer(geography);
            if region != before {
                self.manager.answers[geography].push((now, region));
                self.record.answer_changed(geography, now, before, self.manager.ordinary(geography));
            }
        }
    }
}
