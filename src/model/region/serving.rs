//! Serving: what the way of a request through the regions touches.

use super::super::books::Books;
use super::super::data::Data;
use super::super::dns::Dns;
use super::super::setting::Setting;
use super::super::visitor::{Requests, Visitors};
use super::Regions;

/// Owners that the way of a request touches, from its arrival at an app to the response.
pub(in super::super) struct Serving<'w> {
    pub(in super::super) regions: &'w mut Regions,
    pub(in super::super) data: &'w mut Data,
    pub(in super::super) visitors: &'w mut Visitors,
    pub(in super::super) dns: &'w mut Dns,
    pub(in super::super) books: &'w mut Books,
    pub(in super::super) setting: &'w Setting<'w>,
}

impl Serving<'_> {
    /// The ends of requests, and what they touch.
    #[inline(always)]
    pub(in super::super) fn requests(&mut self) -> Requests<'_> {
        let Serving { visitors, data, books, setting, .. } = self;
        Requests { visitors, data, books, setting }
    }
}
