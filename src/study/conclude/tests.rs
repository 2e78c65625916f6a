//! Conclusions from made-up studies, worked by hand.

use std::collections::BTreeSet;
use std::sync::atomic::AtomicBool;

use crate::model::Timing;
use crate::results::{
    BestStanding, Degenerate, GeographyResults, LeadStanding, Statistics, Study, StudyEstimate, Unit,
};
use crate::study::outcome::StudyOutcome;
use crate::study::run::runner::run_with;
use crate::study::run::spec::StudySpec;
use crate::study::synthetic;

/// Run by run the second design is down 12 s longer than the first, and does not recover in every twentieth.
fn study(designs: &[&str], runs: u64) -> StudyOutcome {
    let mut spec = StudySpec::new(synthetic::scenario(designs));
    spec.runs = Some(runs);
    let simulate = |design: usize, run: u64| {
        let mut outcome = synthetic::outage(run, (run as u32 * 7) % 10 + design as u32 * 12);
        if design == 1 && run % 20 == 3 {
            outcome.incidents[0].recovered = Timing::Censored;
        }
        Ok(outcome)
    };
    run_with(&spec.prepare().unwrap(), simulate, |_| (), &AtomicBool::new(false)).unwrap()
}

fn standing<'a>(study: &'a Study, metric: &str) -> (BestStanding, Vec<&'a str>) {
    let best = study.best.iter().find(|best| best.metric == metric).unwrap();
    (best.standing, best.designs.iter().map(String::as_str).collect())
}

#[test]
fn sentences_claim_only_what_the_interval_supports() {
    let outcome = study(&["one", "two"], 40);
    let said = outcome.conclude().unwrap().comparisons[0].sentences.clone();
    let about = |title: &str| said.iter().find(|sentence| sentence.starts_with(title)).unwrap().as_str();
    assert_eq!(
        about("downtime"),
        "downtime: cannot tell from these runs, in which one has 12 s less than two on average (by the same in each; at 95 %, up \
         to 8.76 % of runs may differ otherwise; better in 40 of 40 runs)"
    );
    let more = study(&["one", "two"], 100);
    let said_of_more = &more.conclude().unwrap().comparisons[0].sentences;
    let claimed = "downtime: one 12 s less than two (in every run; better in 100 of 100 runs)";
    assert!(said_of_more.iter().any(|sentence| sentence == claimed), "{said_of_more:?}");
    assert!(about("the same in every run").contains("writes lost, data loss window"));
    assert_eq!(
        about("recovery time"),
        "recovery time: one less than two in 40 of 40 runs (beyond the horizon in 2 of them)"
    );
}

#[test]
fn a_metric_that_is_given_by_geography_stands_there_beside_its_pooled_value() {
    let mut study = study(&["one", "two"], 40).conclude().unwrap();
    let pooled = study.answer.points[0].clone();
    let metric = study.position(&pooled.metric).unwrap();
    for (design, values) in [(0, [30.0, 120.0]), (1, [45.0, 60.0])] {
        let of = |(name, value): (&str, f64)| {
            let same = StudyEstimate { point: value, low: value, high: value, n: 40 };
            let all = study.designs[design].metrics[metric].clone();
            let one = Statistics { mean: Some(same), degenerate: None, not_applicable: 0, censored: 0, ..all };
            GeographyResults { name: name.to_owned(), metrics: vec![Statistics { unit: Unit::Seconds, ..one }] }
        };
        study.designs[design].geographies = ["asia", "europe"].into_iter().zip(values).map(of).collect();
    }
    study.metrics[metric].unit = Unit::Seconds;
    let point = super::answer::answer(&study).points[0].clone();
    let beside = " Pooled over all visitors; by geography: asia: one 30 s, two 45 s; europe: one 2 min, two 1 min.";
    assert_eq!(point.sentence, pooled.sentence + beside);
}

#[test]
fn the_written_tree_reads_back_as_it_was() {
    let study = study(&["one", "two"], 40).conclude().unwrap();
    assert_eq!(Study::from_json(&study.to_json()).unwrap(), study);
    let older = study.to_json().replacen("\"version\": 3", "\"version\": 1", 1);
    let refused = Study::from_json(&older).unwrap_err().to_string();
    assert_eq!(refused, "it has format 1; this version reads format 3");
}

#[test]
fn a_summary_of_another_time_is_refused_without_the_names_of_types() {
    let text = study(&["one", "two"], 40).conclude().unwrap().to_json();
    let refused = |text: &str| Study::from_json(text).unwrap_err().to_string();
    // This form, but without one of its fields; cut; and no JSON.
    let poorer = refused(&text.replacen("\"extremes\"", "\"ends\"", 1));
    assert!(poorer.starts_with("something is missing or of another kind, at line "), "{poorer}");
    assert!(refused(&text[..text.len() / 2]).starts_with("it ends too early, at line "));
    assert!(refused("no summary").starts_with("it is no JSON, from line 1, column "));
    for word in ["struct", "field", "Answer", "expected"] {
        assert!(!poorer.contains(word), "{poorer}");
    }
}

#[test]
fn the_best_design_is_named_with_what_it_costs_and_why_there_is_none() {
    // 12 s less in each of 100 runs; recovery is within the horizon more often, too.
    let sure = study(&["one", "two"], 100).conclude().unwrap();
    assert_eq!(standing(&sure, "downtime_s"), (BestStanding::Best, vec!["one"]));
    assert_eq!(sure.answer.headline, "one is better for visitors");
    assert_eq!(sure.answer.price, None, "it is worse in nothing");
    assert_eq!(standing(&sure, "writes_lost"), (BestStanding::Same, vec![]));
    // In 40 runs the same difference in each is no claim.
    let unsure = study(&["one", "two"], 40).conclude().unwrap();
    assert_eq!(standing(&unsure, "downtime_s"), (BestStanding::Unclear, vec![]));
    assert_eq!(unsure.answer.headline, "No design can be called the best for visitors");
    assert!(study(&["one"], 40).conclude().unwrap().best.is_empty());
}

#[test]
fn the_waterfall_adds_up_and_names_what_leads() {
    // The made-up outage has one phase: 0 to 9 s in ten runs, 4.5 s on average.
    let study = study(&["one"], 40).conclude().unwrap();
    let waterfall = &study.designs[0].waterfall;
    let [step] = &waterfall.steps[..] else { panic!("{waterfall:?}") };
    assert_eq!((step.phase.as_str(), step.seconds, step.share), ("undetected", 4.5, 1.0));
    let lead = waterfall.lead.as_ref().unwrap();
    assert_eq!((lead.standing, lead.difference), (LeadStanding::Only, None));
    assert_eq!(lead.phases, ["undetected"]);
}

#[test]
fn a_degenerate_sample_is_marked_for_what_it_is() {
    let study = study(&["one"], 40).conclude().unwrap();
    let downtime = study.statistics(0, "downtime_s").unwrap();
    assert_eq!((downtime.n, downtime.not_applicable, downtime.degenerate), (40, 0, None));
    let cause = study.statistics(0, "failed_dns_failure").unwrap();
    // Wilson's interval of none in 40 ends at 8.76 %.
    let Some(Degenerate::Equal { others_at_most, .. }) = cause.degenerate else { panic!("{cause:?}") };
    assert!((others_at_most - 0.0876).abs() < 5e-5, "{others_at_most}");
}

#[test]
fn a_median_that_no_incident_was_long_enough_to_show_is_more_than_the_longest() {
    // In 5 of 40 runs somebody fails over; in the others the incident is over first, after 21 to 59 s.
    let mut spec = StudySpec::new(synthetic::scenario(&["one"]));
    spec.runs = Some(40);
    let simulate = |_, run| Ok(synthetic::seldom_failed_over(run));
    let study =
        run_with(&spec.prepare().unwrap(), simulate, |_| (), &AtomicBool::new(false)).unwrap().conclude().unwrap();
    let found = study.statistics(0, "time_to_fail_over_s").unwrap();
    assert_eq!((found.ended_first, found.quantile(0.5).unwrap().more_than), (35, Some(59.0)));
    let seen = study.statistics(0, "downtime_s").unwrap();
    assert_eq!(seen.quantile(0.5).unwrap().more_than, None);
}

#[test]
fn every_metric_that_is_shown_has_a_place_in_the_written_tree() {
    let study = study(&["one"], 2).conclude().unwrap();
    let shown: BTreeSet<&str> =
        study.metrics.iter().filter(|metric| !metric.places.is_empty()).map(|metric| metric.name.as_str()).collect();
    for name in ["lost_service_s", "downtime_s", "writes_lost", "latency_p50_ms_calm", "idle_capacity_calm"] {
        assert!(shown.contains(name), "{name}");
    }
}

/// 60 runs in which each design is down for so many seconds and loses so many writes.
fn of_designs(designs: &[&str], runs: u64, down: fn(usize, u64) -> u32, lost: fn(usize) -> u64) -> Study {
    let mut spec = StudySpec::new(synthetic::scenario(designs));
    spec.runs = Some(runs);
    let simulate = |design, run| {
        let mut outcome = synthetic::outage(run, down(design, run));
        outcome.writes[0].lost = lost(design);
        outcome.writes[0].durable = 50 - lost(design);
        Ok(outcome)
    };
    run_with(&spec.prepare().unwrap(), simulate, |_| (), &AtomicBool::new(false)).unwrap().conclude().unwrap()
}

#[test]
fn where_there_is_no_ratio_the_difference_says_how_much_more_and_how_sure() {
    // The best loses nothing, so nothing is a multiple of it; the other is down for 20 to 29 s.
    let nothing = of_designs(&["a", "b"], 60, |design, run| [0, 20 + (run as u32 * 7) % 10][design], |_| 0);
    let [ratio] = &nothing.ratios[..] else { panic!("{:?}", nothing.ratios) };
    assert!(ratio.times.is_none() && ratio.more.unwrap().point == 24.5, "{ratio:?}");
    assert!(ratio.sentence.starts_with("b loses 24.5 s more service than a (95 % interval "), "{ratio:?}");
    assert!(ratio.sentence.ends_with("; worse in 60 of 60 runs)."), "{ratio:?}");
    // 12 s in each of 40 runs, which are too few to claim it.
    let unclear = study(&["one", "two"], 40).conclude().unwrap();
    let [ratio] = &unclear.ratios[..] else { panic!("{:?}", unclear.ratios) };
    assert!(ratio.sentence.starts_with("two loses 12 s more service than one on average ("), "{ratio:?}");
    assert!(ratio.sentence.ends_with("; worse in 40 of 40 runs)."), "{ratio:?}");
}

#[test]
fn of_tied_designs_the_ratios_the_price_and_the_columns_take_the_same() {
    // a, b and c are alike for visitors, c loses the fewest writes; d and e are worse for visitors.
    let down = |design: usize, run: u64| (run as u32 * 7) % 10 + [5, 5, 5, 20, 25][design];
    let study = of_designs(&["a", "b", "c", "d", "e"], 400, down, |design| [3, 9, 1, 0, 3][design]);
    assert_eq!(standing(&study, "lost_service_s"), (BestStanding::Best, vec!["a", "b", "c"]));
    assert_eq!(study.answer.extremes, ["c", "e"]);
    let compared: Vec<_> = study.ratios.iter().map(|ratio| (ratio.design.as_str(), ratio.than.as_str())).collect();
    assert_eq!(compared, [("c", "d"), ("c", "e")]);
    assert!(study.answer.price.iter().all(|price| price.design == "c"), "{:?}", study.answer.price);
}

#[test]
fn of_one_run_nothing_is_said_on_average() {
    let answer = study(&["one", "two"], 1).conclude().unwrap().answer;
    assert!(answer.lead.starts_with("In this one run, visitors lose "), "{}", answer.lead);
    let said: String = answer.points.iter().map(|point| point.sentence.as_str()).collect();
    assert!(!said.contains("of 1 run") && !said.contains("every run") && !said.contains("these runs"), "{said}");
    assert!(said.contains("one is better in this one run"), "{said}");
}
