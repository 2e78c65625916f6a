//! The number of cases that a test draws: all of them with `FIREDRILL_TESTS=all`, as CI asks, else a stated few.

/// Tells whether every test is to draw all of its cases: `FIREDRILL_TESTS=all`, or snapshots written anew.
pub(crate) fn draws_all() -> bool {
    std::env::var_os("FIREDRILL_TESTS").is_some_and(|value| value == "all")
        || std::env::var_os("FIREDRILL_BLESS").is_some()
}

/// `all` if all cases are asked for, else `few`. Prints which; a test that fails shows it.
#[expect(clippy::disallowed_macros, reason = "a test that draws fewer cases says so")]
pub(crate) fn cases<T: std::fmt::Display>(all: T, few: T) -> T {
    if draws_all() {
        return all;
    }
    println!("{few} of {all} cases; FIREDRILL_TESTS=all draws all");
    few
}

/// All of `cases` if all are asked for, else `few` of them at equal distances, the first among them.
pub(crate) fn some_of<T>(cases: Vec<T>, few: usize) -> Vec<T> {
    let all = cases.len();
    let step = all.div_ceil(self::cases(all, few.min(all)).max(1));
    cases.into_iter().step_by(step.max(1)).collect()
}
