//! Expectations: what must hold of the results. Metrics and statistics are known elsewhere, so their places are kept for a later
//! check.

use serde::Serialize;
use serde_json::json;

use super::known_names::Names;
use super::objectives::{ObjectiveKind, Objectives};
use super::text::kind::{PlainNumber, SHARE, special, text, text_called};
use super::text::problem::FilePlace;
use super::text::reader::TableReader;
use super::text::words::{Words, words};

/// Something that must hold of the results.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Expectation {
    /// A statistic of one design's metric stays within bounds.
    Within {
        /// Name of the design.
        design: String,
        /// Name of the metric, a column of `runs.csv`.
        metric: String,
        /// `mean`, `min`, `max`, or a quantile such as `p95`.
        stat: String,
        /// The bounds.
        bound: Bound,
    },
    /// One design is better than another in at least a share of the runs.
    Better {
        /// Name of the design that should win.
        better: String,
        /// Name of the other.
        than: String,
        /// Name of the metric.
        metric: String,
        /// Least share of the runs; a tie counts for neither.
        share: f64,
    },
    /// One design has so many times as much of a metric as a better one.
    Times {
        /// Name of the better design.
        better: String,
        /// Name of the other.
        than: String,
        /// Name of the metric.
        metric: String,
        /// Least ratio of the two means, the greater over the smaller.
        times: f64,
    },
    /// One design loses more service in a phase than in any other.
    FirstPhase {
        /// Name of the design.
        design: String,
        /// Name of the phase.
        phase: String,
    },
    /// One design meets an objective in at least a share of the runs.
    Objective {
        /// Name of the design.
        design: String,
        /// The objective, which the scenario states.
        objective: ObjectiveKind,
        /// Least share of the runs.
        share: f64,
    },
}

/// Bounds of a statistic, inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Bound {
    /// Least value allowed.
    pub min: Option<f64>,
    /// Greatest value allowed.
    pub max: Option<f64>,
}

/// No design is expected to have more than so many times as much as another.
const MOST_TIMES: f64 = 1e12;

/// Where an expectation names its metric (or its phase) and its statistic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpectationPlaces {
    /// The place of `metric`, of `first_phase` or of `objective`.
    pub metric: FilePlace,
    /// The place of `stat`; that of the whole expectation if it has none.
    pub stat: FilePlace,
    /// The place of the whole expectation.
    pub whole: FilePlace,
}

/// Kinds of expectations, told apart by a key that only they have.
#[derive(Clone, Copy)]
enum ExpectationForm {
    Within,
    Better,
    FirstPhase,
    Objective,
}

words!(ExpectationForm: "stat" => Within, "better" => Better, "first_phase" => FirstPhase, "objective" => Objective);

impl ExpectationForm {
    fn of(table: &TableReader<'_>) -> Self {
        if table.has("better") || table.has("than") {
            ExpectationForm::Better
        } else if table.has("objective") {
            ExpectationForm::Objective
        } else if table.has("first_phase") {
            ExpectationForm::FirstPhase
        } else {
            ExpectationForm::Within
        }
    }
}

impl Expectation {
    /// Reads `[[expect]]`.
    pub(super) fn read_all(
        root: &mut TableReader<'_>,
        names: &Names,
        objectives: Option<&Objectives>,
    ) -> Vec<(Expectation, ExpectationPlaces)> {
        root.key("expect", "what must hold").list_of_tables("list of tables", |table| {
            let expectation = match table.form(ExpectationForm::of) {
                ExpectationForm::Within => within(table, names),
                ExpectationForm::Better => better(table, names),
                ExpectationForm::FirstPhase => first_phase(table, names),
                ExpectationForm::Objective => objective(table, names, objectives),
            };
            let metric = ["first_phase", "objective"].into_iter().find(|key| table.has(key)).unwrap_or("metric");
            (
                expectation,
                ExpectationPlaces { metric: table.place(metric), stat: table.place("stat"), whole: table.whole() },
            )
        })
    }
}

const METRIC: &str =
    "which column of the runs; of one geography alone with its name at the end, as in `latency_p50_ms_calm_europe`";

fn design(table: &mut TableReader<'_>, names: &Names) -> String {
    table.key("design", "whose results").required(names.a_design())
}

fn share(table: &mut TableReader<'_>) -> f64 {
    table.key("share", "… in at least this share of the runs; a tie counts for neither").required(SHARE)
}

fn better(table: &mut TableReader<'_>, names: &Names) -> Expectation {
    let better = table.key("better", "instead of `design`: the one that should be better …").required(names.a_design());
    let than = table.key("than", "… than this one …").required(names.a_design());
    let metric = table.key("metric", METRIC).required(text_called("metric"));
    let times = table
        .key(
            "times",
            "instead of `share`: the mean of the worse design is at least so many times that of the better one",
        )
        .optional(PlainNumber::Within(1.0, MOST_TIMES));
    // Of `times`, no share of runs is asked.
    let share = if table.has("times") { 0.0 } else { share(table) };
    if table.is_sound(&["better", "than"]) && better == than {
        table.refuse("than", format!("{than:?} cannot be better than itself"));
    }
    match times {
        Some(times) => Expectation::Times { better, than, metric, times },
        None => Expectation::Better { better, than, metric, share },
    }
}

fn objective(table: &mut TableReader<'_>, names: &Names, stated: Option<&Objectives>) -> Expectation {
    let words = || json!({ "enum": ObjectiveKind::words() });
    let objective = special("`rto`, `rpo`", words, ObjectiveKind::Rto, |node| {
        let Some(kind) = ObjectiveKind::named(&text(node)?) else {
            return Err(format!("{} is no objective; allowed: \"rto\", \"rpo\"", node.value.quoted()));
        };
        let missing = || format!("{:?} is not stated; state it as objectives.{}", kind.word(), kind.word());
        if stated.is_none_or(|stated| stated.get(kind).is_some()) { Ok(kind) } else { Err(missing()) }
    });
    Expectation::Objective {
        design: design(table, names),
        objective: table
            .key("objective", "instead of `metric`: `design` meets this objective in at least `share` of the runs")
            .required(objective),
        share: share(table),
    }
}

fn first_phase(table: &mut TableReader<'_>, names: &Names) -> Expectation {
    Expectation::FirstPhase {
        design: design(table, names),
        phase: table
            .key(
                "first_phase",
                "instead of `metric`: `design` loses more service in this phase than in any other, surely and by enough to \
                 count",
            )
            .required(text_called("phase")),
    }
}

fn within(table: &mut TableReader<'_>, names: &Names) -> Expectation {
    let design = design(table, names);
    let metric = table.key("metric", METRIC).required(text_called("metric"));
    let stat = table.key("stat", "statistic over the runs").required(text_called(STATISTIC));
    let min = table.key("min", "least value; at least one of `min` and `max` is needed").optional(PlainNumber::Any);
    let max = table.key("max", "greatest value").optional(PlainNumber::Any);
    match (min, max) {
        _ if !table.is_sound(&["min", "max"]) => {}
        (None, None) => table.refuse("max", "is missing: an expectation needs `min` or `max`, or both"),
        (Some(min), Some(max)) if min > max => table.refuse("max", format!("{max} is below min = {min}")),
        (Some(_), _) | (None, Some(_)) => {}
    }
    Expectation::Within { design, metric, stat, bound: Bound { min, max } }
}

/// Name of a statistic, in documents.
const STATISTIC: &str = "`mean`, `min`, `max`, or a quantile such as `p95`";
