//! The authorities in the chain of names, and the outages that they suffer from.

use super::super::event::NameServer;
use crate::scenario::DnsMode;

/// The way in which an authority answers at the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Voice {
    /// Not at all.
    Silent,
    /// Without an address.
    Empty,
    /// With what it holds.
    Answers,
}

/// Both authorities. Outages of one kind are counted, so that several act together.
#[derive(Debug, Default)]
pub(in super::super) struct Authorities {
    zone: Outages,
    gtm: Outages,
}

/// The outages under way of one authority.
#[derive(Clone, Copy, Debug, Default)]
struct Outages {
    silent: u32,
    empty: u32,
}

impl Authorities {
    /// An outage of an authority begins, or ends.
    pub(in super::super) fn outage(&mut self, authority: NameServer, mode: DnsMode, begins: bool) {
        let outages = match authority {
            NameServer::Zone => &mut self.zone,
            NameServer::Gtm => &mut self.gtm,
        };
        let count = match mode {
            DnsMode::Silent => &mut outages.silent,
            DnsMode::Empty => &mut outages.empty,
        };
        *count = if begins { *count + 1 } else { *count - 1 };
    }

    /// Returns the way in which an authority answers now. Silence wins over an empty answer.
    #[inline]
    pub(in super::super) fn voice(&self, authority: NameServer) -> Voice {
        let Outages { silent, empty } = match authority {
            NameServer::Zone => self.zone,
            NameServer::Gtm => self.gtm,
        };
        match (silent, empty) {
            (0, 0) => Voice::Answers,
            (0, _) => Voice::Empty,
            (_, _) => Voice::Silent,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_wins_over_an_empty_answer_and_the_last_outage_to_end_leaves_none() {
        let mut authorities = Authorities::default();
        authorities.outage(NameServer::Gtm, DnsMode::Empty, true);
        assert_eq!(authorities.voice(NameServer::Gtm), Voice::Empty);
        authorities.outage(NameServer::Gtm, DnsMode::Silent, true);
        authorities.outage(NameServer::Gtm, DnsMode::Silent, true);
        authorities.outage(NameServer::Gtm, DnsMode::Silent, false);
        assert_eq!(authorities.voice(NameServer::Gtm), Voice::Silent);
        assert_eq!(authorities.voice(NameServer::Zone), Voice::Answers, "the other authority");
        authorities.outage(NameServer::Gtm, DnsMode::Silent, false);
        authorities.outage(NameServer::Gtm, DnsMode::Empty, false);
        assert_eq!(authorities.voice(NameServer::Gtm), Voice::Answers);
    }
}
