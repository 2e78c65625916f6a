//! Places the ticks of an axis, by exact arithmetic.
//!
//! Steps are 1, 2 or 5 times a power of ten, found by multiplying and dividing by whole powers of ten, which are exact
//! up to 10^22; time has its own steps (15 s, 30 min, 6 h). plotters would find ticks with the platform's logarithm.
//! A range outside 1e-18 to 1e18, or one that is not finite, has no ticks.

use super::numbers::{plain, power_of_ten, significant};

/// A tick with its text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tick {
    /// Place, in the unit of the data.
    pub(super) value: f64,
    /// Text beside it.
    pub(super) label: String,
}

/// A unit of time for an axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TimeUnit {
    /// Its symbol.
    pub(super) symbol: &'static str,
    /// Its length in seconds.
    pub(super) seconds: u32,
}

const SECOND: TimeUnit = TimeUnit { symbol: "s", seconds: 1 };
const MINUTE: TimeUnit = TimeUnit { symbol: "min", seconds: 60 };
const HOUR: TimeUnit = TimeUnit { symbol: "h", seconds: 3_600 };
const DAY: TimeUnit = TimeUnit { symbol: "d", seconds: 86_400 };

/// Steps between ticks in seconds, up to half a day.
const TIME_STEPS: [f64; 18] = [
    1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1_800.0, 3_600.0, 7_200.0, 10_800.0, 21_600.0,
    43_200.0, 86_400.0,
];

/// A step of `mantissa` times ten to the power `exponent`.
#[derive(Clone, Copy, Debug)]
struct Step {
    mantissa: f64,
    exponent: i32,
}

impl Step {
    /// The `index`-th multiple, correctly rounded.
    fn multiple(self, index: f64) -> f64 {
        let whole = index * self.mantissa;
        if self.exponent < 0 { whole / power_of_ten(-self.exponent) } else { whole * power_of_ten(self.exponent) }
    }

    /// Numbers of the first and the last multiple between `low` and `high`.
    fn span(self, low: f64, high: f64) -> (f64, f64) {
        let step = self.multiple(1.0);
        ((low / step).ceil(), (high / step).floor())
    }
}

/// At most `most` round values between `low` and `high`, with the fewest digits that tell them apart.
pub(super) fn linear(low: f64, high: f64, most: usize) -> Vec<Tick> {
    let steps = (-18..=18).flat_map(|exponent| [1.0, 2.0, 5.0].map(|mantissa| Step { mantissa, exponent }));
    let Some((step, values)) = first_fitting(steps, low, high, most) else { return Vec::new() };
    let decimals = usize::try_from(-step.exponent).unwrap_or(0);
    values.into_iter().map(|value| Tick { value, label: plain(value, decimals) }).collect()
}

/// At most `most` round times between `low` and `high` seconds, and the unit that their labels are in.
pub(super) fn time(low: f64, high: f64, most: usize) -> (TimeUnit, Vec<Tick>) {
    let unit = match high - low {
        span if span <= 300.0 => SECOND,
        span if span <= 18_000.0 => MINUTE,
        span if span <= 432_000.0 => HOUR,
        _ => DAY,
    };
    let length = f64::from(unit.seconds);
    if high - low < 5.0 {
        return (unit, linear(low, high, most));
    }
    let short = TIME_STEPS.into_iter().filter(|step| *step >= length).map(|step| Step { mantissa: step, exponent: 0 });
    let days = (0..=12).flat_map(|exponent| [1.0, 2.0, 5.0].map(|m| Step { mantissa: m * 86_400.0, exponent }));
    let ticks = first_fitting(short.chain(days), low, high, most).map_or(Vec::new(), |(_, values)| values);
    (unit, ticks.into_iter().map(|value| Tick { value, label: plain(value / length, 0) }).collect())
}

/// At most `most` values between `low` and `high` for a logarithmic axis: 1, 2 and 5 of each decade, or powers of ten,
/// or every second, third ... of those. `label` writes them.
pub(super) fn logarithmic(low: f64, high: f64, most: usize, label: impl Fn(f64) -> String) -> Vec<Tick> {
    if !(low > 0.0 && high.is_finite()) {
        return Vec::new();
    }
    let inside = |mantissas: &[f64], every: i32| -> Vec<f64> {
        (-18..=18)
            .filter(|exponent| exponent % every == 0)
            .flat_map(|exponent| mantissas.iter().map(move |&mantissa| Step { mantissa, exponent }.multiple(1.0)))
            .filter(|value| (low..=high).contains(value))
            .collect()
    };
    let choices =
        [(&[1.0, 2.0, 5.0][..], 1), (&[1.0, 3.0][..], 1)].into_iter().chain((1..=18).map(|n| (&[1.0][..], n)));
    let values = choices.map(|(mantissas, every)| inside(mantissas, every)).find(|values| values.len() <= most);
    values.unwrap_or_default().into_iter().map(|value| Tick { value, label: label(value) }).collect()
}

/// Ticks for counts on a logarithmic axis.
pub(super) fn logarithmic_counts(low: f64, high: f64, most: usize) -> Vec<Tick> {
    logarithmic(low, high, most, significant)
}

/// Round durations in seconds between `low` and `high` for a logarithmic axis.
pub(super) fn logarithmic_time(low: f64, high: f64) -> Vec<Tick> {
    const ROUND: [(f64, &str); 13] = [
        (0.001, "1 ms"),
        (0.01, "10 ms"),
        (0.1, "100 ms"),
        (1.0, "1 s"),
        (10.0, "10 s"),
        (60.0, "1 min"),
        (600.0, "10 min"),
        (3_600.0, "1 h"),
        (36_000.0, "10 h"),
        (172_800.0, "2 d"),
        (864_000.0, "10 d"),
        (8_640_000.0, "100 d"),
        (86_400_000.0, "1000 d"),
    ];
    let inside = ROUND.into_iter().filter(|(value, _)| (low..=high).contains(value));
    inside.map(|(value, label)| Tick { value, label: label.to_owned() }).collect()
}

/// The first of ever wider steps with at most `most` multiples in the range, and these multiples.
fn first_fitting(steps: impl Iterator<Item = Step>, low: f64, high: f64, most: usize) -> Option<(Step, Vec<f64>)> {
    if !(low.is_finite() && high.is_finite() && low <= high) {
        return None;
    }
    for step in steps {
        let (first, last) = step.span(low, high);
        if last - first < most as f64 {
            let count = (last - first + 1.0).max(0.0) as usize;
            let values = (0..count).map(|index| step.multiple(first + index as f64) + 0.0);
            return Some((step, values.filter(|value| (low..=high).contains(value)).collect()));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn labels(ticks: &[Tick]) -> Vec<&str> {
        ticks.iter().map(|tick| tick.label.as_str()).collect()
    }

    #[test]
    fn linear_ticks_are_round_and_exact() {
        assert_eq!(labels(&linear(0.0, 1.0, 6)), ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        assert_eq!(labels(&linear(0.0, 97.0, 6)), ["0", "20", "40", "60", "80"]);
        assert_eq!(labels(&linear(-3.0, 3.0, 4)), ["-2", "0", "2"]);
        assert_eq!(linear(0.0, 1.0, 11)[3].value, 0.3);
    }

    #[test]
    fn time_ticks_use_the_steps_of_clocks() {
        let (unit, ticks) = time(0.0, 3_600.0, 8);
        assert_eq!((unit.symbol, labels(&ticks)), ("min", vec!["0", "10", "20", "30", "40", "50", "60"]));
        let (unit, ticks) = time(0.0, 100.0, 8);
        assert_eq!((unit.symbol, labels(&ticks)), ("s", vec!["0", "15", "30", "45", "60", "75", "90"]));
        let (unit, ticks) = time(0.0, 86_400.0, 9);
        assert_eq!((unit.symbol, labels(&ticks)), ("h", vec!["0", "3", "6", "9", "12", "15", "18", "21", "24"]));
        let (unit, ticks) = time(0.0, 365.0 * 86_400.0, 9);
        assert_eq!((unit.symbol, labels(&ticks)), ("d", vec!["0", "50", "100", "150", "200", "250", "300", "350"]));
    }

    #[test]
    fn logarithmic_ticks_thin_out_with_the_range() {
        let at = |low, high, most| logarithmic_counts(low, high, most).iter().map(|t| t.value).collect::<Vec<_>>();
        assert_eq!(at(1.0, 10.0, 6), [1.0, 2.0, 5.0, 10.0]);
        assert_eq!(at(1.0, 1_000.0, 8), [1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1_000.0]);
        assert_eq!(at(0.01, 1e6, 5), [0.01, 1.0, 100.0, 10_000.0, 1e6]);
        assert!(at(0.0, 1.0, 5).is_empty());
    }

    #[test]
    fn logarithmic_time_ticks_are_round_in_their_own_units() {
        let ticks = logarithmic_time(0.5, 200_000.0);
        assert_eq!(labels(&ticks), ["1 s", "10 s", "1 min", "10 min", "1 h", "10 h", "2 d"]);
    }

    #[test]
    fn a_range_without_numbers_has_no_ticks() {
        assert_eq!(linear(f64::NAN, 1.0, 5), []);
        assert_eq!(linear(0.0, f64::INFINITY, 5), []);
        assert_eq!(linear(1.0, 0.0, 5), []);
    }

    fn assert_sound(ticks: &[Tick], low: f64, high: f64, most: usize) {
        assert!(ticks.len() <= most, "{ticks:?}");
        assert!(ticks.iter().all(|tick| (low..=high).contains(&tick.value)), "{ticks:?}");
        assert!(ticks.windows(2).all(|pair| pair[0].value < pair[1].value), "{ticks:?}");
        assert!(ticks.windows(2).all(|pair| pair[0].label != pair[1].label), "{ticks:?}");
    }

    proptest! {
        #[test]
        fn linear_ticks_lie_inside_and_increase(low in -1e9..1e9, span in 1e-3..1e9, most in 1usize..12) {
            let ticks = linear(low, low + span, most);
            assert_sound(&ticks, low, low + span, most);
            prop_assert!(most < 5 || ticks.len() >= 2, "{:?}", ticks);
        }

        #[test]
        fn time_ticks_lie_inside_and_increase(low in 0.0..1e6, span in 1e-3..4e8, most in 2usize..12) {
            let (_, ticks) = time(low, low + span, most);
            assert_sound(&ticks, low, low + span, most);
        }

        #[test]
        fn logarithmic_ticks_lie_inside_and_increase(low in 1e-6..1e6, ratio in 1.1..1e9, most in 1usize..12) {
            let ticks = logarithmic_counts(low, low * ratio, most);
            assert_sound(&ticks, low, low * ratio, most);
        }
    }
}
