//! Of what study a log is.

use serde::{Deserialize, Serialize};

/// All that decides what the runs of a log are, and what is needed to conclude the study from them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// Version of the program.
    pub firedrill: String,
    /// The command, such as `compare`.
    pub command: String,
    /// The scenario's file, as it was named.
    pub path: String,
    /// Scenario of the command, from 0.
    pub position: u64,
    /// Name of the scenario.
    pub scenario: String,
    /// The studies: one, or one for each point.
    pub points: Vec<Point>,
    /// Names of the designs that are run, in file order.
    pub designs: Vec<String>,
    /// Seed of the study.
    pub seed: u64,
    /// Number of the first run.
    pub first_run: u64,
    /// Runs of each design, or runs that are added at a time.
    pub runs: u64,
    /// The targets of `--until`.
    pub until: Vec<String>,
    /// Most runs of each design.
    pub max_runs: u64,
    /// The keys that are varied.
    pub keys: Vec<String>,
    /// The range and the condition of a search.
    pub search: Vec<String>,
    /// Changes to the scenario.
    pub settings: Vec<String>,
    /// True if a study of any size was asked for.
    pub force: bool,
    /// SHA-256 of the names of all metrics: of which numbers a row consists.
    pub metrics_sha256: String,
    /// Part of the study, if it is one.
    pub shard: Option<Part>,
}

/// One study.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// The values of the keys that are varied.
    pub values: Vec<String>,
    /// SHA-256 of the resolved scenario with what its data files hold.
    pub scenario_sha256: String,
}

/// A part of a study.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Number of the part, from 1.
    pub part: u64,
    /// Number of parts.
    pub of: u64,
}

/// The most parts of a study.
const MOST_PARTS: u64 = 1 << 20;

impl Header {
    /// Returns true if it can be what this program wrote: the part is one of as many as there may be.
    pub(super) fn is_sound(&self) -> bool {
        self.shard.is_none_or(|shard| (1..=shard.of).contains(&shard.part) && shard.of <= MOST_PARTS)
    }

    /// Returns how many runs a whole log has, of all designs and points; `None` if that is left to the results.
    pub fn expected(&self) -> Option<u64> {
        let all = self.runs.saturating_mul(self.points.len() as u64);
        // Runs are dealt out in turn: part K has those whose number leaves K - 1.
        let ours = self.shard.map_or(all, |shard| all.saturating_add(shard.of - shard.part) / shard.of);
        let is_known = self.until.is_empty() && self.search.is_empty();
        is_known.then_some(ours.saturating_mul(self.designs.len() as u64))
    }

    /// Says in what a study differs from this log's so that none of its runs may be taken from there; `None` if they are the same.
    /// Where the scenario's file lies does not matter.
    pub fn difference(&self, other: &Header) -> Option<String> {
        self.differs(other, true)
    }

    /// The same for parts of one study, which differ in which part they are.
    pub fn difference_of_parts(&self, other: &Header) -> Option<String> {
        self.differs(other, false)
    }

    fn differs(&self, other: &Header, in_part: bool) -> Option<String> {
        let part = |header: &Header| match header.shard {
            Some(shard) if in_part => format!("{}/{}", shard.part, shard.of),
            Some(shard) => format!("of {}", shard.of),
            None => "none".to_owned(),
        };
        let list = |all: &[String]| if all.is_empty() { "none".to_owned() } else { all.join(", ") };
        let hashes = |header: &Header| {
            let short = |point: &Point| point.scenario_sha256.chars().take(12).collect::<String>();
            header.points.iter().map(short).collect::<Vec<_>>()
        };
        let points = |header: &Header| header.points.iter().map(|point| point.values.join(" ")).collect::<Vec<_>>();
        let compared = [
            ("version", self.firedrill.clone(), other.firedrill.clone()),
            ("command", self.command.clone(), other.command.clone()),
            ("scenario", self.scenario.clone(), other.scenario.clone()),
            ("changes (--set)", list(&self.settings), list(&other.settings)),
            ("keys that are varied", list(&self.keys), list(&other.keys)),
            ("points", list(&points(self)), list(&points(other))),
            ("SHA-256 of the resolved scenario", list(&hashes(self)), list(&hashes(other))),
            ("designs", list(&self.designs), list(&other.designs)),
            ("seed", self.seed.to_string(), other.seed.to_string()),
            ("first run", self.first_run.to_string(), other.first_run.to_string()),
            ("runs", self.runs.to_string(), other.runs.to_string()),
            ("--until", list(&self.until), list(&other.until)),
            ("--max-runs", self.max_runs.to_string(), other.max_runs.to_string()),
            ("search", list(&self.search), list(&other.search)),
            ("metrics", self.metrics_sha256.clone(), other.metrics_sha256.clone()),
            ("shard", part(self), part(other)),
        ];
        let differing = compared.into_iter().find(|(_, ours, theirs)| ours != theirs);
        differing.map(|(what, ours, theirs)| format!("{what}: {} there, {} here", short(&ours), short(&theirs)))
    }
}

/// Returns the first 60 characters of `text`.
fn short(text: &str) -> String {
    let mut short: String = text.chars().take(60).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in super::super) fn header() -> Header {
        Header {
            firedrill: "0.1.0".into(),
            command: "compare".into(),
            path: "a.toml".into(),
            position: 0,
            scenario: "a".into(),
            points: vec![Point { values: Vec::new(), scenario_sha256: "12ab".into() }],
            designs: vec!["one".into(), "two".into()],
            seed: 7,
            first_run: 0,
            runs: 200,
            until: Vec::new(),
            max_runs: 0,
            keys: Vec::new(),
            search: Vec::new(),
            settings: Vec::new(),
            force: false,
            metrics_sha256: "ff".into(),
            shard: None,
        }
    }

    #[test]
    fn what_differs_is_named_with_both_values() {
        let ours = header();
        let changed = |change: &dyn Fn(&mut Header)| {
            let mut other = header();
            change(&mut other);
            ours.difference(&other)
        };
        assert_eq!(changed(&|other| other.path = "b/a.toml".into()), None);
        assert_eq!(changed(&|other| other.seed = 8).unwrap(), "seed: 7 there, 8 here");
        assert_eq!(
            changed(&|other| other.settings.push("a=1".into())).unwrap(),
            "changes (--set): none there, a=1 here"
        );
        let hash = changed(&|other| other.points[0].scenario_sha256 = "12ac".into()).unwrap();
        assert_eq!(hash, "SHA-256 of the resolved scenario: 12ab there, 12ac here");
    }

    #[test]
    fn parts_of_one_study_are_alike_but_for_the_part() {
        let part = |part, of| Header { shard: Some(Part { part, of }), ..header() };
        assert_eq!(part(1, 3).difference(&part(2, 3)).unwrap(), "shard: 1/3 there, 2/3 here");
        assert_eq!(part(1, 3).difference_of_parts(&part(2, 3)), None);
        assert_eq!(part(1, 3).difference_of_parts(&part(2, 4)).unwrap(), "shard: of 3 there, of 4 here");
    }

    #[test]
    fn parts_have_the_runs_of_the_whole_between_them() {
        let part = |part| Header { shard: Some(Part { part, of: 3 }), runs: 11, ..header() }.expected().unwrap();
        // 11 runs of two designs, dealt to three: 4, 4 and 3.
        assert_eq!(([1, 2, 3].map(part), header().expected()), ([8, 8, 6], Some(400)));
        assert_eq!(Header { until: vec!["downtime_s.mean +-1s".into()], ..header() }.expected(), None);
    }
}
