//! Metrics of the ledger: what became of acknowledged writes, and for how long the data went back.

use super::definition::Metric;
use crate::model::WriteTally;
use crate::results::Direction::{Less, Neither};
use crate::results::MetricPlace::{Headline, IfNotZero, Score, Screen, ScreenRuns, Sweep, SweepChart, Terminal};
use crate::results::{Aspect, Unit};
use crate::study::seen::observation::Observation;
use crate::study::seen::seen_run::Seen;

/// The ledger by geography: it covers the whole run, warm-up included.
pub(super) fn by_view() -> Vec<Metric> {
    let writes =
        |name: &str, better| Metric::new(format!("writes_{name}"), format!("writes {name}"), Unit::Count, better);
    vec![
        writes("acknowledged", Neither).shown(90, &[Terminal]).of(|seen, _| column(seen, |writes| writes.acknowledged)),
        writes("durable", Neither).of(|seen, _| column(seen, |writes| writes.durable)),
        writes("lost", Less)
            .shown(100, &[Headline, Terminal, Screen, ScreenRuns, Score, Sweep, SweepChart])
            .speaks_for(Aspect::Data)
            .of(|seen, _| column(seen, |writes| writes.lost)),
        writes("stranded", Less)
            .shown(105, &[Terminal, Screen, ScreenRuns, Score, IfNotZero])
            .speaks_for(Aspect::Data)
            .of(|seen, _| column(seen, |writes| writes.stranded)),
        writes("recovered", Neither).of(|seen, _| column(seen, |writes| writes.recovered)),
        writes("conflicting", Less)
            .shown(120, &[Terminal, Screen, ScreenRuns, Score, IfNotZero])
            .speaks_for(Aspect::Data)
            .of(|seen, _| column(seen, |writes| writes.conflicting)),
        writes("ambiguous", Less)
            .shown(135, &[Terminal, Screen, ScreenRuns, Score, IfNotZero])
            .speaks_for(Aspect::Data)
            .of(|seen, _| column(seen, |writes| writes.ambiguous)),
        writes("duplicated", Less).of(|seen, _| column(seen, |writes| writes.duplicated)),
        Metric::new("writes_at_risk", "writes lost, stranded, recovered or conflicting", Unit::Count, Less)
            .of(|seen, _| column(seen, |writes| writes.lost + writes.stranded + writes.recovered + writes.conflicting)),
    ]
}

/// Metrics of the data as a whole.
pub(super) fn whole() -> Vec<Metric> {
    vec![
        Metric::new("keys_diverged", "keys diverged", Unit::Count, Less)
            .of(|seen, _| Observation::count(seen.run.keys_diverged)),
        Metric::new("data_loss_window_s", "data loss window", Unit::Seconds, Less)
            .shown(110, &[Headline, Terminal])
            .of(|seen, _| Observation::finite(seen.run.data_loss_window.as_secs_f64())),
        Metric::new("stranded_window_s", "stranded window", Unit::Seconds, Less)
            .shown(115, &[Terminal, IfNotZero])
            .of(|seen, _| Observation::finite(seen.run.stranded_window.as_secs_f64())),
    ]
}

fn column(seen: &Seen<'_>, of: fn(&WriteTally) -> u64) -> Observation {
    seen.writes.as_ref().map_or(Observation::NotApplicable, |writes| Observation::count(of(writes)))
}

#[cfg(test)]
mod tests {
    use crate::model::WriteTally;
    use crate::study::metric::table::observe;
    use crate::study::seen::observation::Observation;
    use crate::study::synthetic;
    use crate::units::SimDuration;

    #[test]
    fn every_column_of_the_ledger_has_its_metric() {
        let mut run = synthetic::run(1);
        run.writes[0] = WriteTally {
            acknowledged: 31,
            conflicting: 1,
            lost: 2,
            stranded: 4,
            recovered: 8,
            durable: 16,
            ambiguous: 32,
            duplicated: 64,
        };
        let value = |name: &str| observe(&format!("writes_{name}"), &run).value().unwrap();
        let columns: f64 = ["conflicting", "lost", "stranded", "recovered", "durable"].into_iter().map(value).sum();
        assert_eq!(columns, value("acknowledged"));
        assert_eq!(value("at_risk"), 15.0);
        assert_eq!((value("lost"), value("ambiguous"), value("duplicated")), (2.0, 32.0, 64.0));
    }

    #[test]
    fn windows_of_loss_are_in_seconds() {
        let mut run = synthetic::run(1);
        run.data_loss_window = SimDuration::from_secs_f64(1.5);
        run.stranded_window = SimDuration::from_secs(2);
        run.keys_diverged = 3;
        assert_eq!(observe("data_loss_window_s", &run), Observation::Value(1.5));
        assert_eq!(observe("stranded_window_s", &run), Observation::Value(2.0));
        assert_eq!(observe("keys_diverged", &run), Observation::Value(3.0));
    }
}
