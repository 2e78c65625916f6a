//! The list of files in a receipt: the path of each inside the folder, and its SHA-256.
//!
//! A receipt may come from anywhere. One that lists anything but plain names of results, such as a path that leads out of the
//! folder, is refused as a whole.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read};
use std::path::Path;

use super::digest::{is_sha256, sha256_of};
use super::error::OutputError;
use super::names::{RECEIPT, is_result};

/// Hashes of result files by their paths inside the folder.
pub(super) type Listing = BTreeMap<String, String>;

/// The most bytes of a receipt: 64 MiB.
const LONGEST: u64 = 64 << 20;

/// Returns what the receipt in `folder` lists; `None` if there is none.
///
/// # Errors
/// [`OutputError::Receipt`] if it cannot be read, is no receipt, or lists what no receipt may.
pub(super) fn read(folder: &Path) -> Result<Option<Listing>, OutputError> {
    let file = folder.join(RECEIPT);
    let wrong = |message: String| OutputError::Receipt { file: file.clone(), message };
    match fs::symlink_metadata(&file) {
        Ok(found) if !found.is_file() => return Err(wrong("it is a link or no file".to_owned())),
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(wrong(error.to_string())),
    }
    let mut text = Vec::new();
    let read = fs::File::open(&file).and_then(|file| file.take(LONGEST + 1).read_to_end(&mut text));
    read.map_err(|error| wrong(error.to_string()))?;
    if text.len() as u64 > LONGEST {
        return Err(wrong(format!("it has more than {LONGEST} bytes")));
    }
    parse(&text).map(Some).map_err(wrong)
}

/// Returns what the receipt that is `text` lists, or why it is none.
fn parse(text: &[u8]) -> Result<Listing, String> {
    let receipt: serde_json::Value = serde_json::from_slice(text).map_err(|error| error.to_string())?;
    if !receipt["firedrill"].is_string() {
        return Err("it does not name a version of firedrill".to_owned());
    }
    let files = match &receipt["files"] {
        serde_json::Value::Object(files) => files,
        serde_json::Value::Array(_) => return Err("it lists files without their SHA-256".to_owned()),
        _ => return Err("it lists no files".to_owned()),
    };
    let entry = |(name, hash): (&String, &serde_json::Value)| {
        if name == RECEIPT || !is_result(name) {
            return Err(format!("it lists {:?}, which is no result", shortened(name)));
        }
        match hash.as_str().filter(|hash| is_sha256(hash)) {
            Some(hash) => Ok((name.clone(), hash.to_owned())),
            None => Err(format!("it has no SHA-256 of {name}")),
        }
    };
    files.iter().map(entry).collect()
}

/// Returns the first 40 characters of `text`.
fn shortened(text: &str) -> String {
    text.chars().take(40).collect()
}

/// Makes sure that every file that the receipt in `folder` `listed` is there as it was written, `but` one.
///
/// # Errors
/// [`OutputError::Altered`] if a file is missing, is a link or differs from its hash.
pub(super) fn verify(folder: &Path, listed: &Listing, but: &str) -> Result<(), OutputError> {
    for (name, hash) in listed.iter().filter(|(name, _)| *name != but) {
        let file = folder.join(name);
        if let Some(message) = fault(folder, name, hash) {
            return Err(OutputError::Altered { file, message });
        }
    }
    Ok(())
}

/// Returns how the file `name` in `folder` differs from the one with `hash`.
fn fault(folder: &Path, name: &str, hash: &str) -> Option<String> {
    let parts = name.match_indices('/').map(|(end, _)| &name[..end]).chain([name]);
    for part in parts {
        match fs::symlink_metadata(folder.join(part)) {
            Ok(found) if found.is_symlink() => return Some(format!("{part} is a link, and links are not followed")),
            Ok(_) => {}
            Err(error) => return Some(format!("{RECEIPT} lists it, and it cannot be read ({error})")),
        }
    }
    match sha256_of(&folder.join(name)) {
        Ok(found) if found == *hash => None,
        Ok(_) => Some(format!("has not the SHA-256 that {RECEIPT} lists, so it was changed")),
        Err(error) => Some(format!("{RECEIPT} lists it, and it cannot be read ({error})")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HASH: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    fn receipt(files: &str) -> Result<Listing, String> {
        parse(format!(r#"{{"firedrill": "0.1.0", "files": {files}}}"#).as_bytes())
    }

    #[test]
    fn a_receipt_lists_results_and_nothing_else() {
        let good = receipt(&format!(r#"{{"runs.csv": "{HASH}", "charts/a.svg": "{HASH}"}}"#)).unwrap();
        assert_eq!(good.keys().collect::<Vec<_>>(), ["charts/a.svg", "runs.csv"]);
        for path in ["../notes.csv", "/etc/passwd", "notes.txt", "charts/../../x.csv", "C:/x.csv", "receipt.json"] {
            let refused = receipt(&format!(r#"{{"{path}": "{HASH}"}}"#)).unwrap_err();
            assert!(refused.contains("is no result"), "{path}: {refused}");
        }
        assert!(receipt(r#"{"runs.csv": "abc"}"#).unwrap_err().contains("no SHA-256 of runs.csv"));
        assert!(receipt(r#"["runs.csv"]"#).unwrap_err().contains("without their SHA-256"));
        assert!(parse(br#"{"files": {}}"#).unwrap_err().contains("version"));
    }

    #[test]
    fn verify_names_the_file_that_was_changed_and_passes_the_one_left_out() {
        let folder = tempfile::tempdir().unwrap();
        let text = format!(r#"{{"firedrill": "0.1.0", "files": {{"report.html": "{HASH}", "runs.csv": "{HASH}"}}}}"#);
        fs::write(folder.path().join(RECEIPT), text).unwrap();
        fs::write(folder.path().join("runs.csv"), "abc").unwrap();
        let listed = read(folder.path()).unwrap().unwrap();
        verify(folder.path(), &listed, "report.html").unwrap();
        let error = verify(folder.path(), &listed, "").unwrap_err().to_string();
        assert!(error.contains("report.html: receipt.json lists it, and it cannot be read"), "{error}");
        fs::write(folder.path().join("runs.csv"), "abd").unwrap();
        let error = verify(folder.path(), &listed, "report.html").unwrap_err().to_string();
        assert!(error.contains("runs.csv: has not the SHA-256"), "{error}");
    }
}
