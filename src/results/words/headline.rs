//! The answer behind the name of what was asked.

use crate::results::study::Study;

/// Returns the scenario and its answer in a line: `article: active-active is better for visitors`. Behind the colon it begins
/// with a small letter, unless that is the name of a design.
pub fn headline(study: &Study) -> String {
    let answer = &study.answer.headline;
    let is_name = study.designs.iter().any(|design| answer.starts_with(&design.name));
    let mut letters = answer.chars();
    let answer = match letters.next().filter(|_| !is_name) {
        Some(first) => first.to_lowercase().chain(letters).collect(),
        None => answer.clone(),
    };
    format!("{}: {answer}", study.scenario)
}
