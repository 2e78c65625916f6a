//! Overrides that follow an advice.

/// One override that follows an advice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// The dotted path, as `--set` takes it.
    pub key: String,
    /// The new value.
    pub value: String,
}
