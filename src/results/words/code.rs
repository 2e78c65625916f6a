//! Sentences that name settings as the file spells them, between backticks.

/// A part of a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Plain words.
    Words(&'a str),
    /// A setting, without its backticks.
    Code(&'a str),
}

/// Splits a sentence at its backticks. One that is never closed belongs to the words.
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((words, (code, after))) =
        rest.split_once('`').and_then(|(one, two)| Some((one, two.split_once('`')?)))
    {
        pieces.extend((!words.is_empty()).then_some(Piece::Words(words)));
        pieces.push(Piece::Code(code));
        rest = after;
    }
    pieces.extend((!rest.is_empty()).then_some(Piece::Words(rest)));
    pieces
}

#[cfg(test)]
mod tests {
    use super::Piece::{Code, Words};
    use super::*;

    #[test]
    fn what_stands_between_backticks_is_code_and_an_odd_one_is_none() {
        assert_eq!(pieces("`a = 1`: halve `a` or"), [Code("a = 1"), Words(": halve "), Code("a"), Words(" or")]);
        assert_eq!(pieces("plain"), [Words("plain")]);
        assert_eq!(pieces("`a` and `b"), [Code("a"), Words(" and `b")]);
    }
}
