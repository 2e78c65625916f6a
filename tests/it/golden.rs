//! Golden digests: the bytes of three scenarios' results, on every machine and for ever.
//!
//! A digest that changes means that the same file, seed and run numbers give other results than before. If that is meant,
//! rewrite the digests with `FIREDRILL_BLESS=1 cargo test --test it golden` and mark the change in `CHANGELOG.md` as
//! **Results changed**. Charts and `receipt.json`, which names the version, are left out.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::support::{assert_snapshot, files, finish, firedrill, repository, scratch};

/// Two designs under a region outage, two primaries with conflicts, and a year of random outages.
const SCENARIOS: [(&str, &str); 3] = [("article", "4"), ("two-way-sync", "4"), ("year-of-outages", "1")];

#[test]
fn three_scenarios_give_the_bytes_that_they_always_gave() {
    let mut digests = String::new();
    for (scenario, runs) in SCENARIOS {
        let folder = scratch();
        let mut command = firedrill(&repository());
        command.args(["run", &format!("scenarios/{scenario}.toml"), "--runs", runs, "--quiet", "--out"]);
        let done = finish(command.arg(folder.path().join("out")));
        assert!(matches!(done.status, 0 | 1), "{scenario}: {}", done.stderr);
        for (name, bytes) in files(&folder.path().join("out")) {
            if name.ends_with(".csv") || name == "summary.json" {
                let digest: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
                writeln!(digests, "{digest}  {scenario}/{name}").expect("writing to memory does not fail");
            }
        }
    }
    assert_snapshot("golden-digests.txt", &digests);
}
