//! Integration tests: the command, the examples and the scenarios as a user meets them, the numbers against closed forms
//! and invariants, and the rules of the crate.

mod architecture;
mod baseline;
#[cfg(feature = "charts")]
mod browser;
mod check;
mod cli;
mod closed_form;
mod coverage;
mod data;
mod determinism;
mod examples;
mod explain;
mod golden;
mod incidents;
mod invariants;
mod metamorphic;
mod names;
mod output;
mod regions;
#[cfg(feature = "charts")]
mod report;
mod scenarios;
mod start;
mod support;
mod sweep;
mod switch_over;
mod visitors;
