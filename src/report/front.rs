//! Cost against recovery time against lost writes: a table for the terminal, and `front.csv`.

use std::io::{self, Write};

use super::format::exact;
use crate::results::Unit;
use crate::results::words::{NARROW, star};
use crate::study::{Attendance, FRONT, FrontEntry, FrontMeasure, Standing, Sweep};

/// Units of the three measures.
const UNITS: [Unit; 3] = [Unit::Money, Unit::Seconds, Unit::Count];

/// The table for the terminal: a row for each point and design, with its standing.
pub(super) fn front_table(sweep: &Sweep, front: &[FrontEntry]) -> String {
    let header = [sweep.keys.join(", "), "design".into(), "cost per month".into(), "recovery time".into()];
    let mut rows: Vec<[String; 6]> = Vec::new();
    let [keys, design, cost, recovery] = header;
    rows.push([keys, design, cost, recovery, "writes lost".into(), "standing".into()]);
    for entry in front {
        let [cost, recovery, lost] = [0, 1, 2].map(|place| entry.measures[place].in_words(UNITS[place]));
        let (point, design) = named(sweep, entry);
        let standing = match entry.standing {
            Standing::NotDominated => "not dominated".to_owned(),
            Standing::Open if !entry.attendance.is_enough() => {
                let Attendance { runs, unattended, .. } = entry.attendance;
                format!("cannot tell: no request met the incident in {unattended} of {runs} runs")
            }
            Standing::Open => "cannot tell".to_owned(),
            Standing::Dominated { by } => {
                let (point, design) = named(sweep, &front[by]);
                format!("dominated by {point}, {design}")
            }
        };
        rows.push([point, design.to_owned(), cost, recovery, lost, standing]);
    }
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: [usize; 6] = [0, 1, 2, 3, 4, 5].map(width);
    let mut text =
        "\ncost against recovery time against lost writes (means; nothing to recover from counts as 0)\n".to_owned();
    if front.iter().any(|entry| entry.attendance.unattended > 0) {
        text.push_str("Left out are the runs in which no request met the incident of an entry that is compared.\n");
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
    let is_narrow = |measure: &FrontMeasure| !star(measure.degenerate().as_ref()).is_empty();
    if front.iter().any(|entry| entry.measures.iter().any(is_narrow)) {
        text.push_str(&format!("\n{NARROW}\n"));
    }
    text
}

/// The values of an entry's keys, and its design's name.
pub(super) fn named<'a>(sweep: &'a Sweep, entry: &FrontEntry) -> (String, &'a str) {
    let point = &sweep.points[entry.point];
    (point.values.join(", "), &point.outcome.designs[entry.design].name)
}

/// A row for each point and design.
pub(super) fn write_front(sweep: &Sweep, front: &[FrontEntry], file: impl Write) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(file);
    let measures = FRONT.iter().flat_map(|name| ["", "_low", "_high"].map(|end| format!("{name}{end}")));
    let standing = ["standing", "dominated_by_point", "dominated_by_design", "runs_unattended"].map(str::to_owned);
    let header = ["point".to_owned()].into_iter().chain(sweep.keys.iter().cloned()).chain(["design".to_owned()]);
    writer.write_record(header.chain(measures).chain(standing))?;
    for entry in front {
        let number = |value: f64| if value.is_finite() { exact(value) } else { String::new() };
        let ends = |measure: &FrontMeasure| match measure.interval {
            Some(interval) => [measure.mean, interval.low, interval.high].map(number),
            None => [number(measure.mean), String::new(), String::new()],
        };
        let by = match entry.standing {
            Standing::Dominated { by } => [front[by].point.to_string(), named(sweep, &front[by]).1.to_owned()],
            Standing::NotDominated | Standing::Open => [const { String::new() }; 2],
        };
        let place = [entry.point.to_string()].into_iter().chain(sweep.points[entry.point].values.iter().cloned());
        let fields = place.chain([named(sweep, entry).1.to_owned()]).chain(entry.measures.iter().flat_map(ends));
        let unattended = entry.attendance.unattended.to_string();
        writer.write_record(fields.chain([entry.standing.name().to_owned()]).chain(by).chain([unattended]))?;
    }
    writer.flush()
}
