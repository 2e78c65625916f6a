//! A scenario made in code: a file's text, changed setting by setting, and one field set by hand.
//!
//! *Covers*: overrides, the checked [`Scenario`] as plain data, a study, means with their intervals.
//! *Scenario*: the starter that `firedrill init` writes, with shorter runs and quicker health checks.

#![expect(clippy::disallowed_macros, reason = "an example prints")]

use std::sync::atomic::AtomicBool;

use firedrill::report::format;
use firedrill::scenario::{LoadOptions, Scenario};
use firedrill::study::{self, StudySpec};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let overrides =
        vec!["study.horizon=25m".parse()?, "dns.health_checks.interval=5s".parse()?, "incidents.0.lasts=5m".parse()?];
    let options = LoadOptions { overrides, ..LoadOptions::default() };
    let mut scenario = Scenario::parse(include_str!("../assets/starter.toml"), "starter.toml", &options)?.scenario;
    // A checked scenario is plain data: what no file says can be set here.
    scenario.name = "made in code".to_owned();
    scenario.study.slo = 0.99;

    let mut spec = StudySpec::new(scenario);
    spec.runs = Some(20);
    let outcome = study::run(&spec.prepare()?, |_| (), &AtomicBool::new(false))?;
    for design in &outcome.designs {
        for metric in ["downtime_s", "lost_service_s"] {
            let summary = outcome.summary(design, metric).ok_or("a known metric")?;
            let mean = summary.mean.ok_or("two runs or more, none censored")?;
            let show = |seconds| format::duration(seconds);
            println!(
                "{:<15} {metric:<15} {} (95 % interval {} to {}, {} runs)",
                design.name,
                show(mean.point),
                show(mean.low),
                show(mean.high),
                mean.n
            );
        }
    }
    Ok(())
}
