//! Files that are there whole or not at all, also after a power cut.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

/// Puts a file in its place, instead of whatever stood there. When this returns, it survives a power cut; until then the old one does.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().ok_or(io::ErrorKind::InvalidInput)?;
    // Others may be writing the same file: each has a name of its own until the file is whole.
    let number = getrandom::u64().map_err(io::Error::other)?;
    let temporary = folder.join(format!(".{number:016x}.tmp"));
    let placed = write_new(&temporary, bytes, 0o644).and_then(|()| fs::rename(&temporary, path));
    if let Err(error) = placed {
        // What cannot be removed now is a hidden file that nobody reads.
        drop(fs::remove_file(&temporary));
        return Err(error);
    }
    sync_folder(folder)
}

/// Makes a file that must not be there yet, with these permissions.
pub(super) fn write_new(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(mode)
        .open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Makes durable which files are in a folder.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}
