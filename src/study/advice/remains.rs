//! Service that a design loses in other phases than the one advised on.

use super::setting::Saves;
use crate::model::Phase;

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
    pub(super) fn text(&self, phase: Phase, saves: Saves, after: &[Phase]) -> String {
        let (here, total) = (seconds(self.total_s - self.rest_s), seconds(self.total_s));
        if let Some(little) = self.little() {
            return little;
        }
        let names: Vec<&str> = after.iter().map(|phase| phase.name()).collect();
        let next = if names.is_empty() { "the next cause".to_owned() } else { any_of(&names) };
        // A region that is ready serves the retries of other causes, too.
        let is_ready = matches!(phase, Phase::NoAlternative | Phase::Capacity);
        let mut text = if is_ready || saves == Saves::OthersToo {
            format!(
                "Of {total}, {here} are lost here: others may shrink with it, and part or most of it may move on to {next}."
            )
        } else {
            format!("Of {total}, at most {here} are saved: part or most of it may move on to {next}.")
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
    pub(super) fn others(&self) -> Option<String> {
        Some(format!("{} are lost already, {}", seconds(self.rest_s), self.largest_of_others()?))
    }

    /// Says what is lost besides a phase that cannot be mended.
    pub(super) fn besides(&self) -> Option<String> {
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
