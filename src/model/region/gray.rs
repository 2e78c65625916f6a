//! Gray regions: they work, but slowly or with errors.
//!
//! A gray region is *unfit* while a single probe of the design's kind would fail there more often than not. That is decided from
//! the incident alone, not by drawing: `ping` and `tcp` probes see neither errors nor slowness; `http` and `deep` ones fail if
//! more than half of the responses are errors, or if the median of the slowed service times (`deep`: the app's and the
//! database's) outlasts the probe's timeout. Queues and round trips are left out.

use super::super::draws::{Draws, OfAttempt};
use crate::scenario::{Dns, Probe, Region};
use crate::units::{SimDuration, SimTime};

/// Causes that make a region gray at the moment.
#[derive(Debug, Default)]
pub(super) struct Gray {
    /// Factor and share of errors of each cause.
    causes: Vec<(f64, f64)>,
    /// The product of the factors, and the probability that one of the causes makes an error; `None` without a cause.
    now: Option<(f64, f64)>,
    /// Set while most probes would fail.
    is_unfit: bool,
    /// Time at which it last ceased to be so.
    unfit_until: SimTime,
}

impl Gray {
    /// One more cause.
    pub(super) fn begin(&mut self, factor: f64, errors: f64) {
        self.causes.push((factor, errors));
        self.sum_up();
    }

    /// One cause fewer.
    pub(super) fn end(&mut self, factor: f64, errors: f64) {
        let place = self.causes.iter().position(|cause| *cause == (factor, errors)).expect("a cause that had begun");
        self.causes.remove(place);
        self.sum_up();
    }

    fn sum_up(&mut self) {
        let product = |(factor, good): (f64, f64), cause: &(f64, f64)| (factor * cause.0, good * (1.0 - cause.1));
        let (factor, good) = self.causes.iter().fold((1.0, 1.0), product);
        self.now = (!self.causes.is_empty()).then_some((factor, 1.0 - good));
    }

    /// Notes whether most probes would fail from `now` on.
    pub(super) fn judge(&mut self, now: SimTime, is_unfit: bool) {
        if self.is_unfit && !is_unfit {
            self.unfit_until = now;
        }
        self.is_unfit = is_unfit;
    }

    /// Returns whether most probes fail now, or would have at some time after `sent`.
    pub(super) fn was_unfit_since(&self, sent: SimTime) -> bool {
        self.is_unfit || self.unfit_until > sent
    }

    /// Returns whether a single probe of these settings would fail more often than not.
    pub(super) fn fails_probes(&self, dns: &Dns, region: &Region) -> bool {
        let Some((factor, errors)) = self.now else { return false };
        let served = match dns.health_checks.probe {
            Probe::Ping | Probe::Tcp => return false,
            Probe::Http => region.app.service.median(),
            Probe::Deep => region.app.service.median() + region.database.read.median(),
        };
        errors > 0.5 || served * factor > dns.health_checks.timeout.as_secs_f64()
    }

    /// Tells if there is no cause.
    #[inline]
    pub(super) fn is_well(&self) -> bool {
        self.now.is_none()
    }

    /// Tells if the region is slower than it should be.
    #[inline]
    pub(super) fn is_slow(&self) -> bool {
        self.now.is_some_and(|(factor, _)| factor > 1.0)
    }

    /// A service time as it is now.
    #[inline]
    pub(super) fn stretch(&self, demand: SimDuration) -> SimDuration {
        match self.now {
            Some((factor, _)) => stretched(demand, factor),
            None => demand,
        }
    }

    /// Tells if an attempt is answered with an error.
    #[inline]
    pub(super) fn strikes(&self, draws: Draws, request: u32, attempt: u32) -> bool {
        match self.now {
            Some((_, errors)) => {
                errors > 0.0 && draws.of_attempt(request, attempt, OfAttempt::Error).uniform() < errors
            }
            None => false,
        }
    }
}

/// A service time times a factor.
pub(super) fn stretched(demand: SimDuration, factor: f64) -> SimDuration {
    SimDuration::from_secs_f64(demand.as_secs_f64() * factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_multiply_and_the_last_to_end_leaves_nothing() {
        let second = SimDuration::from_secs(1);
        let mut gray = Gray::default();
        assert_eq!(gray.stretch(second), second);
        gray.begin(2.0, 0.5);
        gray.begin(3.0, 0.5);
        assert_eq!(gray.now, Some((6.0, 0.75)));
        assert_eq!(gray.stretch(second), second.times(6));
        gray.end(2.0, 0.5);
        gray.end(3.0, 0.5);
        assert!(gray.now.is_none() && !gray.is_slow());
    }
}
