//! The table of all metrics.

use std::collections::BTreeMap;

use super::definition::Metric;
use super::{cost, data, incidents, regions, visitors};
use crate::model::RunOutcome;
use crate::results::MetricPlace;
use crate::scenario::{Prices, Scenario};
use crate::study::seen::observation::Observation;
use crate::study::seen::seen_run::Seen;
use crate::study::seen::thresholds::Thresholds;
use crate::study::seen::view::VisitorView;
use crate::units::words::duration;

/// All metrics of a world with two regions of given names.
#[derive(Clone, Debug)]
pub struct MetricTable {
    pub(super) metrics: Vec<Metric>,
    by_view: usize,
    prices: Option<Prices>,
    pub(super) thresholds: Option<Thresholds>,
    pub(super) geographies: Vec<String>,
    /// False if the scenario has none.
    pub(super) has_incidents: bool,
}

impl MetricTable {
    /// The metrics of `scenario`.
    pub fn of(scenario: &Scenario) -> Self {
        let mut table = MetricTable::new(&[scenario.regions[0].name.clone(), scenario.regions[1].name.clone()]);
        let thresholds = Thresholds::of(scenario);
        for metric in &mut table.metrics {
            if let Some(window) = thresholds.other_windows(&metric.name) {
                metric.title.push_str(&format!(", in windows of {}", duration(window.as_secs_f64())));
            }
        }
        table.thresholds = Some(thresholds);
        table.has_incidents = !scenario.incidents.is_empty();
        table.geographies = scenario.geographies.iter().map(|geography| geography.name.clone()).collect();
        if scenario.prices.is_some() {
            table.prices = scenario.prices;
            table.metrics.extend(cost::metrics());
        }
        table
    }

    /// The prices that costs are reckoned with.
    pub(crate) fn prices(&self) -> Option<Prices> {
        self.prices
    }

    /// Returns the thresholds of downtime, if the table is of a scenario.
    pub fn thresholds(&self) -> Option<&Thresholds> {
        self.thresholds.as_ref()
    }

    /// The metrics of a world whose regions have these names.
    pub fn new(regions: &[String; 2]) -> Self {
        let mut metrics: Vec<Metric> = visitors::metrics();
        metrics.extend(data::by_view());
        metrics = metrics.into_iter().map(Metric::by_view).collect();
        let by_view = metrics.len();
        metrics.extend(visitors::phases());
        metrics.extend(visitors::downtimes());
        metrics.extend(data::whole());
        metrics.extend(incidents::metrics());
        metrics.extend(regions::metrics(regions));
        MetricTable { metrics, by_view, prices: None, thresholds: None, geographies: Vec::new(), has_incidents: true }
    }

    /// All metrics, those by geography and operation first.
    pub fn all(&self) -> &[Metric] {
        &self.metrics
    }

    /// The metrics that are also computed by geography and operation.
    pub fn by_view(&self) -> &[Metric] {
        &self.metrics[..self.by_view]
    }

    /// Place of the metric called `name`.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.metrics.iter().position(|metric| metric.name == name)
    }

    /// Positions of the metrics that a comparison and a baseline show.
    pub fn headlines(&self) -> Vec<usize> {
        self.shown_in(MetricPlace::Headline)
    }

    /// Positions of the metrics shown in `place`, in the order of their ranks.
    pub fn shown_in(&self, place: MetricPlace) -> Vec<usize> {
        let mut shown: Vec<usize> =
            (0..self.metrics.len()).filter(|&metric| self.metrics[metric].places.contains(&place)).collect();
        shown.sort_by_key(|&metric| self.metrics[metric].rank);
        shown
    }

    /// All metrics of `run`, in table order.
    pub(crate) fn observe_all(&self, seen: &Seen<'_>) -> Vec<Observation> {
        self.metrics.iter().map(|metric| metric.observe(seen)).collect()
    }

    /// By place in the table: values by which pairs of designs are compared, where they are not those of the run.
    pub(crate) fn observe_for_pairs(&self, seen: &Seen<'_>) -> BTreeMap<usize, Observation> {
        let places = self.metrics.iter().enumerate();
        places.filter_map(|(place, metric)| Some((place, metric.observe_for_pairs(seen)?))).collect()
    }

    /// The metrics of one view, in table order.
    pub(crate) fn observe_view(&self, seen: &Seen<'_>) -> Vec<Observation> {
        self.by_view().iter().map(|metric| metric.observe(seen)).collect()
    }

    /// All metrics over all requests of one run, in table order, for tests and single runs.
    pub fn observe_run(&self, run: &RunOutcome, slo: f64) -> Vec<Observation> {
        self.observe_all(&self.see_whole(run, slo))
    }

    /// The metric called `name` over all requests of one run, for tests and single runs.
    ///
    /// # Errors
    /// `None` if there is no such metric.
    pub fn observe_one(&self, name: &str, run: &RunOutcome, slo: f64) -> Option<Observation> {
        let position = self.position(name)?;
        Some(self.metrics[position].observe(&self.see_whole(run, slo)))
    }

    /// Looks at all requests of one run.
    fn see_whole<'r>(&self, run: &'r RunOutcome, slo: f64) -> Seen<'r> {
        Seen::of(run, VisitorView::WHOLE, slo, self.prices).under(self.thresholds())
    }
}

#[cfg(test)]
pub(crate) fn observe(name: &str, run: &RunOutcome) -> Observation {
    let table = MetricTable::new(&["north".into(), "south".into()]);
    table.observe_one(name, run, 0.95).unwrap_or_else(|| panic!("no metric {name}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::synthetic;

    fn table() -> MetricTable {
        MetricTable::new(&["north".into(), "south".into()])
    }

    #[test]
    fn names_and_ranks_are_unique_and_lost_service_leads() {
        let table = table();
        for (place, metric) in table.all().iter().enumerate() {
            assert_eq!(table.position(&metric.name), Some(place), "{} twice", metric.name);
        }
        let mut ranks: Vec<u16> = table.all().iter().filter_map(|metric| metric.rank).collect();
        ranks.sort_unstable();
        assert!(ranks.windows(2).all(|pair| pair[0] < pair[1]), "{ranks:?}");
        assert!(table.all().iter().all(|metric| metric.rank.is_none() == metric.places.is_empty()));
        assert_eq!(table.all()[table.headlines()[0]].name, "lost_service_s");
    }

    #[test]
    fn every_result_of_the_model_has_a_column() {
        let table = table();
        for name in "availability_requests availability_time downtime_s longest_downtime_s lost_service_s \
            windows_without_requests dns_verdict_s database_verdict_s time_to_fail_over_s recovery_time_s \
            lost_service_undetected_s lost_service_other_s latency_mean_ms latency_p50_ms latency_p90_ms latency_p95_ms \
            latency_p99_ms latency_p999_ms latency_max_ms attempts_per_request failed_dns_failure failed_error \
            app_wait_mean_s database_wait_mean_s app_wait_mean_s_north resolver_hit_share backlog_cleared_s \
            writes_acknowledged writes_lost writes_stranded writes_recovered writes_conflicting writes_ambiguous \
            writes_duplicated writes_durable keys_diverged data_loss_window_s stranded_window_s stale_reads \
            stale_read_share staleness_p50_s own_writes_missed utilisation_north utilisation_south idle_capacity \
            instance_hours cross_region_bytes_north downtime_under_50_s downtime_under_80_s downtime_under_90_s \
            downtime_under_95_s downtime_under_99_s downtime_under_99_9_s downtime_at_half_budget_s \
            downtime_at_twice_budget_s downtime_at_budget_s \
            instance_hours cross_region_bytes_north instances instances_calm utilisation_calm utilisation_north_calm \
            database_utilisation_south_calm idle_capacity_calm idle_capacity_south_calm cross_region_bytes_per_s_calm \
            latency_mean_ms_calm latency_p50_ms_calm latency_p99_ms_calm stale_read_share_calm \
            attempts_per_request_calm availability_requests_calm calm_share calm_before_s"
            .split_whitespace()
        {
            assert!(table.position(name).is_some(), "{name}");
        }
    }

    #[test]
    fn only_times_to_an_event_are_censorable() {
        for metric in table().all().iter().filter(|metric| metric.censorable) {
            assert!(metric.name.ends_with("_s") && !metric.by_view, "{}", metric.name);
        }
    }

    #[test]
    fn a_run_in_which_nothing_happened_has_no_shares_and_no_latency() {
        let run = synthetic::run(1);
        for name in
            ["availability_requests", "latency_p99_ms", "stale_read_share", "resolver_hit_share", "idle_capacity"]
        {
            assert_eq!(observe(name, &run), Observation::NotApplicable, "{name}");
        }
        assert_eq!(observe("windows_without_requests", &run), Observation::Value(1.0));
    }
}
