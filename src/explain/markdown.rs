//! An explanation as Markdown: a table of steps, each with the step that led to it.

use std::fmt::Write;

use super::Explanation;
use crate::results::words::markdown_cell;

/// Renders the explanation, ending with a line break.
pub fn markdown(explanation: &Explanation) -> String {
    let Explanation { scenario, design, run, seed, succeeded, failed, .. } = explanation;
    let mut text = format!(
        "## {}, {}: run {run} under seed {seed}\n\n{failed} of {} measured requests failed.\n\n| # | at, s | because of | what happened |\n|---|---|---|---|\n",
        markdown_cell(scenario),
        markdown_cell(design),
        succeeded + failed
    );
    for step in explanation.steps.iter().skip(1) {
        let because = step.cause.map_or_else(String::new, |cause| cause.to_string());
        let _ = writeln!(text, "| {} | {:.3} | {because} | {} |", step.number, step.at_s, markdown_cell(&step.what));
    }
    if *failed > 0 {
        text.push_str("\n| failed requests | phase |\n|---|---|\n");
        for cost in &explanation.phases {
            let _ = writeln!(text, "| {} | `{}` |", cost.failed, cost.phase);
        }
    }
    text
}
