//! Which designs are best in one metric: better than every other that is not practically the same, by enough to count.

use crate::results::{Best, BestStanding, Claim, Direction, Study, Weight};

/// Judges every metric that has a better direction and applies to some run; none without a comparison.
pub(super) fn best_of_all(study: &Study) -> Vec<Best> {
    if study.comparisons.is_empty() {
        return Vec::new();
    }
    let is_judged = |&metric: &usize| {
        study.metrics[metric].better != Direction::Neither && study.of_all_designs(metric).any(|one| one.n > 0)
    };
    (0..study.metrics.len()).filter(is_judged).map(|metric| named(study, metric)).collect()
}

fn named(study: &Study, metric: usize) -> Best {
    let (standing, designs) = best(study, metric);
    let designs = designs.into_iter().map(|design| study.designs[design].name.clone()).collect();
    Best { metric: study.metrics[metric].name.clone(), standing, designs }
}

/// Judges one metric: how it stands, and the positions of the best designs if some are.
pub(super) fn best(study: &Study, metric: usize) -> (BestStanding, Vec<usize>) {
    let designs = 0..study.designs.len();
    let alike =
        |one, other| study.compared(metric, one, other).is_some_and(|(pair, _)| pair.in_practice == Weight::Little);
    let is_unbeaten = |&one: &usize| {
        designs.clone().all(|other| other == one || alike(one, other) || beats(study, metric, one, other))
    };
    let leaders: Vec<usize> = designs.clone().filter(is_unbeaten).collect();
    // What is practically the same as others is no better than they are: the best are better than all that are not.
    let mut others = designs.clone().filter(|other| !leaders.contains(other));
    let do_lead = others.all(|other| leaders.iter().all(|&one| beats(study, metric, one, other)));
    let mut pairs = study.comparisons.iter().map(|pair| &pair.metrics[metric]);
    match leaders.len() {
        0 => (BestStanding::Unclear, Vec::new()),
        count if count < designs.len() && !do_lead => (BestStanding::Unclear, Vec::new()),
        count if count < designs.len() => (BestStanding::Best, leaders),
        _ if pairs.all(|pair| pair.claim == Claim::Same) => (BestStanding::Same, Vec::new()),
        _ => (BestStanding::PracticallySame, Vec::new()),
    }
}

/// Tells whether `one` is claimed to be better than `other`, by enough to count.
pub(super) fn beats(study: &Study, metric: usize, one: usize, other: usize) -> bool {
    let (less, more) = match study.compared(metric, one, other) {
        Some((compared, _)) if compared.in_practice != Weight::Counts => return false,
        Some((compared, true)) => (compared.claim == Claim::FirstLess, compared.claim == Claim::SecondLess),
        Some((compared, false)) => (compared.claim == Claim::SecondLess, compared.claim == Claim::FirstLess),
        None => return false,
    };
    match study.metrics[metric].better {
        Direction::Less => less,
        Direction::More => more,
        Direction::Neither => false,
    }
}
