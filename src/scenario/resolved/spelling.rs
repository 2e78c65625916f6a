//! Spelling of values: as in a scenario file, each in one way.

use sha2::{Digest, Sha256};

use crate::scenario::distribution::{Distribution, Family, Quantity};
use crate::scenario::text::words::Words;
use crate::units::{Bandwidth, ByteSize, SimDuration};

/// Units of a duration from large to small, in nanoseconds, each with the least count that is written in it.
const UNITS: [(&str, u64, u64); 7] = [
    ("d", 86_400_000_000_000, 10),
    ("h", 3_600_000_000_000, 10),
    ("m", 60_000_000_000, 10),
    ("s", 1_000_000_000, 1),
    ("ms", 1_000_000, 1),
    ("us", 1_000, 1),
    ("ns", 1, 1),
];

/// A key of a scenario and its value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ResolvedSetting {
    /// The dotted path, such as `dns.answer_ttl`. A name in it that holds a dot stands in quotes.
    pub key: String,
    /// The value, such as `60s`; on one line.
    pub value: String,
}

/// Lists what tells `distribution` apart, in the way of a file: its one value, without a name, or its parameters.
pub(in crate::scenario) fn settings_of(distribution: &Distribution, quantity: Quantity) -> Vec<(String, String)> {
    let mut settings = Vec::new();
    Table::root(&mut settings).distribution("", distribution, quantity);
    settings.into_iter().map(|ResolvedSetting { key, value }| (key.trim_start_matches('.').to_owned(), value)).collect()
}

/// A table of the scenario, whose keys are being listed.
#[derive(Debug)]
pub(super) struct Table<'a> {
    settings: &'a mut Vec<ResolvedSetting>,
    path: String,
}

impl<'a> Table<'a> {
    /// Starts a list of keys in `settings`.
    pub(super) fn root(settings: &'a mut Vec<ResolvedSetting>) -> Self {
        Table { settings, path: String::new() }
    }

    /// Opens the table at the path `key` below this one.
    pub(super) fn below(&mut self, key: &str) -> Table<'_> {
        let path = self.path_of(key);
        Table { settings: self.settings, path }
    }

    /// Opens the table below this one that the file calls `name`.
    pub(super) fn named(&mut self, name: &str) -> Table<'_> {
        self.below(&part(name))
    }

    /// Lists `key` with its value.
    pub(super) fn set(&mut self, key: &str, value: &(impl Spelled + ?Sized)) {
        self.list(key, value.spelled());
    }

    /// Lists `key` if it has a value.
    pub(super) fn set_if(&mut self, key: &str, value: Option<&impl Spelled>) {
        if let Some(value) = value {
            self.set(key, value);
        }
    }

    /// Lists `key` with a value that is spelled already.
    pub(super) fn list(&mut self, key: &str, value: String) {
        let key = self.path_of(key);
        self.settings.push(ResolvedSetting { key, value });
    }

    /// Lists `key` with a distribution: a constant as one value, any other by its parameters.
    pub(super) fn distribution(&mut self, key: &str, of: &Distribution, quantity: Quantity) {
        let of_quantity = |value: f64| match quantity {
            Quantity::Duration => SimDuration::from_secs_f64(value).spelled(),
            Quantity::Count => value.spelled(),
        };
        let (family, parameters) = match of {
            Distribution::Constant { value } => return self.list(key, of_quantity(*value)),
            Distribution::Exponential { mean } => (Family::Exponential, vec![("mean", of_quantity(*mean))]),
            Distribution::Geometric { mean } => (Family::Geometric, vec![("mean", of_quantity(*mean))]),
            Distribution::Lognormal { median, p95 } => {
                (Family::Lognormal, vec![("median", of_quantity(*median)), ("p95", of_quantity(*p95))])
            }
            Distribution::Uniform { low, high } => {
                (Family::Uniform, vec![("low", of_quantity(*low)), ("high", of_quantity(*high))])
            }
            Distribution::Pareto { min, shape } => {
                (Family::Pareto, vec![("min", of_quantity(*min)), ("shape", shape.spelled())])
            }
            Distribution::Weibull { scale, shape } => {
                (Family::Weibull, vec![("scale", of_quantity(*scale)), ("shape", shape.spelled())])
            }
            Distribution::Empirical { values } => {
                (Family::Empirical, vec![("values", of_file(values.iter().map(|value| value.to_bits())))])
            }
        };
        let mut table = self.below(key);
        table.set("dist", family.word());
        parameters.into_iter().for_each(|(name, value)| table.list(name, value));
    }

    fn path_of(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }
}

/// A value that has one spelling.
pub(super) trait Spelled {
    /// Returns the spelling: TOML, or a text without its quotes.
    fn spelled(&self) -> String;
}

/// One unit and a whole number of it. Minutes, hours and days are taken from ten of them on.
impl Spelled for SimDuration {
    fn spelled(&self) -> String {
        in_one_unit([*self]).map_or_else(|| "0s".to_owned(), |[spelled]| spelled)
    }
}

/// Spells two values of one key so that they are told apart at a glance: two durations in one unit, `60s` and `180s`, `10m` and
/// `6m`. Anything else stays as it is.
pub fn spelled_alike(one: &str, other: &str) -> [String; 2] {
    let durations = || Some(in_one_unit([one.parse().ok()?, other.parse().ok()?]));
    durations().flatten().unwrap_or_else(|| [one.to_owned(), other.to_owned()])
}

/// Spells durations in the largest unit in which all are whole numbers and the longest one is long enough for it; `None` if all
/// are 0.
fn in_one_unit<const N: usize>(durations: [SimDuration; N]) -> Option<[String; N]> {
    let longest = durations.iter().map(|one| one.as_nanos()).max().filter(|&longest| longest > 0)?;
    let fits = |&&(_, unit, least): &&(&str, u64, u64)| {
        longest / unit >= least && durations.iter().all(|one| one.as_nanos().is_multiple_of(unit))
    };
    let (name, unit, _) = UNITS.iter().find(fits)?;
    Some(durations.map(|one| format!("{}{name}", one.as_nanos() / unit)))
}

/// A text that stands for itself; one that TOML would take for something else is quoted.
impl Spelled for str {
    fn spelled(&self) -> String {
        let is_word = matches!(self, "true" | "false" | "inf" | "nan");
        let is_text = self.starts_with(char::is_alphabetic) && !self.ends_with(' ') && self.chars().all(is_plain);
        if is_text && !is_word { self.to_owned() } else { quoted(self) }
    }
}

impl Spelled for String {
    fn spelled(&self) -> String {
        self.as_str().spelled()
    }
}

/// A list of texts.
impl Spelled for [&str; 2] {
    fn spelled(&self) -> String {
        format!("[{}, {}]", quoted(self[0]), quoted(self[1]))
    }
}

macro_rules! spelled_as_displayed {
    ($($number:ty),*) => {
        $(impl Spelled for $number {
            fn spelled(&self) -> String {
                self.to_string()
            }
        })*
    };
}

spelled_as_displayed!(u32, u64, f64, bool, ByteSize, Bandwidth);

/// Returns a name as one part of a dotted path.
pub(super) fn part(name: &str) -> String {
    if name.chars().all(is_plain) { name.to_owned() } else { quoted(name) }
}

fn is_plain(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_' | ' ')
}

/// Returns `value`, or `word` if there is none.
pub(super) fn or(word: &str, value: Option<impl Spelled>) -> String {
    value.map_or_else(|| word.to_owned(), |value| value.spelled())
}

/// Returns a time since midnight as `06:30`.
pub(super) fn time_of_day(since_midnight: SimDuration) -> String {
    let minutes = since_midnight.as_nanos() / 60_000_000_000;
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// Returns a number without what rounding left behind its twelfth digit.
pub(super) fn rounded(number: f64) -> f64 {
    format!("{number:.11e}").parse().expect("a number reads back")
}

/// Returns what tells the values of a file apart from others: how many there are, and a digest of them.
pub(super) fn of_file(values: impl Iterator<Item = u64>) -> String {
    let (mut count, mut digest) = (0_u64, Sha256::new());
    for value in values {
        count += 1;
        digest.update(value.to_le_bytes());
    }
    let digest: String = digest.finalize()[..8].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{count} values, sha256 {digest}")
}

/// Returns a text as a TOML string on one line. Nor is there a ` = ` in it, which sets a key apart from its value.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = "\"".to_owned();
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '=' => quoted.push_str("\\u003D"),
            c if c.is_control() => quoted.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
