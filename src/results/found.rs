//! Where a condition tips in one design, in words.

/// Findings of a search about one design.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Name of the design.
    pub design: String,
    /// Kind of the answer, as files name it.
    pub answer: &'static str,
    /// The answer in a sentence.
    pub sentence: String,
    /// The last value with which the condition holds, and the next one, with which it fails; `None` if it tips nowhere.
    pub ends: Option<[String; 2]>,
    /// The value to rely on.
    pub sure: Option<String>,
    /// Confidence in the answer, and what speaks against it, a sentence each.
    pub notes: Vec<String>,
    /// Every value tried, from the low end to the high one, and what was found there.
    pub tried: Vec<[String; 2]>,
}
