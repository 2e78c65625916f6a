//! No answer leaves what is down.

use firedrill::model::simulate;
use firedrill::selfcheck;

use super::generator::{Capacity, DOWN_S, Generated, PATIENCE_S};
use super::{claim, in_every_run};

/// Seen to fail when a region that is isolated can still be reached.
#[test]
fn no_answer_leaves_a_region_that_is_down() {
    in_every_run(Capacity::Any, Generated::with_both_regions_down, |_, outcome| {
        let [from, to] = [DOWN_S[0], DOWN_S[1] - PATIENCE_S].map(|at| at as f64);
        let width = outcome.span.window.as_secs_f64();
        let cells = outcome.windows.geographies * 2;
        for (place, counts) in outcome.windows.counts.chunks(cells).enumerate() {
            let start = outcome.span.from.as_secs_f64() + width * place as f64;
            let succeeded: u32 = counts.iter().map(|cell| cell[0]).sum();
            let is_inside = from <= start && start + width <= to;
            claim(!is_inside || succeeded == 0, || format!("{succeeded} succeed in the window from {start} s"))?;
        }
        Ok(())
    });
}

/// Requests of 10 s, of which those of the last 10 s are under way when something takes the region, or what it needs.
/// Seen to fail when the answers of an isolated region reach its visitors.
#[test]
fn what_is_under_way_when_its_place_goes_down_is_not_answered() {
    for (slow, kind) in [
        ("regions.a.app.service=10s", "kind = \"region-outage\"\nmode = \"blackhole\""),
        ("regions.a.app.service=10s", "kind = \"region-outage\"\nmode = \"refuse\""),
        ("regions.a.app.service=10s", "kind = \"region-isolation\""),
        ("regions.a.app.service=10s", "kind = \"app-outage\"\nmode = \"blackhole\""),
        ("regions.a.app.service=10s", "kind = \"app-outage\"\nmode = \"refuse\""),
        ("regions.a.database.read=10s", "kind = \"database-outage\"\nmode = \"blackhole\""),
        ("regions.a.database.read=10s", "kind = \"database-outage\"\nmode = \"refuse\""),
    ] {
        let settings = [
            "study.horizon=200s",
            "geographies.here.sessions.rate=10",
            "geographies.here.client.patience=40s",
            "geographies.here.client.request_timeout=40s",
            slow,
        ];
        let incident =
            format!("[[incidents]]\nname = \"gone\"\n{kind}\ntarget = \"a\"\nat = \"30s\"\nlasts = \"100s\"\n");
        let plan = selfcheck::plan(&settings, &incident).expect("a scenario");
        let outcome = simulate(&plan, 0, 0).expect("a run");
        let sum = |windows: std::ops::Range<usize>, place: usize| -> u32 {
            outcome.windows.counts[windows.start * 2..windows.end * 2].iter().map(|cell| cell[place]).sum()
        };
        assert!(sum(0..20, 0) > 100 && sum(0..20, 1) == 0, "{kind}: what was answered before has failed");
        assert_eq!(sum(20..90, 0), 0, "{kind}: answered while it was down");
        assert!(sum(131..160, 0) > 100, "{kind}: not answered when it is back");
    }
}
