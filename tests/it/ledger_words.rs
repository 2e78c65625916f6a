//! Writes that were not simply kept, in words: shown in every form as soon as they are not 0 in all runs.

use std::collections::BTreeSet;

use crate::support::{SMALL, files, finish, firedrill, scratch, write_scenario};

const COLUMNS: [&str; 4] = ["lost", "stranded", "conflicting", "ambiguous"];

/// Columns of the ledger that are not 0 in all runs of all designs; asserted to be those that each form has a row for. The row of
/// lost writes may stand there without any. The study is made once: the other forms are of what is in its folder.
fn shown(text: &str, changes: &[&str]) -> BTreeSet<&'static str> {
    let folder = scratch();
    let scenario = write_scenario(folder.path(), text);
    let print = |args: &[&str]| {
        let mut command = firedrill(folder.path());
        let settings = changes.iter().flat_map(|change| ["--set", change]);
        let done = finish(
            command.args(["compare", scenario, "--quiet", "--runs", "3", "--out", "out"]).args(settings).args(args),
        );
        assert!(matches!(done.status, 0 | 1), "{}", done.stderr);
        done.stdout
    };
    let [screen, table, markdown] =
        [&[][..], &["--verbose", "--resume"], &["--format", "markdown", "--resume"]].map(print);
    let written = files(&folder.path().join("out"));
    let summary: serde_json::Value = serde_json::from_slice(&written["summary.json"]).unwrap();
    let is_nonzero = |column: &&str| {
        let name = format!("writes_{column}");
        let designs = summary["designs"].as_array().unwrap().iter();
        designs
            .flat_map(|design| design["metrics"].as_array().unwrap())
            .any(|one| one["name"] == *name && one["nonzero"] != 0)
    };
    let nonzero: BTreeSet<&str> = COLUMNS.into_iter().filter(is_nonzero).collect();
    for column in COLUMNS {
        let begins = |text: &str, start: &str| text.lines().any(|line| line.starts_with(start));
        let mut forms = vec![
            ("screen", begins(&screen, &format!("writes {column} "))),
            ("table", begins(&table, &format!("writes {column} "))),
            ("markdown", begins(&markdown, &format!("| writes {column} |"))),
        ];
        if let Some(report) = written.get("report.html") {
            let report = String::from_utf8_lossy(report).replace('\u{a0}', " ");
            forms.push(("report", report.contains(&format!("<th scope=\"row\">writes {column}</th>"))));
        }
        for (form, is_shown) in forms {
            assert!(
                is_shown == nonzero.contains(column) || column == "lost",
                "{form}: writes {column}: {is_shown}\n{screen}"
            );
            assert!(is_shown || !nonzero.contains(column), "{form}: no row for writes {column}");
        }
    }
    nonzero
}

#[test]
fn writes_that_were_not_simply_kept_have_a_row_in_every_form_and_those_that_were_have_none() {
    let set = |columns: &[&'static str]| columns.iter().copied().collect::<BTreeSet<_>>();
    let (calm, _) = SMALL.split_once("[[incidents]]").expect("an incident");
    assert_eq!(shown(calm, &[]), set(&[]));
    // The stream takes five seconds, so that some are behind when the primary goes; it comes back, and they are discarded.
    let slow = "designs.active-active.replication.ship=5s";
    assert!(shown(SMALL, &[slow]).contains("lost"));
    // Cut off for good, they are there and nobody can reach them; where answers are cut off, nobody knows.
    let cut_off = [slow, "incidents.0.kind=region-isolation", "incidents.0.lasts=1h"];
    assert_eq!(shown(SMALL, &cut_off), set(&["stranded", "ambiguous"]));
    // Two primaries that do not see each other's writes throw some away.
    let (world, rest) = SMALL.split_once("[designs.active-passive]").expect("a design");
    let (_, incidents) = rest.split_once("[[incidents]]").expect("an incident");
    let two_way = "[designs.two-way]\nrouting = { policy = \"nearest\" }\n\
        database = { writes = \"multi-primary\", conflicts = { policy = \"last-writer-wins\" } }\n\
        replication = { mode = \"async\", ship = \"100ms\", apply = \"1ms\" }\n\n[keys]\ncount = 50\nskew = 0.0\n\n[[incidents]]";
    let cut = incidents.replace("region-outage\"\ntarget = \"singapore\"", "link-partition\"");
    assert_eq!(shown(&format!("{world}{two_way}{cut}"), &[]), set(&["conflicting"]));
}
