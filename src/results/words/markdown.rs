//! Text that stays inside a cell of a Markdown table.

use super::code::{Piece, pieces};

/// Returns a sentence whose settings, between backticks, are code.
pub fn markdown_sentence(words: &str) -> String {
    let piece = |piece| match piece {
        Piece::Words(words) => markdown_cell(words),
        Piece::Code(code) => markdown_code(code),
    };
    pieces(words).into_iter().map(piece).collect()
}

/// Returns `code` between backticks, or as plain words if it holds what could end it or begin a tag.
pub fn markdown_code(code: &str) -> String {
    let is_plain = |letter: char| !letter.is_control() && !"`<&|".contains(letter);
    if code.chars().all(is_plain) { format!("`{code}`") } else { markdown_cell(code) }
}

/// Returns `words` with what would end the cell, or begin markup, taken for itself.
pub fn markdown_cell(words: &str) -> String {
    let mut cell = String::with_capacity(words.len());
    for letter in words.chars() {
        match letter {
            '\\' | '|' | '`' | '*' | '_' | '[' | ']' => cell.extend(['\\', letter]),
            '<' => cell.push_str("&lt;"),
            '&' => cell.push_str("&amp;"),
            _ if letter.is_control() => cell.push(' '),
            _ => cell.push(letter),
        }
    }
    cell
}

/// Returns `text` as a block of `language` whose fence is longer than any row of backticks in it.
pub fn fenced(language: &str, text: &str) -> String {
    let longest = text.split(|letter| letter != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat((longest + 1).max(3));
    format!("{fence}{language}\n{text}\n{fence}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fence_is_longer_than_what_it_holds() {
        assert_eq!(fenced("sh", "a"), "```sh\na\n```");
        assert_eq!(fenced("text", "a\n````\n# b"), "`````text\na\n````\n# b\n`````");
    }

    #[test]
    fn a_cell_ends_where_the_table_says() {
        assert_eq!(markdown_cell("a|b\nc <img> `x` & *y*"), "a\\|b c &lt;img> \\`x\\` &amp; \\*y\\*");
        assert_eq!(markdown_sentence("`a_b = 1`: a_b, `<b>`"), "`a_b = 1`: a\\_b, &lt;b>");
        assert_eq!(markdown_cell("52.4 s ± 0.51 s"), "52.4 s ± 0.51 s");
    }
}
