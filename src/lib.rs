//! Firedrill simulates what happens to a service in two regions when one of them, its database, its link or its DNS
//! fails, and reports downtime, latency and data loss as distributions over many seeded runs.
//!
//! A [`scenario`] says what the world is like, which designs are under test and what goes wrong. A [`study`] runs every
//! design under the same run numbers, folds what each run leaves behind into metrics, and concludes [`results`] from
//! them; [`report`] writes those down. The
//! [`model`] is one run: a function of the scenario, the seed and the run number, and of nothing else.
//!
//! ```
//! use std::sync::atomic::AtomicBool;
//!
//! use firedrill::scenario::{LoadOptions, Scenario};
//! use firedrill::study::{self, StudySpec};
//!
//! let text = include_str!("../scenarios/article.toml");
//! let loaded = Scenario::parse(text, "scenarios/article.toml", &LoadOptions::default())?;
//! let mut spec = StudySpec::new(loaded.scenario);
//! spec.runs = Some(2);
//! let outcome = study::run(&spec.prepare()?, |_| (), &AtomicBool::new(false))?;
//!
//! let active_active = &outcome.designs[0];
//! let downtime = outcome.summary(active_active, "downtime_s").expect("a known metric");
//! assert!(downtime.min > Some(60.0), "a region outage is felt for more than a minute");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | module | what is in it | may use |
//! |---|---|---|
//! | [`units`] | durations, sizes, shares, and how they are written | |
//! | [`maths`] | portable transcendental functions | |
//! | [`engine`] | event list, clock, keyed random streams | units, maths |
//! | [`scenario`] | the file format and its checks | units, maths |
//! | [`model`] | the simulated world | engine, scenario, units, maths |
//! | [`explain`] | one run, step by step, with causes | model, results, scenario, units |
//! | [`selfcheck`] | closed forms beside what is simulated | model, scenario, maths |
//! | [`stats`] | intervals and quantiles | maths |
//! | [`results`] | what a study concludes, as plain data, and its wording | units |
//! | [`study`] | many runs, folded, compared and concluded | results, model, engine, scenario, stats, units, maths |
//! | [`baseline`] | what a study gave before, and how another compares | results, study, scenario, stats |
//! | `chart` | numbers drawn as SVG and PNG (feature `charts`) | maths |
//! | [`output`] | folders of results and single files, written whole or not at all | |
//! | [`runlog`] | the log of finished runs, from which a study goes on | |
//! | [`report`] | tables, files and charts of results | results, chart, output; file names of scenario; types of study, baseline, stats |
//! | [`cli`] | the command line | everything |

pub mod baseline;
#[cfg(test)]
mod cases;
#[cfg(feature = "charts")]
pub mod chart;
pub mod cli;
pub mod engine;
pub mod explain;
pub mod maths;
pub mod model;
pub mod output;
mod panic_text;
pub mod report;
pub mod results;
pub mod runlog;
pub mod scenario;
pub mod selfcheck;
pub mod stats;
pub mod study;
pub mod units;
mod xml;
