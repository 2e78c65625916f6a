//! Tells where two executions of one run part.

use std::fmt;

use crate::units::SimTime;
use crate::units::words::counted;

/// The first event at which two executions of the same run part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Divergence {
    /// Events that were the same in both.
    pub agreed: u64,
    /// Next event in each, with its simulated time; `None` where nothing was left before the horizon.
    pub next: [Option<(SimTime, String)>; 2],
}

impl fmt::Display for Divergence {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "two executions of the same run part after {}:", counted(self.agreed, "event"))?;
        for (next, which) in self.next.iter().zip(["one", "the other"]) {
            match next {
                Some((at, event)) => write!(out, " {which} goes on with {event} at {:.9} s", at.as_secs_f64())?,
                None => write!(out, " {which} has no event left before the horizon")?,
            }
            out.write_str(if which == "one" { "," } else { "" })?;
        }
        Ok(())
    }
}
