//! Metrics of visitors' requests: availability, downtime, lost service, latency, failures.

use super::definition::Metric;
use crate::model::{Cause, Phase};
use crate::results::Direction::{Less, More, Neither};
use crate::results::MetricPlace::{
    ByGeography, Headline, Score, Screen, Sweep, SweepChart, Terminal, TerminalQuantiles,
};
use crate::results::{Aspect, Unit};
use crate::study::record::latency::{mean_ns, millis, quantile};
use crate::study::seen::observation::Observation;
use crate::study::seen::seen_run::Seen;
use crate::study::seen::thresholds;
use crate::units::SimDuration;

/// Quantiles of latency: name, share.
const LATENCY_QUANTILES: [(&str, f64); 5] = [("p50", 0.5), ("p90", 0.9), ("p95", 0.95), ("p99", 0.99), ("p999", 0.999)];
/// So many of them, from the first on, are also given for calm time.
const CALM_QUANTILES: usize = 4;
/// Quantiles of staleness: name, share.
const STALENESS_QUANTILES: [(&str, f64); 3] = [("p50", 0.5), ("p95", 0.95), ("p99", 0.99)];

/// Metrics by geography and operation.
pub(super) fn metrics() -> Vec<Metric> {
    let mut metrics = vec![
        Metric::new("requests", "requests", Unit::Count, Neither)
            .of(|seen, _| Observation::count(seen.tally.succeeded + seen.tally.failed)),
        Metric::new("requests_failed", "failed requests", Unit::Count, Less)
            .of(|seen, _| Observation::count(seen.tally.failed)),
        Metric::new("availability_requests", "availability (requests)", Unit::Share, More)
            .shown(20, &[Headline, Terminal])
            .of(|seen, _| {
                Observation::ratio(seen.tally.succeeded as f64, (seen.tally.succeeded + seen.tally.failed) as f64)
            }),
        Metric::new("availability_time", "availability (time)", Unit::Share, More).shown(30, &[Headline, Terminal]).of(
            |seen, _| {
                let measured = measured_s(seen);
                Observation::ratio(measured - seen.windows.downtime.as_secs_f64(), measured)
            },
        ),
        Metric::new("downtime_s", "downtime", Unit::Seconds, Less)
            .shown(40, &[Headline, Terminal, Screen, TerminalQuantiles, Score, Sweep, SweepChart])
            .of(|seen, _| Observation::finite(seen.windows.downtime.as_secs_f64())),
        Metric::new("longest_downtime_s", "longest downtime", Unit::Seconds, Less)
            .shown(50, &[Headline, Terminal, Score])
            .of(|seen, _| Observation::finite(seen.windows.longest.as_secs_f64())),
        Metric::new("lost_service_s", "lost service", Unit::Seconds, Less)
            .shown(10, &[Headline, Terminal, Screen, Score, Sweep, SweepChart])
            .speaks_for(Aspect::Visitors)
            .of(|seen, _| Observation::finite(seen.windows.lost_s)),
        Metric::new("windows_without_requests", "windows without requests", Unit::Count, Neither)
            .of(|seen, _| Observation::count(seen.windows.empty)),
        Metric::new("attempts_per_request", "attempts per request", Unit::PerRequest, Less)
            .shown(170, &[Headline, Terminal])
            .of(|seen, _| {
                Observation::ratio(seen.tally.attempts as f64, (seen.tally.succeeded + seen.tally.failed) as f64)
            }),
    ];
    metrics.extend(calm());
    metrics.extend(latency());
    metrics.extend(Cause::ALL.into_iter().enumerate().map(|(index, cause)| {
        let title = format!("failed by {}", cause.name().replace('_', " "));
        Metric::new(format!("failed_{}", cause.name()), title, Unit::Count, Less)
            .of_each(index, |seen, index| Observation::count(seen.tally.failed_by_cause[index]))
    }));
    metrics.extend(staleness());
    metrics.push(Metric::new("resolver_hit_share", "look-ups answered from cache", Unit::Share, Neither).of(
        |seen, _| {
            seen.names
                .map_or(Observation::NotApplicable, |names| Observation::ratio(names.hits as f64, names.lookups as f64))
        },
    ));
    metrics
}

/// The same of calm time alone.
fn calm() -> Vec<Metric> {
    let metric = |name: &str, title: &str, unit, better| {
        Metric::new(format!("{name}_calm"), format!("{title}, calm"), unit, better)
    };
    let mut metrics = vec![
        metric("availability_requests", "availability (requests)", Unit::Share, More)
            .of_calm(0, |calm, _| Observation::ratio(calm.tally.succeeded as f64, calm.requests())),
        metric("attempts_per_request", "attempts per request", Unit::PerRequest, Less)
            .of_calm(0, |calm, _| Observation::ratio(calm.tally.attempts as f64, calm.requests())),
        metric("stale_read_share", "share of stale reads", Unit::Share, Less)
            .of_calm(0, |calm, _| Observation::ratio(calm.tally.stale_reads as f64, calm.reads_succeeded as f64)),
        metric("latency_mean_ms", "latency, mean", Unit::Milliseconds, Less)
            .of_calm(0, |calm, _| Observation::maybe(mean_ns(&calm.tally.latency).map(|mean| mean / 1e6))),
    ];
    metrics.extend(LATENCY_QUANTILES.iter().take(CALM_QUANTILES).enumerate().map(|(index, (name, _))| {
        let title = format!("latency, {}", quantile_title(name));
        let metric = metric(&format!("latency_{name}_ms"), &title, Unit::Milliseconds, Less);
        let metric = match *name {
            "p50" => metric.shown(150, &[Headline, Terminal, Screen, Score, ByGeography]).speaks_for(Aspect::Calm),
            "p99" => metric.shown(155, &[Terminal]),
            _ => metric,
        };
        metric.of_calm(index, |calm, index| {
            let latency = &calm.tally.latency;
            Observation::maybe(quantile(&latency.histogram, latency.max, LATENCY_QUANTILES[index].1).map(millis))
        })
    }));
    metrics
}

/// Lost service by phase, of all requests only.
pub(super) fn phases() -> Vec<Metric> {
    let phase = |(index, phase): (usize, Phase)| {
        let title = format!("lost service, {}", phase.name().replace('_', " "));
        Metric::new(format!("lost_service_{}_s", phase.name()), title, Unit::Seconds, Less)
            .of_each(index, |seen, index| Observation::maybe(seen.lost_by_phase.map(|lost| lost[index])))
    };
    Phase::ALL.into_iter().enumerate().map(phase).collect()
}

/// Downtime by threshold, of all requests only.
pub(super) fn downtimes() -> impl Iterator<Item = Metric> {
    thresholds::metrics().into_iter().enumerate().map(|(index, (name, title))| {
        Metric::new(name, title, Unit::Seconds, Less)
            .of_each(index, |seen, index| Observation::maybe(seen.downtimes[index].map(SimDuration::as_secs_f64)))
    })
}

fn measured_s(seen: &Seen<'_>) -> f64 {
    seen.run.span.to.since(seen.run.span.from).as_secs_f64()
}

fn latency() -> Vec<Metric> {
    let metric = |name: &str| {
        Metric::new(
            format!("latency_{name}_ms"),
            format!("latency, {}", quantile_title(name)),
            Unit::Milliseconds,
            Less,
        )
    };
    let mut metrics =
        vec![metric("mean").of(|seen, _| Observation::maybe(mean_ns(&seen.tally.latency).map(|mean| mean / 1e6)))];
    metrics.extend(LATENCY_QUANTILES.iter().enumerate().map(|(index, (name, _))| {
        let metric = match *name {
            "p99" => metric(name).shown(160, &[Headline, Terminal, SweepChart]),
            _ => metric(name),
        };
        metric.of_each(index, |seen, index| {
            let latency = &seen.tally.latency;
            Observation::maybe(quantile(&latency.histogram, latency.max, LATENCY_QUANTILES[index].1).map(millis))
        })
    }));
    metrics.push(metric("max").of(|seen, _| {
        let latency = &seen.tally.latency;
        Observation::maybe((latency.count() > 0).then(|| millis(latency.max)))
    }));
    metrics
}

fn staleness() -> Vec<Metric> {
    let metric = |name: &str| {
        Metric::new(format!("staleness_{name}_s"), format!("staleness, {}", quantile_title(name)), Unit::Seconds, Less)
            .floor(0.001)
    };
    let mut metrics = vec![
        Metric::new("stale_reads", "stale reads", Unit::Count, Less)
            .of(|seen, _| of_reads(seen, Observation::count(seen.tally.stale_reads))),
        Metric::new("stale_read_share", "share of stale reads", Unit::Share, Less)
            .shown(140, &[Headline, Terminal, Score])
            .of(|seen, _| {
                let reads = seen.reads_succeeded();
                of_reads(seen, Observation::ratio(seen.tally.stale_reads as f64, reads as f64))
            }),
        Metric::new("own_writes_missed", "own writes missed", Unit::Count, Less)
            .of(|seen, _| of_reads(seen, Observation::count(seen.tally.own_writes_missed))),
        metric("mean").of(|seen, _| Observation::maybe(mean_ns(&seen.tally.staleness).map(|mean| mean / 1e9))),
    ];
    metrics.extend(STALENESS_QUANTILES.iter().enumerate().map(|(index, (name, _))| {
        metric(name).of_each(index, |seen, index| {
            let staleness = &seen.tally.staleness;
            let quantile = quantile(&staleness.histogram, staleness.max, STALENESS_QUANTILES[index].1);
            Observation::maybe(quantile.map(SimDuration::as_secs_f64))
        })
    }));
    metrics.push(metric("max").of(|seen, _| {
        let staleness = &seen.tally.staleness;
        Observation::maybe((staleness.count() > 0).then(|| staleness.max.as_secs_f64()))
    }));
    metrics
}

/// `observation`, unless only writes are looked at.
fn of_reads(seen: &Seen<'_>, observation: Observation) -> Observation {
    if seen.view.sees_operation(crate::model::Operation::Read) { observation } else { Observation::NotApplicable }
}

fn quantile_title(name: &str) -> &str {
    match name {
        "p50" => "median",
        "p90" => "90th percentile",
        "p95" => "95th percentile",
        "p99" => "99th percentile",
        "p999" => "99.9th percentile",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use crate::model::{Cause, Load, Phase};
    use crate::study::metric::table::{MetricTable, observe};
    use crate::study::seen::observation::Observation;
    use crate::study::synthetic;
    use crate::units::SimDuration;

    #[test]
    fn availability_and_downtime_by_hand() {
        let run = synthetic::run_with_windows(10, 25, &[[100, 0], [0, 50], [10, 10]]);
        for (name, expected) in [
            ("requests", 170.0),
            ("requests_failed", 60.0),
            ("availability_requests", 110.0 / 170.0),
            ("availability_time", 0.4),
            ("downtime_s", 15.0),
            ("longest_downtime_s", 15.0),
            ("lost_service_s", 12.5),
            ("attempts_per_request", 1.0),
            ("windows_without_requests", 0.0),
        ] {
            assert_eq!(observe(name, &run), Observation::Value(expected), "{name}");
        }
    }

    #[test]
    fn downtime_by_threshold_by_hand() {
        // 40 windows of 1 s: 4 at 40 %, 6 at 93 %, 30 at 99.5 %.
        let counts: Vec<[u32; 2]> = [vec![[400, 600]; 4], vec![[930, 70]; 6], vec![[995, 5]; 30]].concat();
        let run = synthetic::run_with_windows(1, 40, &counts);
        let mut scenario = synthetic::scenario(&["one"]);
        scenario.geographies[0].session_rate = 1_000.0;
        let table = MetricTable::of(&scenario);
        for (name, expected) in [
            ("downtime_under_50_s", Observation::Value(4.0)),
            ("downtime_under_80_s", Observation::Value(4.0)),
            ("downtime_under_90_s", Observation::Value(4.0)),
            ("downtime_under_95_s", Observation::Value(10.0)),
            ("downtime_under_99_s", Observation::Value(10.0)),
            // Windows of 10 s would hold the 10,000 requests that it needs, and are over a tenth of 40 s.
            ("downtime_under_99_9_s", Observation::NotApplicable),
            ("downtime_at_half_budget_s", Observation::Value(10.0)),
            ("downtime_at_twice_budget_s", Observation::Value(4.0)),
            ("downtime_at_budget_s", Observation::Value(10.0)),
        ] {
            assert_eq!(table.observe_one(name, &run, 0.95), Some(expected), "{name}");
        }
    }

    #[test]
    fn failures_go_by_cause_and_phase() {
        let run = synthetic::outage(0, 4);
        assert_eq!(observe("failed_connect_timeout", &run), Observation::Value(400.0));
        assert_eq!(observe("failed_read_only", &run), Observation::Value(0.0));
        assert_eq!(observe("lost_service_undetected_s", &run), Observation::Value(4.0));
        assert_eq!(observe("lost_service_other_s", &run), Observation::Value(0.0));
        assert_eq!((Cause::ALL.len(), Phase::ALL.len()), (9, 16));
    }

    #[test]
    fn stale_share_is_of_successful_reads() {
        let mut run = synthetic::run(1);
        run.visitors[0][0].succeeded = 8;
        run.visitors[0][0].failed = 5;
        run.visitors[0][1].succeeded = 100;
        run.visitors[0][0].stale_reads = 2;
        run.visitors[0][0].staleness.record(SimDuration::from_secs(1));
        run.visitors[0][0].staleness.record(SimDuration::from_secs(3));
        assert_eq!(observe("stale_read_share", &run), Observation::Value(0.25));
        assert_eq!(observe("staleness_mean_s", &run), Observation::Value(2.0));
        assert_eq!(observe("staleness_max_s", &run), Observation::Value(3.0));
    }

    #[test]
    fn latency_is_in_milliseconds() {
        let mut run = synthetic::run(1);
        run.visitors[0][1].latency.record(SimDuration::from_nanos(1_234_567));
        assert_eq!(observe("latency_max_ms", &run), Observation::Value(1.234567));
        assert_eq!(observe("latency_mean_ms", &run), Observation::Value(1.234567));
        let Observation::Value(median) = observe("latency_p50_ms", &run) else { panic!("no median") };
        assert!((median - 1.234).abs() < 0.002, "{median}");
    }

    #[test]
    fn calm_time_has_its_own_shares_and_latency() {
        let mut run = synthetic::run(1);
        run.visitors[0][0].latency.record(SimDuration::from_secs(9));
        run.calm.before = synthetic::calm_time(5, Load::default());
        run.calm.again = synthetic::calm_time(5, Load::default());
        let reads = &mut run.calm.before.visitors[0][0];
        (reads.succeeded, reads.failed, reads.attempts, reads.stale_reads) = (6, 1, 9, 1);
        reads.latency.record(SimDuration::from_nanos(2_000_000));
        let writes = &mut run.calm.again.visitors[0][1];
        (writes.succeeded, writes.failed, writes.attempts) = (2, 1, 3);
        writes.latency.record(SimDuration::from_nanos(4_000_000));
        for (name, expected) in [
            ("availability_requests_calm", 0.8),
            ("attempts_per_request_calm", 1.2),
            ("stale_read_share_calm", 1.0 / 6.0),
            ("latency_mean_ms_calm", 3.0),
        ] {
            assert_eq!(observe(name, &run), Observation::Value(expected), "{name}");
        }
        let Observation::Value(highest) = observe("latency_p99_ms_calm", &run) else { panic!("no quantile") };
        assert!((highest - 4.0).abs() < 0.004, "{highest}");
    }

    #[test]
    fn hits_are_a_share_of_look_ups() {
        let mut run = synthetic::run(2);
        run.names[0].lookups = 6;
        run.names[1].lookups = 2;
        run.names[1].hits = 2;
        assert_eq!(observe("resolver_hit_share", &run), Observation::Value(0.25));
    }
}
