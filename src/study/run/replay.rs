//! The one line that repeats a study, or a part of it.

use crate::results::words::quoted;

/// `command` (`firedrill run FILE`, with its settings) for some designs and runs alone.
pub(crate) fn replay(command: &str, designs: &[&str], seed: u64, first_run: u64, runs: u64) -> String {
    let mut line = command.to_owned();
    for design in designs {
        line.push_str(&format!(" --design {}", quoted(design)));
    }
    line.push_str(&format!(" --seed {seed}"));
    if first_run > 0 || runs == 1 {
        line.push_str(&format!(" --first-run {first_run}"));
    }
    line.push_str(&format!(" --runs {runs}"));
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_names_designs_seed_and_runs() {
        assert_eq!(
            replay("firedrill run a.toml", &["b"], 1, 2, 1),
            "firedrill run a.toml --design b --seed 1 --first-run 2 --runs 1"
        );
        assert_eq!(replay("c", &["a b", "d"], 7, 0, 20), "c --design 'a b' --design d --seed 7 --runs 20");
    }

    #[test]
    fn words_that_a_shell_would_split_are_quoted() {
        assert_eq!(quoted("scenarios/article.toml"), "scenarios/article.toml");
        assert_eq!(quoted("incidents.power loss.at=3m"), "'incidents.power loss.at=3m'");
        assert_eq!(quoted("it's"), r"'it'\''s'");
        assert_eq!(quoted(""), "''");
    }
}
