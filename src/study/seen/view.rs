//! A view of a run: everybody, one geography, or one operation.

use serde::{Deserialize, Serialize};

use crate::model::Operation;

/// The visitors and the operations whose requests are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitorView {
    /// Geography by place in the file; `None`: all.
    pub geography: Option<usize>,
    /// Reads or writes; `None`: both.
    pub operation: Option<Operation>,
}

impl VisitorView {
    /// All requests.
    pub const WHOLE: VisitorView = VisitorView { geography: None, operation: None };

    /// Every view of a world with this many geographies: all first, then each; both operations first, then each.
    pub fn all(geographies: usize) -> impl Iterator<Item = VisitorView> {
        std::iter::once(None).chain((0..geographies).map(Some)).flat_map(|geography| {
            [None, Some(Operation::Read), Some(Operation::Write)]
                .into_iter()
                .map(move |operation| VisitorView { geography, operation })
        })
    }

    pub(crate) fn sees_geography(self, geography: usize) -> bool {
        self.geography.is_none_or(|own| own == geography)
    }

    pub(crate) fn sees_operation(self, operation: Operation) -> bool {
        self.operation.is_none_or(|own| own == operation)
    }

    /// The operation's name in files.
    pub fn operation_name(self) -> &'static str {
        match self.operation {
            None => "all",
            Some(Operation::Read) => "read",
            Some(Operation::Write) => "write",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn views_list_everybody_first_and_every_cell_once() {
        let views: Vec<VisitorView> = VisitorView::all(2).collect();
        assert_eq!(views.len(), 9);
        assert_eq!(views[0], VisitorView::WHOLE);
        assert_eq!(views[8], VisitorView { geography: Some(1), operation: Some(Operation::Write) });
    }
}
