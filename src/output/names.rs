//! The names in a folder of results: those of result files, and those that the writer needs for itself while it works.

/// The file that lists the others.
pub const RECEIPT: &str = "receipt.json";

/// The file with the finished runs of a study that is not at its end.
pub(super) const LOG: &str = "runs.log";

/// The file that is locked by whoever writes to a folder.
pub(super) const LOCK: &str = ".firedrill-lock";

/// The file that says which files are being replaced.
pub(super) const JOURNAL: &str = ".firedrill-journal";

/// Begin of the name of a staging folder, before its random letters; a staging folder beside the place has the place's
/// name before it.
pub(super) const STAGING: &str = ".firedrill-";

/// Random letters and digits in the name of a staging folder.
pub(super) const STAGING_LETTERS: usize = 12;

/// Folders that a folder of results may hold.
pub(super) const SUBFOLDERS: [&str; 2] = ["charts", "data"];

/// Longest name of a result, in bytes.
const LONGEST: usize = 160;

/// Returns true if results may be written under `name`, a path inside the folder with `/` between its parts.
///
/// No such name leads out of the folder, is hidden, or is one that another system refuses.
pub(super) fn is_result(name: &str) -> bool {
    let plain = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && !part.ends_with(['.', ' '])
            && !part.contains(|c: char| c.is_control() || "/\\:*?\"<>|".contains(c))
    };
    if name.len() > LONGEST || !name.split('/').all(plain) {
        return false;
    }
    match name.split_once('/') {
        None => is_top_level(name),
        Some(("charts", file)) => !file.contains('/') && (file.ends_with(".svg") || file.ends_with(".png")),
        Some(("data", file)) => !file.contains('/'),
        Some(_) => false,
    }
}

/// Returns true if the result `name` lies in the folder `inside` of its folder.
pub(super) fn lies_in(name: &str, inside: &str) -> bool {
    name.split_once('/').is_some_and(|(folder, _)| folder == inside)
}

/// Returns true if `name` is that of a staging folder inside the folder.
pub(super) fn is_staging(name: &str) -> bool {
    is_staging_of("", name)
}

/// Returns true if `name` is that of a staging folder for the place called `label`.
pub(super) fn is_staging_of(label: &str, name: &str) -> bool {
    let letters = name.strip_prefix(label).and_then(|rest| rest.strip_prefix(STAGING));
    letters.is_some_and(|text| text.len() == STAGING_LETTERS && text.bytes().all(|c| c.is_ascii_alphanumeric()))
}

fn is_top_level(name: &str) -> bool {
    const OTHERS: [&str; 8] =
        [RECEIPT, LOG, "find.json", "report.html", "resolved.toml", "scenario.toml", "summary.json", "sweep.json"];
    OTHERS.contains(&name) || name.ends_with(".csv")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_have_plain_names_in_known_places() {
        for name in ["runs.csv", LOG, RECEIPT, "scenario.toml", "charts/success.svg", "charts/a~1.png", "data/a b.csv"]
        {
            assert!(is_result(name), "{name}");
        }
        let others = [
            "notes.txt",
            "drill.toml",
            "../runs.csv",
            "/runs.csv",
            "charts/../runs.csv",
            "charts/a/b.svg",
            "data/",
            "C:\\runs.csv",
            ".runs.csv",
            "data/.bashrc",
            "charts/notes.txt",
            "other/runs.csv",
            "",
            "data/con.",
        ];
        for name in others {
            assert!(!is_result(name), "{name}");
        }
        assert!(!is_result(&format!("{}.csv", "a".repeat(LONGEST))));
    }

    #[test]
    fn staging_folders_of_two_places_are_told_apart() {
        assert!(is_staging(".firedrill-abcDEF012345") && !is_staging(LOCK) && !is_staging(JOURNAL));
        assert!(is_staging_of(".o", ".o.firedrill-abcDEF012345"));
        assert!(
            !is_staging_of(".o", ".o.firedrill-x.firedrill-abcDEF012345") && !is_staging_of(".o", ".o.firedrill-abc")
        );
    }
}
