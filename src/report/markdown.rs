//! A study as Markdown, for a job summary, a comment or a review: the answer, a table, what to fix first, what must hold.

use std::fmt::Write;

use crate::results::words::{COST, Space, caveats, cost_shares, duration, headline, markdown_cell, markdown_code};
use crate::results::words::{UNCONFIRMED, set_option, share, unconfirmed_beside, unconfirmed_in, windows};
use crate::results::words::{markdown_sentence, mean, most_in_runs, objective_found, objective_stated, runs_of_each};
use crate::results::{DesignResults, Judged, MOST_CANDIDATES, MetricPlace, Study, WaterfallStep};

/// Renders the study, ending with a line break.
pub fn markdown(study: &Study) -> String {
    let mut text = format!("## {}\n\n", markdown_cell(&headline(study)));
    list(&mut text, "", study.partial.iter().map(|partial| format!("**{}.**", partial.sentence())));
    if !study.description.is_empty() {
        let _ = write!(text, "{} ", markdown_cell(&study.description));
    }
    let _ = writeln!(
        text,
        "{}, seed {}, {} measured in {}; a window is down under {}.",
        match study.runs {
            1 => format!("Run {}", study.first_run),
            runs => runs_of_each(runs, study.designs.len()),
        },
        study.seed,
        duration(study.measured_to_s - study.measured_from_s),
        windows(study),
        share(study.slo),
    );
    list(&mut text, "", study.ratios.iter().map(|ratio| markdown_cell(&ratio.sentence)));
    list(
        &mut text,
        "",
        study.warnings.iter().map(|warning| format!("**Warning:** {}", markdown_cell(&warning.sentence))),
    );
    metrics(study, &mut text);
    waterfalls(study, &mut text);
    let objectives = study
        .objectives
        .iter()
        .map(|one| format!("{} {}", markdown_cell(&objective_stated(one)), markdown_cell(&objective_found(one))));
    list(&mut text, "### Objectives", objectives);
    let expectations = study.expectations.iter().map(|one| {
        let sign = match one.verdict {
            Judged::Pass => "✓",
            Judged::Fail | Judged::NotEnoughRuns | Judged::Unattended => "✗",
            Judged::NotRun => "not run:",
        };
        format!("{sign} {}", markdown_cell(&one.sentence))
    });
    list(&mut text, "### Expectations", expectations);
    for pair in &study.comparisons {
        let heading = format!("### {} against {}", markdown_cell(&pair.first), markdown_cell(&pair.second));
        list(&mut text, &heading, pair.sentences.iter().map(|sentence| markdown_cell(sentence)));
    }
    text
}

/// The metrics of the terminal's table, a column for each design.
fn metrics(study: &Study, text: &mut String) {
    let shown: Vec<usize> = study
        .shown_in(MetricPlace::Terminal)
        .into_iter()
        .filter(|&metric| study.of_all_designs(metric).any(|one| one.n > 0) && !study.is_left_out(metric))
        .collect();
    let names: String = study.designs.iter().map(|design| format!(" {} |", markdown_cell(&design.name))).collect();
    let _ = writeln!(text, "\n| |{names}\n|---|{}", "---|".repeat(study.designs.len()));
    for &metric in &shown {
        let definition = &study.metrics[metric];
        let cell = |one| format!(" {} |", markdown_cell(&mean(one, definition.unit, Space::Sentence)));
        let cells: String = study.of_all_designs(metric).map(cell).collect();
        let _ = writeln!(text, "| {} |{cells}", markdown_cell(&definition.title));
        if definition.places.contains(&MetricPlace::ScreenRuns) && study.runs > 1 {
            let cells: String =
                study.of_all_designs(metric).map(|one| format!(" {} |", markdown_cell(&most_in_runs(one)))).collect();
            let _ = writeln!(text, "| – in |{cells}");
        }
        if let Some(count) = unconfirmed_beside(study, &definition.name) {
            let cells: String = study.of_all_designs(count).map(|one| format!(" {} |", unconfirmed_in(one))).collect();
            let _ = writeln!(text, "| – unconfirmed |{cells}");
        }
        if definition.name == COST {
            let shares = |design| format!(" {} |", markdown_cell(&cost_shares(study, design).unwrap_or_default()));
            let cells: String = (0..study.designs.len()).map(shares).collect();
            let _ = writeln!(text, "| – of which |{cells}");
        }
        for place in (0..study.geographies()).filter(|_| definition.places.contains(&MetricPlace::ByGeography)) {
            geography(study, place, &definition.name, text);
        }
    }
    let caveats = caveats(shown.iter().flat_map(|&metric| study.with_geographies(metric)));
    let is_unconfirmed = shown.iter().any(|&metric| unconfirmed_beside(study, &study.metrics[metric].name).is_some());
    let unconfirmed = if is_unconfirmed { format!(" {UNCONFIRMED}") } else { String::new() };
    let _ = writeln!(text, "\nMeans with half of their 95 % intervals.{unconfirmed}{}", markdown_cell(&caveats));
}

/// One metric in one geography.
fn geography(study: &Study, place: usize, metric: &str, text: &mut String) {
    let of_design =
        |design: &DesignResults| design.geographies.get(place)?.metrics.iter().find(|one| one.name == metric).cloned();
    let cells: String = study
        .designs
        .iter()
        .map(|design| of_design(design).map_or_else(String::new, |one| mean(&one, one.unit, Space::Sentence)))
        .map(|cell| format!(" {} |", markdown_cell(&cell)))
        .collect();
    let name = study.designs.first().map_or("", |design| &design.geographies[place].name);
    let _ = writeln!(text, "| – {} |{cells}", markdown_cell(name));
}

/// Says what to fix first in each design.
fn waterfalls(study: &Study, text: &mut String) {
    let of_design = |design: &DesignResults| {
        let Some(lead) = &design.waterfall.lead else {
            let why = design.untested.as_ref()?;
            return Some(markdown_cell(&format!("{}: not put to the test, {why}", design.name)));
        };
        let phases = lead.phases.iter().take(MOST_CANDIDATES).filter_map(|phase| design.waterfall.step(phase));
        let named: String = phases.map(advice).collect();
        let (name, proviso) = (markdown_cell(&design.name), lead.standing.proviso());
        Some(format!("{name}{proviso}:{named}\n  - {}", markdown_cell(&lead.sentence)))
    };
    // If no design was put to the test, the headline says so.
    let is_tested = study.designs.iter().any(|design| design.untested.is_none());
    list(text, "### What to fix first", study.designs.iter().filter(|_| is_tested).filter_map(of_design));
}

/// One phase with what helps, as an item of a list below a design.
fn advice(step: &WaterfallStep) -> String {
    let tries: Vec<String> = step.turn.iter().map(|turn| markdown_code(&set_option(turn))).collect();
    let tries = if tries.is_empty() { String::new() } else { format!(" To try it: {}", tries.join(" ")) };
    format!(
        "\n  - `{}`, {} of its lost service ({}). {}{tries}",
        step.phase,
        share(step.share),
        markdown_cell(&step.meaning),
        markdown_sentence(&step.remedy),
    )
}

/// A list under a heading, if there is anything in it.
fn list(text: &mut String, heading: &str, items: impl Iterator<Item = String>) {
    for (place, item) in items.enumerate() {
        match place {
            0 if heading.is_empty() => text.push('\n'),
            0 => drop(writeln!(text, "\n{heading}\n")),
            _ => {}
        }
        let _ = writeln!(text, "- {item}");
    }
}
