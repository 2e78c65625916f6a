//! `firedrill submit`: hands a study to a cluster as an array of shards and a merge that waits for them.
//!
//! Queueing, retries and placement are the engine's. What is written here is two batch scripts for Slurm, which a user could
//! have written by hand: docs/scale.md has those of other engines.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::{Args, Parser, value_parser};

use super::error::CliError;
use super::exit::ExitStatus;
use super::print;
use crate::output::OutputFile;
use crate::results::words::quoted;

const EXAMPLES: &str = "\
Examples:
  firedrill submit --slurm --shards 100 --out big -- compare drill.toml --runs 100000
  firedrill submit --slurm --shards 8 --sbatch=--partition=short --sbatch=--time=30 --out map -- sweep drill.toml --vary dns.answer_ttl=5s..1h
  firedrill submit --slurm-dry-run --shards 8 --out big -- compare drill.toml

Shards, scripts and logs go to DIR.shards, which every node must see; the merged results to DIR.";

/// Commands that can be split into shards.
const SHARDED: [&str; 4] = ["run", "compare", "sweep", "check"];

/// Options that `submit` gives to each shard itself.
const GIVEN: [&str; 6] = ["--out", "--shard", "--jobs", "--resume", "--discard", "--until"];

/// Arguments of `firedrill submit`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct SubmitArgs {
    /// Submit to Slurm: a job array, and a merge that depends on it
    #[arg(long, required_unless_present = "slurm_dry_run")]
    slurm: bool,

    /// Print the two batch scripts; write and submit nothing
    #[arg(long)]
    slurm_dry_run: bool,

    /// Number of shards, each a task of the array
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(1..=10_000))]
    shards: u32,

    /// Folder for the merged results
    #[arg(long, value_name = "DIR")]
    out: PathBuf,

    /// Option for sbatch, as in `--sbatch=--time=30`; may be given several times
    #[arg(long, value_name = "OPTION", allow_hyphen_values = true)]
    sbatch: Vec<String>,

    /// Command to split, with its arguments: run, compare, sweep or check
    #[arg(value_name = "COMMAND", required = true, last = true)]
    command: Vec<String>,
}

/// Writes the scripts and submits them, or prints them.
///
/// # Errors
/// If the command cannot be split, a script cannot be written, or `sbatch` refuses it.
pub(crate) fn run(args: &SubmitArgs) -> Result<ExitStatus, CliError> {
    may_be_split(&args.command)?;
    may_be_named(&args.out)?;
    let program = env::current_exe().map_err(CliError::Program)?;
    let scripts = Scripts::new(args, &program.display().to_string());
    if args.slurm_dry_run {
        let part = |path: &Path, script: &str| format!("# {}\n{script}", path.display());
        let (array, merge) = (part(&scripts.array_path, &scripts.array), part(&scripts.merge_path, &scripts.merge));
        print::result(&format!("{array}\n{merge}"))?;
        return Ok(ExitStatus::Good);
    }
    OutputFile::open_in_new_folder(&scripts.array_path)?.write(scripts.array.as_bytes())?;
    OutputFile::open_in_new_folder(&scripts.merge_path)?.write(scripts.merge.as_bytes())?;
    let array = sbatch(&args.sbatch, &[], &scripts.array_path)?;
    let after = format!("--dependency=afterok:{array}");
    let merge = sbatch(&args.sbatch, &[after, "--kill-on-invalid-dep=yes".to_owned()], &scripts.merge_path)?;
    print::result(&format!("array {array}: {} shards\nmerge {merge}: {}\n", args.shards, args.out.display()))?;
    print::note(&format!("logs: {}", scripts.folder.display()));
    Ok(ExitStatus::Good)
}

/// Makes sure that `command` is one that can be split, is written rightly, and leaves to `submit` what is for it to give.
fn may_be_split(command: &[String]) -> Result<(), CliError> {
    let name = command[0].as_str();
    if !SHARDED.contains(&name) {
        return Err(CliError::Usage(format!("submit: cannot split {name:?}; allowed: {}", SHARDED.join(", "))));
    }
    let given = |word: &&String| GIVEN.iter().any(|option| word.split('=').next() == Some(option));
    if let Some(word) = command.iter().find(given) {
        return Err(CliError::Usage(format!("submit: {word} after `--`: a shard is given its own, or cannot have it")));
    }
    let whole = std::iter::once("firedrill").chain(command.iter().map(String::as_str));
    match super::Args::try_parse_from(whole) {
        Ok(_) => Ok(()),
        Err(error) => Err(CliError::Usage(format!("submit: {}", error.render().to_string().trim_end()))),
    }
}

/// Makes sure that a batch script can name the folder for the results: each option of sbatch is one line.
fn may_be_named(out: &Path) -> Result<(), CliError> {
    match out.to_str().map(|out| out.contains(char::is_control)) {
        Some(false) => Ok(()),
        Some(true) | None => {
            let out = out.display().to_string();
            Err(CliError::Usage(format!("submit: --out {out:?}: a batch script cannot name it; give printable text")))
        }
    }
}

/// The two batch scripts and where they go.
#[derive(Debug)]
struct Scripts {
    folder: PathBuf,
    array_path: PathBuf,
    array: String,
    merge_path: PathBuf,
    merge: String,
}

impl Scripts {
    fn new(args: &SubmitArgs, program: &str) -> Self {
        let mut folder = args.out.clone().into_os_string();
        folder.push(".shards");
        let folder = PathBuf::from(folder);
        let words = |words: &[String]| words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ");
        let (shards, program) = (args.shards, quoted(program));
        // sbatch reads `%` in the name of a log as the begin of a field.
        let log = |name: &str| {
            let folder = folder.display().to_string().replace('%', "%%");
            quoted(&Path::new(&folder).join(name).display().to_string())
        };
        let (parts, out) =
            (quoted(&folder.join("parts").display().to_string()), quoted(&args.out.display().to_string()));
        let array = format!(
            "#!/bin/bash\n\
             #SBATCH --job-name=firedrill\n\
             #SBATCH --array=0-{last}\n\
             #SBATCH --requeue\n\
             #SBATCH --open-mode=append\n\
             #SBATCH --output={log}\n\
             # A task that is requeued goes on where it was stopped.\n\
             exec {program} {command} --shard auto/{shards} --resume --jobs \"${{SLURM_CPUS_PER_TASK:-1}}\" \\\n  \
             --out {parts}/\"$SLURM_ARRAY_TASK_ID\"\n",
            last = shards - 1,
            log = log("task-%a.log"),
            command = words(&args.command),
        );
        let merge = format!(
            "#!/bin/bash\n\
             #SBATCH --job-name=firedrill-merge\n\
             #SBATCH --output={log}\n\
             exec {program} merge {parts} --out {out}\n",
            log = log("merge.log"),
        );
        Scripts { array_path: folder.join("array.sh"), merge_path: folder.join("merge.sh"), folder, array, merge }
    }
}

/// Submits `script` and returns the number of its job.
fn sbatch(options: &[String], more: &[String], script: &Path) -> Result<String, CliError> {
    let done = Command::new("sbatch").arg("--parsable").args(options).args(more).arg(script).output();
    let done = done.map_err(CliError::Sbatch)?;
    if !done.status.success() {
        let said = String::from_utf8_lossy(&done.stderr).trim().to_owned();
        return Err(CliError::Refused { script: script.to_owned(), said });
    }
    // The number, and on a federation the name of the cluster after a semicolon.
    let said = String::from_utf8_lossy(&done.stdout);
    Ok(said.trim().split(';').next().unwrap_or_default().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(words: &[&str]) -> Vec<String> {
        words.iter().map(|&word| word.to_owned()).collect()
    }

    fn args(out: &str, command: &[&str]) -> SubmitArgs {
        SubmitArgs {
            slurm: true,
            slurm_dry_run: false,
            shards: 3,
            out: out.into(),
            sbatch: Vec::new(),
            command: arguments(command),
        }
    }

    #[test]
    fn each_task_runs_its_shard_and_the_merge_takes_them_all() {
        let scripts = Scripts::new(&args("my results", &["compare", "two words.toml"]), "firedrill");
        assert!(scripts.array.contains("#SBATCH --array=0-2\n"), "{}", scripts.array);
        assert!(
            scripts.array.ends_with(
                "exec firedrill compare 'two words.toml' --shard auto/3 --resume --jobs \"${SLURM_CPUS_PER_TASK:-1}\" \\\n  \
                 --out 'my results.shards/parts'/\"$SLURM_ARRAY_TASK_ID\"\n"
            ),
            "{}",
            scripts.array
        );
        assert!(scripts.merge.ends_with("exec firedrill merge 'my results.shards/parts' --out 'my results'\n"));
    }

    #[test]
    fn the_folder_of_the_logs_is_named_as_sbatch_reads_it() {
        let scripts = Scripts::new(&args("at-100%a", &["compare", "a.toml"]), "firedrill");
        assert!(scripts.array.contains("#SBATCH --output=at-100%%a.shards/task-%a.log\n"), "{}", scripts.array);
        assert!(scripts.merge.ends_with("merge at-100%a.shards/parts --out at-100%a\n"), "{}", scripts.merge);
        may_be_named(Path::new("at-100%a")).unwrap();
        let refused = may_be_named(Path::new("a\n#SBATCH --wrap=b")).unwrap_err().to_string();
        assert!(refused.contains(r#""a\n#SBATCH --wrap=b": a batch script cannot name it"#), "{refused}");
    }

    #[test]
    fn a_command_that_cannot_be_split_is_refused_before_anything_is_written() {
        let refused = |words: &[&str]| may_be_split(&arguments(words)).unwrap_err().to_string();
        assert_eq!(
            refused(&["explain", "a.toml"]),
            "submit: cannot split \"explain\"; allowed: run, compare, sweep, check"
        );
        assert_eq!(
            refused(&["run", "a.toml", "--out=o"]),
            "submit: --out=o after `--`: a shard is given its own, or cannot have it"
        );
        assert!(refused(&["compare", "a.toml", "--rnus", "5"]).contains("--rnus"));
        may_be_split(&arguments(&["sweep", "a.toml", "--vary", "dns.answer_ttl=5s,1m"])).unwrap();
    }
}
