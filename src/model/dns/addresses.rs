//! The addresses of an answer.

use crate::scenario::RegionId;

/// Addresses in an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct Addresses {
    pub(in super::super) first: RegionId,
    pub(in super::super) second: Option<RegionId>,
}

impl Addresses {
    /// Those regions of `order` that fit; `None` if none does.
    pub(super) fn of(order: [RegionId; 2], fits: impl Fn(RegionId) -> bool) -> Option<Self> {
        let [first, second] = order;
        match (fits(first), fits(second)) {
            (true, both) => Some(Addresses { first, second: both.then_some(second) }),
            (false, true) => Some(Addresses { first: second, second: None }),
            (false, false) => None,
        }
    }

    /// Returns the answer without its second address.
    pub(super) fn without_second(self) -> Self {
        Addresses { second: None, ..self }
    }
}
