//! Lists the changes of a scenario since a baseline, key by key: `dns.answer_ttl: 60s -> 180s`.

use crate::baseline::Change;
use crate::results::words::counted;

/// Most lines where a reader wants the rest of a message, too; whoever renames a design changes every key of it.
pub(super) const MOST_LINES: usize = 20;

/// Returns a line per change; of more than `most`, the first ones and how many others there are.
pub(super) fn lines(changes: &[Change], most: usize) -> Vec<String> {
    let mut lines: Vec<String> = changes.iter().take(most).map(line).collect();
    if changes.len() > most {
        lines.push(format!("and {}", counted((changes.len() - most) as u64, "more key")));
    }
    lines
}

fn line(change: &Change) -> String {
    let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "(none)".to_owned());
    format!("{}: {} -> {}", change.key, value(&change.was), value(&change.is))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(key: &str, was: Option<&str>, is: Option<&str>) -> Change {
        Change { key: key.to_owned(), was: was.map(str::to_owned), is: is.map(str::to_owned) }
    }

    #[test]
    fn a_change_is_a_line_and_too_many_are_counted() {
        let changes = [
            change("dns.answer_ttl", Some("60s"), Some("180s")),
            change("prices.instance_hour", None, Some("0.1")),
            change("objectives.rto", Some("5m"), None),
        ];
        assert_eq!(
            lines(&changes, 3),
            ["dns.answer_ttl: 60s -> 180s", "prices.instance_hour: (none) -> 0.1", "objectives.rto: 5m -> (none)"]
        );
        assert_eq!(lines(&changes, 1), ["dns.answer_ttl: 60s -> 180s", "and 2 more keys"]);
    }
}
