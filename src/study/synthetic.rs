//! Runs made up by hand, for tests of what is derived from them.

use crate::model::{
    Calm, CalmTime, Cause, IncidentOutcome, Load, NamesTally, Phase, RegionTally, RunOutcome, Span, SwitchTail, Tally,
    Timeline, TimelineBin, Timing, WindowGrid, WriteTally,
};
use crate::scenario::{Design, LoadOptions, Scenario, Stated};
use crate::units::{SimDuration, SimTime};

/// A run in which nothing happened: 40 s measured after 10 s of warm-up, one window.
pub(crate) fn run(geographies: usize) -> RunOutcome {
    RunOutcome {
        run: 0,
        events: 100,
        span: Span { from: at(10), to: at(50), window: SimDuration::from_secs(40) },
        requests_simulated: 0,
        visitors: (0..geographies).map(|_| [Tally::default(), Tally::default()]).collect(),
        windows: WindowGrid {
            len: 1,
            geographies,
            counts: vec![[0, 0]; geographies * 2],
            first_failed: vec![SimTime::NEVER],
            first_failed_besides_gray: vec![SimTime::NEVER],
            phases: vec![[0; Phase::ALL.len()]],
        },
        writes: vec![WriteTally::default(); geographies],
        data_loss_window: SimDuration::ZERO,
        stranded_window: SimDuration::ZERO,
        keys_diverged: 0,
        regions: [RegionTally::default(); 2],
        names: vec![NamesTally::default(); geographies],
        switch_tail: SwitchTail { bin: SimDuration::from_secs(10), lookups: vec![[1, 2]], attempts: vec![[3, 4]] },
        incidents: Vec::new(),
        episodes: Vec::new(),
        timeline: Timeline { bin: SimDuration::from_secs(10), bins: vec![TimelineBin::default(); 2] },
        calm: Calm::default(),
    }
}

/// Calm time of so many seconds of one geography, with this load in each region.
pub(crate) fn calm_time(seconds: u64, load: Load) -> CalmTime {
    CalmTime { length: SimDuration::from_secs(seconds), visitors: vec![Default::default()], loads: [load; 2] }
}

/// A run of one geography whose reads fill windows of `window` seconds with `[succeeded, failed]`.
pub(crate) fn run_with_windows(window: u64, measured: u64, counts: &[[u32; 2]]) -> RunOutcome {
    let mut run = run(1);
    run.span = Span { from: at(10), to: at(10 + measured), window: SimDuration::from_secs(window) };
    run.windows = WindowGrid {
        len: counts.len(),
        geographies: 1,
        counts: counts.iter().flat_map(|&reads| [reads, [0, 0]]).collect(),
        first_failed: vec![SimTime::NEVER; counts.len()],
        first_failed_besides_gray: vec![SimTime::NEVER; counts.len()],
        phases: vec![[0; Phase::ALL.len()]; counts.len()],
    };
    for &[succeeded, failed] in counts {
        run.visitors[0][0].succeeded += u64::from(succeeded);
        run.visitors[0][0].failed += u64::from(failed);
        run.visitors[0][0].attempts += u64::from(succeeded + failed);
    }
    run
}

/// A run that looks like one: `down` of 40 one-second windows fail altogether.
pub(crate) fn outage(number: u64, down: u32) -> RunOutcome {
    let counts: Vec<[u32; 2]> = (0..40).map(|window| if window < down { [0, 100] } else { [100, 0] }).collect();
    let mut run = run_with_windows(1, 40, &counts);
    run.run = number;
    run.visitors[0][0].failed_by_cause[Cause::ConnectTimeout as usize] = u64::from(down) * 100;
    run.visitors[0][0].failed_by_phase[Phase::Undetected as usize] = u64::from(down) * 100;
    for window in 0..down as usize {
        run.windows.phases[window][Phase::Undetected as usize] = 100;
    }
    for millis in 1..=100 {
        run.visitors[0][0].latency.record(SimDuration::from_nanos((millis + number) * 1_000_000));
    }
    run.writes[0] = WriteTally { acknowledged: 50, lost: number % 3, durable: 50 - number % 3, ..Default::default() };
    run.data_loss_window = SimDuration::from_secs(number % 3);
    run.regions =
        [RegionTally { load: Load { app_on_ns: 80, app_busy_ns: 20, ..Default::default() }, ..Default::default() }; 2];
    run.incidents = vec![incident(10, Timing::After(SimDuration::from_secs(u64::from(down))))];
    run.timeline.bins = vec![
        TimelineBin { succeeded: 10, failed: down, attempts_to: [10, 30], lag_s: 0.5, utilisation: [0.25, 0.5] },
        TimelineBin { succeeded: 10, ..Default::default() },
    ];
    run
}

/// An occurrence that began at second `start` and affected visitors.
pub(crate) fn incident(start: u64, recovered: Timing) -> IncidentOutcome {
    IncidentOutcome {
        incident: 0,
        occurrence: 0,
        started: at(start),
        ended: at(start + 10),
        effects_ended: at(start + 10),
        attended: true,
        episode: 0,
        affected: true,
        dns_verdict: Timing::After(SimDuration::from_secs(5)),
        database_verdict: Timing::NotApplicable,
        failed_over: [Timing::NotApplicable; 2],
        recovered,
        first_recovered: recovered,
        relapses: 0,
        confirmed: true,
        backlog_cleared: Timing::NotApplicable,
    }
}

/// A run of 40 in five of which somebody fails over, 20 to 24 s after the incident began; in the others it is over first, after 25
/// to 59 s.
pub(crate) fn seldom_failed_over(number: u64) -> RunOutcome {
    let mut run = outage(number, 5);
    let took = SimDuration::from_secs(20 + number);
    run.incidents[0].failed_over = [if number < 5 { Timing::After(took) } else { Timing::CensoredAt(took) }; 2];
    run
}

/// An occurrence that began at second `start` and that no request met.
pub(crate) fn unattended(start: u64) -> IncidentOutcome {
    let mut incident = incident(start, Timing::NotApplicable);
    (incident.attended, incident.affected, incident.dns_verdict) = (false, false, Timing::NotApplicable);
    incident
}

fn at(secs: u64) -> SimTime {
    SimTime::ZERO + SimDuration::from_secs(secs)
}

/// A scenario with one geography, one incident and designs of these names.
pub(crate) fn scenario(designs: &[&str]) -> Scenario {
    let world = include_str!("synthetic.toml");
    let loaded = Scenario::parse(world, "synthetic.toml", &LoadOptions::default());
    let mut scenario = loaded.unwrap_or_else(|error| panic!("{error}")).scenario;
    let design = scenario.designs.remove(0);
    scenario.designs = designs.iter().map(|&name| Design { name: name.to_owned(), ..design.clone() }).collect();
    // Tests change what they like of it.
    scenario.stated = Stated::default();
    scenario
}
