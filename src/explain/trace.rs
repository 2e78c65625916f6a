//! An explanation as a trace that Perfetto and Chrome open: the Trace Event Format, JSON with times in microseconds.

use serde_json::{Value, json};

use super::words::LANES;
use super::{ExplainedStep, Explanation};

/// The trace: a track for each lane, a slice for what lasts, an instant for what does not, an arrow for each cause.
pub fn trace(explanation: &Explanation) -> String {
    let name = |what: &str, thread: usize, name: &str| json!({ "ph": "M", "pid": 1, "tid": thread, "name": what, "args": { "name": name } });
    let mut events = vec![name("process_name", 0, &format!("{}: {}", explanation.scenario, explanation.design))];
    events.extend(LANES.iter().enumerate().map(|(lane, title)| name("thread_name", lane + 1, title)));
    for step in &explanation.steps {
        events.push(slice(explanation, step));
        if let Some(cause) = step.cause {
            let arrow = |phase: &str, at: &ExplainedStep| {
                json!({ "ph": phase, "pid": 1, "tid": thread(at), "ts": micros(at.at_s), "id": step.number,
                    "cat": "cause", "name": "leads to", "bp": "e" })
            };
            events.extend([arrow("s", &explanation.steps[cause]), arrow("f", step)]);
        }
    }
    format!("{:#}\n", json!({ "displayTimeUnit": "ms", "traceEvents": events }))
}

fn thread(step: &ExplainedStep) -> usize {
    LANES.iter().position(|lane| *lane == step.lane).map_or(0, |lane| lane + 1)
}

fn micros(seconds: f64) -> u64 {
    (seconds * 1e6).round() as u64
}

/// A step as a slice up to the step that ends it, or as a short one.
fn slice(explanation: &Explanation, step: &ExplainedStep) -> Value {
    // An instant has no length; a slice of a millisecond can be seen, clicked and pointed at.
    let length = ends(explanation, step).map_or(1_000, |end| micros(end - step.at_s).max(1_000));
    json!({ "ph": "X", "pid": 1, "tid": thread(step), "ts": micros(step.at_s), "dur": length, "cat": step.kind,
        "name": step.what, "args": { "step": step.number, "cause": step.cause, "root": step.root } })
}

/// Returns the end of what a step began, in seconds, if it lasts.
pub(super) fn ends(explanation: &Explanation, step: &ExplainedStep) -> Option<f64> {
    let ended_by = match step.kind {
        "incident-begins" => "incident-ends",
        "promotion-decided" | "switch-begins" => "promoted",
        "standby-ordered" => "standby-active",
        _ => return None,
    };
    let end = explanation.steps.iter().find(|later| later.kind == ended_by && later.cause == Some(step.number));
    Some(end.map_or(explanation.horizon_s, |end| end.at_s))
}
