//! Integration tests: the command, the examples and the scenarios as a user meets them, the numbers against closed forms
//! and invariants, and the rules of the crate.

mod architecture;
mod cli;
mod closed_form;
mod determinism;
mod examples;
mod incidents;
mod invariants;
mod scenarios;
mod support;
