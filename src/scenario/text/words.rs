//! Enums whose variants have words in a scenario file.

/// An enum whose variants a scenario file names.
pub(in crate::scenario) trait Words: Copy + 'static {
    /// Every variant, in the order in which messages and documents list them.
    const ALL: &'static [Self];

    /// Returns its word.
    fn word(self) -> &'static str;

    /// Returns all words.
    fn words() -> Vec<&'static str> {
        Self::ALL.iter().map(|each| each.word()).collect()
    }

    /// Returns the variant that `word` names.
    fn named(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|each| each.word() == word)
    }
}

/// A boolean may decide, too.
impl Words for bool {
    const ALL: &'static [bool] = &[true, false];

    fn word(self) -> &'static str {
        if self { "true" } else { "false" }
    }
}

/// Gives an enum its words, in one list. The compiler finds the variant that has none.
macro_rules! words {
    ($of:ident: $($word:literal => $variant:ident),+ $(,)?) => {
        impl $crate::scenario::text::words::Words for $of {
            const ALL: &'static [Self] = &[$($of::$variant),+];

            fn word(self) -> &'static str {
                match self {
                    $($of::$variant => $word),+
                }
            }
        }
    };
}

pub(in crate::scenario) use words;
