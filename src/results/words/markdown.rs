//! Text that stays inside a cell of a Markdown table.

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_ends_where_the_table_says() {
        assert_eq!(markdown_cell("a|b\nc <img> `x` & *y*"), "a\\|b c &lt;img> \\`x\\` &amp; \\*y\\*");
        assert_eq!(markdown_cell("52.4 s ± 0.51 s"), "52.4 s ± 0.51 s");
    }
}
