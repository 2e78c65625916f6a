//! A sweep in code: how long are visitors down with a TTL of ten seconds, a minute, ten minutes?
//!
//! *Covers*: one study for each value, under the same visitors and faults; means with their intervals.
//! *Scenario*: the starter that `firedrill init` writes. `firedrill sweep` does the same from the command line.

#![expect(clippy::disallowed_macros, reason = "an example prints")]

use std::sync::atomic::AtomicBool;

use firedrill::scenario::{LoadOptions, Scenario};
use firedrill::study::{self, StudySpec};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("TTL    design          lost service, s");
    for ttl in ["10s", "1m", "10m"] {
        let overrides = vec![format!("dns.answer_ttl={ttl}").parse()?];
        let options = LoadOptions { overrides, ..LoadOptions::default() };
        let loaded = Scenario::parse(include_str!("../assets/starter.toml"), "starter.toml", &options)?;
        let mut spec = StudySpec::new(loaded.scenario);
        spec.runs = Some(10);
        let outcome = study::run(&spec.prepare()?, |_| (), &AtomicBool::new(false))?;
        for design in &outcome.designs {
            let mean = outcome.summary(design, "lost_service_s").and_then(|summary| summary.mean).ok_or("a mean")?;
            println!("{ttl:<6} {:<15} {:6.1} ± {:.1}", design.name, mean.point, mean.half_width());
        }
    }
    Ok(())
}
