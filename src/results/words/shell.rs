//! Words for a shell.

use crate::results::waterfall::Turn;

/// Returns the option that makes an override: `--set dns.answer_ttl=30s`.
pub fn set_option(turn: &Turn) -> String {
    format!("--set {}", quoted(&format!("{}={}", turn.key, turn.value)))
}

/// Returns `word` as a shell reads it back: as it is if that is safe, else in single quotes.
pub fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,+@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}
