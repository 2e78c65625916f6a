//! The one wording of each number and case: whoever shows results takes it from here.

mod amount;
mod caveat;
mod code;
mod cost;
mod count;
mod downtime;
mod headline;
mod interval;
mod markdown;
mod mean;
mod objective;
mod quantile;
mod setting;
mod shell;
mod unbroken;
mod unconfirmed;

pub use amount::{at_least, bytes, count, counted, difference, duration, exact, grouped, share, significant, value};
pub use caveat::{NARROW, NARROW_BRIEF, caveats, column_notes, star};
pub use code::{Piece, pieces};
pub use cost::{COST, cost_shares};
pub use count::{in_all, in_runs, in_these_runs, listed, most_in_runs, runs, runs_of_each, wins};
pub use downtime::{downtime_notes, is_of_windows, is_under_slo, windows, windows_of};
pub use headline::headline;
pub use interval::{doubt, ends, interval_words, up_to};
pub use markdown::{fenced, markdown_cell, markdown_code, markdown_sentence};
pub use mean::{Space, margin, mean, mean_alone, mean_cut, mean_of, over_first};
pub use objective::{objective_found, objective_stated};
pub use quantile::{quantile, quantile_interval};
pub use setting::setting;
pub use shell::{quoted, set_option};
pub use unbroken::{UNBREAKABLE, unbroken};
pub use unconfirmed::{UNCONFIRMED, unconfirmed, unconfirmed_beside, unconfirmed_in};
