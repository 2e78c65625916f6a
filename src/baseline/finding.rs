//! A comparison with a baseline as findings: the bytes, whether there are runs enough, then per design what is better, worse
//! or undecided, and what is the same in one line.

use super::compare::{BaselineComparison, Compared, DesignCompared, Exact, MetricVerdict};
use super::enough::{LEVEL, TooFewInCommon};
use crate::results::words::{counted, difference, in_all, in_runs, runs, value};
use crate::results::{Finding, FindingStanding, Source, StudyEstimate};
use crate::study::{Metric, StudyOutcome};

impl BaselineComparison {
    /// Lists what the comparison of `outcome` with the baseline called `name` says.
    pub fn findings(&self, outcome: &StudyOutcome, name: &str) -> Vec<Finding> {
        let mut all = vec![exact(outcome, name, self)];
        all.extend(self.too_few.map(|too_few| gate(name, too_few)));
        for design in &self.designs {
            all.extend(of_design(outcome, name, design));
        }
        let gone = |what: &str, thing: &String| {
            let text = format!("{what} {thing:?} of baseline {name:?}");
            finding(text, FindingStanding::Fail, format!("is there no more; `firedrill bless {name}` accepts that"))
        };
        all.extend(self.gone.iter().map(|design| gone("design", design)));
        all.extend(self.metrics_gone.iter().map(|metric| gone("metric", metric)));
        for design in &self.new {
            let found = format!("is not in baseline {name:?}; `firedrill bless {name}` adds it");
            all.push(about(finding(design.clone(), FindingStanding::Noted, found), design));
        }
        all
    }
}

fn finding(text: String, standing: FindingStanding, found: String) -> Finding {
    Finding {
        source: Source::Baseline,
        designs: Vec::new(),
        metric: None,
        text,
        standing,
        found,
        measured: None,
        interval: None,
        level: LEVEL,
        may_break: None,
        line: None,
        replay: None,
    }
}

fn about(finding: Finding, design: &str) -> Finding {
    Finding { designs: vec![design.to_owned()], ..finding }
}

/// A check that could not fail whatever happened is none.
fn gate(name: &str, too_few: TooFewInCommon) -> Finding {
    let TooFewInCommon { runs, needed } = too_few;
    let found = format!(
        "too few, {runs}: with fewer than {needed} nothing can be called worse; take --runs {needed} or more, for the baseline too"
    );
    finding(format!("the runs in common with baseline {name:?}"), FindingStanding::Fail, found)
}

fn exact(outcome: &StudyOutcome, name: &str, comparison: &BaselineComparison) -> Finding {
    let text = format!("the bytes of baseline {name:?}");
    match &comparison.exact {
        Exact::Same { runs: 0 } => finding(text, FindingStanding::Undecided, "no run numbers in common".to_owned()),
        Exact::Same { runs } => finding(text, FindingStanding::Pass, format!("the same {}", in_all(*runs))),
        Exact::Changed(changed) => {
            let what: Vec<String> = changed.iter().map(|(what, ..)| another(what, comparison.changes.len())).collect();
            let found = format!("need not be the same: {}", what.join(", "));
            finding(text, FindingStanding::Noted, found)
        }
        Exact::Different { design, run, different, runs } => {
            let found = format!(
                "{different} of {} give other bytes, though version, scenario and seed are the same; the first is \
                 run {run} of {design}",
                counted(*runs, "run")
            );
            let replay = Some(outcome.replay_run(design, *run));
            Finding { replay, ..about(finding(text, FindingStanding::Fail, found), design) }
        }
    }
}

/// Says in words that `what` differs from the baseline; `keys` of the scenario have changed.
fn another(what: &str, keys: usize) -> String {
    match (what, keys) {
        ("sha256", 0) => "another order of the scenario's tables".to_owned(),
        ("sha256", 1) => "another value of 1 key of the scenario".to_owned(),
        ("sha256", _) => format!("other values of {keys} keys of the scenario"),
        ("scenario", _) => "another name of the scenario".to_owned(),
        ("firedrill", _) => "another version of Firedrill".to_owned(),
        _ => format!("another {what}"),
    }
}

fn of_design(outcome: &StudyOutcome, name: &str, design: &DesignCompared) -> Vec<Finding> {
    let metrics = outcome.metrics.all();
    let (same, rest): (Vec<&Compared>, Vec<&Compared>) =
        design.metrics.iter().partition(|compared| compared.verdict == MetricVerdict::Same);
    let one = |compared: &Compared| {
        let metric = &metrics[compared.metric];
        let standing = match compared.verdict {
            MetricVerdict::Worse => FindingStanding::Fail,
            MetricVerdict::Better | MetricVerdict::Same => FindingStanding::Pass,
            MetricVerdict::NotEnoughRuns { .. } => FindingStanding::Undecided,
        };
        let text = format!("{} against baseline {name:?}: {}", design.name, metric.name);
        let replay = (standing == FindingStanding::Fail).then(|| outcome.replay(&[&design.name]));
        let measured = compared.difference.map(|estimate| estimate.point);
        let found = compared.in_words(metric);
        Finding {
            metric: Some(metric.name.clone()),
            measured,
            interval: compared.difference.map(StudyEstimate::from),
            replay,
            ..about(finding(text, standing, found), &design.name)
        }
    };
    let mut findings: Vec<Finding> = rest.into_iter().map(one).collect();
    if !same.is_empty() {
        let names: Vec<&str> = same.iter().map(|compared| metrics[compared.metric].name.as_str()).collect();
        let text = format!("{} against baseline {name:?}: the same", design.name);
        findings.push(about(finding(text, FindingStanding::Pass, names.join(", ")), &design.name));
    }
    findings
}

impl Compared {
    /// Says the verdict and what it rests on, as in `worse, 5 min 51 s → 9 min 2 s (99 % interval of the difference 2 min 51 s to 3 min 30
    /// s, 20 runs)`.
    pub fn in_words(&self, metric: &Metric) -> String {
        let compared = self;
        let verdict = match compared.verdict {
            MetricVerdict::Better => "better",
            MetricVerdict::Worse => "worse",
            MetricVerdict::Same => "same",
            MetricVerdict::NotEnoughRuns { .. } => "not enough runs",
        };
        let mean =
            |mean: Option<f64>| mean.map_or_else(|| "beyond horizon".to_owned(), |mean| value(mean, metric.unit));
        let mut words = format!("{verdict}, {} → {}", mean(compared.was), mean(compared.is));
        let signed = |size: f64| format!("{}{}", if size < 0.0 { "-" } else { "" }, difference(size, metric.unit));
        match compared.difference {
            Some(estimate) => words.push_str(&format!(
                " (99 % interval of the difference {} to {}, {})",
                signed(estimate.low),
                signed(estimate.high),
                runs(compared.pairs)
            )),
            None if compared.pairs == 0 => return format!("{verdict}: applies to no run of both"),
            None if compared.censored > 0 => {
                words.push_str(&format!(" (beyond the horizon {})", in_runs(compared.censored, compared.pairs)));
            }
            None => words.push_str(&format!(" ({})", runs(compared.pairs))),
        }
        if let MetricVerdict::NotEnoughRuns { needed } = compared.verdict {
            let tolerance = difference(compared.tolerance, metric.unit);
            if compared.pairs < needed {
                words.push_str(&format!("; a difference can be claimed from {needed} runs on"));
            } else {
                words.push_str(&format!("; the tolerance is {tolerance}"));
            }
        }
        words
    }
}
