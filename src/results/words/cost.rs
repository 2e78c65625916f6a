//! The parts of a cost.

use super::amount::share;
use crate::results::statistics::Statistics;
use crate::results::study::Study;

/// The metric whose parts are said beside it.
pub const COST: &str = "cost_per_month";

/// The parts: the metric of each one's share, and its name.
const PARTS: [(&str, &str); 3] =
    [("cost_share_app", "app"), ("cost_share_database", "database"), ("cost_share_traffic", "traffic")];

/// Returns the mean shares of a design's cost, `app 62 %, database 30 %, traffic 8 %`; `None` if it has no cost.
pub fn cost_shares(study: &Study, design: usize) -> Option<String> {
    let part = |(metric, name): (&str, &str)| {
        let mean = study.statistics(design, metric).and_then(Statistics::middle)?;
        Some(format!("{name} {}", share(mean)))
    };
    let parts: Option<Vec<String>> = PARTS.into_iter().map(part).collect();
    Some(parts?.join(", "))
}
