//! Room on a disk.

use std::path::Path;

/// Returns how many bytes may still be written to the disk of `path`, or of the nearest folder around it that is there; `None` if
/// the system does not tell.
#[cfg(unix)]
pub fn free_bytes(path: &Path) -> Option<u64> {
    let here = Path::new(".");
    let mut around = path.ancestors().map(|folder| if folder.as_os_str().is_empty() { here } else { folder });
    let found = around.find_map(|folder| rustix::fs::statvfs(folder).ok())?;
    Some(found.f_bavail.saturating_mul(found.f_frsize))
}

/// Returns `None`: here nobody is asked.
#[cfg(not(unix))]
pub fn free_bytes(_path: &Path) -> Option<u64> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_folder_that_is_not_there_yet_has_the_room_of_the_one_around_it() {
        let folder = tempfile::tempdir().unwrap();
        // Others write to the disk meanwhile; that there is an answer is all that can be said of it.
        assert!(free_bytes(&folder.path().join("a/b")).is_some() && free_bytes(Path::new("nowhere")).is_some());
    }
}
