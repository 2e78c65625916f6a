//! Dotted keys: bare parts, and parts in quotes as TOML writes them, so that a name may hold a dot.
//!
//! A part without quotes may hold blanks, as names of incidents do. A quote within such a part is a letter like any other.

use std::fmt::Write;

/// Reads the parts of a dotted key up to an equals sign or the end, and returns what follows them.
///
/// # Errors
/// If a quote is not closed, or something other than a dot follows a closed one; in words.
fn read(text: &str) -> Result<(Vec<String>, &str), String> {
    let mut parts = Vec::new();
    let mut rest = text;
    loop {
        let (part, after) = part(rest)?;
        parts.push(part);
        match after.strip_prefix('.') {
            Some(more) => rest = more,
            None => return Ok((parts, after)),
        }
    }
}

/// Returns the parts of a dotted key.
///
/// # Errors
/// If it is not written as TOML writes keys.
pub fn key_parts(key: &str) -> Result<Vec<String>, String> {
    read(key).map(|(parts, _)| parts)
}

/// Splits `KEY=VALUE` at the equals sign that ends the key; `None` if there is none.
pub fn key_value(text: &str) -> Option<(&str, &str)> {
    // A quote that is not closed is said of the key.
    let at = read(text).map_or_else(|_| text.find('='), |(_, rest)| Some(text.len() - rest.len()))?;
    let value = text[at..].strip_prefix('=')?;
    Some((text[..at].trim(), value.trim()))
}

/// Reads the first part, and returns what follows it: a dot, an equals sign or nothing.
fn part(text: &str) -> Result<(String, &str), String> {
    let text = text.trim_start();
    let Some(quote) = text.chars().next().filter(|first| ['"', '\''].contains(first)) else {
        let (part, after) = text.split_at(text.find(['.', '=']).unwrap_or(text.len()));
        return Ok((part.trim_end().to_owned(), after));
    };
    let end = end_of(text, quote).ok_or_else(|| format!("the quote of {text} is not closed"))?;
    let (quoted, after) = text.split_at(end);
    let after = after.trim_start();
    if !after.is_empty() && !after.starts_with(['.', '=']) {
        return Err(format!("a dot must follow {quoted}"));
    }
    let unquoted = format!("key = {quoted}").parse::<toml::Table>().ok();
    let name = unquoted.as_ref().and_then(|table| table.get("key")?.as_str());
    Ok((name.ok_or_else(|| format!("{quoted} is no name in quotes"))?.to_owned(), after))
}

/// Returns where the quoted text at the beginning of `text` ends; in double quotes a backslash takes the next letter with it.
fn end_of(text: &str, quote: char) -> Option<usize> {
    let mut letters = text.char_indices().skip(1);
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' if quote == '"' => drop(letters.next()),
            _ if letter == quote => return Some(at + letter.len_utf8()),
            _ => {}
        }
    }
    None
}

/// Returns a name as a part of a dotted key: as it is if TOML allows that, else in quotes.
pub fn key_part(name: &str) -> String {
    let is_bare = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
    if !name.is_empty() && name.chars().all(is_bare) {
        return name.to_owned();
    }
    let mut quoted = String::from('"');
    for letter in name.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            _ if letter.is_control() => drop(write!(quoted, "\\u{:04X}", u32::from(letter))),
            _ => quoted.push(letter),
        }
    }
    quoted + "\""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_in_quotes_may_hold_what_divides_others() {
        let of = |text: &str| key_parts(text).unwrap();
        assert_eq!(of("regions.\"us.west\".app.instances"), ["regions", "us.west", "app", "instances"]);
        assert_eq!(of("regions.'us.west' . app"), ["regions", "us.west", "app"]);
        assert_eq!(of(r#"a."say \"hi\" \\".b"#), ["a", r#"say "hi" \"#, "b"]);
        assert_eq!(of("incidents.bob's power loss.at"), ["incidents", "bob's power loss", "at"]);
        assert_eq!(key_value("a.\"b=c\" = 3"), Some(("a.\"b=c\"", "3")));
        assert_eq!((key_value("a.\"b = 3"), key_value("a.b")), (Some(("a.\"b", "3")), None));
    }

    #[test]
    fn a_quote_that_is_not_closed_is_refused() {
        assert_eq!(key_parts("regions.\"us.west.app").unwrap_err(), "the quote of \"us.west.app is not closed");
        assert_eq!(key_parts("regions.\"us\"west").unwrap_err(), "a dot must follow \"us\"");
    }

    #[test]
    fn what_is_spelled_reads_back() {
        for (name, spelled) in [("us-west_1", "us-west_1"), ("us.west", "\"us.west\""), ("a \"b\\", r#""a \"b\\""#)] {
            assert_eq!(key_part(name), spelled);
            assert_eq!(key_parts(spelled).unwrap(), [name]);
        }
    }
}
