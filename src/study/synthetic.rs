//! Runs made up by hand, for tests of what is derived from them.

use std::sync::Arc;

use crate::model::{
    Calm, CalmTime, Cause, IncidentOutcome, Load, NamesTally, Phase, RegionTally, RunOutcome, Span, SwitchTail, Tally,
    Timeline, TimelineBin, Timing, WindowGrid, WriteTally,
};
use crate::scenario::{
    AppPool, Client, DatabaseNode, DatabasePlan, Design, Distribution, Dns, Endpoint, Failback, Geography,
    HealthChecks, Incident, IncidentKind, Keyspace, Objectives, OutageMode, Probe, Promotion, PromotionTrigger, Reads,
    Region, RegionId, RegionLink, Replication, ReplicationMode, Resolvers, Routing, Scenario, Schedule, Sessions,
    Stated, StudyPlan, Watch,
};
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

fn constant(value: f64) -> Distribution {
    Distribution::Constant { value }
}

/// A scenario with one geography, one incident and designs of these names.
pub(crate) fn scenario(designs: &[&str]) -> Scenario {
    let secs = SimDuration::from_secs;
    Scenario {
        name: "made-up".into(),
        description: "A scenario for tests.".into(),
        study: StudyPlan {
            horizon: secs(60),
            warmup: secs(10),
            runs: 8,
            seed: 1,
            slo: 0.95,
            window: Some(secs(1)),
            stable: secs(30),
            aftermath: secs(600),
            starts_at: SimDuration::ZERO,
        },
        regions: [region("north"), region("south")],
        link: RegionLink { rtt: constant(0.1), bandwidth: None, call_size: 2000 },
        keys: Keyspace { count: 10, ..Keyspace::default() },
        dns: Dns::default(),
        geographies: vec![geography()],
        designs: designs.iter().map(|name| design(name)).collect(),
        incidents: vec![Incident {
            name: "power loss".into(),
            kind: IncidentKind::RegionOutage { region: RegionId::First, mode: OutageMode::Blackhole },
            schedule: Schedule::Once { at: secs(10), lasts: constant(10.0) },
        }],
        prices: None,
        objectives: Objectives::default(),
        expectations: Vec::new(),
        stated: Stated::default(),
    }
}

fn region(name: &str) -> Region {
    Region {
        name: name.into(),
        app: AppPool {
            instances: 2,
            workers: 4,
            service: constant(0.01),
            queue_limit: 10,
            hold_worker: true,
            cold_start: None,
        },
        database: DatabaseNode {
            connections: 4,
            read: constant(0.001),
            write: constant(0.001),
            connect_timeout: SimDuration::from_secs(3),
            timeout: SimDuration::from_secs(30),
        },
    }
}

fn geography() -> Geography {
    let secs = SimDuration::from_secs;
    Geography {
        name: "asia".into(),
        session_rate: 10.0,
        sessions: Sessions::Steady,
        requests_per_session: constant(1.0),
        think_time: constant(1.0),
        write_share: 0.1,
        rtt: [constant(0.01), constant(0.1)],
        resolvers: Resolvers { count: 1, skew: 0.0, rtt: SimDuration::ZERO, foreign: 0.0, ..Resolvers::default() },
        client: Client {
            pin_share: 0.0,
            pin: secs(600),
            keepalive: secs(60),
            tls_round_trips: 1,
            connect_timeout: secs(3),
            request_timeout: secs(10),
            max_attempts: 3,
            backoff: secs(1),
            backoff_limit: secs(20),
            patience: secs(10),
            ..Client::default()
        },
    }
}

fn design(name: &str) -> Design {
    let secs = SimDuration::from_secs;
    Design {
        name: name.into(),
        own_dns: Vec::new(),
        dns: Dns {
            answer_ttl: secs(60),
            cname_ttl: None,
            zone_rtt: SimDuration::ZERO,
            gtm_rtt: SimDuration::ZERO,
            health_checks: HealthChecks {
                checkers: 1,
                interval: secs(10),
                timeout: secs(5),
                fall: 3,
                rise: 2,
                quorum: 0.5,
                probe: Probe::Http,
            },
            publish_delay: secs(2),
            ..Dns::default()
        },
        routing: Routing::Failover { order: RegionId::BOTH },
        failback: Failback::Never,
        standby: None,
        database: DatabasePlan {
            writes: crate::scenario::Writes::SinglePrimary,
            primary: RegionId::First,
            reads: Reads::Primary,
            endpoint: Endpoint::Driver { errors: 3, retest: secs(10) },
        },
        replication: Replication {
            mode: ReplicationMode::Async,
            ship: constant(0.1),
            apply: Distribution::Empirical { values: Arc::from([0.001]) },
            write_size: 1000,
        },
        promotion: Promotion {
            trigger: PromotionTrigger::Never,
            duration: constant(30.0),
            watch: Watch::Witness,
            fencing: true,
            lease: secs(15),
            on_return: crate::scenario::OnReturn::Discard,
            return_role: None,
        },
    }
}
