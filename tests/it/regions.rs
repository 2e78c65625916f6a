//! Regions as a user meets them: workers, standbys and cold starts.

use firedrill::model::{Phase, RunOutcome, Timing, simulate};

use crate::incidents::{all_failed, failed_reads, in_phase, incident, plan, run};

#[test]
fn a_dead_database_takes_the_reads_with_it_only_where_workers_are_held() {
    let dead = incident("disk", "3m", "kind = \"database-outage\"\ntarget = \"frankfurt\"\nmode = \"blackhole\"");
    let settings = ["designs.active-active.database={ primary = \"frankfurt\" }"];
    let few = [
        "regions.singapore.app.workers=1",
        "regions.singapore.app.instances=1",
        "geographies.asia.write_share=0.3",
        "designs.active-active.promotion={ when = \"never\" }",
    ];
    let with =
        |hold: &'static str| run(0, &settings.iter().chain(&few).copied().chain([hold]).collect::<Vec<_>>(), &dead);
    let (held, free) =
        (with("regions.singapore.app.hold_worker=true"), with("regions.singapore.app.hold_worker=false"));
    assert!(failed_reads(&held, 0) > 50, "{}", failed_reads(&held, 0));
    assert!(failed_reads(&free, 0) < 10, "{}", failed_reads(&free, 0));
    assert!(in_phase(&free, Phase::NeverPromotes) > 20, "the writes fail all the same");
}

#[test]
fn a_region_that_begins_to_take_the_others_visitors_is_slow_for_a_while() {
    let death = incident("power loss", "7m", "kind = \"region-outage\"\ntarget = \"singapore\"");
    // Reads alone: a write that waits for a dead primary would keep its worker busy.
    let reads = ["geographies.asia.write_share=0.0", "geographies.europe.write_share=0.0"];
    let slow = [reads[0], reads[1], "regions.frankfurt.app.cold_start={ factor = 5.0, lasts = \"2m\" }"];
    let (warm, cold, calm) = (run(0, &reads, &death), run(0, &slow, &death), run(0, &slow, ""));
    let busy = |run: &RunOutcome, from: usize, to: usize| {
        let bins = &run.timeline.bins[from..to];
        bins.iter().map(|bin| bin.utilisation[1]).sum::<f64>() / bins.len() as f64
    };
    let bin = |seconds: u64| (seconds / warm.timeline.bin.as_secs_f64() as u64) as usize;
    // The verdict comes some 40 s after the third minute.
    assert!(busy(&cold, bin(240), bin(280)) > 1.6 * busy(&warm, bin(240), bin(280)));
    assert!((busy(&cold, bin(400), bin(580)) / busy(&warm, bin(400), bin(580)) - 1.0).abs() < 0.1);
    assert_eq!(all_failed(&calm), 0);
    assert_eq!(busy(&calm, 0, bin(600)), busy(&run(0, &reads, ""), 0, bin(600)), "no take-over, no slowness");
}

#[test]
fn an_order_to_grow_is_refused_with_its_probability_and_in_the_same_runs_as_long_as_that_is_the_same() {
    let death = incident("power loss", "7m", "kind = \"region-outage\"\ntarget = \"singapore\"");
    let hours = |refused: &str| -> Vec<u128> {
        let plan = plan(&[&format!("designs.active-passive.standby.refused={refused}")], &death);
        (0..30).map(|number| simulate(&plan, 1, number).expect("a run").regions[1].load.instances_on_ns).collect()
    };
    let (never, half, always) = (hours("0"), hours("0.5"), hours("1"));
    let small = half.iter().zip(&always).filter(|(half, always)| half == always).count();
    assert!((8..=22).contains(&small), "{small} of 30 refused with probability a half");
    assert!(half.iter().zip(&never).zip(&always).all(|((half, never), always)| half == never || half == always));
    assert!(never.iter().zip(&always).all(|(never, always)| never > always));
}

#[test]
fn a_cold_standby_costs_nothing_until_it_is_needed_and_serves_when_it_is_active() {
    let death = incident("power loss", "20m", "kind = \"region-outage\"\ntarget = \"singapore\"");
    let with = |activation: &str| {
        let standby = format!(
            "designs.active-passive.standby={{ region = \"frankfurt\", kind = \"cold\", activation = \"{activation}\" }}"
        );
        let settings = [
            standby.as_str(),
            "designs.active-passive.promotion={ when = \"automatic\", detect = \"5s\", duration = \"5s\" }",
        ];
        let plan = plan(&settings, &death);
        simulate(&plan, 1, 0).expect("a run")
    };
    let calm = simulate(
        &plan(&["designs.active-passive.standby={ region = \"frankfurt\", kind = \"cold\", activation = \"1m\" }"], ""),
        1,
        0,
    );
    let calm = calm.expect("a run");
    assert_eq!(calm.regions[1].load.instances_on_ns, 0, "off while nobody needs it");
    assert_eq!(all_failed(&calm), 0);
    let (soon, late) = (with("1m"), with("4m"));
    let failed_over = |run: &RunOutcome| match run.incidents[0].first_failed_over() {
        Timing::After(time) => time.as_secs_f64(),
        other => panic!("{other:?}"),
    };
    let difference = failed_over(&late) - failed_over(&soon);
    assert!((160.0..200.0).contains(&difference), "three minutes later: {difference} s");
    assert!(in_phase(&late, Phase::Undetected) + in_phase(&late, Phase::NoAlternative) > 100);
}
