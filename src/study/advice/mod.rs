//! Advice: which setting of the file to change first, for the phase in which a design loses most of its service.
//!
//! A function of the checked scenario alone. It names the setting that governs the phase and its present value as a file spells
//! it, says what to turn it towards, and promises no more than the phase can give: where no setting of the design helps it
//! says so, and where much is lost otherwise it says how much that is. A request that one cause no longer fails may meet the
//! next one on its way: how many do cannot be known without a run, so what is saved is said as a bound, with the causes that
//! may take over. Left out: what the change costs elsewhere, which only another study can tell.

mod caches;
mod capacity;
mod data;
mod detection;
mod next;
mod setting;

use super::Phase;
use crate::scenario::{Design, Scenario};
use setting::{Context, Remedy};

/// What to change for a phase of lost service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    /// The phase.
    pub phase: Phase,
    /// The setting that governs it, as in the file (`dns.answer_ttl`, `geographies.*.client.keepalive`); `None` if none does.
    pub key: Option<String>,
    /// Its present value, as a file spells it.
    pub value: Option<String>,
    /// True if the file leaves it to its default.
    pub is_default: bool,
    /// Overrides that turn the setting the right way, by about a half or to the better choice; empty if nothing can be turned.
    pub turn: Vec<Turn>,
    /// The advice in words.
    pub text: String,
}

/// One override that follows an advice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// The dotted path, as `--set` takes it.
    pub key: String,
    /// The new value.
    pub value: String,
}

/// The service that a design loses in other phases than the one advised on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Remains {
    /// Seconds lost in all phases.
    pub total_s: f64,
    /// Seconds lost in the others.
    pub rest_s: f64,
    /// The largest of the others, and its seconds.
    pub next: Option<(Phase, f64)>,
}

impl Remains {
    /// Least share of the whole that is worth a sentence.
    const LEAST_SHARE: f64 = 0.05;

    /// Returns what of the seconds `lost` in each phase is lost in others than `phase`.
    pub fn after(phase: Phase, lost: &[(Phase, f64)]) -> Self {
        let others = || lost.iter().copied().filter(|(other, seconds)| *other != phase && *seconds > 0.0);
        let total_s = lost.iter().map(|(_, seconds)| seconds).sum();
        let rest_s = others().map(|(_, seconds)| seconds).sum();
        // The first of equals, as in the order of the phases.
        let next = others().reduce(|one, other| if other.1 > one.1 { other } else { one });
        Remains { total_s, rest_s, next }
    }

    /// Says at most how much is saved once the phase is mended, which causes may take over, and what is lost in others.
    fn text(&self, phase: Phase, after: &[Phase]) -> String {
        let (here, total) = (seconds(self.total_s - self.rest_s), seconds(self.total_s));
        if let Some(little) = self.little() {
            return little;
        }
        let names: Vec<&str> = after.iter().map(|phase| phase.name()).collect();
        let next = if names.is_empty() { "the next cause".to_owned() } else { any_of(&names) };
        let mut text = match phase {
            // A region that is ready serves the retries of other causes, too.
            Phase::NoAlternative | Phase::Capacity => format!(
                "Of {total}, {here} are lost here: others may shrink with it, and part or most of it may move on to {next}."
            ),
            _ => format!("Of {total}, at most {here} are saved: part or most of it may move on to {next}."),
        };
        if let Some(others) = self.others() {
            text.push_str(&format!(" In other phases {others}."));
        }
        text
    }

    /// Says of a phase in which hardly anything is lost that no more can be saved, and where most is lost.
    fn little(&self) -> Option<String> {
        let here_s = self.total_s - self.rest_s;
        let (next, _) = self.next.filter(|_| here_s < Remains::LEAST_SHARE * self.total_s)?;
        let here = if here_s < 0.05 { "less than 0.1 s".to_owned() } else { seconds(here_s) };
        let part = if self.next?.1 > 0.5 * self.rest_s { "most" } else { "the largest part" };
        Some(format!(
            "It saves little: at most {here} of {}, of which {part} is {}.",
            seconds(self.total_s),
            next.name()
        ))
    }

    /// Says what is lost in other phases, if that is worth a sentence.
    fn others(&self) -> Option<String> {
        Some(format!("{} are lost already, {}", seconds(self.rest_s), self.largest_of_others()?))
    }

    /// Says what is lost besides a phase that cannot be mended.
    fn besides(&self) -> Option<String> {
        if self.total_s - self.rest_s < Remains::LEAST_SHARE * self.total_s {
            return Some(format!("Nearly all is lost otherwise, {}.", self.largest_of_others()?));
        }
        let (rest, total) = (seconds(self.rest_s), seconds(self.total_s));
        Some(format!("Of {total}, {rest} are lost otherwise, {}.", self.largest_of_others()?))
    }

    /// Names the largest of the other phases; `None` if too little is lost in them.
    fn largest_of_others(&self) -> Option<String> {
        let (next, next_s) = self.next.filter(|_| self.rest_s >= Remains::LEAST_SHARE * self.total_s)?;
        let part = if next_s > 0.5 * self.rest_s { "most of it" } else { "the largest part of it" };
        Some(format!("{part} {}", next.name()))
    }
}

/// Returns `a`, `a or b`, `a, b or c`.
fn any_of(names: &[&str]) -> String {
    match names.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} or {last}", others.join(", ")),
        _ => names.concat(),
    }
}

/// Writes seconds with the digits that matter.
fn seconds(value: f64) -> String {
    if value < 9.95 { format!("{value:.1} s") } else { format!("{value:.0} s") }
}

/// Advises on what `design` loses in `phase`; `remains` is what it loses besides, if that is known.
pub fn advise(scenario: &Scenario, design: &Design, phase: Phase, remains: Option<&Remains>) -> Advice {
    let context = Context { scenario, design };
    let remedy = remedy(&context, phase);
    let is_default = remedy.setting.as_ref().is_some_and(|(key, _)| is_default(scenario, key));
    let says = match &remedy.setting {
        Some((key, value)) if is_default => format!("`{key} = {value}` (default): {}", remedy.says),
        Some((key, value)) => format!("`{key} = {value}`: {}", remedy.says),
        None => remedy.says,
    };
    let rest = remains.and_then(|remains| match &remedy.setting {
        Some(_) if remedy.saves_nothing => remains.others().map(|others| format!("In other phases {others}.")),
        Some(_) => Some(remains.text(phase, &next::causes_after(&context, phase))),
        None => remains.besides(),
    });
    let text = [Some(says), rest].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let (key, value) = remedy.setting.unzip();
    Advice { phase, key, value, is_default, turn: remedy.turn, text }
}

/// Tells whether the file leaves a setting to its default: each of them, if `key` lists several.
fn is_default(scenario: &Scenario, key: &str) -> bool {
    key.split(", ").all(|key| scenario.stated.leaves_out(key))
}

/// Chooses the setting that governs a phase.
fn remedy(context: &Context<'_>, phase: Phase) -> Remedy {
    match phase {
        Phase::NothingLeft => Remedy::none(
            "no setting of this design helps: both regions, or every database node that could have served, were gone at once. \
             A third place would have served.",
        ),
        Phase::NeverPromotes => data::never_promotes(context),
        Phase::Names => caches::names(context),
        Phase::Undetected => detection::undetected(context),
        Phase::Unpublished => detection::unpublished(context),
        Phase::KeptConnection => caches::kept_connection(context),
        Phase::ClientCache => caches::client_cache(context),
        Phase::ResolverCache => caches::resolver_cache(context),
        Phase::NoAlternative => capacity::no_alternative(context),
        Phase::Link => data::link(context),
        Phase::DatabaseEndpoint => data::database_endpoint(context),
        Phase::NoPrimary => data::no_primary(context),
        Phase::Replica => data::replica(context),
        Phase::Gray => detection::gray(context),
        Phase::Capacity => capacity::capacity(context),
        Phase::Other => {
            Remedy::none("no setting stands out: the causes in `failures.csv` say what these visitors saw.")
        }
    }
}

#[cfg(test)]
mod tests;
