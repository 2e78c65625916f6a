//! One incident, traced: what happens when a region goes dark, step by step, each with its cause.
//!
//! *Covers*: [`firedrill::explain`]. *Scenario*: the starter that `firedrill init` writes.

#![expect(clippy::disallowed_macros, reason = "an example prints")]

use firedrill::explain::{explain, text};
use firedrill::model::Plan;
use firedrill::scenario::{LoadOptions, Scenario};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let loaded = Scenario::parse(include_str!("../assets/starter.toml"), "starter.toml", &LoadOptions::default())?;
    let explanation = explain(&Plan::new(&loaded.scenario), 0, 0)?;
    print!("{}", text(&explanation));
    Ok(())
}
