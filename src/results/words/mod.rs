//! The one wording of each number and case: whoever shows results takes it from here.

mod amount;
mod caveat;
mod count;
mod interval;
mod markdown;
mod mean;
mod shell;

pub use amount::{bytes, count, difference, duration, exact, share, significant, value};
pub use caveat::{NARROW, caveats, star};
pub use count::{in_runs, listed, most_in_runs, runs, windows, wins};
pub use interval::{doubt, ends, interval_words, up_to};
pub use markdown::markdown_cell;
pub use mean::{Space, margin, mean, mean_alone, mean_of};
pub use shell::quoted;
