//! Settings as the file names and spells them, and how an advice turns them.

use crate::results::Turn;
use crate::scenario::{Design, Distribution, Geography, IncidentKind, Scenario, Schedule, Writes, key_part};
use crate::units::{Share, SimDuration};

/// The scenario, and the design that is advised on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Context<'a> {
    pub(super) scenario: &'a Scenario,
    pub(super) design: &'a Design,
}

/// Remedy for a phase.
#[derive(Debug)]
pub(super) struct Remedy {
    /// Key and present value of the setting that governs the phase.
    pub(super) setting: Option<(String, String)>,
    pub(super) turn: Vec<Turn>,
    pub(super) says: String,
    pub(super) saves: Saves,
}

/// Phases whose losses a remedy lessens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Saves {
    /// That which it is for.
    ThisPhase,
    /// Others as well, so that no bound of the saving is known.
    OthersToo,
    /// None, by itself, as the words say.
    Nothing,
}

impl Remedy {
    /// Returns a remedy that no setting gives.
    pub(super) fn none(says: impl Into<String>) -> Self {
        Remedy { setting: None, turn: Vec::new(), says: says.into(), saves: Saves::ThisPhase }
    }

    /// Returns the remedy of changing the setting `key` from `value`, by the override to `new`.
    pub(super) fn of(key: String, value: impl ToString, new: impl ToString, says: impl Into<String>) -> Self {
        let turn = vec![Turn { key: key.clone(), value: new.to_string() }];
        Remedy { setting: Some((key, value.to_string())), turn, says: says.into(), saves: Saves::ThisPhase }
    }

    /// Replaces the overrides.
    pub(super) fn turned_by(self, turn: Vec<Turn>) -> Self {
        Remedy { turn, ..self }
    }
}

impl Context<'_> {
    /// Returns the key of a setting of the design.
    pub(super) fn of_design(&self, setting: &str) -> String {
        format!("designs.{}.{setting}", key_part(&self.design.name))
    }

    /// Returns the key of a setting of the names: the world's, unless the design states a value of its own.
    pub(super) fn of_dns(&self, setting: &str) -> String {
        let key = format!("dns.{setting}");
        if self.design.own_dns.iter().any(|own| own == setting) { self.of_design(&key) } else { key }
    }

    /// Returns the remedy of changing a setting of the geographies in which it is largest.
    pub(super) fn of_geographies<T: PartialOrd>(
        &self,
        setting: &str,
        value: impl Fn(&Geography) -> T,
        spell: impl Fn(&T) -> String,
        new: impl Fn(&Geography) -> String,
        says: impl Into<String>,
    ) -> Remedy {
        let all = &self.scenario.geographies;
        let is_largest = |one: &&Geography| all.iter().all(|other| value(one) >= value(other));
        let largest: Vec<&Geography> = all.iter().filter(is_largest).collect();
        let key = |name: &str| format!("geographies.{}.{setting}", key_part(name));
        let named = match largest[..] {
            [only] => key(&only.name),
            _ if largest.len() == all.len() => format!("geographies.*.{setting}"),
            _ => largest.iter().map(|one| key(&one.name)).collect::<Vec<_>>().join(", "),
        };
        let turn = largest.iter().map(|one| Turn { key: key(&one.name), value: new(one) }).collect();
        let present = spell(&value(largest[0]));
        Remedy { setting: Some((named, present)), turn, says: says.into(), saves: Saves::ThisPhase }
    }

    /// Returns whether some incident is as `is` says.
    pub(super) fn any_incident(&self, is: impl Fn(&IncidentKind) -> bool) -> bool {
        self.scenario.incidents.iter().any(|incident| is(&incident.kind))
    }

    /// Returns the longest mean length of the incidents that are as `is` says, in whole seconds.
    pub(super) fn longest(&self, is: impl Fn(&IncidentKind) -> bool) -> Option<SimDuration> {
        let lasts = |schedule: &Schedule| {
            let (Schedule::Once { lasts, .. } | Schedule::Renewal { lasts, .. }) = schedule;
            SimDuration::from_secs(lasts.mean().min(1e9).ceil() as u64)
        };
        self.scenario
            .incidents
            .iter()
            .filter(|incident| is(&incident.kind))
            .map(|incident| lasts(&incident.schedule))
            .max()
    }

    /// Returns the longest mean length of the incidents after which a region should not be used.
    pub(super) fn longest_of_a_region(&self) -> Option<SimDuration> {
        self.longest(|kind| match kind {
            IncidentKind::AppOutage { share, .. } => *share >= 1.0,
            IncidentKind::RegionOutage { .. }
            | IncidentKind::RegionIsolation { .. }
            | IncidentKind::PathOutage { .. }
            | IncidentKind::Gray { .. } => true,
            _ => false,
        })
    }

    /// Returns the longest mean length of the incidents that take a single primary.
    pub(super) fn longest_without_primary(&self) -> Option<SimDuration> {
        let primary = self.design.database.primary;
        let is_single = self.design.database.writes == Writes::SinglePrimary;
        self.longest(|kind| match kind {
            IncidentKind::RegionOutage { region, .. }
            | IncidentKind::RegionIsolation { region, .. }
            | IncidentKind::DatabaseOutage { region, .. } => is_single && *region == primary,
            _ => false,
        })
    }
}

/// Spells a duration as files do: up to two minutes in seconds.
pub(super) fn spelled(duration: SimDuration) -> String {
    const SECONDS_UP_TO_S: u64 = 119;
    let whole = duration.as_nanos().is_multiple_of(1_000_000_000);
    match duration.as_nanos() / 1_000_000_000 {
        seconds @ 60..=SECONDS_UP_TO_S if whole => format!("{seconds}s"),
        _ => duration.to_string(),
    }
}

/// Returns half of a duration, cut to three digits: an advice that shortens need not be exact, and must be short enough.
pub(super) fn halved(duration: SimDuration) -> SimDuration {
    cut(duration.half())
}

/// Cuts a duration to three significant digits.
fn cut(duration: SimDuration) -> SimDuration {
    let nanos = duration.as_nanos();
    let step = 10_u64.pow(nanos.checked_ilog10().unwrap_or(0).saturating_sub(2));
    SimDuration::from_nanos(nanos / step * step)
}

/// Returns a duration times `factor`, in tenths of a second if it is longer than one.
pub(super) fn scaled(duration: SimDuration, factor: f64) -> SimDuration {
    const TENTH: u64 = 100_000_000;
    let exact = SimDuration::from_secs_f64(duration.as_secs_f64() * factor);
    let is_long = exact > SimDuration::from_secs(1);
    if is_long { SimDuration::from_nanos(exact.as_nanos() / TENTH * TENTH) } else { exact }
}

/// Spells a share as files do.
pub(super) fn spelled_share(share: f64) -> String {
    Share(share).to_string()
}

/// Spells a distribution of durations, each times `factor`, as files do.
pub(super) fn spelled_distribution(distribution: &Distribution, factor: f64) -> String {
    let time = |seconds: &f64| spelled(SimDuration::from_secs_f64(seconds * factor));
    match distribution {
        Distribution::Constant { value } => time(value),
        Distribution::Exponential { mean } => format!("{{ dist = \"exponential\", mean = \"{}\" }}", time(mean)),
        Distribution::Geometric { mean } => format!("{{ dist = \"geometric\", mean = {} }}", mean * factor),
        Distribution::Lognormal { median, p95 } => {
            format!("{{ dist = \"lognormal\", median = \"{}\", p95 = \"{}\" }}", time(median), time(p95))
        }
        Distribution::Uniform { low, high } => {
            format!("{{ dist = \"uniform\", low = \"{}\", high = \"{}\" }}", time(low), time(high))
        }
        Distribution::Pareto { min, shape } => {
            format!("{{ dist = \"pareto\", min = \"{}\", shape = {shape} }}", time(min))
        }
        Distribution::Weibull { scale, shape } => {
            format!("{{ dist = \"weibull\", scale = \"{}\", shape = {shape} }}", time(scale))
        }
        // Of many values the middle one stands for all.
        Distribution::Empirical { .. } => time(&distribution.median()),
    }
}
