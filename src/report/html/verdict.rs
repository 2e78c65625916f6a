//! The verdicts: which design is better, by how much and how sure that is, and what it costs elsewhere.

use super::folder::{Better, Claim, Compared, Statistics, Summary, Weight};
use crate::report::format::{difference, value};
use crate::report::table::margin;

/// Which designs are best in one metric.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Best {
    /// These are claimed better than every other by enough to count, and are practically the same.
    Of(Vec<usize>),
    /// Every pair is the same in every run.
    Same,
    /// Every pair is practically the same.
    Alike,
    /// Neither can be claimed.
    Unclear,
}

/// The answer at the top of the report.
#[derive(Debug)]
pub(super) struct Verdict {
    /// One line.
    pub(super) headline: String,
    /// What every design loses, in a sentence.
    pub(super) lead: String,
    /// What speaks for it, and what against.
    pub(super) points: Vec<Point>,
}

/// One point of the answer.
#[derive(Debug)]
pub(super) struct Point {
    pub(super) label: &'static str,
    pub(super) text: String,
}

/// One metric of the table of all designs.
#[derive(Debug)]
pub(super) struct Score {
    pub(super) title: String,
    pub(super) cells: Vec<Cell>,
    /// Which design is claimed to be best.
    pub(super) claim: String,
}

#[derive(Debug)]
pub(super) struct Cell {
    pub(super) design: usize,
    pub(super) text: String,
    pub(super) best: bool,
}

/// What decides, in this order: label, metric, what it measures.
const POINTS: [(&str, &str); 6] = [
    ("For visitors", "lost_service_s"),
    ("For their data", "writes_lost"),
    ("For their data", "writes_conflicting"),
    ("While all is well", "latency_p50_ms"),
    ("Capacity", "idle_capacity"),
    ("Cost", "cost_per_month"),
];

/// The metrics of the table at the top.
pub(super) const SCORES: [&str; 11] = [
    "lost_service_s",
    "downtime_s",
    "longest_downtime_s",
    "recovery_time_s",
    "writes_lost",
    "writes_conflicting",
    "writes_stranded",
    "stale_read_share",
    "latency_p50_ms",
    "idle_capacity",
    "cost_per_month",
];

/// The answer; for results without a comparison it says so.
pub(super) fn verdict(summary: &Summary, runs: u64) -> Verdict {
    if summary.comparisons.is_empty() {
        let headline = if summary.designs.len() == 1 {
            format!("What happens to {}", summary.designs[0].name)
        } else {
            "Each design by itself; `firedrill compare` says which is better".to_owned()
        };
        return Verdict { headline, lead: lead(summary), points: Vec::new() };
    }
    let Some(lost) = summary.metric("lost_service_s") else {
        let headline = "Nothing was measured".to_owned();
        return Verdict { headline, lead: String::new(), points: Vec::new() };
    };
    let leaders = best(summary, lost);
    let mut headline = match &leaders {
        Best::Of(designs) if summary.designs.len() == 2 => is(summary, designs, "better for visitors"),
        Best::Of(designs) => is(summary, designs, "best for visitors"),
        Best::Same => "All designs serve visitors the same".to_owned(),
        Best::Alike => "For visitors the designs are practically the same".to_owned(),
        Best::Unclear if runs < 2 => "One run cannot say which design is better".to_owned(),
        Best::Unclear => "No design can be called the best for visitors".to_owned(),
    };
    headline.push_str(&writes(summary, &leaders));
    let points = POINTS.iter().filter_map(|(label, name)| {
        let metric = summary.metric(name)?;
        worth_saying(summary, metric).then(|| Point { label, text: point(summary, metric) })
    });
    let mut points: Vec<Point> = points.collect();
    if let Best::Of(designs) = leaders {
        points.extend(price(summary, designs[0]));
    }
    Verdict { headline, lead: lead(summary), points }
}

/// Which designs are best in keeping writes, as the table says it: which lose the fewest, and which of them throw the
/// fewest away for a conflict. Nothing if the one measure contradicts the other, or if these are the designs that are
/// best for visitors, too.
fn writes(summary: &Summary, leaders: &Best) -> String {
    let of = |name: &str| {
        let metric = summary.metric(name).filter(|&metric| worth_saying(summary, metric))?;
        Some(best(summary, metric))
    };
    match (of("writes_lost"), of("writes_conflicting")) {
        (Some(Best::Of(lost)), Some(Best::Of(conflicting))) => {
            let both: Vec<usize> = lost.iter().copied().filter(|design| conflicting.contains(design)).collect();
            match both.len() {
                0 => String::new(),
                _ if Best::Of(both.clone()) == *leaders => String::new(),
                count if count == lost.len() => said(summary, &lost, LOSE),
                _ => said(summary, &lost, LOSE) + ", and of these" + &said(summary, &both, DISCARD)[1..],
            }
        }
        (Some(lost @ Best::Of(_)), None | Some(Best::Same | Best::Alike)) if lost == *leaders => String::new(),
        (Some(Best::Of(lost)), None | Some(Best::Same | Best::Alike)) => said(summary, &lost, LOSE),
        (None | Some(Best::Same | Best::Alike), Some(few @ Best::Of(_))) if few == *leaders => String::new(),
        (None | Some(Best::Same | Best::Alike), Some(Best::Of(few))) => said(summary, &few, DISCARD),
        _ => String::new(),
    }
}

/// What one design does and what several do.
const LOSE: [&str; 2] = ["loses the fewest writes", "lose the fewest writes"];
const DISCARD: [&str; 2] =
    ["throws the fewest writes away for a conflict", "throw the fewest writes away for a conflict"];

/// `; a and b lose the fewest writes`.
fn said(summary: &Summary, designs: &[usize], what: [&str; 2]) -> String {
    format!("; {} {}", names(summary, designs), what[usize::from(designs.len() > 1)])
}

/// `a is better`, `a and b are better`.
fn is(summary: &Summary, designs: &[usize], what: &str) -> String {
    let verb = if designs.len() == 1 { "is" } else { "are" };
    format!("{} {verb} {what}", names(summary, designs))
}

/// `a`, `a and b`, `a, b and c`.
fn names(summary: &Summary, designs: &[usize]) -> String {
    let names: Vec<&str> = designs.iter().map(|&design| summary.designs[design].name.as_str()).collect();
    match names.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} and {last}", others.join(", ")),
        _ => names.concat(),
    }
}

/// What visitors of each design lose.
fn lead(summary: &Summary) -> String {
    let Some(lost) = summary.metric("lost_service_s") else { return String::new() };
    let each = summary.designs.iter().enumerate().map(|(place, design)| {
        let of = if place == 0 { "for " } else { "" };
        format!("{of}{} with {}", mean(summary, lost, &design.metrics[lost]), design.name)
    });
    let each: Vec<String> = each.collect();
    let (last, others) = each.split_last().map_or((String::new(), &[][..]), |(last, others)| (last.clone(), others));
    let and = if others.is_empty() { "" } else { " and " };
    format!(
        "In an average run, visitors lose as much service as if everybody had been down {}{and}{last}.",
        others.join(", ")
    )
}

/// The table of what matters most, a column for each design.
pub(super) fn scores(summary: &Summary) -> Vec<Score> {
    let score = |name: &&str| {
        let metric = summary.metric(name)?;
        worth_saying(summary, metric).then(|| {
            let best = best(summary, metric);
            let leads = |design: usize| matches!(&best, Best::Of(designs) if designs.contains(&design));
            let cell = |(design, statistics): (usize, &Statistics)| Cell {
                design,
                text: mean(summary, metric, statistics),
                best: leads(design),
            };
            let claim = match &best {
                _ if summary.comparisons.is_empty() => String::new(),
                Best::Of(designs) => names(summary, designs),
                Best::Same => "the same".to_owned(),
                Best::Alike => "practically the same".to_owned(),
                Best::Unclear => "not clear".to_owned(),
            };
            let statistics = summary.designs.iter().map(|design| &design.metrics[metric]);
            Score {
                title: summary.metrics[metric].title.clone(),
                cells: statistics.enumerate().map(cell).collect(),
                claim,
            }
        })
    };
    SCORES.iter().filter_map(score).collect()
}

/// A mean with half of its interval, or in how many runs it is the same; what there is if there is no mean.
pub(super) fn mean(summary: &Summary, metric: usize, statistics: &Statistics) -> String {
    let unit = summary.metrics[metric].unit();
    match (&statistics.mean, &statistics.min) {
        _ if statistics.n == 0 => "–".to_owned(),
        (Some(mean), _) if statistics.is_same() && statistics.not_applicable > 0 => {
            format!("{} in each,{}", value(mean.point.0, unit), statistics.of_fewer())
        }
        (Some(mean), _) if statistics.is_same() => {
            format!("{} in all {} runs", value(mean.point.0, unit), statistics.n)
        }
        (Some(mean), _) => {
            let half = (mean.high.0 - mean.low.0) / 2.0;
            margin(mean.point.0, half, unit) + &statistics.of_fewer() + statistics.star()
        }
        (None, Some(only)) if statistics.n == 1 && statistics.censored == 0 => {
            value(only.0, unit) + &statistics.of_fewer()
        }
        _ => format!("not by the horizon in {} of {} runs", statistics.censored, statistics.n),
    }
}

/// Whether a metric applies and is not simply nothing everywhere.
fn worth_saying(summary: &Summary, metric: usize) -> bool {
    let of = |design: &super::folder::Design| {
        let statistics = &design.metrics[metric];
        statistics.n > 0 && statistics.max.is_some_and(|max| max.0 != 0.0)
    };
    summary.designs.iter().any(of)
}

fn best(summary: &Summary, metric: usize) -> Best {
    let designs = 0..summary.designs.len();
    let alike =
        |one, other| pair(summary, metric, one, other).is_some_and(|(pair, _)| pair.in_practice == Weight::Same);
    let unbeaten = |&one: &usize| {
        designs.clone().all(|other| other == one || alike(one, other) || beats(summary, metric, one, other))
    };
    let leaders: Vec<usize> = designs.clone().filter(unbeaten).collect();
    // What is practically the same as others is no better than they are: the best are better than all that are not.
    let others = || designs.clone().filter(|other| !leaders.contains(other));
    let lead = leaders.iter().all(|&one| others().all(|other| beats(summary, metric, one, other)));
    let mut pairs = summary.comparisons.iter().map(|comparison| &comparison.metrics[metric]);
    match leaders.len() {
        0 => Best::Unclear,
        count if count < designs.len() && !lead => Best::Unclear,
        count if count < designs.len() => Best::Of(leaders),
        _ if pairs.all(|pair| pair.claim == Claim::Same) => Best::Same,
        _ => Best::Alike,
    }
}

/// How two designs compare, with `one` as the first of the pair or not.
fn pair(summary: &Summary, metric: usize, one: usize, other: usize) -> Option<(&Compared, bool)> {
    let (one, other) = (&summary.designs[one].name, &summary.designs[other].name);
    summary.comparisons.iter().find_map(|comparison| match () {
        () if comparison.first == *one && comparison.second == *other => Some((&comparison.metrics[metric], true)),
        () if comparison.first == *other && comparison.second == *one => Some((&comparison.metrics[metric], false)),
        () => None,
    })
}

fn beats(summary: &Summary, metric: usize, one: usize, other: usize) -> bool {
    let less = match pair(summary, metric, one, other) {
        Some((compared, _)) if compared.in_practice != Weight::Differs => return false,
        Some((compared, true)) => (compared.claim == Claim::FirstLess, compared.claim == Claim::SecondLess),
        Some((compared, false)) => (compared.claim == Claim::SecondLess, compared.claim == Claim::FirstLess),
        None => return false,
    };
    match summary.metrics[metric].better {
        Better::Less => less.0,
        Better::More => less.1,
        Better::Neither => false,
    }
}

/// One metric in a sentence or, with more than two designs, in one for each other design.
fn point(summary: &Summary, metric: usize) -> String {
    let title = &summary.metrics[metric].title;
    match best(summary, metric) {
        Best::Of(designs) => {
            let others = (0..summary.designs.len()).filter(|other| !designs.contains(other));
            let against: Vec<String> = others.filter_map(|other| against(summary, metric, designs[0], other)).collect();
            format!("{}, {title}: {}.", names(summary, &designs), against.join("; "))
        }
        Best::Same => format!("{title}: the same in every run."),
        Best::Alike => format!("{title}: practically the same ({}).", each(summary, metric)),
        Best::Unclear if summary.designs.len() == 2 => {
            let claimed = pair(summary, metric, 0, 1)
                .filter(|(pair, _)| matches!(pair.claim, Claim::FirstLess | Claim::SecondLess));
            if let Some(found) = claimed.and_then(|_| against(summary, metric, 0, 1)) {
                let name = &summary.designs[0].name;
                return format!("{title}: {name} {found}; whether that is enough to count is not clear.");
            }
            let runs = wins(summary, metric).map_or_else(String::new, |runs| format!("; {runs}"));
            format!("{title}: cannot tell from these runs ({}{runs}).", each(summary, metric))
        }
        Best::Unclear => {
            format!("{title}: no design can be claimed to be better than every other ({}).", each(summary, metric))
        }
    }
}

/// In how many runs the better of two designs is so: `a is better in 2 of 2 runs`.
fn wins(summary: &Summary, metric: usize) -> Option<String> {
    let (compared, _) = pair(summary, metric, 0, 1)?;
    let (first, second) = match summary.metrics[metric].better {
        Better::Less => (compared.first_less, compared.second_less),
        Better::More => (compared.second_less, compared.first_less),
        Better::Neither => return None,
    };
    let (design, count) = if first >= second { (0, first) } else { (1, second) };
    Some(format!("{} is better in {count} of {} runs", summary.designs[design].name, compared.pairs))
}

/// The mean of every design.
fn each(summary: &Summary, metric: usize) -> String {
    let each =
        |design: &super::folder::Design| format!("{} {}", design.name, mean(summary, metric, &design.metrics[metric]));
    summary.designs.iter().map(each).collect::<Vec<_>>().join(", ")
}

/// `6 min 41 s less than active-passive (95 % interval 6 min 22 s to 7 min 1 s; better in 200 of 200 runs)`.
fn against(summary: &Summary, metric: usize, one: usize, other: usize) -> Option<String> {
    let (compared, is_first) = pair(summary, metric, one, other)?;
    let definition = &summary.metrics[metric];
    let (unit, other) = (definition.unit(), &summary.designs[other].name);
    let less = (compared.claim == Claim::FirstLess) == is_first;
    let word = if less { "less" } else { "more" };
    let wins = if less == is_first { compared.first_less } else { compared.second_less };
    let better = (definition.better == Better::Less) == less;
    let word_of_runs = if better { "better" } else { "worse" };
    let same = if compared.ties == 0 { String::new() } else { format!(", the same in {}", compared.ties) };
    let runs = format!("{word_of_runs} in {wins} of {} runs{same}", compared.pairs);
    let Some(estimate) = compared.difference else { return Some(format!("{word} than {other} ({runs})")) };
    let sizes = [estimate.low.0.abs(), estimate.high.0.abs()];
    let (small, large) = (sizes[0].min(sizes[1]), sizes[0].max(sizes[1]));
    let amount = difference(estimate.point.0, unit);
    let (small, large) = (difference(small, unit), difference(large, unit));
    let interval = if small == large {
        "the same in each run; ".to_owned()
    } else {
        format!("95 % interval {small} to {large}; ")
    };
    Some(format!("{amount} {word} than {other} ({interval}{runs})"))
}

/// In what else the design that is best for visitors is worse than another.
fn price(summary: &Summary, design: usize) -> Option<Point> {
    let worse = |name: &&str| {
        let metric = summary.metric(name)?;
        let said = POINTS.iter().any(|(_, said)| said == name) && matches!(best(summary, metric), Best::Of(_));
        let other = (0..summary.designs.len()).find(|&other| beats(summary, metric, other, design))?;
        let title = &summary.metrics[metric].title;
        (!said && worth_saying(summary, metric))
            .then(|| against(summary, metric, design, other).map(|text| format!("{title}: {text}")))?
    };
    let worse: Vec<String> = SCORES.iter().filter_map(worse).collect();
    let name = &summary.designs[design].name;
    (!worse.is_empty())
        .then(|| Point { label: "What it costs", text: format!("{name} is worse in {}.", worse.join("; ")) })
}
