//! Metrics by name: of all requests (`downtime_s`), or of those of one geography (`latency_p50_ms_calm_europe`).
//!
//! Those of a geography are no columns of `runs.csv`: `by_geography.csv` has them, and the results show some beside the pooled value.

use super::cost;
use super::definition::Metric;
use super::table::MetricTable;
use crate::scenario::{hint, most_alike};
use crate::study::record::column::Column;

/// A metric that has a name: of all requests, or of those of one geography.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named {
    /// Position of the metric.
    position: usize,
    /// Place of the geography.
    geography: Option<usize>,
}

impl Named {
    /// Returns the metric at `position` of all requests.
    pub(crate) const fn whole(position: usize) -> Self {
        Named { position, geography: None }
    }

    /// Returns its definition.
    pub fn metric(self, metrics: &MetricTable) -> &Metric {
        &metrics.all()[self.position]
    }

    /// Returns its name.
    pub fn name(self, metrics: &MetricTable) -> String {
        let name = &self.metric(metrics).name;
        self.geography.map_or_else(|| name.clone(), |place| of_geography(name, &metrics.geographies[place]))
    }

    /// Tells whether two designs can be compared by it: calm time before the first incident is not kept by geography.
    pub(crate) fn is_for_pairs(self, metrics: &MetricTable) -> bool {
        self.geography.is_none() || !self.metric(metrics).is_of_calm_time()
    }

    /// Returns the column that has it.
    pub(in crate::study) fn column(self) -> Column {
        match self.geography {
            None => Column::Metric(self.position),
            Some(geography) => Column::Of { geography, metric: self.position },
        }
    }

    /// Returns the column by which two designs, or a design and itself with another setting, are compared.
    pub(in crate::study) fn column_for_pairs(self) -> Column {
        match self.geography {
            None => Column::ForPairs(self.position),
            Some(_) => self.column(),
        }
    }
}

/// Returns the name of a metric in one geography.
fn of_geography(metric: &str, geography: &str) -> String {
    format!("{metric}_{geography}")
}

impl MetricTable {
    /// Finds the metric called `name`.
    ///
    /// # Errors
    /// If there is none, or it is not computed: what is wrong, and what to do about it.
    pub fn named(&self, name: &str) -> Result<Named, String> {
        if let Some(position) = self.position(name) {
            if self.metrics[position].needs_incident && !self.has_incidents {
                return Err(format!("{name} applies to no run: the scenario has no [[incidents]]"));
            }
            let left_out = self.thresholds.as_ref().and_then(|thresholds| thresholds.left_out(name));
            return left_out.map_or(Ok(Named::whole(position)), Err);
        }
        if cost::metrics().iter().any(|metric| metric.name == name) {
            return Err(format!("{name} is computed only where the file has [prices]"));
        }
        let in_geography = |(place, geography): (usize, &String)| {
            let base = name.strip_suffix(geography.as_str())?.strip_suffix('_')?;
            let position = self.by_view().iter().position(|metric| metric.name == base)?;
            Some(Named { position, geography: Some(place) })
        };
        self.geographies.iter().enumerate().find_map(in_geography).ok_or_else(|| self.unknown(name))
    }

    /// Says to a user who names a metric that there is not which ones are like it. There are too many to list.
    fn unknown(&self, name: &str) -> String {
        let in_geography = |geography: &String| {
            self.by_view().iter().map(|metric| of_geography(&metric.name, geography)).collect::<Vec<_>>()
        };
        let of_geographies: Vec<String> = self.geographies.iter().flat_map(in_geography).collect();
        let whole = || self.all().iter().map(|metric| metric.name.as_str());
        let known = || whole().chain(of_geographies.iter().map(String::as_str));
        let nearest = most_alike(name, known(), 5).join(", ");
        let hint = hint(name, known());
        format!("unknown metric {name:?}{hint}; nearest of {}: {nearest} (docs/model.md has all)", known().count())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::synthetic;

    fn table() -> MetricTable {
        let mut scenario = synthetic::scenario(&["one"]);
        scenario.geographies[0].name = "far-east".into();
        MetricTable::of(&scenario)
    }

    #[test]
    fn a_metric_of_a_geography_is_found_by_its_name_with_the_geography() {
        let table = table();
        for name in ["downtime_s", "latency_p50_ms_calm_far-east", "lost_service_s_far-east", "utilisation_north"] {
            assert_eq!(table.named(name).map(|named| named.name(&table)), Ok(name.to_owned()));
        }
        let named = table.named("latency_p50_ms_calm_far-east").unwrap();
        assert_eq!(named.metric(&table).name, "latency_p50_ms_calm");
        assert!(!named.is_for_pairs(&table) && table.named("latency_p50_ms_calm").unwrap().is_for_pairs(&table));
    }

    #[test]
    fn an_unknown_geography_or_metric_is_refused_with_the_nearest_name() {
        let table = table();
        let refused = |name: &str| table.named(name).unwrap_err();
        let said = refused("latency_p50_ms_calm_far-est");
        assert!(said.contains(r#"(did you mean "latency_p50_ms_calm_far-east"?)"#), "{said}");
        assert!(refused("utilisation_far-east").starts_with("unknown metric"), "no metric of a region is by geography");
        assert!(refused("cost_per_month").contains("[prices]"));
    }
}
