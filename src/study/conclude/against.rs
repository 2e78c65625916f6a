//! One design against another in one metric, in words; and in what the best design for visitors is worse.

use super::best::beats;
use crate::results::words::{difference, wins};
use crate::results::{Claim, Direction, MetricPlace, Price, Study, Worse};

/// The title of a metric in a comparison: designs are compared by the calm time before the first incident.
pub(super) fn pair_title(name: &str, title: &str) -> String {
    if name.ends_with("_calm") { format!("{title}, before the first incident") } else { title.to_owned() }
}

/// Says how `one` differs from `other`, as in `6 min 41 s less than active-passive (95 % interval 6 min 22 s to 7 min 1 s;
/// better in 200 of 200 runs)`.
pub(super) fn against(study: &Study, metric: usize, one: usize, other: usize) -> Option<String> {
    let (compared, is_first) = study.compared(metric, one, other)?;
    let definition = &study.metrics[metric];
    let (unit, other) = (definition.unit, &study.designs[other].name);
    let is_less = (compared.claim == Claim::FirstLess) == is_first;
    let word = if is_less { "less" } else { "more" };
    let count = if is_less == is_first { compared.first_less } else { compared.second_less };
    let is_better = (definition.better == Direction::Less) == is_less;
    let same = if compared.ties == 0 { String::new() } else { format!(", the same in {}", compared.ties) };
    let runs = wins(is_better, count, compared.pairs) + &same;
    let Some(estimate) = compared.difference else { return Some(format!("{word} than {other} ({runs})")) };
    let sizes = [estimate.low.abs(), estimate.high.abs()];
    let (small, large) = (sizes[0].min(sizes[1]), sizes[0].max(sizes[1]));
    let amount = difference(estimate.point, unit);
    let (small, large) = (difference(small, unit), difference(large, unit));
    let interval = if small == large {
        "the same in each run; ".to_owned()
    } else {
        format!("95 % interval {small} to {large}; ")
    };
    Some(format!("{amount} {word} than {other} ({interval}{runs})"))
}

/// Finds in what else the design that is best for visitors is worse than another.
pub(super) fn price(study: &Study, design: usize) -> Option<Price> {
    let worse = |metric: usize| {
        // A metric that speaks for an aspect has a sentence of its own.
        let is_said = study.metrics[metric].aspect.is_some();
        let is_worth_saying = study.of_all_designs(metric).any(|statistics| statistics.is_worth_saying());
        let other = (0..study.designs.len()).find(|&other| beats(study, metric, other, design))?;
        (!is_said && is_worth_saying).then_some((metric, other))
    };
    let worse: Vec<(usize, usize)> = study.shown_in(MetricPlace::Score).into_iter().filter_map(worse).collect();
    let in_words = |&(metric, other): &(usize, usize)| {
        let title = pair_title(&study.metrics[metric].name, &study.metrics[metric].title);
        Some(format!("{title}: {}", against(study, metric, design, other)?))
    };
    let said: Vec<String> = worse.iter().filter_map(in_words).collect();
    let named = |&(metric, other): &(usize, usize)| Worse {
        metric: study.metrics[metric].name.clone(),
        than: study.designs[other].name.clone(),
    };
    let name = &study.designs[design].name;
    (!worse.is_empty()).then(|| Price {
        design: name.clone(),
        worse: worse.iter().map(named).collect(),
        sentence: format!("{name} is worse in {}.", said.join("; ")),
    })
}
