//! The file of a log: made, found again, appended to, read.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::aside::Aside;
use super::error::LogError;
use super::frame::{HEAD, crc, framed, head};
use super::header::Header;
use super::index::{Index, Key};

/// First bytes of the file, with the version of its form.
const MAGIC: &[u8] = b"firedrill runs 1\n";

/// Longest time that a run may be on its way to the disk.
const FLUSHED_EVERY: Duration = Duration::from_secs(2);

/// A log that is there.
#[derive(Debug)]
pub struct RunLog {
    path: PathBuf,
    header: Header,
    inner: Mutex<Inner>,
    aside: Aside,
    /// Offset at which the file was cut or is no longer believed, and the number of bytes there were.
    damage: Option<(u64, u64)>,
}

#[derive(Debug)]
struct Inner {
    file: File,
    /// End of what is whole.
    end: u64,
    index: Index,
    /// Time at which it was last brought to the disk; `None` if it need not outlast the process.
    flushed: Option<Instant>,
}

impl RunLog {
    /// Makes a log at `path`, without a run.
    ///
    /// # Errors
    /// [`LogError::Write`] if it cannot be made.
    pub fn create(path: &Path, header: Header) -> Result<Self, LogError> {
        let failed = |source| LogError::Write { path: path.to_owned(), runs: 0, source };
        let file = OpenOptions::new().read(true).write(true).create_new(true).open(path).map_err(failed)?;
        let inner = begin(file, &header, Some(now())).map_err(failed)?;
        Ok(RunLog::new(path, header, inner, None))
    }

    /// Makes a log without a run and without a name on the disk of `folder`. It goes with the process however that ends.
    ///
    /// # Errors
    /// [`LogError::Write`] if it cannot be made.
    pub fn create_unnamed(folder: &Path, header: Header) -> Result<Self, LogError> {
        let failed = |source| LogError::Write { path: folder.to_owned(), runs: 0, source };
        let file = tempfile::tempfile_in(folder).map_err(failed)?;
        let inner = begin(file, &header, None).map_err(failed)?;
        let aside = Aside::on_the_disk_of(folder);
        Ok(RunLog { path: folder.to_owned(), header, inner: Mutex::new(inner), aside, damage: None })
    }

    /// Opens the log at `path` to go on with it. What stands after the last whole record is cut off, and so is all from a damaged
    /// one on.
    ///
    /// # Errors
    /// [`LogError::NoLog`] if it is none; [`LogError::NoRuns`] if it ends within its header; [`LogError::Read`] or [`LogError::Write`] if the disk fails.
    pub fn open(path: &Path) -> Result<Self, LogError> {
        let log = RunLog::scan(path, OpenOptions::new().read(true).write(true))?;
        if log.damage.is_some() {
            let inner = log.lock();
            let cut = inner.file.set_len(inner.end);
            cut.map_err(|source| LogError::Write { path: path.to_owned(), runs: inner.index.len(), source })?;
        }
        Ok(log)
    }

    /// Opens the log at `path` to see what there is of it.
    ///
    /// # Errors
    /// As [`RunLog::open`].
    pub fn look(path: &Path) -> Result<Self, LogError> {
        RunLog::scan(path, OpenOptions::new().read(true))
    }

    /// Opens the log at `path`, which is whole, to read it.
    ///
    /// # Errors
    /// As [`RunLog::open`]; [`LogError::Damaged`] if a record is not whole.
    pub fn open_whole(path: &Path) -> Result<Self, LogError> {
        let log = RunLog::scan(path, OpenOptions::new().read(true))?;
        match log.damage {
            Some((offset, _)) => Err(LogError::Damaged { path: path.to_owned(), offset }),
            None => Ok(log),
        }
    }

    fn scan(path: &Path, how: &OpenOptions) -> Result<Self, LogError> {
        let failed = |source| LogError::Read { path: path.to_owned(), source };
        let no_log = || LogError::NoLog { path: path.to_owned() };
        let file = how.open(path).map_err(failed)?;
        let length = file.metadata().map_err(failed)?.len();
        let mut reader = BufReader::with_capacity(1 << 16, &file);
        let mut magic = Vec::new();
        reader.by_ref().take(MAGIC.len() as u64).read_to_end(&mut magic).map_err(failed)?;
        let no_runs = || LogError::NoRuns { path: path.to_owned() };
        if magic != MAGIC {
            // A file system may leave zeros for what had not reached the disk when the power was cut.
            let is_empty = MAGIC.starts_with(&magic)
                || magic.iter().all(|byte| *byte == 0) && is_blank(&mut reader).map_err(failed)?;
            return Err(if is_empty { no_runs() } else { no_log() });
        }
        let mut end = MAGIC.len() as u64;
        let json = next(&mut reader, length - end).map_err(failed)?.ok_or_else(no_runs)?;
        let header = serde_json::from_slice::<Header>(&json).ok().filter(Header::is_sound).ok_or_else(no_log)?;
        end += (HEAD + json.len()) as u64;
        let mut index = Index::new();
        while let Some(bytes) = next(&mut reader, length - end).map_err(failed)? {
            let Ok((key, _)) = postcard::take_from_bytes::<Key>(&bytes) else { break };
            index.insert(key, end);
            end += (HEAD + bytes.len()) as u64;
        }
        drop(reader);
        let damage = (end < length).then_some((end, length));
        Ok(RunLog::new(path, header, Inner { file, end, index, flushed: Some(now()) }, damage))
    }

    fn new(path: &Path, header: Header, inner: Inner, damage: Option<(u64, u64)>) -> Self {
        let aside = Aside::on_the_disk_of(path.parent().unwrap_or(Path::new(".")));
        RunLog { path: path.to_owned(), header, inner: Mutex::new(inner), aside, damage }
    }

    /// Of what study it is.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Number of runs that it holds, of all designs and points together.
    pub fn runs(&self) -> usize {
        self.lock().index.len()
    }

    /// Returns the keys of all runs, in order.
    pub fn keys(&self) -> Vec<Key> {
        self.lock().index.keys().copied().collect()
    }

    /// Returns what the user should know: that something was cut off.
    pub fn note(&self) -> Option<String> {
        let (offset, length) = self.damage?;
        let (path, runs) = (self.path.display(), self.runs());
        Some(format!(
            "{path}: its last {} bytes, from byte {offset} on, are no whole run; {runs} runs before them are used, and the \
             others are made again",
            length - offset
        ))
    }

    /// Appends a run.
    ///
    /// # Errors
    /// [`LogError::Write`] if it cannot be written; what was before is then whole.
    pub fn append(&self, key: Key, record: &impl Serialize) -> Result<(), LogError> {
        let mut inner = self.lock();
        let runs = inner.index.len();
        let failed = |source| LogError::Write { path: self.path.clone(), runs, source };
        let other = |error: postcard::Error| failed(io::Error::other(error));
        let mut bytes = postcard::to_allocvec(&key).map_err(other)?;
        bytes = postcard::to_extend(record, bytes).map_err(other)?;
        let (frame, end) = (framed(&bytes), inner.end);
        let written = inner.file.seek(SeekFrom::Start(end)).and_then(|_| inner.file.write_all(&frame));
        if let Err(error) = written {
            // A record that is half there would be cut off by the next process, too.
            let _ = inner.file.set_len(end);
            return Err(failed(error));
        }
        inner.index.insert(key, end);
        inner.end += frame.len() as u64;
        if inner.flushed.is_some_and(|flushed| flushed.elapsed() >= FLUSHED_EVERY) {
            inner.file.sync_data().map_err(failed)?;
            inner.flushed = Some(now());
        }
        Ok(())
    }

    /// Flushes all that is written to the disk.
    ///
    /// # Errors
    /// [`LogError::Write`] if that cannot be done.
    pub fn flush(&self) -> Result<(), LogError> {
        let inner = self.lock();
        let failed = |source| LogError::Write { path: self.path.clone(), runs: inner.index.len(), source };
        inner.file.sync_all().map_err(failed)
    }

    /// Hands the record of every run of the study `point` to `visit`, which may not use the log, by design and run number.
    ///
    /// # Errors
    /// [`LogError::Damaged`] if a record is not what was written; [`LogError::Read`].
    pub fn each<T: DeserializeOwned>(&self, point: u32, visit: &mut dyn FnMut(T)) -> Result<(), LogError> {
        let failed = |source| LogError::Read { path: self.path.clone(), source };
        let runs = self.of_point(point);
        let inner = self.lock();
        let mut file = BufReader::with_capacity(1 << 16, &inner.file);
        file.rewind().map_err(failed)?;
        let mut at = 0;
        for (_, offset) in runs {
            // A seek within what is buffered costs nothing.
            file.seek_relative(offset as i64 - at).map_err(failed)?;
            let damaged = || LogError::Damaged { path: self.path.clone(), offset };
            let bytes = next(&mut file, u64::MAX).map_err(failed)?.ok_or_else(damaged)?;
            at = offset as i64 + (HEAD + bytes.len()) as i64;
            let (_, record) = postcard::take_from_bytes::<Key>(&bytes).map_err(|_| damaged())?;
            visit(postcard::from_bytes(record).map_err(|_| damaged())?);
        }
        Ok(())
    }

    /// Returns the record of one run, or what it begins with.
    ///
    /// # Errors
    /// [`LogError::NoRun`] if it is not there; [`LogError::Damaged`] if it is not what was written; [`LogError::Read`].
    pub fn get<T: DeserializeOwned>(&self, key: Key) -> Result<T, LogError> {
        let mut inner = self.lock();
        let no_run = || LogError::NoRun { path: self.path.clone(), run: key.run };
        let offset = *inner.index.get(&key).ok_or_else(no_run)?;
        let read = inner.file.seek(SeekFrom::Start(offset)).and_then(|_| next(&mut inner.file, u64::MAX));
        drop(inner);
        let damaged = || LogError::Damaged { path: self.path.clone(), offset };
        let bytes = read.map_err(|source| LogError::Read { path: self.path.clone(), source })?.ok_or_else(damaged)?;
        let (_, record) = postcard::take_from_bytes::<Key>(&bytes).map_err(|_| damaged())?;
        postcard::take_from_bytes(record).map(|(record, _)| record).map_err(|_| damaged())
    }

    /// Numbers put aside on its disk.
    pub fn aside(&self) -> &Aside {
        &self.aside
    }

    fn of_point(&self, point: u32) -> Vec<(Key, u64)> {
        let [first, last] = [(0, 0), (u32::MAX, u64::MAX)].map(|(slot, run)| Key { point, slot, run });
        self.lock().index.range(first..=last).map(|(key, offset)| (*key, *offset)).collect()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Writes the beginning of a log to a file that is new.
fn begin(mut file: File, header: &Header, flushed: Option<Instant>) -> io::Result<Inner> {
    let beginning = [MAGIC, &framed(&serde_json::to_vec(header)?)].concat();
    file.write_all(&beginning)?;
    Ok(Inner { file, end: beginning.len() as u64, index: Index::new(), flushed })
}

#[expect(clippy::disallowed_methods, reason = "decides when a file is flushed and reaches no result")]
fn now() -> Instant {
    Instant::now()
}

/// Reads the frame that stands next, of which there are at most `left` bytes; `None` if there is none that is whole.
fn next(reader: &mut impl Read, left: u64) -> io::Result<Option<Vec<u8>>> {
    let mut begin = [0; HEAD];
    if left < HEAD as u64 || !is_read(reader.read_exact(&mut begin))? {
        return Ok(None);
    }
    let (length, wanted) = head(begin);
    if u64::from(length) > left - HEAD as u64 {
        return Ok(None);
    }
    let mut bytes = Vec::with_capacity((length as usize).min(1 << 20));
    reader.take(u64::from(length)).read_to_end(&mut bytes)?;
    Ok((bytes.len() == length as usize && crc(&bytes) == wanted).then_some(bytes))
}

/// Returns false where the file ended first.
fn is_read(read: io::Result<()>) -> io::Result<bool> {
    match read {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

/// Returns true if there is nothing but zeros left to read.
fn is_blank(reader: &mut impl BufRead) -> io::Result<bool> {
    loop {
        let bytes = reader.fill_buf()?;
        if bytes.is_empty() || bytes.iter().any(|byte| *byte != 0) {
            return Ok(bytes.is_empty());
        }
        let length = bytes.len();
        reader.consume(length);
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::header::tests::header;
    use super::*;
    use crate::runlog::header::Part;

    fn key(point: u32, slot: u32, run: u64) -> Key {
        Key { point, slot, run }
    }

    /// A log of four runs, the last of which is of another point.
    fn four(folder: &Path) -> PathBuf {
        let path = folder.join("runs.log");
        let log = RunLog::create(&path, header()).unwrap();
        for (run, point) in [(5, 0), (3, 0), (4, 0), (3, 1)] {
            log.append(key(point, 0, run), &format!("run {run} of {point}")).unwrap();
        }
        path
    }

    fn records(log: &RunLog, point: u32) -> Vec<String> {
        let mut found = Vec::new();
        log.each(point, &mut |record: String| found.push(record)).unwrap();
        found
    }

    #[test]
    fn runs_come_back_in_order_of_their_numbers() {
        let folder = tempfile::tempdir().unwrap();
        let log = RunLog::open_whole(&four(folder.path())).unwrap();
        assert_eq!((log.header(), log.runs(), log.note()), (&header(), 4, None));
        assert_eq!(records(&log, 0), ["run 3 of 0", "run 4 of 0", "run 5 of 0"]);
        assert_eq!(records(&log, 1), ["run 3 of 1"]);
        assert_eq!(log.get::<String>(key(0, 0, 4)).unwrap(), "run 4 of 0");
        assert!(matches!(log.get::<String>(key(1, 0, 4)), Err(LogError::NoRun { run: 4, .. })));
    }

    #[test]
    fn a_log_without_a_name_is_read_and_written_and_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let log = RunLog::create_unnamed(folder.path(), header()).unwrap();
        for run in [2, 1] {
            log.append(key(0, 0, run), &format!("run {run}")).unwrap();
            assert_eq!(log.get::<String>(key(0, 0, run)).unwrap(), format!("run {run}"));
        }
        assert_eq!(records(&log, 0), ["run 1", "run 2"]);
        log.append(key(0, 0, 3), &"run 3").unwrap();
        assert_eq!((records(&log, 0).len(), log.runs()), (3, 3));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        let nowhere = RunLog::create_unnamed(&folder.path().join("no"), header());
        assert!(matches!(nowhere, Err(LogError::Write { runs: 0, .. })));
    }

    #[test]
    fn a_log_that_ends_anywhere_is_cut_at_the_last_whole_run_and_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        let path = four(folder.path());
        let whole = fs::read(&path).unwrap();
        let mut seen = Vec::new();
        for end in 0..whole.len() {
            for zeros in [0, 100] {
                // After a power cut a file may be as long as it was to be, with nothing in it.
                fs::write(&path, [&whole[..end], &vec![0; zeros]].concat()).unwrap();
                let Ok(log) = RunLog::open(&path) else {
                    assert!(seen.is_empty(), "no log any more at {end}");
                    continue;
                };
                let runs = log.runs();
                log.append(key(0, 1, 9), &"more".to_owned()).unwrap();
                drop(log);
                let log = RunLog::open_whole(&path).unwrap();
                assert_eq!((log.runs(), records(&log, 0).last().map(String::as_str)), (runs + 1, Some("more")));
                seen.push(runs);
            }
        }
        seen.dedup();
        assert_eq!(seen, [0, 1, 2, 3]);
    }

    #[test]
    fn from_a_damaged_record_on_a_log_is_not_believed_and_one_that_should_be_whole_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = four(folder.path());
        let whole = fs::read(&path).unwrap();
        let at = whole.windows(5).position(|bytes| bytes == b"run 3").unwrap();
        let mut damaged = whole.clone();
        damaged[at] ^= 1;
        fs::write(&path, &damaged).unwrap();
        let Err(LogError::Damaged { offset, .. }) = RunLog::open_whole(&path) else { panic!("believed") };
        // A frame begins 8 bytes before its key of three numbers and the length of the text, a byte each.
        assert_eq!(offset, at as u64 - 12);
        let log = RunLog::open(&path).unwrap();
        assert_eq!(records(&log, 0), ["run 5 of 0"]);
        assert!(log.note().unwrap().contains(&format!("from byte {offset} on")), "{:?}", log.note());
    }

    #[test]
    fn what_is_no_log_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("runs.log");
        for text in ["design,run\n", "firedrill runs 2\n"] {
            fs::write(&path, text).unwrap();
            assert!(matches!(RunLog::open(&path), Err(LogError::NoLog { .. })), "{text}");
        }
        for text in ["", "firedrill", "firedrill runs 1\n", "firedrill runs 1\n\0\0\0"] {
            fs::write(&path, text).unwrap();
            assert!(matches!(RunLog::open(&path), Err(LogError::NoRuns { .. })), "{text}");
        }
        assert!(matches!(RunLog::create(&path, header()), Err(LogError::Write { .. })), "written over");
        for (part, of) in [(1, 0), (0, 1), (2, 1), (1, u64::MAX)] {
            fs::remove_file(&path).unwrap();
            drop(RunLog::create(&path, Header { shard: Some(Part { part, of }), ..header() }).unwrap());
            assert!(matches!(RunLog::open(&path), Err(LogError::NoLog { .. })), "{part}/{of}");
        }
    }
}
