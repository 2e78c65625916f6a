//! A study: designs times runs, in parallel, folded in a fixed order into metrics, estimates and comparisons.
//!
//! [`StudySpec`] says what to run, [`run()`] runs it, [`StudyOutcome`] is what it leaves behind, and
//! [`StudyOutcome::conclude`] draws the conclusions that are shown. Every run is reduced to
//! small rows as soon as it ends, and rows are folded in (design, run) order; only integers are merged in the order of
//! completion. So one thread and many give the same bytes. Rows of runs that are kept in a log are read back from there, one by
//! one or a column at a time, so memory grows by some dozens of bytes a run.
//!
//! Left out: files, tables and charts (see `report`), and everything that a single run means (see `model`).

pub mod advice;
mod ahead;
mod attendance;
mod calm;
mod column;
mod compare;
mod conclude;
mod condition;
mod crew;
mod edge;
mod expectation;
mod extreme;
mod find;
mod first_phase;
mod fold;
mod front;
mod gathered;
mod in_unit;
mod keep;
mod latency;
pub mod metric;
mod objective;
mod observation;
mod outcome;
mod ratio;
mod record;
mod replay;
mod row;
mod rows;
mod run;
mod sample;
mod search;
mod shard;
mod spec;
mod statistic;
mod suggest;
mod summary;
mod sweep;
#[cfg(test)]
pub(crate) mod synthetic;
mod thresholds;
mod timeline;
mod trend;
mod until;
mod vary;
mod view;
mod weight;
mod windows;

pub use crate::model::{Cause, Phase};
pub use crate::results::words::quoted;
pub use crate::results::{Claim, Weight};
pub use crate::scenario::ObjectiveKind;
pub use attendance::Attendance;
pub use compare::{Comparison, MetricComparison};
pub use condition::{Condition, ConditionError, Judgement};
pub use edge::{DesignEdge, Edges, LongerWindows, PairEdge};
pub use expectation::{ExpectationError, ExpectationKey, ExpectationResult, Verdict, check_expectations};
pub use extreme::{HangsOnRuns, hangs_on_runs};
pub use find::{Reversal, TippingPoint, Tips, Tried, most_values, tipping_point};
pub use front::{FRONT, FrontEntry, FrontMeasure, Standing};
pub use in_unit::UnitError;
pub use keep::{KeepError, KeptRuns};
pub use latency::{CurvePoint, LatencyCurve};
pub use metric::{Direction, Metric, MetricTable, Named, Unit};
pub use objective::ObjectiveResult;
pub use observation::Observation;
pub use outcome::{DesignOutcome, Partial, StudyOutcome, Subject};
pub use record::{RowOfRecord, RunRecord};
pub use row::{IncidentRow, RunRow, ViewRow};
pub use rows::Rows;
pub use run::{Progress, RunError, RunProblem, StudyError, from_kept, run, run_shard, run_until, run_with};
pub use sample::Sample;
pub use search::{Search, search};
pub use shard::{Shard, ShardError};
pub use spec::{PreparedStudy, SpecError, StudySpec};
pub use statistic::Statistic;
pub use summary::{QUANTILES, Summary};
pub use sweep::{Sweep, SweepPoint};
pub use thresholds::{Threshold, Thresholds};
pub use timeline::{Spread, TimelineSummary, TimelineSummaryBin};
pub use trend::Trend;
pub use until::{Reached, Stopping, Target, TargetError, Until};
pub use vary::{Range, Variation, VaryError, grid, quantity, spread};
pub use view::View;
pub use weight::LEAST_SHARE;
