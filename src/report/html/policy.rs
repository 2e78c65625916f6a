//! Restricts what the page may load.

use base64::prelude::{BASE64_STANDARD, Engine};
use sha2::{Digest, Sha256};

/// Allows its own style and its two scripts, by their hashes, and nothing from anywhere.
pub(super) fn policy(scripts: [&str; 2]) -> String {
    let [one, other] =
        scripts.map(|script| format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(script.as_bytes()))));
    format!(
        "default-src 'none'; style-src 'unsafe-inline'; script-src {one} {other}; base-uri 'none'; form-action 'none'"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_is_allowed_by_the_hash_that_browsers_compute() {
        // `printf 'alert(1)' | openssl dgst -sha256 -binary | base64`.
        let policy = policy(["alert(1)", ""]);
        let hash = "script-src 'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='";
        assert!(policy.contains(hash), "{policy}");
    }
}
