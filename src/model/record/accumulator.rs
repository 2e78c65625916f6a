//! Time-weighted capacity: readings of the pools' sums, and what a stretch of time adds to them.
//!
//! A region counts as idle capacity while it is up and stands first in no published answer to a geography with sessions. That
//! changes seldom, so the sums are read when it does, and at the end of each window.

use super::super::load::Load;

/// Sums of a region's pools since the start of the run.
#[derive(Clone, Copy, Debug, Default)]
pub(in super::super) struct Reading {
    /// Worker-nanoseconds busy, and switched on.
    pub(in super::super) app: (u128, u128),
    /// Connection-nanoseconds busy, and there.
    pub(in super::super) node: (u128, u128),
}

/// The place of a region in the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct Standing {
    /// True if it can be reached.
    pub(in super::super) is_up: bool,
    /// True if it stands first in the published answer to a geography with sessions.
    pub(in super::super) leads: bool,
}

/// The accumulator of one region.
#[derive(Clone, Copy, Debug)]
pub(super) struct LoadAccumulator {
    workers_per_instance: u128,
    standing: Standing,
    last: Reading,
    /// Since the window began.
    window: Load,
}

impl LoadAccumulator {
    pub(super) fn new(workers_per_instance: u32) -> Self {
        LoadAccumulator {
            workers_per_instance: u128::from(workers_per_instance),
            standing: Standing { is_up: true, leads: true },
            last: Reading::default(),
            window: Load::default(),
        }
    }

    /// The standing that holds since the last reading.
    pub(super) fn standing(&self) -> Standing {
        self.standing
    }

    /// Changes the standing at the moment of the last reading.
    pub(super) fn stand(&mut self, standing: Standing) {
        self.standing = standing;
    }

    /// Adds what has passed since the last reading.
    pub(super) fn read(&mut self, now: Reading) {
        let (busy, on) = (now.app.0 - self.last.app.0, now.app.1 - self.last.app.1);
        let instances_on = on / self.workers_per_instance;
        self.window.app_busy_ns += busy;
        self.window.app_on_ns += on;
        self.window.database_busy_ns += now.node.0 - self.last.node.0;
        self.window.database_on_ns += now.node.1 - self.last.node.1;
        self.window.instances_on_ns += instances_on;
        if self.standing.is_up {
            self.window.instances_up_ns += instances_on;
            if !self.standing.leads {
                self.window.instances_idle_ns += on.saturating_sub(busy) / self.workers_per_instance;
            }
        }
        self.last = now;
    }

    /// The same accumulator, with nothing on it since the last reading.
    pub(super) fn emptied(self) -> Self {
        LoadAccumulator { window: Load::default(), ..self }
    }

    /// Ends the window and returns what was in it.
    pub(super) fn take(&mut self) -> Load {
        std::mem::take(&mut self.window)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(busy: u128, on: u128) -> Reading {
        Reading { app: (busy, on), node: (0, 0) }
    }

    #[test]
    fn a_region_is_idle_while_it_is_up_and_leads_nobody_less_what_is_busy() {
        // Two instances of four workers: 8 worker-nanoseconds each nanosecond.
        let mut accumulator = LoadAccumulator::new(4);
        accumulator.read(reading(10, 80));
        accumulator.stand(Standing { is_up: true, leads: false });
        // Ten more: 20 instance-nanoseconds on, and 4 of 80 worker-nanoseconds busy, which is one instance-nanosecond.
        accumulator.read(reading(14, 160));
        accumulator.stand(Standing { is_up: false, leads: false });
        accumulator.read(reading(14, 240));
        let load = accumulator.take();
        assert_eq!((load.instances_on_ns, load.instances_up_ns, load.instances_idle_ns), (60, 40, 19));
        assert_eq!((load.app_busy_ns, load.app_on_ns), (14, 240));
        accumulator.read(reading(15, 248));
        assert_eq!(accumulator.take().app_on_ns, 8);
    }
}
