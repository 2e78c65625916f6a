//! The progress bar, and the closing line with the speed. The only place in the crate that reads a clock.

use std::io::IsTerminal;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::results::words::counted;
use crate::study;

/// The bar and the clock of one study.
#[derive(Debug)]
pub(crate) struct ProgressLine {
    bar: ProgressBar,
    started: Instant,
    runs: AtomicU64,
    events: AtomicU64,
    requests: AtomicU64,
}

impl ProgressLine {
    /// Starts the clock; the bar is shown only if stderr is a terminal and `quiet` is false.
    #[expect(clippy::disallowed_methods, reason = "speed is shown on stderr and reaches no result")]
    pub(crate) fn start(total: u64, quiet: bool) -> Self {
        let shown = std::io::stderr().is_terminal() && !quiet;
        let target = if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let style =
            ProgressStyle::with_template("{bar:30} {pos}/{len} runs  {msg}  {eta} left").expect("a valid template");
        let bar = ProgressBar::with_draw_target(Some(total), target).with_style(style);
        ProgressLine {
            bar,
            started: Instant::now(),
            runs: AtomicU64::new(0),
            events: AtomicU64::new(0),
            requests: AtomicU64::new(0),
        }
    }

    /// Shows how far the study has come. May be called from any thread, in any order.
    pub(crate) fn report(&self, so_far: study::Progress) {
        let runs = self.runs.fetch_max(so_far.runs, Ordering::Relaxed).max(so_far.runs);
        let events = self.events.fetch_max(so_far.events, Ordering::Relaxed).max(so_far.events);
        self.requests.fetch_max(so_far.requests, Ordering::Relaxed);
        self.bar.set_message(format!("{} events/s", scaled(self.per_second(events))));
        // A study that runs until it knows enough learns only then how many runs that takes.
        self.bar.set_length(so_far.total);
        self.bar.set_position(runs);
    }

    /// Takes the bar away and says how fast it went, in a line of at most 80 columns.
    pub(crate) fn close(&self) -> String {
        self.bar.finish_and_clear();
        self.line(self.started.elapsed().as_secs_f64().max(1e-9))
    }

    /// Writes the closing line of a study that took `seconds`.
    fn line(&self, seconds: f64) -> String {
        let events = self.events.load(Ordering::Relaxed) as f64;
        let requests = self.requests.load(Ordering::Relaxed) as f64;
        format!(
            "{}, {} events in {seconds:.1} s: {} events/s, {} requests/s",
            counted(self.runs.load(Ordering::Relaxed), "run"),
            scaled(events),
            scaled(events / seconds),
            scaled(requests / seconds),
        )
    }

    fn per_second(&self, count: u64) -> f64 {
        count as f64 / self.started.elapsed().as_secs_f64().max(1e-9)
    }
}

impl Drop for ProgressLine {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// A count with three digits and a suffix: `950`, `1.25 k`, `12.5 M`.
fn scaled(count: f64) -> String {
    let (value, suffix) = match count {
        c if c < 1e3 => return format!("{c:.0}"),
        c if c < 1e6 => (c / 1e3, "k"),
        c if c < 1e9 => (c / 1e6, "M"),
        c => (c / 1e9, "G"),
    };
    let digits = if value < 10.0 {
        2
    } else if value < 100.0 {
        1
    } else {
        0
    };
    format!("{value:.digits$} {suffix}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_have_three_digits_and_a_suffix() {
        let shown: Vec<String> = [0.0, 950.0, 1_250.0, 12_500_000.0, 3.2e9].map(scaled).to_vec();
        assert_eq!(shown, ["0", "950", "1.25 k", "12.5 M", "3.20 G"]);
    }

    #[test]
    fn the_closing_line_counts_every_run_whatever_the_order_of_the_reports() {
        let progress = ProgressLine::start(2, true);
        progress.report(study::Progress { runs: 2, total: 2, events: 1_500, requests: 15 });
        progress.report(study::Progress { runs: 1, total: 2, events: 1_000, requests: 10 });
        let line = progress.close();
        assert!(line.starts_with("2 runs, 1.50 k events in "), "{line}");
    }

    #[test]
    fn the_closing_line_of_a_large_study_fits_80_columns() {
        let progress = ProgressLine::start(1_000_000, true);
        let events = 99_900_000_000;
        progress.report(study::Progress { runs: 1_000_000, total: 1_000_000, events, requests: events });
        let line = progress.line(9_999.9);
        assert!(line.chars().count() <= 80, "{line}");
        assert!(line.contains(" events/s, ") && line.ends_with(" requests/s"), "{line}");
    }
}
