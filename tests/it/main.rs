//! Integration tests: the command, the examples and the scenarios as a user meets them, and the rules of the crate.

mod architecture;
mod cli;
mod determinism;
mod examples;
mod scenarios;
mod support;
