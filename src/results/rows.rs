//! Rows of the CSV files that are read back: written and read by position, under a header that names them.
//!
//! Some columns carry the name of a region or of a metric, so that a header belongs to a study and not to a type.

use std::io::{self, Read, Write};

use serde::de::{DeserializeOwned, Deserializer};
use serde::{Deserialize, Serialize, Serializer};

use super::words::exact;

/// A number in a CSV file: the shortest text that reads back as the same, or an empty field.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Cell(pub Option<f64>);

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let finite = self.0.filter(|value| value.is_finite());
        serializer.serialize_str(&finite.map_or_else(String::new, exact))
    }
}

impl<'de> Deserialize<'de> for Cell {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Cell::of_text(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

impl Cell {
    fn of_text(text: &str) -> Result<Self, std::num::ParseFloatError> {
        if text.is_empty() { Ok(Cell(None)) } else { text.parse().map(|value| Cell(Some(value))) }
    }
}

impl From<f64> for Cell {
    fn from(value: f64) -> Self {
        Cell(Some(value))
    }
}

/// A row of `runs.csv`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunValues {
    /// Name of the design.
    pub design: String,
    /// Run number.
    pub run: u64,
    /// Metrics, and beside each that may be censored whether it is.
    pub values: Vec<Cell>,
}

/// A row of `timeline.csv`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bin {
    /// Name of the design.
    pub design: String,
    /// Start of the bin, in seconds.
    pub from_s: Cell,
    /// Its end.
    pub to_s: Cell,
    /// Share of the requests that succeed.
    pub success: RunQuantiles,
    /// Share of the attempts that go to each region.
    pub traffic: [RunQuantiles; 2],
    /// Replication lag in seconds.
    pub lag_s: RunQuantiles,
    /// Utilisation of each region.
    pub utilisation: [RunQuantiles; 2],
}

/// The 5th percentile, the median and the 95th percentile over runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RunQuantiles {
    /// The 5th percentile.
    pub p5: Cell,
    /// The median.
    pub median: Cell,
    /// The 95th percentile.
    pub p95: Cell,
}

impl Bin {
    /// Returns the names of the columns, for regions of these names.
    pub fn header(regions: &[String; 2]) -> Vec<String> {
        let [one, two] = regions;
        let values = [
            "success_share".to_owned(),
            format!("traffic_share_{one}"),
            format!("traffic_share_{two}"),
            "lag_s".to_owned(),
            format!("utilisation_{one}"),
            format!("utilisation_{two}"),
        ];
        let bands = values.iter().flat_map(|name| ["p5", "median", "p95"].map(|quantile| format!("{name}_{quantile}")));
        ["design", "from_s", "to_s"].map(str::to_owned).into_iter().chain(bands).collect()
    }
}

/// A row of `latency.csv`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LatencyPoint {
    /// Name of the design.
    pub design: String,
    /// Name of the geography, or `all`.
    pub geography: String,
    /// `read`, `write` or `all`.
    pub operation: String,
    /// Requests that the curve is of.
    pub requests: u64,
    /// The percentile, from 0 to 100.
    pub percentile: Cell,
    /// The latency that so many requests do not exceed.
    pub latency_ms: Cell,
}

impl LatencyPoint {
    /// Returns the names of the columns.
    pub fn header() -> Vec<String> {
        ["design", "geography", "operation", "requests", "percentile", "latency_ms"].map(str::to_owned).to_vec()
    }
}

/// Rows under one header.
#[derive(Clone, Debug, PartialEq)]
pub struct Rows<R> {
    /// Names of the columns.
    pub header: Vec<String>,
    /// The rows.
    pub all: Vec<R>,
}

impl<R: DeserializeOwned> Rows<R> {
    /// Reads a CSV file.
    ///
    /// # Errors
    /// If it has a row that is none of these.
    pub fn read(text: &str) -> Result<Self, csv::Error> {
        // A line of comment says that a study is partial.
        let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(text.as_bytes());
        let header = reader.headers()?.iter().map(str::to_owned).collect();
        // Without the header a row is read by position.
        let all = reader.records().map(|record| record?.deserialize(None)).collect::<Result<_, _>>()?;
        Ok(Rows { header, all })
    }
}

/// Reads two columns of a CSV file row by row: a name and a number, which are nothing where there is no such column.
///
/// # Errors
/// If the file cannot be read, or is none.
pub fn read_numbers(
    file: impl Read,
    name: &str,
    number: &str,
    mut visit: impl FnMut(&str, Cell),
) -> Result<(), csv::Error> {
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(file);
    let header = reader.headers()?;
    let [name, number] = [name, number].map(|wanted| header.iter().position(|column| column == wanted));
    let (Some(name), Some(number)) = (name, number) else { return Ok(()) };
    let mut row = csv::StringRecord::new();
    while reader.read_record(&mut row)? {
        let (name, number) = (row.get(name).unwrap_or_default(), row.get(number).unwrap_or_default());
        visit(name, Cell::of_text(number).map_err(io::Error::other)?);
    }
    Ok(())
}

/// Writes rows under a header.
///
/// # Errors
/// If the file cannot be written.
pub fn write<R: Serialize>(
    header: impl IntoIterator<Item = impl AsRef<[u8]>>,
    rows: impl Iterator<Item = R>,
    file: impl Write,
) -> io::Result<()> {
    let mut writer = csv::WriterBuilder::new().has_headers(false).from_writer(file);
    writer.write_record(header)?;
    for row in rows {
        writer.serialize(row)?;
    }
    writer.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_read_back_as_they_were_written_and_empty_fields_as_nothing() {
        let band = RunQuantiles { p5: 0.1.into(), median: Cell(None), p95: (0.1 + 0.2).into() };
        let bin = Bin {
            design: "a, b".into(),
            from_s: 0.0.into(),
            to_s: 10.0.into(),
            success: band,
            traffic: [band; 2],
            lag_s: RunQuantiles::default(),
            utilisation: [band; 2],
        };
        let mut file = Vec::new();
        let header = Bin::header(&["north".into(), "south".into()]);
        write(&header, [&bin].into_iter(), &mut file).unwrap();
        let text = String::from_utf8(file).unwrap();
        let row = text.lines().nth(1).unwrap();
        assert!(row.starts_with("\"a, b\",0,10,0.1,,0.30000000000000004,"), "{row}");
        assert_eq!(row.matches(',').count() - 1, header.len() - 1);
        assert_eq!(Rows::read(&text).unwrap(), Rows { header, all: vec![bin] });
    }

    #[test]
    fn two_columns_are_read_without_the_others() {
        let read = |text: &str| {
            let mut seen = Vec::new();
            read_numbers(text.as_bytes(), "design", "x", |name, number| seen.push((name.to_owned(), number)))
                .map(|()| seen)
        };
        let seen = read("# PARTIAL: a line\ndesign,run,x,y\none,7,,1\n\"a, b\",8,0.5,\n").unwrap();
        assert_eq!(seen, [("one".to_owned(), Cell(None)), ("a, b".to_owned(), 0.5.into())]);
        assert_eq!(read("design,run\none,7\n").unwrap(), []);
        assert!(read("design,run,x\none,7,many\n").is_err() && read("design,run,x\none,7\n").is_err());
    }

    #[test]
    fn a_row_of_metrics_is_as_long_as_its_header() {
        let read: Rows<RunValues> = Rows::read("design,run,x,x_censored\none,7,,1\n").unwrap();
        assert_eq!(read.all[0].values, [Cell(None), Cell(Some(1.0))]);
    }
}
