//! Results of a study: its conclusions, as plain data that is written and read by the same code.
//!
//! [`Study`] is the content of `summary.json`, [`SweepResults`] that of `sweep.json`, [`FindResults`] that of `find.json`. The room `study` draws every conclusion into it; whoever shows results,
//! be it the terminal, the report or a file, only renders it, in memory or read back from a folder. [`words`] has the one
//! wording of each number, so that all of them say the same. [`rows`] are the rows of the CSV files that are read again.
//!
//! Left out: every computation. These types know no run and no statistics.

mod answer;
mod best;
mod check;
mod comparison;
mod design;
mod estimate;
mod finding;
mod found;
mod geography;
mod lines;
mod metric;
mod number;
mod partial;
mod ratio;
mod receipt;
pub mod rows;
mod statistics;
mod stopping;
mod study;
mod sweep;
mod warning;
mod waterfall;
pub mod words;

pub use answer::{Point, Price, StudyAnswer, Worse};
pub use best::{Best, BestStanding};
pub use check::{Finding, FindingStanding, Source};
pub use comparison::{Claim, ComparedMetric, Evidence, Pair, Weight};
pub use design::DesignResults;
pub use estimate::{Degenerate, StudyEstimate};
pub use finding::{ExpectationFinding, Judged, ObjectiveFinding, ObjectiveStanding};
pub use found::{AnswerKind, FIND_VERSION, FindResults, Found, TriedValue};
pub use geography::GeographyResults;
pub use metric::{Aspect, Definition, Direction, MetricPlace, Unit};
pub use partial::Partial;
pub use ratio::Ratio;
pub use receipt::{Receipt, RunRule};
pub use statistics::{Quantile, Statistics};
pub use stopping::{Stopped, TargetFound};
pub use study::{ReadError, ScheduledIncident, SparseWindow, Study, VERSION, trouble};
pub use sweep::{
    Dominance, FrontPlace, FrontRow, FrontValue, PartialSweep, PointDesign, PointResults, SWEEP_VERSION, SweepResults,
};
pub use warning::Warning;
pub use waterfall::{Lead, LeadStanding, MOST_CANDIDATES, Turn, Waterfall, WaterfallStep};
