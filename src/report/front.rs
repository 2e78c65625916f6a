//! Cost against recovery time against lost writes: a table for the terminal, Markdown, and `front.csv`.

use std::fmt::Write as _;
use std::io::{self, Write};

use crate::results::words::{NARROW, exact, markdown_cell, star};
use crate::results::{FrontRow, FrontValue, SweepResults};
use crate::study::FRONT;

/// The title of the table.
const TITLE: &str = "cost against recovery time against lost writes (means; nothing to recover from counts as 0)";
/// Line above it where runs are left out.
const LEFT_OUT: &str = "Left out are the runs in which no request met the incident of an entry that is compared.";

impl FrontRow {
    /// Returns its measures, in the order of the columns.
    const fn measures(&self) -> [&FrontValue; 3] {
        [&self.cost_per_month, &self.recovery_time_s, &self.writes_lost]
    }
}

/// The table for the terminal: a row for each point and design, with its standing. Empty without prices.
pub(super) fn front_table(results: &SweepResults) -> String {
    let Some(front) = &results.front else { return String::new() };
    let rows = cells(results, front);
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: [usize; 6] = [0, 1, 2, 3, 4, 5].map(width);
    let mut text = format!("\n{TITLE}\n");
    if has_left_out(front) {
        let _ = writeln!(text, "{LEFT_OUT}");
    }
    for row in &rows {
        let mut line = String::from(" ");
        for (column, field) in row.iter().enumerate() {
            let width = widths[column];
            let is_number = (2..5).contains(&column);
            line.push_str(&if is_number { format!(" {field:>width$} ") } else { format!(" {field:width$} ") });
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    if has_narrow(front) {
        let _ = writeln!(text, "\n{NARROW}");
    }
    text
}

/// The same as Markdown. Empty without prices.
pub(super) fn front_markdown(results: &SweepResults) -> String {
    let Some(front) = &results.front else { return String::new() };
    let mut text = format!("\n### {TITLE}\n");
    if has_left_out(front) {
        let _ = writeln!(text, "\n{LEFT_OUT}");
    }
    text.push('\n');
    for (place, row) in cells(results, front).iter().enumerate() {
        let cells: String = row.iter().map(|cell| format!(" {} |", markdown_cell(cell))).collect();
        let _ = writeln!(text, "|{cells}");
        if place == 0 {
            let _ = writeln!(text, "|{}", "---|".repeat(row.len()));
        }
    }
    if has_narrow(front) {
        let _ = writeln!(text, "\n{}", markdown_cell(NARROW));
    }
    text
}

/// The header and every row, in words.
fn cells(results: &SweepResults, front: &[FrontRow]) -> Vec<[String; 6]> {
    let header = [&results.keys.join(", "), "design", "cost per month", "recovery time", "writes lost", "standing"];
    let row = |row: &FrontRow| {
        let [cost, recovery, lost] = row.measures().map(|measure| measure.sentence.clone());
        [results.values(row.point), row.design.clone(), cost, recovery, lost, row.sentence.clone()]
    };
    [header.map(str::to_owned)].into_iter().chain(front.iter().map(row)).collect()
}

fn has_left_out(front: &[FrontRow]) -> bool {
    front.iter().any(|row| row.runs_unattended > 0)
}

fn has_narrow(front: &[FrontRow]) -> bool {
    front.iter().flat_map(FrontRow::measures).any(|measure| !star(measure.degenerate.as_ref()).is_empty())
}

/// A row for each point and design.
pub(super) fn write_front(results: &SweepResults, front: &[FrontRow], file: impl Write) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(file);
    let measures = FRONT.iter().flat_map(|name| ["", "_low", "_high"].map(|end| format!("{name}{end}")));
    let standing = ["standing", "dominated_by_point", "dominated_by_design", "runs_unattended"].map(str::to_owned);
    let header = ["point".to_owned()].into_iter().chain(results.keys.iter().cloned()).chain(["design".to_owned()]);
    writer.write_record(header.chain(measures).chain(standing))?;
    for row in front {
        let number = |value: f64| if value.is_finite() { exact(value) } else { String::new() };
        let end = |end: Option<f64>| end.map_or_else(String::new, number);
        let ends = |measure: &FrontValue| [number(measure.mean), end(measure.low), end(measure.high)];
        let by = match &row.dominated_by {
            Some(by) => [by.point.to_string(), by.design.clone()],
            None => [const { String::new() }; 2],
        };
        let place = [row.point.to_string()].into_iter().chain(results.points[row.point].values.iter().cloned());
        let fields = place.chain([row.design.clone()]).chain(row.measures().into_iter().flat_map(ends));
        let unattended = row.runs_unattended.to_string();
        writer.write_record(fields.chain([row.standing.name().to_owned()]).chain(by).chain([unattended]))?;
    }
    writer.flush()
}
