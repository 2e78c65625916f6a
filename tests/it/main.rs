//! Integration tests: the command, the examples and the scenarios as a user meets them, the numbers against closed forms
//! and invariants, and the rules of the crate.

mod advice;
mod architecture;
mod baseline;
#[cfg(feature = "charts")]
mod browser;
mod calm;
mod check;
mod cli;
mod client_caches;
mod closed_form;
mod cost;
mod coverage;
mod data;
mod database_calls;
mod determinism;
mod documents;
mod examples;
mod explain;
mod fencing;
mod formats;
mod fuzz;
mod geographies;
mod golden;
mod health_checks;
mod incidents;
mod invariants;
#[cfg(target_os = "linux")]
mod kills;
mod ledger_words;
mod loss_windows;
#[cfg(target_os = "linux")]
mod memory;
mod metamorphic;
mod named_metrics;
mod names;
mod output;
mod pace;
mod phases;
mod recovery;
mod regions;
#[cfg(feature = "charts")]
mod replication;
mod report;
mod resolver_clocks;
mod resume;
mod scenarios;
mod screen;
mod shards;
mod staleness;
mod start;
mod static_site;
mod support;
mod survive;
mod sweep;
mod switch_over;
mod thresholds;
mod untrusted;
mod visitors;
mod wire;
