//! Keeps baselines: `baselines/NAME/SCENARIO.txt` beside the scenario.

use std::io;
use std::path::{Path, PathBuf};

use super::error::CliError;
use super::perform::Job;
use super::print;
use crate::baseline::{Baseline, ParseError, TooFewInCommon};
use crate::output::{OutputFile, is_no_link};
use crate::results::words::counted;
use crate::scenario::{FileError, read_below};
use crate::study::{StudyError, StudyOutcome, quoted};

/// Reads the name of a baseline: it is the name of a folder.
pub(crate) fn name(text: &str) -> Result<String, String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if text.is_empty() || text.starts_with('.') || !text.chars().all(plain) {
        return Err("a name is made of letters, digits, '-', '_' and '.', and does not begin with '.'".to_owned());
    }
    Ok(text.to_owned())
}

/// Keeps what `outcome` gave of the scenario of `job`.
///
/// # Errors
/// If its runs cannot be had back.
pub(crate) fn of(job: &Job, outcome: &StudyOutcome) -> Result<Baseline, CliError> {
    let baseline = Baseline::of(outcome, job.scenario().resolved());
    outcome.check().map_err(StudyError::Keep)?;
    Ok(baseline)
}

/// The baseline of one scenario, which may or may not be there.
#[derive(Debug)]
pub(crate) struct BaselinePlace {
    /// Name of the baseline.
    name: String,
    /// The scenario.
    scenario: PathBuf,
    /// The file.
    file: PathBuf,
    /// Set if it may be a link to another place.
    allow_outside: bool,
}

/// State of the place of a baseline.
#[derive(Debug)]
pub(crate) enum Kept {
    /// Nothing.
    Nothing,
    /// A baseline.
    Whole(Baseline),
    /// A file that is no baseline, or no whole one.
    Broken(ParseError),
}

impl BaselinePlace {
    /// The place of the baseline `name` of the scenario at `scenario`, which may be a link out of its folder if `allow_outside` is
    /// set.
    pub(crate) fn of(scenario: &Path, name: &str, allow_outside: bool) -> Self {
        // Only this end is taken off: `a.b.toml` and `a.toml` are two scenarios.
        let is_toml = scenario.extension().is_some_and(|extension| extension == "toml");
        let stem = if is_toml { scenario.file_stem() } else { scenario.file_name() };
        let mut file = stem.unwrap_or(scenario.as_os_str()).to_owned();
        file.push(".txt");
        let folder = scenario.parent().unwrap_or(Path::new("")).join("baselines").join(name);
        BaselinePlace { name: name.to_owned(), scenario: scenario.to_owned(), file: folder.join(file), allow_outside }
    }

    /// The file.
    pub(crate) fn file(&self) -> &Path {
        &self.file
    }

    /// Reads what is there.
    ///
    /// # Errors
    /// If it cannot be read.
    pub(crate) fn kept(&self) -> Result<Kept, CliError> {
        let folder = self.scenario.parent().unwrap_or(Path::new(""));
        let text = match read_below(folder, &self.file, self.allow_outside) {
            Ok(text) => text,
            // A folder on the way that is a file is for `open` to complain of.
            Err(FileError::Unreadable(error))
                if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) =>
            {
                return Ok(Kept::Nothing);
            }
            Err(FileError::Unreadable(error)) => return Err(self.usage(&format!("cannot be read: {error}"))),
            Err(refused) => return Err(self.usage(&refused.to_string())),
        };
        Ok(text.parse::<Baseline>().map_or_else(Kept::Broken, Kept::Whole))
    }

    /// Reads the baseline, which must be there and whole.
    ///
    /// # Errors
    /// If it is not; the message says how it is made or renewed.
    pub(crate) fn known(&self) -> Result<Baseline, CliError> {
        match self.kept()? {
            Kept::Whole(baseline) => Ok(baseline),
            Kept::Broken(error) => Err(self.broken(&error)),
            Kept::Nothing => {
                let make = format!("firedrill check {} --save-baseline {}", self.quoted_scenario(), self.name);
                Err(self.usage(&format!("there is no such baseline; `{make}` makes it")))
            }
        }
    }

    /// Makes sure that a new baseline can be kept here: there is none, or a whole one that may turn out to be the same.
    ///
    /// # Errors
    /// If the file that is there is no whole baseline.
    pub(crate) fn vacant(&self) -> Result<Option<Baseline>, CliError> {
        match self.kept()? {
            Kept::Nothing => Ok(None),
            Kept::Whole(baseline) => Ok(Some(baseline)),
            Kept::Broken(error) => Err(self.broken(&error)),
        }
    }

    /// Says that the baseline here differs from a new one, and how it is renewed.
    pub(crate) fn differs(&self) -> CliError {
        self.usage(&format!("is there and differs; `{}` shows how and renews it", self.renewal()))
    }

    /// Opens the file, making its folder, before the work; what is there stays until it is written.
    ///
    /// # Errors
    /// If it is one of `inputs`, a folder of it is a link, or it cannot be written.
    pub(crate) fn open<'a>(&self, inputs: impl IntoIterator<Item = &'a Path>) -> Result<OutputFile, CliError> {
        if !self.allow_outside {
            let folders = self.file.ancestors().skip(1).take(2);
            folders.collect::<Vec<_>>().into_iter().rev().try_for_each(is_no_link)?;
        }
        let file = OutputFile::open_in_new_folder(&self.file)?;
        file.differs_from(inputs)?;
        Ok(file)
    }

    /// Writes the baseline to `file`, which was opened here, and warns on stderr if it keeps too few runs to be of use.
    ///
    /// # Errors
    /// If it cannot be written whole; what was there before is then as it was.
    pub(crate) fn write(&self, file: OutputFile, baseline: &Baseline) -> Result<(), CliError> {
        file.write(baseline.to_text().as_bytes())?;
        if let Some(TooFewInCommon { runs, needed }) = baseline.too_few() {
            print::note(&format!(
                "warning: {}: keeps {} of each design; with fewer than {needed} a check can call nothing worse",
                self.file.display(),
                counted(runs, "run")
            ));
        }
        Ok(())
    }

    fn broken(&self, error: &ParseError) -> CliError {
        self.usage(&format!("{error}; restore it, or renew it with `{}`", self.renewal()))
    }

    fn renewal(&self) -> String {
        format!("firedrill bless {} {}", self.name, self.quoted_scenario())
    }

    fn quoted_scenario(&self) -> String {
        quoted(&self.scenario.display().to_string())
    }

    fn usage(&self, message: &str) -> CliError {
        CliError::Usage(format!("{}: {message}", self.file.display()))
    }
}
