//! Collects what reading a file finds: the first findings in the order of the file, and how many there are in all.

use super::document::Origin;

/// The most findings that are kept; the others are counted.
pub(in crate::scenario) const MOST_FINDINGS: usize = 20;

/// The most problems for which unknown keys get a suggestion.
pub(super) const MOST_HINTS: usize = 1_000;

/// Where a finding stands among others: by place in the file, then by override.
type Rank = (usize, usize);

/// A finding about a key, not yet at a place that can be shown.
#[derive(Clone, Debug)]
pub(in crate::scenario) struct KeyFinding {
    /// Where it was written.
    pub(in crate::scenario) origin: Origin,
    /// Dotted path of the key.
    pub(in crate::scenario) key: String,
    /// The words for it.
    pub(in crate::scenario) message: String,
}

/// The first findings, and how many there were.
#[derive(Debug, Default)]
pub(in crate::scenario) struct FirstFindings {
    kept: Vec<(Rank, KeyFinding)>,
    all: usize,
}

impl FirstFindings {
    /// Adds a finding, and forgets those that cannot be among the first.
    pub(in crate::scenario) fn add(&mut self, finding: KeyFinding) {
        self.all += 1;
        self.kept.push((rank(&finding.origin), finding));
        if self.kept.len() >= 2 * MOST_FINDINGS {
            self.keep_first();
        }
    }

    /// Returns the first findings in the order of the file, and how many there are besides.
    pub(in crate::scenario) fn into_first(mut self) -> (Vec<KeyFinding>, usize) {
        self.keep_first();
        let more = self.all - self.kept.len();
        (self.kept.into_iter().map(|(_, finding)| finding).collect(), more)
    }

    /// Returns how many findings there are.
    pub(in crate::scenario) fn count(&self) -> usize {
        self.all
    }

    fn keep_first(&mut self) {
        self.kept.sort_by_key(|(rank, _)| *rank);
        self.kept.truncate(MOST_FINDINGS);
    }
}

fn rank(origin: &Origin) -> Rank {
    match origin {
        Origin::File(span) => (0, span.start),
        Origin::Override(index) => (1, *index),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_thousand_findings_in_any_order_the_first_twenty_of_the_file_are_kept() {
        let mut findings = FirstFindings::default();
        // 7 and 1000 have no common factor, so each place comes once.
        for at in (0..1_000).map(|step| step * 7 % 1_000) {
            findings.add(KeyFinding { origin: Origin::File(at..at), key: String::new(), message: at.to_string() });
        }
        let (first, more) = findings.into_first();
        let messages: Vec<usize> = first.iter().map(|finding| finding.message.parse().unwrap()).collect();
        assert_eq!((messages, more), ((0..20).collect(), 980));
    }
}
