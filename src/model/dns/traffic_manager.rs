//! The traffic manager: verdicts on regions, and the answers that it publishes.

use super::super::node_id::NodeId;
use super::super::per_geography::PerGeography;
use super::super::per_region::PerRegion;
use super::addresses::Addresses;
use super::publication::{AnswerChange, Publication, Switch};
use super::target::Target;
use crate::scenario::{Dns, Failback, GeographyId, RegionId, WhenAllDown};
use crate::units::{SimDuration, SimTime};

/// The traffic manager's knowledge and its published answers.
#[derive(Debug)]
pub(in super::super) struct TrafficManager {
    /// For each geography, the regions from first to last choice.
    orders: PerGeography<[RegionId; 2]>,
    /// Its view of each target (two regions, two nodes).
    views: [View; 4],
    /// Answers for each geography (`None`: SERVFAIL), each with the time since which it holds; the last entry is
    /// current.
    answers: PerGeography<Vec<(SimTime, Option<Addresses>)>>,
    /// Per region: since when the published answer has left it out (never: it does not), and from when on that holds.
    left_out: PerRegion<Vec<(SimTime, SimTime)>>,
    carries_two: bool,
    /// Of weighted routing: the first region's share of the look-ups, while both are answered.
    first_share: Option<f64>,
    when_all_down: WhenAllDown,
    /// Time from a verdict to its publication.
    delay: SimDuration,
    failback: Failback,
    /// A cold standby that is not active yet: neither probed nor answered.
    cold: Option<RegionId>,
}

/// State of one target, as the traffic manager holds it.
#[derive(Clone, Copy, Debug)]
struct View {
    /// The verdict.
    down: bool,
    /// Time at which it last came to be down, and up.
    down_since: SimTime,
    up_since: SimTime,
    /// Set if the published answer leaves the target out, and since when.
    published_down: bool,
    published_down_since: SimTime,
    /// Counts verdicts, so that an overtaken publication is dropped.
    generation: u32,
    /// Set if it is to be answered for the first time, whatever the rule for failback.
    is_new: bool,
}

impl TrafficManager {
    /// A manager that answers by `orders`, weighted by `first_share` if there is one.
    pub(in super::super) fn new(
        orders: PerGeography<[RegionId; 2]>,
        first_share: Option<f64>,
        settings: &Dns,
        failback: Failback,
    ) -> Self {
        let view = View {
            down: false,
            down_since: SimTime::NEVER,
            up_since: SimTime::ZERO,
            published_down: false,
            published_down_since: SimTime::NEVER,
            generation: 0,
            is_new: false,
        };
        let mut manager = TrafficManager {
            orders,
            views: [view; 4],
            answers: PerGeography::same(Vec::new(), 0),
            left_out: PerRegion::default(),
            carries_two: settings.addresses == 2,
            first_share,
            when_all_down: settings.when_all_down,
            delay: settings.publish_delay,
            failback,
            cold: None,
        };
        manager.answer_first();
        manager
    }

    /// Sets the answers at the start of the run.
    fn answer_first(&mut self) {
        let geographies = self.orders.ids();
        self.answers = geographies.map(|geography| vec![(SimTime::ZERO, self.choose(geography))]).collect();
    }

    /// A region stands by cold: it is the last choice for everybody, and left out until it is active.
    pub(in super::super) fn stands_by_cold(&mut self, region: RegionId) {
        self.cold = Some(region);
        self.orders.fill([region.other(), region]);
        let view = &mut self.views[Target::Region(region).index()];
        view.down = true;
        view.down_since = SimTime::ZERO;
        view.up_since = SimTime::NEVER;
        view.published_down = true;
        view.published_down_since = SimTime::ZERO;
        self.note_left_out(SimTime::ZERO, Target::Region(region));
        self.answer_first();
    }

    /// Tells if a region stands by cold.
    pub(in super::super) fn is_cold(&self, region: RegionId) -> bool {
        self.cold == Some(region)
    }

    /// Returns the present answer for a geography; `None`: SERVFAIL.
    #[inline]
    pub(in super::super) fn answer(&self, geography: GeographyId) -> Option<Addresses> {
        self.answers[geography].last().expect("an answer from the start").1
    }

    /// Returns the answer for a geography at `at`, or the last before it.
    pub(in super::super) fn answer_at(&self, geography: GeographyId, at: SimTime) -> Addresses {
        let history = &self.answers[geography];
        let after = history.partition_point(|(since, _)| *since <= at).max(1);
        history[..after].iter().rev().find_map(|(_, answer)| *answer).expect("an answer from the start")
    }

    /// The region answered for a geography while all is well.
    pub(in super::super) fn ordinary(&self, geography: GeographyId) -> RegionId {
        self.orders[geography][0]
    }

    /// Returns the part of an answer that a look-up with the draw `u` is given, and the region that it would be led to
    /// if all were well.
    #[inline]
    pub(in super::super) fn given(
        &self,
        geography: GeographyId,
        answer: Addresses,
        u: impl FnOnce() -> f64,
    ) -> (Addresses, RegionId) {
        let Some(first_share) = self.first_share else { return (answer, self.ordinary(geography)) };
        let wanted = if u() < first_share { RegionId::First } else { RegionId::Second };
        let given = match answer.second {
            Some(_) => Addresses { first: wanted, second: Some(wanted.other()) },
            None => answer,
        };
        (if self.carries_two { given } else { given.without_second() }, wanted)
    }

    /// Returns whether a region stands first in the published answer for a geography. A weight of 0 leads nobody.
    pub(in super::super) fn leads(&self, geography: GeographyId, region: RegionId) -> bool {
        let Some(answer) = self.answer(geography) else { return false };
        match (self.first_share, answer.second) {
            (Some(first_share), Some(_)) => {
                let share = match region {
                    RegionId::First => first_share,
                    RegionId::Second => 1.0 - first_share,
                };
                share > 0.0
            }
            (Some(_), None) | (None, Some(_) | None) => answer.first == region,
        }
    }

    /// Returns whether the published answers are as at first, or, if the design keeps a region that has been down away for good, as
    /// they stay.
    pub(in super::super) fn is_settled(&self, keeps_away: bool) -> bool {
        Target::ALL.iter().zip(&self.views).all(|(target, view)| match *target {
            Target::Region(region) if self.is_cold(region) => true,
            Target::Region(_) if keeps_away && view.published_down => !view.is_new,
            Target::Region(_) | Target::Node(_) => !view.down && !view.published_down,
        })
    }

    /// Tells if the verdict on a region stood at `at`.
    pub(in super::super) fn had_found_down(&self, region: RegionId, at: SimTime) -> bool {
        let view = &self.views[Target::Region(region).index()];
        view.down_since <= at && (view.up_since < view.down_since || view.up_since > at)
    }

    /// Since when the published answer had left a region out at `at`; never, if it did not.
    pub(in super::super) fn left_out_since(&self, region: RegionId, at: SimTime) -> SimTime {
        let history = &self.left_out[region];
        let after = history.partition_point(|(from, _)| *from <= at);
        after.checked_sub(1).map_or(SimTime::NEVER, |last| history[last].1)
    }

    /// The checkers have come to another view of a target. Returns when to publish it.
    pub(super) fn verdict(&mut self, now: SimTime, target: Target, down: bool) -> Publication {
        let view = &mut self.views[target.index()];
        view.down = down;
        view.generation += 1;
        if down {
            view.down_since = now;
        } else {
            view.up_since = now;
        }
        let generation = view.generation;
        let hold = self.hold(target).filter(|hold| !down && *hold > SimDuration::ZERO);
        Publication { target, generation, after: self.delay, again_after: hold.map(|hold| hold + self.delay) }
    }

    /// A cold standby is active: it is answered and probed from now on. Returns when to publish that.
    pub(super) fn cold_standby_active(&mut self, now: SimTime, region: RegionId) -> Publication {
        self.cold = None;
        let target = Target::Region(region);
        let view = &mut self.views[target.index()];
        view.down = false;
        view.up_since = now;
        view.is_new = true;
        view.generation += 1;
        Publication { target, generation: view.generation, after: self.delay, again_after: None }
    }

    /// Returns the time that a target that is up again is held back; `None`: for the rest of the run.
    fn hold(&self, target: Target) -> Option<SimDuration> {
        match (target, self.failback) {
            (Target::Node(_), _) => Some(SimDuration::ZERO),
            (Target::Region(_), Failback::Automatic { hold }) => Some(hold),
            (Target::Region(_), Failback::Never) => None,
        }
    }

    /// Publishes the view of a target. Returns which answers change by it; `None` if a later verdict has overtaken it.
    pub(super) fn publish(&mut self, now: SimTime, target: Target, generation: u32) -> Option<Vec<AnswerChange>> {
        let (hold, delay) = (self.hold(target), self.delay);
        let view = &mut self.views[target.index()];
        if view.generation != generation {
            return None;
        }
        if view.down && !view.published_down {
            view.published_down = true;
            view.published_down_since = now;
        } else if !view.down && (view.is_new || hold.is_some_and(|hold| now >= view.up_since + hold + delay)) {
            view.is_new = false;
            view.published_down = false;
            view.published_down_since = SimTime::NEVER;
        }
        self.note_left_out(now, target);
        Some(self.answers.ids().filter_map(|geography| self.publish_answer(now, geography)).collect())
    }

    /// Publishes the answer for a geography that follows from the views, if it is another one.
    fn publish_answer(&mut self, now: SimTime, geography: GeographyId) -> Option<AnswerChange> {
        let answer = self.choose(geography);
        let before = self.answer(geography);
        if answer == before {
            return None;
        }
        self.answers[geography].push((now, answer));
        let [region, led_to] = [answer, before].map(|answer| answer.map(|addresses| addresses.first));
        let switch = if self.first_share.is_some() {
            Some(Switch { left: left_of_both(before, answer), takes_over: None })
        } else if region != led_to {
            let ordinary = self.ordinary(geography);
            Some(Switch {
                left: led_to.filter(|left| *left == ordinary),
                takes_over: region.filter(|region| self.begins_to_take_over(geography, *region)),
            })
        } else {
            None
        };
        Some(AnswerChange { geography, region, switch })
    }

    /// Returns true if a region, which is answered for a geography now, takes its first visitors that are ordinarily another's.
    fn begins_to_take_over(&self, geography: GeographyId, region: RegionId) -> bool {
        let takes = |place: GeographyId| self.ordinary(place) != region;
        let answers = |place: GeographyId| self.answer(place).is_some_and(|answer| answer.first == region);
        let mut others = self.answers.ids().filter(|place| *place != geography);
        takes(geography) && !others.any(|place| takes(place) && answers(place))
    }

    /// Notes since when the published answer has left a target out, if it is a region.
    fn note_left_out(&mut self, now: SimTime, target: Target) {
        if let Target::Region(region) = target {
            let since = self.views[target.index()].published_down_since;
            self.left_out[region].push((now, since));
        }
    }

    /// Tells if the published name of a database node points elsewhere.
    pub(in super::super) fn node_is_left_out(&self, node: NodeId) -> bool {
        self.views[Target::Node(node).index()].published_down
    }

    /// The regions that are not left out, first choice first; failing that, those that are up again but held back; failing
    /// that, the ordinary order (fail open) or none (fail closed). An answer with one address carries the first.
    fn choose(&self, geography: GeographyId) -> Option<Addresses> {
        let order = self.orders[geography];
        let view = |region: RegionId| &self.views[Target::Region(region).index()];
        let fails_open = self.when_all_down == WhenAllDown::Default;
        let found = Addresses::of(order, |region| !view(region).published_down)
            .or_else(|| Addresses::of(order, |region| !view(region).down))
            .or_else(|| Addresses::of(order, |_| fails_open));
        // A weighted answer is a pool, of which each look-up is given one or both.
        if self.carries_two || self.first_share.is_some() { found } else { found.map(Addresses::without_second) }
    }
}

/// The region that a pool of both, given out by weight, leaves when it becomes `answer`, if it leaves one.
fn left_of_both(before: Option<Addresses>, answer: Option<Addresses>) -> Option<RegionId> {
    let before = before?;
    let both = [before.first, before.second?];
    if answer.is_some_and(|answer| answer.second.is_some()) {
        return None;
    }
    both.into_iter().find(|region| answer.is_none_or(|answer| answer.first != *region))
}

#[cfg(test)]
mod tests;
