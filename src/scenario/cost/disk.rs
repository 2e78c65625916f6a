//! Estimates what a study takes on the disk: the log of its runs with the columns beside it, and its files.
//!
//! A record of a run holds a row for each view of each geography, the latencies that were seen and a timeline; a file has its numbers in
//! decimal. What each takes was measured on the library and on small scenarios, and lies within a factor of two of it.

use super::study_size::StudySize;

/// Bytes in the log of a run: without visitors; of a geography; of the latencies of a geography, once it has seen all there are.
const OF_RECORD: f64 = 4_000.0;
const OF_GEOGRAPHY: f64 = 1_300.0;
const OF_LATENCIES: f64 = 9_500.0;
/// Requests after which half of the latencies have been seen.
const HALF_SEEN: f64 = 5_000.0;
/// Bytes of a run in columns: of all visitors, and of a geography.
const OF_COLUMNS: f64 = 1_200.0;
const COLUMNS_OF_GEOGRAPHY: f64 = 300.0;
/// Bytes of a run in files: of all visitors, and of a geography.
const OF_ROWS: f64 = 3_000.0;
const ROWS_OF_GEOGRAPHY: f64 = 1_200.0;
/// Bytes of an occurrence, in the log and in files.
const OCCURRENCE_IN_LOG: f64 = 30.0;
const OCCURRENCE_IN_FILES: f64 = 50.0;
/// Bytes of the other files and charts: of a study, of a design, of a pair of designs.
const OF_STUDY: f64 = 500_000.0;
const OF_DESIGN: f64 = 650_000.0;
const OF_PAIR: f64 = 200_000.0;

/// Bytes that a study takes on the disk.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Disk {
    /// Those that its runs take while it is made: the log and the columns beside it.
    pub runs: f64,
    /// Those of its files, without copies of data files.
    pub files: f64,
}

impl Disk {
    /// Returns all of them together.
    pub fn bytes(&self) -> f64 {
        self.runs + self.files
    }

    /// Estimates a study in whose runs the geographies make `requests` each, and incidents happen `occurrences` times.
    pub(super) fn of(size: StudySize, requests: &[f64], occurrences: f64) -> Self {
        let places = requests.len() as f64;
        let latencies: f64 = requests.iter().map(|requests| OF_LATENCIES * requests / (requests + HALF_SEEN)).sum();
        let record = OF_RECORD + places * OF_GEOGRAPHY + latencies + occurrences * OCCURRENCE_IN_LOG;
        let rows = OF_ROWS + places * ROWS_OF_GEOGRAPHY + occurrences * OCCURRENCE_IN_FILES;
        Disk {
            runs: size.runs * (record + OF_COLUMNS + places * COLUMNS_OF_GEOGRAPHY),
            files: size.bytes(OF_STUDY, OF_DESIGN, OF_PAIR, rows),
        }
    }
}
