//! Advice on one phase: the setting that governs it, in words.

use super::remains::Remains;
use super::setting::{Context, Remedy, Saves};
use super::{caches, capacity, data, detection, next};
use crate::model::Phase;
use crate::results::Turn;
use crate::scenario::{Design, Scenario};

/// Change that is advised for a phase of lost service.
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
        Some(_) if remedy.saves == Saves::Nothing => {
            remains.others().map(|others| format!("In other phases {others}."))
        }
        Some(_) => Some(remains.text(phase, remedy.saves, &next::causes_after(&context, phase))),
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
