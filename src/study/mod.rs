//! A study: designs times runs, in parallel, folded in a fixed order into metrics, estimates and comparisons.
//!
//! [`StudySpec`] says what to run, [`run()`] runs it, [`StudyOutcome`] is what it leaves behind, and
//! [`StudyOutcome::conclude`] draws the conclusions that are shown. Every run is reduced to
//! small rows as soon as it ends, and rows are folded in (design, run) order; only integers are merged in the order of
//! completion. So one thread and many give the same bytes. Rows of runs that are kept in a log are read back from there, one by
//! one or a column at a time, so memory grows by some dozens of bytes a run.
//!
//! From the bottom to the top: `seen` (a run as its visitors see it), [`metric`] (every number of a run), `record` (finished runs,
//! reduced), `statistics` (one metric over runs), `compare` (designs beside each other), `judge` (expectations, objectives,
//! conditions, targets), `run` (the making of a study), `vary` (several settings), [`advice`] and `conclude`. No file imports
//! another in a circle, or its sibling by way of this one.
//!
//! Left out: files, tables and charts (see `report`), and everything that a single run means (see `model`).

pub mod advice;
mod compare;
mod conclude;
mod design;
mod judge;
pub mod metric;
mod outcome;
mod record;
mod run;
mod seen;
mod statistics;
#[cfg(test)]
pub(crate) mod synthetic;
mod vary;

pub use crate::model::{Cause, Phase};
pub use crate::results::words::quoted;
pub use crate::results::{Claim, Partial, Weight};
pub use crate::scenario::ObjectiveKind;
pub use compare::comparison::{MetricComparison, PairComparison};
pub use compare::edge::{DesignEdge, Edges, LongerWindows, PairEdge};
pub use compare::weight::LEAST_SHARE;
pub use design::DesignOutcome;
pub use judge::condition::{Condition, ConditionError, Judgement};
pub use judge::expectation::{ExpectationResult, ExpectationVerdict};
pub use judge::expectation_check::{ExpectationError, ExpectationKey, check_expectations};
pub use judge::extreme::{HangsOnRuns, hangs_on_runs};
pub use judge::objective::ObjectiveResult;
pub use judge::trend::Trend;
pub use judge::until::{PrecisionTarget, Reached, Stopping, TargetError, Until};
pub use metric::{Direction, Metric, MetricTable, Named, Unit};
pub use outcome::{StudyOutcome, Subject};
pub use record::keep::{KeepError, KeptRuns};
pub use record::latency::{CurvePoint, LatencyPercentiles};
pub use record::row::{IncidentRow, RunRow, ViewRow};
pub use record::rows::RunRows;
pub use record::run_record::{RowOfRecord, RunRecord};
pub use record::timeline::{Spread, TimelineSummary, TimelineSummaryBin};
pub use run::error::{RunError, RunProblem, StudyError};
pub use run::progress::Progress;
pub use run::runner::{from_kept, run, run_shard, run_until, run_with};
pub use run::shard::{Shard, ShardError};
pub use run::spec::{PreparedStudy, SpecError, StudySpec};
pub use seen::observation::Observation;
pub use seen::thresholds::{Threshold, Thresholds};
pub use seen::view::VisitorView;
pub use statistics::attendance::Attendance;
pub use statistics::sample::Sample;
pub use statistics::statistic::Statistic;
pub use statistics::summary::{QUANTILES, Summary};
pub use vary::find::{Reversal, TippingPoint, Tips, Tried, most_values, tipping_point};
pub use vary::front::{FRONT, FrontEntry, FrontMeasure, FrontierStanding};
pub use vary::in_unit::UnitError;
pub use vary::search::{Search, search};
pub use vary::sweep::{Sweep, SweepPoint};
pub use vary::variation::{Range, Variation, VaryError, grid, quantity, spread};
