//! What the report says of means that have no interval, or one that is too narrow.

use std::collections::BTreeSet;

use super::folder::{Number, Statistics, Summary, Table};
use crate::report::table::{NARROW, caveat_of_equal};
use crate::stats::{Scatter, scatter};

/// Notes of every mean whether its interval is too narrow, which only the values of the runs tell.
pub(super) fn mark(summary: &mut Summary, runs: &Table) {
    let of_design = runs.column("design");
    let names: Vec<String> = summary.metrics.iter().map(|metric| metric.name.clone()).collect();
    for design in &mut summary.designs {
        let rows = || runs.rows.iter().filter(|row| row.get(of_design) == Some(design.name.as_str()));
        for (name, statistics) in names.iter().zip(&mut design.metrics) {
            let column = runs.column(name);
            let mut values: Vec<f64> = rows().filter_map(|row| super::folder::number(row, column)).collect();
            values.sort_by(f64::total_cmp);
            statistics.is_narrow = statistics.mean.is_some() && matches!(scatter(&values), Scatter::Rare { .. });
        }
    }
}

impl Statistics {
    /// Whether all of several runs have the same value.
    pub(super) fn is_same(&self) -> bool {
        let ends = self.min.zip(self.max);
        self.n > 1 && self.mean.is_some() && ends.is_some_and(|(Number(min), Number(max))| min == max)
    }

    /// ` in 3 of 5 runs`, if it does not apply to all.
    pub(super) fn of_fewer(&self) -> String {
        match self.not_applicable {
            0 => String::new(),
            others => format!(" in {} of {} runs", self.n, self.n + others),
        }
    }

    /// ` *`, if its interval is too narrow.
    pub(super) fn star(&self) -> &'static str {
        if self.is_narrow { " *" } else { "" }
    }
}

/// What stands below tables that show these metrics.
pub(super) fn caveats<'a>(summary: &Summary, shown: impl Iterator<Item = &'a str>) -> String {
    let (mut equal, mut is_narrow) = (BTreeSet::new(), false);
    for metric in shown.filter_map(|name| summary.metric(name)) {
        for statistics in summary.designs.iter().map(|design| &design.metrics[metric]) {
            is_narrow |= statistics.is_narrow;
            if statistics.is_same() {
                equal.insert(statistics.n);
            }
        }
    }
    let narrow = if is_narrow { format!(" {NARROW}") } else { String::new() };
    caveat_of_equal(&equal) + &narrow
}
