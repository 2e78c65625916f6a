//! Work that was cut off: the log of runs that lies in a place, gone on with or thrown away.

use std::path::Path;
use std::sync::Arc;

use clap::Args;

use super::error::CliError;
use super::print;
use crate::output::OutputDir;
use crate::runlog::{Header, Key, LogError, RunLog};
use crate::study::{KeepError, KeptRuns, RowOfRecord, RunRecord, RunRow};

/// Choices about the runs of a study that was cut off in the same place.
#[derive(Clone, Copy, Debug, Default, Args)]
pub(crate) struct LeftOptions {
    /// Resume the interrupted study in this folder, or start a new one if there is none; `run` and `compare` keep a
    /// complete one
    #[arg(long, conflicts_with = "discard", help_heading = "Execution")]
    pub(crate) resume: bool,

    /// Delete the runs of the interrupted study in this folder
    #[arg(long, help_heading = "Execution")]
    pub(crate) discard: bool,
}

/// A folder that results are gathered for, with the log of the runs that they come from.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) output: OutputDir,
    pub(crate) log: Arc<RunLog>,
}

/// The runs of one study in a log.
#[derive(Debug)]
pub(crate) struct Logged {
    pub(crate) log: Arc<RunLog>,
    /// Study of the command, from 0.
    pub(crate) point: u32,
}

impl Logged {
    /// The runs of the study `point` in `log`.
    pub(crate) fn of(log: &Arc<RunLog>, point: u32) -> Arc<Self> {
        Arc::new(Logged { log: Arc::clone(log), point })
    }
}

impl KeptRuns for Logged {
    fn each(&self, visit: &mut dyn FnMut(RunRecord)) -> Result<(), KeepError> {
        self.log.each(self.point, visit).map_err(|error| Arc::new(error) as KeepError)
    }

    fn keep(&self, record: &RunRecord) -> Result<(), KeepError> {
        let key = Key { point: self.point, slot: record.slot, run: record.run() };
        self.log.append(key, record).map_err(|error| Arc::new(error) as KeepError)
    }

    fn row(&self, slot: u32, run: u64) -> Result<RunRow, KeepError> {
        let record = self.log.get::<RowOfRecord>(Key { point: self.point, slot, run });
        record.map(|record| record.row).map_err(|error| Arc::new(error) as KeepError)
    }

    fn put_aside(&self, bytes: &[u8]) -> Result<u64, KeepError> {
        self.log.aside().put(bytes).map_err(|error| Arc::new(error) as KeepError)
    }

    fn read_aside(&self, place: u64, bytes: &mut [u8]) -> Result<(), KeepError> {
        self.log.aside().get(place, bytes).map_err(|error| Arc::new(error) as KeepError)
    }
}

/// Opens the folder of results at `path` and the log for the study `header`, and prints what the user should know about both.
///
/// # Errors
/// If nothing can be written there, or a file of the user's would be lost; [`CliError::CutOff`] if there are runs of a study that
/// was cut off and `left` does not say what becomes of them; [`CliError::OtherStudy`] if they are of another one.
pub(crate) fn open(path: &Path, header: Header, left: LeftOptions) -> Result<Opened, CliError> {
    let mut output = OutputDir::open(path)?;
    output.notes().iter().for_each(|line| print::note(&format!("note: {line}")));
    let found = logs_left(&mut output, &header, left)?;
    let Some(ours) = found else {
        let log = Arc::new(RunLog::create(&output.log(), header)?);
        return Ok(Opened { output, log });
    };
    output.take_over(ours.path())?;
    // From here on nothing but results takes its place.
    output.keep();
    let log = RunLog::open(&output.log())?;
    if let Some(note) = log.note() {
        print::note(&format!("note: {note}"));
    }
    print::note(&format!("{}: goes on with {} runs that are there", log.header().scenario, log.runs()));
    Ok(Opened { output, log: Arc::new(log) })
}

/// Returns the log to go on with, if there is one and that is wanted.
fn logs_left(output: &mut OutputDir, header: &Header, left: LeftOptions) -> Result<Option<RunLog>, CliError> {
    let (mut ours, mut other) = (None::<RunLog>, None);
    for path in output.logs_left() {
        let log = match RunLog::look(&path) {
            Ok(log) if log.runs() > 0 => log,
            Ok(_) | Err(LogError::NoRuns { .. }) => {
                output.discard(&path);
                continue;
            }
            Err(error) if left.discard => {
                print::note(&format!("note: {error}; thrown away"));
                output.discard(&path);
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        if left.discard {
            print::note(&format!("note: {} runs thrown away that a study which was cut off has left", log.runs()));
            output.discard(&path);
        } else if left.resume {
            match log.header().difference(header) {
                // A kill while a log was copied leaves a part of it, too.
                None if ours.as_ref().is_some_and(|known| known.runs() >= log.runs()) => output.discard(&path),
                None => drop(ours.replace(log).map(|known| output.discard(known.path()))),
                Some(difference) => other = Some(CliError::OtherStudy { log: path, difference }),
            }
        } else if log.header().expected() != Some(log.runs() as u64) {
            return Err(CliError::CutOff { path: output.path().to_owned(), log: path, runs: log.runs() });
        }
    }
    match (ours, other) {
        (None, Some(other)) => Err(other),
        (ours, _) => Ok(ours),
    }
}

impl Opened {
    /// Sees to it that the runs which there are outlast whatever follows.
    ///
    /// # Errors
    /// If they cannot be brought to the disk.
    pub(crate) fn keep(&mut self) -> Result<(), CliError> {
        if self.log.runs() > 0 {
            self.output.keep();
            self.log.flush()?;
        }
        Ok(())
    }
}

/// Says where the runs are kept that a command has made which had to end.
pub(crate) fn tell(log: &RunLog) {
    if log.path().exists() && log.runs() > 0 {
        let (runs, path) = (log.runs(), log.path().display());
        print::note(&format!("{runs} runs are kept in {path}; the same command with --resume goes on with them"));
    }
}

impl From<LogError> for CliError {
    fn from(error: LogError) -> Self {
        CliError::Log(error)
    }
}
