//! The budget of retries of a geography's clients: requests save tokens up, and each retry takes one.

/// A bucket of tokens, one for each retry.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct RetryBudget {
    tokens: f64,
    /// Tokens that each request adds.
    per_request: f64,
    /// Most tokens that can be saved up.
    most: f64,
}

impl RetryBudget {
    /// A full bucket of `most` tokens, to which each request adds `per_request`.
    pub(in super::super) fn full(per_request: f64, most: f64) -> Self {
        RetryBudget { tokens: most, per_request, most }
    }

    /// A request starts.
    #[inline]
    pub(super) fn save(&mut self) {
        self.tokens = (self.tokens + self.per_request).min(self.most);
    }

    /// Takes a token for a retry. Returns false if none is left.
    pub(super) fn take(&mut self) -> bool {
        let is_left = self.tokens >= 1.0;
        if is_left {
            self.tokens -= 1.0;
        }
        is_left
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_retry_takes_what_so_many_requests_have_saved_up_and_no_more_than_the_most_is_saved() {
        let mut budget = RetryBudget::full(0.25, 2.0);
        assert_eq!([budget.take(), budget.take(), budget.take()], [true, true, false]);
        (0..3).for_each(|_| budget.save());
        assert!(!budget.take(), "three quarters of a token");
        budget.save();
        assert!(budget.take() && !budget.take());
        (0..100).for_each(|_| budget.save());
        assert_eq!([budget.take(), budget.take(), budget.take()], [true, true, false]);
    }
}
