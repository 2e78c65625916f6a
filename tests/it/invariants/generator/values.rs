//! Durations of every distribution.

use super::Dice;

/// A duration around `typical_ms` milliseconds, of any distribution that takes time.
pub(super) fn length(dice: &mut Dice<'_>, typical_ms: u64) -> String {
    let ms = typical_ms;
    match dice.from(0, 7) {
        0 => format!("\"{ms}ms\""),
        1 => format!("{{ dist = \"exponential\", mean = \"{ms}ms\" }}"),
        2 => format!("{{ dist = \"uniform\", low = \"{}us\", high = \"{}us\" }}", 500 * ms, 1_500 * ms),
        3 => format!("{{ dist = \"lognormal\", median = \"{ms}ms\", p95 = \"{}ms\" }}", 2 * ms),
        // Tails light enough for no visitor to give up where capacity is ample.
        4 => format!("{{ dist = \"weibull\", scale = \"{ms}ms\", shape = 1.5 }}"),
        5 => format!("{{ dist = \"pareto\", min = \"{}us\", shape = 5.0 }}", 800 * ms),
        6 => format!("{{ dist = \"constant\", value = \"{ms}ms\" }}"),
        _ => observed(dice, ms),
    }
}

/// A duration around `typical_ms` milliseconds that may also be none at all.
pub(super) fn delay(dice: &mut Dice<'_>, typical_ms: u64) -> String {
    match dice.from(0, 3) {
        0 => "\"0s\"".to_owned(),
        _ => length(dice, typical_ms),
    }
}

/// Values of a file, in the unit that comes closest.
fn observed(dice: &mut Dice<'_>, typical_ms: u64) -> String {
    let (column, unit) = match typical_ms {
        0..1_000 => [("tens", "ms"), ("ten_thousands", "us"), ("ten_millions", "ns")][dice.from(0, 2) as usize],
        1_000..10_000 => ("ones", "s"),
        10_000..60_000 => ("tens", "s"),
        _ => ("ones", "m"),
    };
    format!("{{ dist = \"empirical\", file = \"observed.csv\", column = \"{column}\", unit = \"{unit}\" }}")
}
