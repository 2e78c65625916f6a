//! The report: one file that needs no other, says what the folder says, and shows hostile names as text.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::support::{
    SMALL, finish, firedrill, lay_out, region_outage, region_outage_in_form, scratch, shared_study, study,
    write_scenario,
};

/// Names as bad as the format lets them be: HTML, the end of a script, template syntax, quotes.
pub(crate) const DESIGN: &str = "<script>alert(1)<!--";
const INCIDENT: &str = "&amp; ' \\\" onload=alert(1) {{ 7 }}";
const DESCRIPTION: &str = "</script><img src=x onerror=alert(1)> ]]> <b>bold</b>";

/// As long as a name may be, with no place to break a line.
const LONG: &str = "aslongasanamemaybewithnoplacetobreakalinexxxxxxxxxxxxxxxxxxxxxxx";

/// The small scenario with hostile names.
pub(crate) fn hostile() -> String {
    SMALL
        .replace("[designs.active-passive]", &format!("[designs.{LONG}]"))
        .replace("active-active", &format!("\"{DESIGN}\""))
        .replace(&format!("design = \"\"{DESIGN}\"\""), &format!("design = \"{DESIGN}\""))
        .replace("name   = \"power loss\"", &format!("name   = \"{INCIDENT}\""))
        .replace("Singapore loses power for two minutes.", DESCRIPTION)
}

/// The report of a study of `scenario`.
fn report(scenario: &str, args: &[&str]) -> String {
    String::from_utf8(shared_study(scenario, args)["report.html"].clone()).unwrap()
}

#[test]
fn compare_ends_by_naming_the_report() {
    let folder = scratch();
    let scenario = write_scenario(folder.path(), SMALL);
    let done = finish(firedrill(folder.path()).args(["compare", scenario, "--runs", "2", "--out", "out"]));
    let last = Path::new("out").join("report.html");
    assert_eq!(done.stderr.lines().last(), Some(format!("report: {}", last.display()).as_str()), "{}", done.stderr);
    assert!(folder.path().join(last).is_file());
}

#[test]
fn the_report_of_a_folder_is_the_one_that_compare_wrote() {
    let folder = scratch();
    lay_out(&folder.path().join("out"), &shared_study(SMALL, &["compare", "--runs", "2"]));
    let file = folder.path().join("out/report.html");
    let written = fs::read(&file).unwrap();
    fs::remove_file(&file).unwrap();
    let done = finish(firedrill(folder.path()).args(["report", "out"]));
    assert_eq!((done.status, done.stdout.trim_end()), (0, "out/report.html"), "{}", done.stderr);
    assert!(fs::read(&file).unwrap() == written, "another report");
    let left: Vec<_> =
        fs::read_dir(folder.path().join("out")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_str().unwrap().starts_with('.')), "{left:?}");
}

#[test]
fn the_summary_has_every_conclusion() {
    let of = |args: &[&str]| -> serde_json::Value {
        serde_json::from_slice(&shared_study(SMALL, args)["summary.json"]).unwrap()
    };
    let summary = of(&["compare", "--runs", "6"]);
    assert_eq!(summary["version"], 3);
    // What the page says, a script can read.
    let best = summary["best"].as_array().unwrap();
    let lost = best.iter().find(|one| one["metric"] == "lost_service_s").unwrap();
    assert_eq!((&lost["standing"], &lost["designs"][0]), (&"best".into(), &"active-active".into()), "{lost}");
    assert_eq!(summary["answer"]["points"][0]["aspect"], "visitors");
    let mut sum = 0.0;
    for step in summary["designs"][1]["waterfall"]["steps"].as_array().unwrap() {
        assert!(step["seconds"].is_f64() && step["share_half"].is_f64() && step["remedy"].is_string(), "{step}");
        sum += step["share"].as_f64().unwrap();
    }
    assert!((sum - 1.0).abs() < 1e-12, "the shares of the phases add up to {sum}");
    let lead = &summary["designs"][1]["waterfall"]["lead"];
    assert!(lead["phases"].is_array() && lead["sentence"].is_string(), "{lead}");
}

#[test]
fn the_report_answers_before_it_explains() {
    let html = report(SMALL, &["compare", "--runs", "6"]);
    let place = |part: &str| html.find(part).unwrap_or_else(|| panic!("no {part}"));
    let order = ["verdict", "checks", "fix", "answers", "charts", "tables", "scenario", "method", "receipt"];
    let places: Vec<usize> = order.iter().map(|id| place(&format!("<section id=\"{id}\""))).collect();
    assert!(places.is_sorted(), "{places:?}");
    for part in [
        "Singapore loses power for two minutes.",
        "is better for visitors",
        ">Fix first</a>",
        "95\u{a0}% interval",
        "run by run",
        "firedrill compare scenario.toml --runs 6 --seed 7 --out again",
        "Not modelled:",
        "Permission is hereby granted, free of charge",
        "A scenario for tests",
    ] {
        place(part);
    }
    assert_eq!(html.matches("<svg ").count(), 9, "a still picture of each chart");
}

#[test]
fn the_page_asks_nothing_of_a_network() {
    let html = report(SMALL, &["compare", "--runs", "2"]);
    assert!(html.contains("content=\"default-src 'none';"), "no policy");
    for word in ["src=", "href=\"http", "@import", "url(", "<link", "<iframe", "<img"] {
        assert!(!html.contains(word), "{word}");
    }
    let addresses = html.match_indices("://").map(|(at, _)| &html[at.saturating_sub(5)..(at + 40).min(html.len())]);
    for address in addresses {
        // The name of the SVG format, and the comment in the library.
        assert!(address.contains("www.w3.org") || address.contains("github.com/leeoniya/uPlot"), "{address}");
    }
}

#[test]
fn hostile_names_are_text() {
    let html = report(&hostile(), &["compare", "--runs", "2"]);
    for part in ["<script>alert", "<img", "<b>bold", "<!--", "</script><"] {
        let at = html.find(part).map(|at| &html[at.saturating_sub(80)..(at + 40).min(html.len())]);
        // The page's own scripts follow each other with a line between them.
        assert_eq!(at, None, "{part}");
    }
    assert_eq!(html.matches("<script").count(), 3);
    assert_eq!(html.matches("</script").count(), 3);
    assert!(html.contains("&#60;script&#62;alert(1)&#60;!--"), "the design is not shown");
    assert!(html.contains(r"\u003cscript\u003ealert(1)\u003c!--"), "the design is not in the data");
    assert!(!html.contains("onload=alert(1) 7"), "a name was taken for a template");
}

#[test]
fn a_fifth_of_a_write_is_no_headline() {
    // Two designs that differ in nothing but a shipping delay: a little more or less of little is lost.
    let near = SMALL.replacen("mean = \"100ms\"", "mean = \"300ms\"", 1);
    let html = report(&near, &["compare", "--runs", "60"]);
    let (verdict, _) = html.split_once("<section id=\"checks\"").expect("a section after the verdict");
    assert!(!verdict.contains("the fewest writes"), "{verdict}");
    let (_, row) = verdict.split_once("<th scope=\"row\">writes lost</th>").expect("a row of lost writes");
    let (row, _) = row.split_once("</tr>").unwrap();
    assert!(!row.contains("class=\"best\""), "{row}");
    assert!(row.contains("practically the same") || row.contains("not clear"), "{row}");
    assert!(verdict.contains("5\u{a0}% of the larger mean"), "{verdict}");
}

#[test]
fn what_is_the_same_in_every_run_says_in_how_many() {
    // Without an incident no region is up and out of the answers.
    let world = SMALL.split("[[incidents]]").next().expect("a world");
    let html = report(world, &["compare", "--runs", "6"]);
    let (_, row) = html.split_once("<th scope=\"row\">idle capacity, calm</th>").expect("a row of idle capacity");
    let (row, _) = row.split_once("</tr>").unwrap();
    assert!(row.contains(">0\u{a0}% in all 6 runs</td>"), "{row}");
}

#[test]
fn one_run_and_one_design_make_a_report_without_claims() {
    let html = report(SMALL, &["run", "--design", "active-passive", "--runs", "1", "--first-run", "2"]);
    assert!(html.contains("What happens to active-passive"));
    assert!(!html.contains("is better for visitors") && !html.contains("<th scope=\"col\">best</th>"));
    assert!(
        html.contains(
            "firedrill run scenario.toml --runs 1 --seed 7 --out again --first-run 2 --design active-passive"
        )
    );
    let two = report(SMALL, &["compare", "--runs", "1"]);
    assert!(two.contains("One run cannot say which design is better"));
}

/// The colours of the first three designs that an SVG uses. That of the first also tints the warm-up, faintly, which does not count.
fn colours(svg: &str) -> Vec<&'static str> {
    let marks = || svg.split('<').filter(|mark| !mark.contains("opacity=\"0.07\""));
    let is_used = |colour: &&str| marks().any(|mark| mark.contains(*colour));
    ["#0072B2", "#D55E00", "#009E73"].into_iter().filter(is_used).collect()
}

#[test]
fn a_design_has_the_same_colour_whichever_designs_are_run() {
    let both = shared_study(SMALL, &["compare", "--runs", "2"]);
    let alone = study(SMALL, &["run", "--design", "active-passive", "--runs", "2"], &[]);
    let swept =
        study(SMALL, &["sweep", "--design", "active-passive", "--runs", "2", "--vary", "dns.answer_ttl=10s,60s"], &[]);
    let text = |files: &BTreeMap<String, Vec<u8>>, name: &str| String::from_utf8(files[name].clone()).unwrap();
    let charts = |files: &BTreeMap<String, Vec<u8>>| -> Vec<String> {
        files.keys().filter(|name| name.ends_with(".svg") && !name.contains("difference")).cloned().collect()
    };
    assert!(charts(&alone).len() >= 7 && charts(&swept).len() >= 5, "{:?} {:?}", charts(&alone), charts(&swept));
    for name in charts(&alone) {
        assert_eq!(colours(&text(&both, &name)), ["#0072B2", "#D55E00"], "{name} of both");
        assert_eq!(colours(&text(&alone, &name)), ["#D55E00"], "{name} of one");
    }
    for name in charts(&swept) {
        assert_eq!(colours(&text(&swept, &name)), ["#D55E00"], "{name} of a sweep");
    }
    let page = text(&alone, "report.html");
    assert!(page.contains("--c:#D55E00") && !page.contains("--c:#0072B2"), "the key of the page");
    assert!(page.contains("\"colour\":\"#D55E00\"") && !page.contains("\"colour\":\"#0072B2\""), "its live charts");
}

#[test]
fn what_to_fix_first_says_how_sure_that_is() {
    let html = report(SMALL, &["compare", "--runs", "6"]);
    let (_, fix) = html.split_once("<section id=\"fix\"").expect("what to fix");
    let (fix, _) = fix.split_once("</section>").unwrap();
    let is_said = |fall: &str| {
        let is_clear = fall.contains("more per run than the second cause (95\u{a0}% interval");
        let is_shared = fall.contains("is not clear enough to choose by") && fall.matches("What helps").count() > 1;
        is_clear || is_shared
    };
    let falls: Vec<&str> = fix.split("class=\"fall\"").skip(1).collect();
    assert!(falls.len() == 2 && falls.into_iter().all(is_said), "{fix}");
    let one = report(SMALL, &["compare", "--runs", "1"]);
    assert!(one.contains("one run cannot say how sure that is"));
}

/// A part of a text between two others.
fn between<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    let (_, rest) = text.split_once(from).unwrap_or_else(|| panic!("no {from:?}"));
    rest.split_once(to).unwrap_or_else(|| panic!("no {to:?} after {from:?}")).0
}

#[test]
fn the_page_and_the_markdown_show_every_conclusion() {
    let done = region_outage_in_form(&["--format", "markdown"]);
    let html = String::from_utf8(region_outage().1["report.html"].clone()).unwrap().replace('\u{a0}', " ");
    let verdict = between(&html, "<section id=\"verdict\"", "</section>");

    // Lost service leads, with its ratio; what is on the edge is said once, and marked at the downtime.
    let lead = between(verdict, "<p class=\"lead\">", "<dl>");
    assert!(lead.contains("times as much service as active-active (95 % interval"), "{lead}");
    assert_eq!(verdict.matches("lies where service hovers").count(), 1, "{verdict}");
    let downtime = between(verdict, "<th scope=\"row\">downtime</th>", "</tr>");
    // That of active-passive is 9 min 56 s to 10 min 7 s at each level, and no edge of its own.
    assert_eq!(downtime.matches("<small>on the edge</small>").count(), 1, "{downtime}");

    // Writes that are not lost have their rows, with the number of runs.
    for row in ["lost", "ambiguous"] {
        let row = between(verdict, &format!("<th scope=\"row\">writes {row}</th>"), "</tr>");
        assert!(row.contains(" runs, at most "), "{row}");
    }
    assert!(!verdict.contains("writes conflicting"), "there are none");

    // Latency, by geography too, and idle capacity are those of calm time.
    let calm = between(verdict, "<th scope=\"rowgroup\" colspan=\"4\">While all is well</th>", "</tbody>");
    let rows: Vec<&str> = calm.split("<th scope=\"row\">").skip(1).map(|row| row.split('<').next().unwrap()).collect();
    let expected = ["latency, median, calm", "– asia", "– europe", "idle capacity, calm"];
    assert_eq!(rows, expected);
    assert_eq!(verdict.matches("<dt>While all is well</dt>").count(), 1, "{verdict}");

    // The bill has its parts: they are all of it.
    let cost = between(verdict, "<th scope=\"row\">cost per month</th>", "</tr>");
    let parts = between(cost, "<small>app ", " %</small>");
    let parts = parts.replace(" %, database ", " ").replace(" %, traffic ", " ");
    let sum: f64 = parts.split(' ').map(|part| part.parse::<f64>().unwrap()).sum();
    assert!((sum - 100.0).abs() < 0.5, "{parts}");

    // The advice names the setting as the file has it, and the options that try another value.
    assert!(verdict.contains("<code>geographies.*.client.pin_share = 10.6% (default)</code>"), "{verdict}");
    let fix = between(&html, "<section id=\"fix\"", "</section>");
    let setting = "geographies.*.client.pin_share = 10.6%";
    let tries = ["asia", "europe"].map(|place| format!("--set geographies.{place}.client.pin_share=5.3%"));
    assert!(fix.contains(&format!("What helps: <code>{setting}</code> (default): these sessions")), "{fix}");
    assert!(fix.contains(&format!("<pre class=\"command\">{}</pre>", tries.join("\n"))), "{fix}");
    for code in [setting, &tries[0], &tries[1]] {
        assert!(done.stdout.contains(&format!("`{code}`")), "no {code} in {}", done.stdout);
    }
    assert!(!fix.contains('`'), "a backtick that is no code");

    let order = ["success", "downtime", "downtime_by_threshold", "lost_service"];
    let place = |name: &str| html.find(&format!("<figure id=\"chart-{name}\""));
    let places: Vec<usize> = order.iter().map(|name| place(name).unwrap_or_else(|| panic!("no {name}"))).collect();
    assert!(places.is_sorted(), "{places:?}");

    for part in ["| writes ambiguous |", "| – of which | app ", "times as much service", "| – asia |"] {
        assert!(done.stdout.contains(part), "no {part} in {}", done.stdout);
    }
}

#[test]
fn a_folder_without_results_or_with_spoilt_ones_is_explained() {
    let folder = scratch();
    let done = finish(firedrill(folder.path()).args(["report", "nowhere"]));
    assert_eq!(done.status, 2, "{}", done.stderr);
    assert!(done.stderr.contains("nowhere: is not a results folder"), "{}", done.stderr);
    let scenario = write_scenario(folder.path(), SMALL);
    // Over three keys no charts are drawn.
    let keys = ["dns.answer_ttl=10s", "study.slo=90%", "study.aftermath=10m"].map(|key| ["--vary", key]).concat();
    finish(firedrill(folder.path()).args(["sweep", scenario, "--runs", "1", "--out", "swept"]).args(keys));
    let done = finish(firedrill(folder.path()).args(["report", "swept"]));
    assert_eq!(done.status, 2, "{}", done.stderr);
    assert!(done.stderr.contains("swept: holds no study to report on"), "{}", done.stderr);
    lay_out(&folder.path().join("out"), &shared_study(SMALL, &["compare", "--runs", "1"]));
    fs::remove_file(folder.path().join("out/charts/success.svg")).unwrap();
    let done = finish(firedrill(folder.path()).args(["report", "out"]));
    assert_eq!(done.status, 2, "{}", done.stderr);
    assert!(done.stderr.contains("success.svg: receipt.json lists it, and it cannot be read"), "{}", done.stderr);
    // Another version's, of which the receipt knows.
    let receipt = r#"{"firedrill": "9.9.9", "files": {"summary.json":
        "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"}, "scenario": "small", "scenario_sha256": "",
        "seed": 7, "first_run": 0, "runs": 1, "designs": [], "settings": []}"#;
    fs::write(folder.path().join("out/receipt.json"), receipt).unwrap();
    fs::write(folder.path().join("out/summary.json"), "{}").unwrap();
    let done = finish(firedrill(folder.path()).args(["report", "out"]));
    assert_eq!(done.status, 2, "{}", done.stderr);
    let version = env!("CARGO_PKG_VERSION");
    let said = format!(
        "summary.json: firedrill 9.9.9 wrote it, and firedrill {version} cannot read it: it has format 1; this version reads format 3; run the study \
         again to write it anew"
    );
    assert!(done.stderr.contains(&said), "{}", done.stderr);
}
