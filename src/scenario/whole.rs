//! One scenario file, checked, with every default filled in; and its title.

use serde::Serialize;

use super::design::Design;
use super::dns::Dns;
use super::expectation::Expectation;
use super::geography::Geography;
use super::incident::Incident;
use super::keyspace::Keyspace;
use super::link::RegionLink;
use super::objectives::Objectives;
use super::prices::Prices;
use super::region::Region;
use super::study::StudyPlan;
use super::text::kind::{any_text, narrowed, printable_text, special, text};
use super::text::name::check_file_name;
use super::text::reader::TableReader;
use super::text::stated::Stated;

/// One scenario file, checked, with every default filled in.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Scenario {
    /// Short name; the default output folder is called after it.
    pub name: String,
    /// Question that the scenario asks, in a sentence or two.
    pub description: String,
    /// Length, runs, seed and service level of the study.
    pub study: StudyPlan,
    /// The two regions, in file order.
    pub regions: [Region; 2],
    /// The link between them.
    pub link: RegionLink,
    /// The keys that requests touch.
    pub keys: Keyspace,
    /// The names, as every design has them that says nothing else. Not serialised: each design holds what is true of it.
    #[serde(skip)]
    pub dns: Dns,
    /// Where visitors are, in file order.
    pub geographies: Vec<Geography>,
    /// The architectures under test, in file order.
    pub designs: Vec<Design>,
    /// Incidents, in file order.
    pub incidents: Vec<Incident>,
    /// Recovery objectives, if any are stated.
    pub objectives: Objectives,
    /// Prices of resources, if they are stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prices: Option<Prices>,
    /// Conditions that the results must fulfil.
    pub expectations: Vec<Expectation>,
    /// The keys that the file states. Not serialised: who states a value changes nothing.
    #[serde(skip)]
    pub stated: Stated,
}

/// The most characters of a description: every report shows it.
const LONGEST_DESCRIPTION: usize = 2_000;

/// Reads `name` and `description`.
pub(super) fn title(root: &mut TableReader<'_>) -> (String, String) {
    let name = special("name", any_text, String::new(), |node| {
        let name = text(node)?;
        check_file_name(&name).map(|()| name)
    });
    let description = narrowed(printable_text("text"), "text", |text| match text.chars().count() {
        length if length > LONGEST_DESCRIPTION => {
            Err(format!("has {length} characters; it may have {LONGEST_DESCRIPTION}"))
        }
        _ => Ok(text),
    });
    (
        root.key(
            "name",
            "short name; the default output folder is called after it, so it must be one that a file may have on Windows, too",
        )
        .required(name),
        root.key("description", "what the scenario asks").or_as(description, "empty", String::new(), ""),
    )
}
