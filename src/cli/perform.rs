//! Carries out one scenario: chooses, runs, writes the files, prints the results. Shared by `run` and `compare`.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use super::load::load;
use super::options::{Format, StudyOptions};
use super::progress::Progress;
use super::{CliError, ExitStatus, print};
use crate::report::{self, OutputDir};
use crate::study::{self, PreparedStudy, StudySpec};

/// What is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    /// Each design by itself.
    Designs,
    /// The designs against each other too.
    Comparison,
}

/// A scenario made ready as the options ask.
#[derive(Debug)]
pub(crate) struct Job {
    study: PreparedStudy,
}

impl Job {
    /// Loads the scenario at `path` and applies the options to it.
    ///
    /// # Errors
    /// If the scenario or the options make no sense, or ask for more work than is sensible.
    pub(crate) fn prepare(path: &Path, options: &StudyOptions) -> Result<Self, CliError> {
        if let Some(twice) = options.designs.iter().enumerate().find(|(n, name)| options.designs[..*n].contains(name)) {
            return Err(CliError::Usage(format!("--design {:?} is given twice", twice.1)));
        }
        let mut spec = StudySpec::new(load(path, &options.overrides, options.runs, options.force)?);
        spec.designs.clone_from(&options.designs);
        spec.first_run = options.first_run;
        spec.runs = options.runs;
        spec.seed = options.seed;
        spec.jobs = options.jobs.and_then(|jobs| NonZeroUsize::new(usize::from(jobs)));
        spec.settings.clone_from(&options.overrides);
        spec.command = format!("firedrill run {}", path.display());
        for setting in &options.overrides {
            spec.command.push_str(&format!(" --set '{setting}'"));
        }
        Ok(Job { study: spec.prepare().map_err(study::StudyError::Spec)? })
    }

    /// Name of the scenario.
    pub(crate) fn name(&self) -> &str {
        &self.study.scenario.name
    }

    /// Number of designs to run.
    pub(crate) fn designs(&self) -> usize {
        self.study.designs.len()
    }

    /// Where the results go if nothing else is said.
    pub(crate) fn default_folder(&self, options: &StudyOptions) -> PathBuf {
        options.out.clone().unwrap_or_else(|| Path::new("notebooks-output").join(self.name()))
    }
}

/// Runs the job and writes its results to `folder`.
pub(crate) fn perform(
    job: &Job,
    folder: &Path,
    options: &StudyOptions,
    subject: Subject,
    interrupted: &AtomicBool,
) -> Result<ExitStatus, CliError> {
    let mut output = OutputDir::open(folder)?;
    if !options.quiet {
        let study = &job.study.scenario.study;
        let designs = job.designs();
        print::note(&format!("{}: {} runs of {designs} designs, seed {}", job.name(), study.runs, study.seed));
    }
    let progress = Progress::start(job.study.total_runs(), options.quiet);
    let mut outcome = study::run(&job.study, |so_far| progress.report(so_far), interrupted)?;
    let closing = progress.close();
    if subject == Subject::Designs {
        outcome.comparisons.clear();
    }
    report::write_files(&outcome, &mut output)?;
    report::write_charts(&outcome, &mut output)?;
    report::finish(&outcome, output)?;
    match options.format {
        Format::Json => print::result(&report::json(&outcome))?,
        Format::Text => print::result(&report::table(&outcome))?,
    }
    if !options.quiet {
        print::note(&format!("files and charts: {}", folder.display()));
        print::note(&closing);
    }
    Ok(if outcome.expectations_hold() { ExitStatus::Good } else { ExitStatus::ExpectationNotMet })
}
