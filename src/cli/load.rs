//! Loads scenarios: problems become one error, warnings go to stderr.

use std::collections::BTreeSet;
use std::path::Path;

use super::error::CliError;
use super::print;
use crate::scenario::{LoadError, LoadOptions, Loaded, Override, Problem, Scenario};
use crate::study::{self, ExpectationKey};

/// Reads changes (`KEY=VALUE`).
///
/// # Errors
/// If one is not written so.
pub(crate) fn changes(texts: &[String]) -> Result<Vec<Override>, CliError> {
    let parse = |text: &String| text.parse::<Override>().map_err(|error| CliError::Usage(error.to_string()));
    texts.iter().map(parse).collect()
}

/// Loads and checks the scenario at `path` as `options` say. Its warnings are for [`warn`].
///
/// # Errors
/// If the file cannot be read or is invalid; the error lists every problem.
pub(crate) fn load(path: &Path, options: &LoadOptions) -> Result<Loaded, CliError> {
    let loaded = Scenario::load(path, options)?;
    let problems: Vec<_> = study::check_expectations(&loaded.scenario)
        .into_iter()
        .map(|error| {
            let places = &loaded.expectation_places[error.expectation];
            let place = if error.key == ExpectationKey::Stat { &places.stat } else { &places.metric };
            place.problem(error.message)
        })
        .collect();
    if !problems.is_empty() {
        return Err(LoadError::Invalid(problems.into()).into());
    }
    Ok(loaded)
}

/// Prints warnings, each once however many scenarios have it.
pub(crate) fn warn<'a>(warnings: impl IntoIterator<Item = &'a Problem>) {
    let mut said = BTreeSet::new();
    for text in warnings.into_iter().map(Problem::to_string) {
        if !said.contains(&text) {
            print::note(&format!("warning: {text}"));
            said.insert(text);
        }
    }
}
