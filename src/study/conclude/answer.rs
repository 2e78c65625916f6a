//! The answer at the top: which design is better for visitors, what keeps their writes, and what else decides.

use super::against::{against, pair_title, price};
use super::best::{beats, best};
use super::extremes::{extremes, leader};
use super::geography::by_geography;
use crate::results::words::{Space, listed, mean, wins as better};
use crate::results::{BestStanding, Claim, Point, Study, StudyAnswer};

/// Draws the answer; for results without a comparison it says so.
pub(super) fn answer(study: &Study) -> StudyAnswer {
    let extremes = extremes(study);
    let only = |headline: String, lead: String| StudyAnswer {
        headline,
        lead,
        extremes: extremes.clone(),
        points: Vec::new(),
        price: None,
    };
    if let Some(headline) = untested(study) {
        return only(headline, String::new());
    }
    if study.comparisons.is_empty() {
        let headline = if study.designs.len() == 1 {
            format!("What happens to {}", study.designs[0].name)
        } else {
            "Each design by itself; `firedrill compare` says which is better".to_owned()
        };
        return only(headline, lead(study));
    }
    let Some(lost) = study.position("lost_service_s") else {
        return only("Nothing was measured".to_owned(), String::new());
    };
    let leaders = best(study, lost);
    let mut headline = match leaders.0 {
        BestStanding::Best if study.designs.len() == 2 => is(study, &leaders.1, "better for visitors"),
        BestStanding::Best => is(study, &leaders.1, "best for visitors"),
        BestStanding::Same => "All designs serve visitors the same".to_owned(),
        BestStanding::PracticallySame => "For visitors the designs are practically the same".to_owned(),
        BestStanding::Unclear if study.runs < 2 => "One run cannot say which design is better".to_owned(),
        BestStanding::Unclear => "No design can be called the best for visitors".to_owned(),
    };
    headline.push_str(&writes(study, &leaders));
    let chosen = leader(study).filter(|_| leaders.0 == BestStanding::Best);
    let price = chosen.and_then(|design| price(study, design));
    StudyAnswer { headline, lead: lead(study), extremes, points: points(study), price }
}

/// Says that no design was put to the test, if nobody met any incident.
fn untested(study: &Study) -> Option<String> {
    let why = study.designs.iter().map(|design| design.untested.as_ref()).collect::<Option<Vec<_>>>()?;
    let (first, all) = (why.first()?, names(study, &(0..study.designs.len()).collect::<Vec<_>>()));
    Some(match study.designs.len() {
        1 => format!("{all} was not put to the test: {first}"),
        _ => format!("No design was put to the test: {first}"),
    })
}

/// The metrics that decide, in the order of their ranks.
fn points(study: &Study) -> Vec<Point> {
    let mut deciding: Vec<usize> =
        (0..study.metrics.len()).filter(|&metric| study.metrics[metric].aspect.is_some()).collect();
    deciding.sort_by_key(|&metric| study.metrics[metric].rank);
    let point = |metric: usize| {
        let definition = &study.metrics[metric];
        let aspect = definition.aspect?;
        let mut sentence = is_worth_saying(study, metric).then(|| sentence(study, metric))?;
        // The median of several populations is no good number by itself.
        if let Some(by_geography) = by_geography(study, metric) {
            sentence.push_str(&format!(" Pooled over all visitors; {by_geography}."));
        }
        Some(Point { aspect, metric: definition.name.clone(), sentence })
    };
    deciding.into_iter().filter_map(point).collect()
}

/// Says which designs are best in keeping writes: which lose the fewest, and which of them throw the fewest away for a
/// conflict. Nothing if the one measure contradicts the other, or if these are the designs that are best for visitors, too.
fn writes(study: &Study, leaders: &(BestStanding, Vec<usize>)) -> String {
    // Nothing to say is as good as no difference.
    let of = |name: &str| {
        let metric = study.position(name).filter(|&metric| is_worth_saying(study, metric));
        metric.map_or((BestStanding::Same, Vec::new()), |metric| best(study, metric))
    };
    let is_even = |standing| matches!(standing, BestStanding::Same | BestStanding::PracticallySame);
    let (lost, conflicting) = (of("writes_lost"), of("writes_conflicting"));
    match (lost.0, conflicting.0) {
        (BestStanding::Best, BestStanding::Best) => {
            let both: Vec<usize> = lost.1.iter().copied().filter(|design| conflicting.1.contains(design)).collect();
            match both.len() {
                0 => String::new(),
                _ if both == leaders.1 => String::new(),
                count if count == lost.1.len() => said(study, &lost.1, LOSE),
                _ => said(study, &lost.1, LOSE) + ", and of these" + &said(study, &both, DISCARD)[1..],
            }
        }
        (BestStanding::Best, other) if is_even(other) && lost.1 != leaders.1 => said(study, &lost.1, LOSE),
        (other, BestStanding::Best) if is_even(other) && conflicting.1 != leaders.1 => {
            said(study, &conflicting.1, DISCARD)
        }
        _ => String::new(),
    }
}

/// Words for one design and for several.
const LOSE: [&str; 2] = ["loses the fewest writes", "lose the fewest writes"];
const DISCARD: [&str; 2] =
    ["throws the fewest writes away for a conflict", "throw the fewest writes away for a conflict"];

/// `; a and b lose the fewest writes`.
fn said(study: &Study, designs: &[usize], what: [&str; 2]) -> String {
    format!("; {} {}", names(study, designs), what[usize::from(designs.len() > 1)])
}

/// `a is better`, `a and b are better`.
fn is(study: &Study, designs: &[usize], what: &str) -> String {
    let verb = if designs.len() == 1 { "is" } else { "are" };
    format!("{} {verb} {what}", names(study, designs))
}

fn names(study: &Study, designs: &[usize]) -> String {
    listed(&designs.iter().map(|&design| study.designs[design].name.as_str()).collect::<Vec<_>>())
}

/// Says what visitors of each design lose.
fn lead(study: &Study) -> String {
    let Some(lost) = study.position("lost_service_s") else { return String::new() };
    let each = study.designs.iter().enumerate().map(|(place, design)| {
        let of = if place == 0 { "for " } else { "" };
        format!("{of}{} with {}", mean(&design.metrics[lost], study.metrics[lost].unit, Space::Sentence), design.name)
    });
    let each: Vec<String> = each.collect();
    let each = listed(&each.iter().map(String::as_str).collect::<Vec<_>>());
    let run = if study.runs == 1 { "In this one run" } else { "In an average run" };
    format!("{run}, visitors lose as much service as if everybody had been down {each}.")
}

/// Tells whether a metric applies and is not simply 0 everywhere.
fn is_worth_saying(study: &Study, metric: usize) -> bool {
    study.of_all_designs(metric).any(|statistics| statistics.is_worth_saying())
}

/// One metric in a sentence or, with more than two designs, in one for each other design.
fn sentence(study: &Study, metric: usize) -> String {
    let title = pair_title(&study.metrics[metric].name, &study.metrics[metric].title);
    let (standing, designs) = best(study, metric);
    match standing {
        BestStanding::Best => {
            let others = (0..study.designs.len()).filter(|other| !designs.contains(other));
            let against: Vec<String> = others.filter_map(|other| against(study, metric, designs[0], other)).collect();
            format!("{}, {title}: {}.", names(study, &designs), against.join("; "))
        }
        BestStanding::Same => {
            format!("{title}: the same in {}.", if study.runs == 1 { "this one run" } else { "every run" })
        }
        BestStanding::PracticallySame => format!("{title}: practically the same ({}).", each(study, metric)),
        BestStanding::Unclear if study.designs.len() == 2 => {
            let claimed = study
                .compared(metric, 0, 1)
                .filter(|(pair, _)| matches!(pair.claim, Claim::FirstLess | Claim::SecondLess));
            if let Some(found) = claimed.and_then(|_| against(study, metric, 0, 1)) {
                let name = &study.designs[0].name;
                return format!("{title}: {name} {found}; whether that is enough to count is not clear.");
            }
            let runs = wins(study, metric).map_or_else(String::new, |runs| format!("; {runs}"));
            let these = if study.runs == 1 { "this one run" } else { "these runs" };
            format!("{title}: cannot tell from {these} ({}{runs}).", each(study, metric))
        }
        BestStanding::Unclear => {
            let claimed = claims(study, metric);
            let claimed = if claimed.is_empty() { String::new() } else { format!("; {}", claimed.join("; ")) };
            format!("{title}: no design is better than every other ({}){claimed}.", each(study, metric))
        }
    }
}

/// Says of every pair of designs that differ which is better, and by how much.
fn claims(study: &Study, metric: usize) -> Vec<String> {
    let all = 0..study.designs.len();
    let pairs = all.clone().flat_map(|one| all.clone().map(move |other| (one, other)));
    let better = pairs.filter(|&(one, other)| one != other && beats(study, metric, one, other));
    let said = better.filter_map(|(one, other)| {
        Some(format!("{}: {}", study.designs[one].name, against(study, metric, one, other)?))
    });
    said.collect()
}

/// In how many runs the better of two designs is so: `a is better in 2 of 2 runs`.
fn wins(study: &Study, metric: usize) -> Option<String> {
    let (compared, _) = study.compared(metric, 0, 1)?;
    let (first, second) = compared.wins(study.metrics[metric].better)?;
    let (design, count) = if first >= second { (0, first) } else { (1, second) };
    Some(format!("{} is {}", study.designs[design].name, better(true, count, compared.pairs)))
}

/// The mean of every design.
fn each(study: &Study, metric: usize) -> String {
    let unit = study.metrics[metric].unit;
    let each = study
        .designs
        .iter()
        .map(|design| format!("{} {}", design.name, mean(&design.metrics[metric], unit, Space::Sentence)));
    each.collect::<Vec<_>>().join(", ")
}
