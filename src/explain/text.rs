//! An explanation to read in a terminal.

use super::{ExplainedStep, Explanation};
use crate::units::{SimDuration, SimTime};

/// The timeline: number, time, time since the root, what happened, because of which step; then what each phase cost.
pub fn text(explanation: &Explanation) -> String {
    let Explanation { scenario, design, run, seed, succeeded, failed, .. } = explanation;
    let all = succeeded + failed;
    let mut text =
        format!("{scenario}, {design}, run {run} under seed {seed}: {failed} of {all} measured requests failed\n\n");
    let wide = explanation.steps.len().to_string().len();
    text.push_str(&format!("{:>wide$}  {:>12}  {:>12}  what happened\n", "#", "at", "since root"));
    for step in explanation.steps.iter().skip(1) {
        let root = &explanation.steps[step.root];
        let since = if step.cause.is_none() { String::new() } else { format!("+{}", rounded(step.at_s - root.at_s)) };
        let because = step.cause.map_or_else(String::new, |cause| format!("  ← {cause}"));
        let number = step.number;
        let at = rounded(step.at_s);
        text.push_str(&format!("{number:>wide$}  {at:>12}  {since:>12}  {}{because}\n", indented(explanation, step)));
    }
    if explanation.steps.len() == 1 {
        text.push_str("nothing happened\n");
    }
    if *failed > 0 {
        text.push_str("\nrequests that failed, by what would have had to be better\n");
        for cost in &explanation.phases {
            let share = 100.0 * cost.failed as f64 / *failed as f64;
            text.push_str(&format!("  {:>9}  {share:5.1} %  {}\n", cost.failed, cost.phase));
        }
    }
    text
}

/// A step, the deeper the more causes it has.
fn indented(explanation: &Explanation, step: &ExplainedStep) -> String {
    let mut depth = 0;
    let mut cause = step.cause;
    while let Some(number) = cause {
        depth += 1;
        cause = explanation.steps[number].cause;
    }
    format!("{}{}", "· ".repeat(depth), step.what)
}

/// A time to the millisecond, as it is written in a scenario.
fn rounded(seconds: f64) -> String {
    let millis = (seconds * 1e3).round() as u64;
    (SimTime::ZERO + SimDuration::from_nanos(millis * 1_000_000)).since(SimTime::ZERO).to_string()
}
