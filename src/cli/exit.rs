//! Exit statuses.

use std::process::ExitCode;

/// Exit status of the command, as the shell sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitStatus {
    /// 0: it was done, and every expectation was met.
    Good,
    /// 1: it was done, and an expectation was not met.
    ExpectationNotMet,
    /// 2: the arguments or the scenario make no sense.
    BadInput,
    /// 3: it could not be done: the disk, an interruption, a bug.
    NotDone,
}

impl ExitStatus {
    /// The worse of two.
    pub(crate) fn worse(self, other: ExitStatus) -> ExitStatus {
        if (other as u8) > (self as u8) { other } else { self }
    }
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> ExitCode {
        ExitCode::from(status as u8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worse_of_two_statuses_is_the_higher_number() {
        assert_eq!(ExitStatus::Good.worse(ExitStatus::ExpectationNotMet), ExitStatus::ExpectationNotMet);
        assert_eq!(ExitStatus::NotDone.worse(ExitStatus::BadInput), ExitStatus::NotDone);
    }
}
