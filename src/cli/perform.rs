//! Carries out one scenario: chooses, runs, writes the files, prints the results. Shared by `run` and `compare`.

use std::env;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread::available_parallelism;

use sha2::{Digest, Sha256};

use super::error::CliError;
use super::exit::ExitStatus;
use super::left::{Logged, Opened, tell};
use super::load::{changes, load, warn};
use super::options::{Format, StudyOptions};
use super::progress::ProgressLine;
use super::{print, results_folder, room};
use crate::model::{self, Plan};
use crate::output::{OutputDir, OutputError};
use crate::report;
use crate::results::words::counted;
use crate::results::{Judged, Study};
use crate::runlog::{Header, Point, RunLog};
use crate::scenario::{Cost, DataFile, Disk, Document, Extent, LoadOptions, Override, Problem, Scenario, file_name};
use crate::study::{
    self, KeptRuns, MetricTable, PrecisionTarget, PreparedStudy, Shard, StudyError, StudyOutcome, StudySpec, Until,
};

/// Contents of the folder of results, in words.
const FILES: &str = if cfg!(feature = "charts") { "files and charts" } else { "files" };

/// The file that a reader should open.
const REPORT: Option<&str> = if cfg!(feature = "charts") { Some("report.html") } else { None };

/// Designs or the comparison of designs, as the command asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StudyKind {
    /// Each design by itself.
    Designs,
    /// The designs against each other too.
    Comparison,
}

/// A scenario made ready as the options ask.
#[derive(Debug)]
pub(crate) struct Job {
    study: PreparedStudy,
    /// Makes every run twice, to see that it is the same.
    twice: bool,
    /// Stopping rule.
    until: Until,
    /// Line of each expectation in the file.
    lines: Vec<Option<usize>>,
    /// Warnings of expectations that mean something else with another number of runs than the file's.
    hang_on_runs: Vec<Problem>,
    /// The text of the scenario.
    text: String,
    /// The scenario as a file with all that was changed and left out.
    document: Document,
    /// Warnings of the scenario: allowed, but in need of a second look.
    warnings: Vec<Problem>,
    /// The file of the scenario.
    path: PathBuf,
    /// The data files that it was read with.
    data: Vec<DataFile>,
    /// True if a study of any size was asked for.
    force: bool,
}

impl Job {
    /// Loads the scenario at `path`, applies the options to it and prints its warnings.
    ///
    /// # Errors
    /// If the scenario or the options make no sense, or ask for more work than is sensible.
    pub(crate) fn prepare(path: &Path, options: &StudyOptions) -> Result<Self, CliError> {
        let job = Job::prepare_with(path, options, &[])?;
        warn(job.warnings());
        Ok(job)
    }

    /// The same with the values of varied keys (`KEY=VALUE`) over the other settings, without printing warnings.
    ///
    /// # Errors
    /// As [`Job::prepare`].
    pub(crate) fn prepare_with(path: &Path, options: &StudyOptions, varied: &[String]) -> Result<Self, CliError> {
        Job::prepare_as(path, &path.display().to_string(), options, varied)
    }

    /// The same of a scenario at `path` that goes by the name `shown`.
    ///
    /// # Errors
    /// As [`Job::prepare`].
    pub(crate) fn prepare_as(
        path: &Path,
        shown: &str,
        options: &StudyOptions,
        varied: &[String],
    ) -> Result<Self, CliError> {
        if let Some(twice) = options.designs.iter().enumerate().find(|(n, name)| options.designs[..*n].contains(name)) {
            return Err(CliError::Usage(format!("--design {:?} is given twice", twice.1)));
        }
        let settings = [&options.overrides[..], varied].concat();
        let mut overrides = changes(&options.overrides)?;
        overrides.extend(changes(varied)?.into_iter().map(Override::varied));
        let StudyOptions { runs, force, allow_outside, .. } = *options;
        let (designs, jobs) = (options.designs.clone(), jobs(options.jobs));
        let loaded = load(path, &LoadOptions { overrides, runs, force, designs, jobs, allow_outside })?;
        let hang_on_runs = study::hangs_on_runs(&loaded.scenario, loaded.runs)
            .into_iter()
            .map(|one| loaded.expectation_places[one.expectation].stat.problem(one.message))
            .collect();
        let mut spec = StudySpec::new(loaded.scenario);
        spec.designs.clone_from(&options.designs);
        spec.first_run = options.first_run;
        spec.runs = options.runs;
        spec.seed = options.seed;
        spec.jobs = options.jobs.and_then(|jobs| NonZeroUsize::new(usize::from(jobs)));
        spec.settings.clone_from(&settings);
        spec.command = format!("firedrill run {}", study::quoted(shown));
        for setting in &settings {
            spec.command.push_str(&format!(" --set {}", study::quoted(setting)));
        }
        if options.allow_outside {
            spec.command.push_str(" --allow-outside");
        }
        let lines = loaded.expectation_places.iter().map(|places| places.whole.line()).collect();
        let study = spec.prepare().map_err(study::StudyError::Spec)?;
        let read = |text: &String| {
            PrecisionTarget::read(text, &study.metrics).map_err(|error| CliError::Usage(format!("--until {error}")))
        };
        let targets = options.until.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        if !targets.is_empty() {
            study.allows(options.max_runs).map_err(study::StudyError::Spec)?;
        }
        let until = Until { targets, most_runs: options.max_runs };
        let job = Job {
            study,
            until,
            twice: options.check_determinism,
            lines,
            hang_on_runs,
            text: loaded.text,
            document: loaded.document,
            warnings: loaded.warnings,
            path: path.to_owned(),
            data: loaded.data,
            force: options.force,
        };
        // What is asked for without `--until` was looked at when the scenario was loaded.
        if let Some(excess) = job.cost().excess().filter(|_| !job.until.targets.is_empty() && !job.force) {
            let most = job.until.most_runs;
            return Err(CliError::Usage(format!(
                "--max-runs {most}: {excess}; lower it, study.horizon or the session rates, or force it with --force"
            )));
        }
        Ok(job)
    }

    /// Runs the study; `progress` is told how far it is. Runs go to `kept`, and those that are there are not made again.
    ///
    /// # Errors
    /// If a run breaks an invariant, or the study is interrupted and leaves nothing.
    pub(crate) fn run(
        &self,
        kept: Option<Arc<dyn KeptRuns>>,
        progress: impl Fn(study::Progress) + Sync,
        interrupted: &Arc<AtomicBool>,
    ) -> Result<StudyOutcome, CliError> {
        let plan = Plan::new(self.study.scenario()).stopped_by(Arc::clone(interrupted));
        let simulate = if self.twice { model::simulate_twice } else { model::simulate };
        let simulate = |design, run| simulate(&plan, design, run);
        Ok(study::run_until(&self.study, &self.until, kept, simulate, progress, interrupted)?)
    }

    /// Runs the study for a command that leaves no runs behind. Their rows lie in a file without a name while it works, and in memory where
    /// there can be none.
    ///
    /// # Errors
    /// As [`Job::run`]; if it is interrupted, whatever there is of it.
    pub(crate) fn run_and_forget(
        &self,
        command: &str,
        progress: impl Fn(study::Progress) + Sync,
        interrupted: &Arc<AtomicBool>,
    ) -> Result<StudyOutcome, CliError> {
        let log = RunLog::create_unnamed(&env::temp_dir(), self.header(command)).ok();
        let kept = log.map(|log| Logged::of(&Arc::new(log), 0) as Arc<dyn KeptRuns>);
        let outcome = self.run(kept, progress, interrupted)?;
        match outcome.partial {
            None => Ok(outcome),
            Some(partial) => {
                let runs = partial.made * self.designs() as u64;
                Err(StudyError::Cancelled { runs, total: self.total_runs() }.into())
            }
        }
    }

    /// Makes the runs of a part of a list of runs, in which the first of this study is counted `offset`, and keeps them. Returns
    /// true if they are all there, false if it was interrupted.
    ///
    /// # Errors
    /// If a run breaks an invariant or cannot be kept.
    pub(crate) fn run_shard(
        &self,
        part: (Shard, u64),
        kept: Arc<dyn KeptRuns>,
        progress: impl Fn(study::Progress) + Sync,
        interrupted: &Arc<AtomicBool>,
    ) -> Result<bool, CliError> {
        let plan = Plan::new(self.study.scenario()).stopped_by(Arc::clone(interrupted));
        let simulate = if self.twice { model::simulate_twice } else { model::simulate };
        let simulate = |design, run| simulate(&plan, design, run);
        Ok(study::run_shard(&self.study, part, kept, simulate, progress, interrupted)?)
    }

    /// Concludes from runs that are all kept.
    ///
    /// # Errors
    /// If they are not, or cannot be had back.
    pub(crate) fn conclude_from(&self, kept: Arc<dyn KeptRuns>) -> Result<StudyOutcome, CliError> {
        Ok(study::from_kept(&self.study, kept)?)
    }

    /// Writes the scenario as it was written, and as it was run; `which` as for [`Job::write_resolved`].
    ///
    /// # Errors
    /// If a file cannot be written.
    pub(crate) fn write_scenario(&self, which: Option<&str>, output: &mut OutputDir) -> Result<(), OutputError> {
        output.write("scenario.toml", |file| file.write_all(self.text.as_bytes()))?;
        self.write_resolved(self.study.scenario().study.runs, which, output)
    }

    /// Writes the scenario as it was run, with so many runs. If it is one of several that were run, `which` says which one.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub(crate) fn write_resolved(
        &self,
        runs: u64,
        which: Option<&str>,
        output: &mut OutputDir,
    ) -> Result<(), OutputError> {
        let mut scenario = self.study.scenario().clone();
        scenario.study.runs = runs;
        output.write("resolved.toml", |file| file.write_all(self.document.to_toml(&scenario, which).as_bytes()))
    }

    /// Of what study its log is.
    pub(crate) fn header(&self, command: &str) -> Header {
        let study = &self.study.scenario.study;
        let names: Vec<&str> = self.study.metrics.all().iter().map(|metric| metric.name.as_str()).collect();
        let is_fixed = self.until.targets.is_empty();
        Header {
            firedrill: env!("CARGO_PKG_VERSION").to_owned(),
            command: command.to_owned(),
            path: self.path.display().to_string(),
            position: 0,
            scenario: self.name().to_owned(),
            points: vec![Point { values: Vec::new(), scenario_sha256: self.hash() }],
            designs: self.study.design_names(),
            seed: study.seed,
            first_run: self.study.first_run,
            runs: study.runs,
            until: self.until.targets.iter().map(ToString::to_string).collect(),
            max_runs: if is_fixed { 0 } else { self.until.most_runs },
            keys: Vec::new(),
            search: Vec::new(),
            settings: self.study.settings.clone(),
            force: self.force,
            metrics_sha256: format!("{:x}", Sha256::digest(names.join("\n"))),
            shard: None,
        }
    }

    /// SHA-256 of the resolved scenario with what its data files hold.
    pub(crate) fn hash(&self) -> String {
        self.study.hash()
    }

    /// Warns on stderr of expectations that mean something else with as many runs as are made.
    pub(crate) fn warn_of_runs(&self) {
        self.hang_on_runs.iter().for_each(|problem| print::note(&format!("warning: {problem}")));
    }

    /// Line of each expectation in the file.
    pub(crate) fn expectation_lines(&self) -> &[Option<usize>] {
        &self.lines
    }

    /// The scenario as it will be run.
    pub(crate) fn scenario(&self) -> &Scenario {
        self.study.scenario()
    }

    /// Returns what deserves a second look.
    pub(crate) fn warnings(&self) -> &[Problem] {
        &self.warnings
    }

    /// The text of the scenario.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Returns the files that it was read from, none of which may be written to.
    pub(crate) fn inputs(&self) -> impl Iterator<Item = &Path> {
        [self.path.as_path()].into_iter().chain(self.data.iter().map(|file| file.path.as_path()))
    }

    /// Copies the data files into the folder of results, so that the scenario there can be read.
    ///
    /// # Errors
    /// If one cannot be copied, or was changed since it was read.
    pub(crate) fn copy_data(&self, output: &mut OutputDir) -> Result<(), OutputError> {
        self.data.iter().try_for_each(|file| output.copy(&file.copy(), &file.path, &file.sha256))
    }

    /// Estimates what its runs cost, as many as there may be.
    pub(crate) fn cost(&self) -> Cost {
        let of = |&place: &usize| self.scenario().designs[place].name.clone();
        let designs: Vec<String> = self.study.designs.iter().map(of).collect();
        let jobs = self.study.jobs.map_or_else(|| jobs(None), NonZeroUsize::get);
        let extent = Extent { designs: &designs, jobs };
        if self.until.targets.is_empty() {
            return self.scenario().cost(extent);
        }
        let mut scenario = self.scenario().clone();
        scenario.study.runs = self.until.most_runs;
        scenario.cost(extent)
    }

    /// Makes sure that there is room in `folder` for what it still writes, with so many runs there.
    ///
    /// # Errors
    /// If there surely is not, and that was not forced.
    pub(crate) fn must_fit(&self, folder: &Path, runs: usize) -> Result<(), CliError> {
        room::must_fit(folder, self.bytes_on_disk(runs), self.force)
    }

    /// Bytes that it still writes, with so many runs there.
    pub(crate) fn bytes_on_disk(&self, runs: usize) -> f64 {
        let each = if self.until.targets.is_empty() { self.study.scenario.study.runs } else { self.until.most_runs };
        let left = 1.0 - runs as f64 / (each as f64 * self.designs() as f64);
        let Disk { runs, files } = self.cost().disk;
        left.max(0.0) * runs + files + self.data.iter().map(|file| file.bytes as f64).sum::<f64>()
    }

    /// Returns true if a study of any size was asked for.
    pub(crate) fn is_forced(&self) -> bool {
        self.force
    }

    /// Number of runs of all designs together.
    pub(crate) fn total_runs(&self) -> u64 {
        self.study.total_runs()
    }

    /// The metrics of its runs.
    pub(crate) fn metrics(&self) -> &MetricTable {
        &self.study.metrics
    }

    /// Makes sure that there is a metric of this name.
    ///
    /// # Errors
    /// If there is none; the error names the nearest.
    pub(crate) fn knows(&self, metric: &str) -> Result<(), CliError> {
        self.study.knows(metric).map_err(CliError::Usage)
    }

    /// Name of the scenario.
    pub(crate) fn name(&self) -> &str {
        &self.study.scenario.name
    }

    /// Name of the folder for its results.
    pub(crate) fn file_name(&self) -> String {
        file_name(&[self.name()])
    }

    /// Number of designs to run.
    pub(crate) fn designs(&self) -> usize {
        self.study.designs.len()
    }

    /// Returns the folder of the results if no other is named.
    ///
    /// # Errors
    /// As [`results_folder::folder_or`].
    pub(crate) fn default_folder(&self, options: &StudyOptions) -> Result<PathBuf, OutputError> {
        results_folder::folder_or(options.out.as_ref(), || self.file_name())
    }
}

/// Says which of the points a scenario is of that is run at the first one.
pub(crate) fn first_point(keys: &[String], values: &[String]) -> String {
    let at: Vec<String> = keys.iter().zip(values).map(|(key, value)| format!("{key}={value}")).collect();
    format!("at the first point of a sweep, {} (sweep.csv has the values of all)", at.join(" "))
}

/// Returns how many runs are made at a time: as many as are asked for, or one per processor.
pub(crate) fn jobs(asked: Option<u16>) -> usize {
    asked.map_or_else(|| available_parallelism().map_or(1, NonZeroUsize::get), usize::from)
}

/// Output of a job that was carried out.
#[derive(Debug)]
pub(crate) struct Performed {
    /// Exit status: tells if the expectations were met.
    pub(crate) status: ExitStatus,
    /// The results in the format asked for; for stdout.
    result: String,
    /// Place of the files and speed; for stderr, after the results.
    notes: Vec<String>,
}

impl Performed {
    /// Prints the results to stdout.
    ///
    /// # Errors
    /// If stdout cannot be written.
    pub(crate) fn print(&self) -> Result<(), CliError> {
        print::result(&self.result)?;
        self.print_notes();
        Ok(())
    }

    fn print_notes(&self) {
        self.notes.iter().for_each(|line| print::note(line));
    }
}

/// Prints the results of several jobs: each as it is done, and in JSON all of them at the end, since several JSON results are one
/// document all the same: an array.
#[derive(Debug)]
pub(crate) struct Results {
    gathered: Option<Vec<String>>,
    status: ExitStatus,
}

impl Results {
    /// Prepares to print the results of so many jobs.
    pub(crate) fn of(jobs: usize, format: Format) -> Self {
        let is_array = format == Format::Json && jobs > 1;
        Results { gathered: is_array.then(Vec::new), status: ExitStatus::Good }
    }

    /// Prints, or keeps for the end, what a job left.
    ///
    /// # Errors
    /// If stdout cannot be written.
    pub(crate) fn add(&mut self, done: &Performed) -> Result<(), CliError> {
        self.status = self.status.worse(done.status);
        match &mut self.gathered {
            None => return done.print(),
            Some(gathered) => gathered.push(done.result.trim_end().to_owned()),
        }
        done.print_notes();
        Ok(())
    }

    /// Prints what was kept, and returns the worst status.
    ///
    /// # Errors
    /// If stdout cannot be written.
    pub(crate) fn finish(self) -> Result<ExitStatus, CliError> {
        if let Some(gathered) = self.gathered {
            print::result(&format!("[\n{}\n]\n", gathered.join(",\n")))?;
        }
        Ok(self.status)
    }
}

/// Runs the job and writes its results to the folder that was `opened`. Of a job that is interrupted the runs that all designs
/// have are written, marked as partial.
///
/// # Errors
/// If it cannot be carried out or written; the runs that there are stay for `--resume`, and that is said.
pub(crate) fn perform(
    job: &Job,
    opened: Opened,
    options: &StudyOptions,
    subject: StudyKind,
    interrupted: &Arc<AtomicBool>,
) -> Result<Performed, CliError> {
    let Opened { output, log } = opened;
    let done = carry_out(job, (output, &log), options, subject, interrupted);
    if done.is_err() {
        tell(&log);
    }
    done
}

fn carry_out(
    job: &Job,
    (mut output, log): (OutputDir, &Arc<RunLog>),
    options: &StudyOptions,
    subject: StudyKind,
    interrupted: &Arc<AtomicBool>,
) -> Result<Performed, CliError> {
    job.copy_data(&mut output)?;
    job.warn_of_runs();
    if !options.quiet {
        let study = &job.study.scenario.study;
        let (designs, runs) = (job.designs(), study.runs);
        let runs = if options.until.is_empty() {
            counted(runs, "run")
        } else {
            format!("{} at a time, at most {},", counted(runs.min(options.max_runs), "run"), options.max_runs)
        };
        print::note(&format!("{}: {runs} of {}, seed {}", job.name(), counted(designs as u64, "design"), study.seed));
    }
    let progress = ProgressLine::start(job.study.total_runs(), options.quiet);
    let outcome = job.run(Some(Logged::of(log, 0)), |so_far| progress.report(so_far), interrupted);
    let closing = progress.close();
    // A run that fails would fail again.
    if log.runs() > 0 && !matches!(outcome, Err(CliError::Study(StudyError::Run(_)))) {
        output.keep();
        log.flush()?;
    }
    let outcome = outcome?;
    if outcome.partial.is_some() {
        output.list_log()?;
    }
    let mut done = finish(job, outcome, output, options, subject)?;
    if !options.quiet {
        done.notes.insert(0, closing);
    }
    Ok(done)
}

/// Concludes from what was found, and writes the results to `output`.
pub(crate) fn finish(
    job: &Job,
    mut outcome: StudyOutcome,
    mut output: OutputDir,
    options: &StudyOptions,
    subject: StudyKind,
) -> Result<Performed, CliError> {
    let folder = output.path().to_owned();
    if subject == StudyKind::Designs {
        outcome.comparisons.clear();
    }
    let study = outcome.conclude().map_err(StudyError::Keep)?;
    report::write_files(&outcome, &study, &job.text, &mut output)?;
    job.write_resolved(outcome.subject.runs, None, &mut output)?;
    #[cfg(feature = "charts")]
    report::write_charts(&outcome, &study, &mut output)?;
    outcome.check().map_err(StudyError::Keep)?;
    report::finish(&outcome, output)?;
    let mut notes = Vec::new();
    if !options.quiet {
        notes.extend(places(&folder));
        if options.check_determinism {
            let runs = outcome.subject.runs * outcome.designs.len() as u64;
            notes.push(match runs {
                1 => "the run was made twice: no event differs".to_owned(),
                _ => format!("all {runs} runs were made twice: no event differs"),
            });
        }
    }
    if let Some(partial) = &study.partial {
        notes.push(format!("{}; the same command with --resume goes on", partial.sentence()));
    }
    Ok(Performed { status: status_of(&study), result: rendered(&study, options, subject), notes })
}

/// Renders the results that are whole in `folder` already.
pub(crate) fn already_there(study: &Study, folder: &Path, options: &StudyOptions, subject: StudyKind) -> Performed {
    let notes = if options.quiet { Vec::new() } else { places(folder).collect() };
    Performed { status: status_of(study), result: rendered(study, options, subject), notes }
}

/// Renders the results in the format asked for.
fn rendered(study: &Study, options: &StudyOptions, subject: StudyKind) -> String {
    match options.format {
        Format::Json => study.to_json(),
        Format::Markdown => report::markdown(study),
        Format::Text if subject == StudyKind::Comparison && !options.verbose => report::screen(study),
        Format::Text => report::table(study),
    }
}

/// Says where the files are.
fn places(folder: &Path) -> impl Iterator<Item = String> {
    let report = REPORT.map(|name| format!("report: {}", folder.join(name).display()));
    [format!("{FILES}: {}", folder.display())].into_iter().chain(report)
}

/// Returns the exit status of a study.
fn status_of(study: &Study) -> ExitStatus {
    let mut verdicts = study.expectations.iter().map(|one| one.verdict);
    match () {
        () if study.partial.is_some() => ExitStatus::NotDone,
        () if verdicts.all(|verdict| matches!(verdict, Judged::Pass | Judged::NotRun)) => ExitStatus::Good,
        () => ExitStatus::ExpectationNotMet,
    }
}
