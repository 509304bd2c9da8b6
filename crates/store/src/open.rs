//! How a file becomes a store: made, opened to write, opened to read, or left alone because it is something else.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::error::{Result, StoreError, Trouble};
use crate::handle::{Reader, Store};
use crate::{schema, upgrade};

/// How long another program may write before it counts as stuck.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long to wait before what another program holds is asked for again.
const AGAIN: Duration = Duration::from_millis(20);
/// The first bytes of every SQLite file.
const MAGIC: &[u8] = b"SQLite format 3\0";
/// Where a SQLite file says which program it belongs to.
const APPLICATION: std::ops::Range<usize> = 68..72;

/// What is at a path.
enum There {
    /// No file.
    Nothing,
    /// A file without tables: one to begin a store in.
    Empty,
    /// A store.
    Store,
}

impl Store {
    /// Opens the store, or makes one where there is no file.
    ///
    /// # Errors
    ///
    /// When the file can't be opened or written, is something else, or is of a later version.
    pub fn create(path: &Path) -> std::result::Result<Self, StoreError> {
        let db = to_write(path, true)?;
        Ok(Self { reader: Reader { db, path: path.to_owned() } })
    }

    /// Opens a store that is there, and brings an older one to the present schema.
    ///
    /// # Errors
    ///
    /// As [`Store::create`], and when there is no such file.
    pub fn open(path: &Path) -> std::result::Result<Self, StoreError> {
        let db = to_write(path, false)?;
        Ok(Self { reader: Reader { db, path: path.to_owned() } })
    }
}

impl Reader {
    /// Opens a store to read, also one in a folder or on a disk that can't be written.
    ///
    /// # Errors
    ///
    /// When there is no such file, when it can't be read or is something else, and [`StoreError::Older`] for a store of an
    /// earlier schema, which [`Store::open`] brings to the present one.
    pub fn open(path: &Path) -> std::result::Result<Self, StoreError> {
        Ok(Self { db: to_read(path)?, path: path.to_owned() })
    }

    /// Opens a temporary copy of a store of any schema, brought to the present one: for an older store that can't be
    /// written.
    ///
    /// # Errors
    ///
    /// As [`Reader::open`], and when there is no room for the copy.
    pub fn copied(path: &Path) -> std::result::Result<Self, StoreError> {
        Ok(Self { db: copied(path)?, path: path.to_owned() })
    }
}

/// Opens the store to write, makes one where there is no file and `create` says so, and brings an older one to the present
/// schema.
fn to_write(path: &Path, create: bool) -> std::result::Result<Connection, StoreError> {
    let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let there = look(path)?;
    match (&there, create) {
        (There::Nothing, false) => return Err(StoreError::Missing(path.to_owned())),
        (There::Empty, false) => return Err(StoreError::Foreign(path.to_owned())),
        (There::Nothing | There::Empty, true) => flags |= OpenFlags::SQLITE_OPEN_CREATE,
        (There::Store, _) => {}
    }
    let open = || -> Result<Connection> {
        let mut db = connect(path, flags)?;
        if matches!(there, There::Store) && !(1..=schema::SCHEMA).contains(&schema::version(&db)?) {
            return Ok(db);
        }
        // A file in which every page that is committed is on the disk: a power cut costs what was under way, no more.
        // SQLite doesn't wait for its turn when it switches a new file to this mode, so that two programs that begin a
        // store at once need to ask again.
        patiently(|| db.pragma_update(None, "journal_mode", "wal"))?;
        db.pragma_update(None, "synchronous", "full")?;
        db.pragma_update(None, "foreign_keys", true)?;
        db.pragma_update(None, "cache_size", -64_000)?;
        patiently_with(&mut db, |db| schema::migrate(db, upgrade::fill))?;
        Ok(db)
    };
    let db = open().map_err(|trouble| StoreError::of(path, trouble))?;
    known(path, &db)?;
    Ok(db)
}

/// Opens the store to read. Nothing is written to it, by whatever is asked of the connection.
fn to_read(path: &Path) -> std::result::Result<Connection, StoreError> {
    match look(path)? {
        There::Nothing => return Err(StoreError::Missing(path.to_owned())),
        There::Empty => return Err(StoreError::Foreign(path.to_owned())),
        There::Store => {}
    }
    let db = unwritten(path).map_err(|trouble| StoreError::of(path, trouble))?;
    known(path, &db)?;
    if let Ok(version) = schema::version(&db)
        && version < schema::SCHEMA
    {
        return Err(StoreError::Older(path.to_owned(), version, schema::SCHEMA));
    }
    Ok(db)
}

/// A temporary copy of an older store, brought to the present schema: for a store that can't be written.
fn copied(path: &Path) -> std::result::Result<Connection, StoreError> {
    match look(path)? {
        There::Nothing => return Err(StoreError::Missing(path.to_owned())),
        There::Empty => return Err(StoreError::Foreign(path.to_owned())),
        There::Store => {}
    }
    let copy = || -> Result<Connection> {
        let from = unwritten(path)?;
        // A file that SQLite makes among the system's temporary ones and removes when it is closed.
        let mut copy = Connection::open("")?;
        let backup = rusqlite::backup::Backup::new(&from, &mut copy)?;
        backup.run_to_completion(10_000, Duration::ZERO, None)?;
        drop(backup);
        copy.set_prepared_statement_cache_capacity(64);
        schema::migrate(&mut copy, upgrade::fill)?;
        copy.pragma_update(None, "query_only", true)?;
        Ok(copy)
    };
    let db = copy().map_err(|trouble| StoreError::of(path, trouble))?;
    known(path, &db)?;
    Ok(db)
}

/// A connection that writes nothing. Where the folder can be written, SQLite keeps its own files beside the store while
/// it is in use and removes them; where it can't, the file is read as it is.
fn unwritten(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let probed = |db: Connection| -> Result<Connection> {
        db.pragma_update(None, "query_only", true)?;
        db.pragma_update(None, "cache_size", -64_000)?;
        db.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
        Ok(db)
    };
    let whole = connect(path, flags | OpenFlags::SQLITE_OPEN_READ_WRITE).and_then(probed);
    let Err(trouble) = whole else { return whole };
    let denied = |trouble: &Trouble| {
        let code = if let Trouble::Sqlite(e) = trouble { e.sqlite_error_code() } else { None };
        matches!(code, Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::PermissionDenied))
    };
    if !denied(&trouble) {
        return Err(trouble);
    }
    let read_only = connect(path, flags | OpenFlags::SQLITE_OPEN_READ_ONLY).and_then(probed);
    match read_only {
        Err(trouble) if denied(&trouble) => {}
        other => return other,
    }
    if has_bytes(&beside(path, "-wal")) {
        return Err(Trouble::Unfinished);
    }
    immutable(path).and_then(probed)
}

/// What is at the path. A file of another program is an error, and was not written to.
fn look(path: &Path) -> std::result::Result<There, StoreError> {
    let foreign = || StoreError::Foreign(path.to_owned());
    let unreadable = |e: io::Error| StoreError::Unreadable(path.to_owned(), e);
    match fs::metadata(path) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(There::Nothing),
        Err(e) => return Err(unreadable(e)),
        Ok(about) if !about.is_file() => return Err(foreign()),
        Ok(_) => {}
    }
    let mut header = Vec::new();
    File::open(path).and_then(|f| f.take(100).read_to_end(&mut header)).map_err(unreadable)?;
    if header.is_empty() {
        return Ok(There::Empty);
    }
    let application = header.get(APPLICATION).and_then(|bytes| bytes.try_into().ok()).map(i32::from_be_bytes);
    let ours = application.is_some_and(|id| id == 0 || id == schema::APPLICATION);
    if !header.starts_with(MAGIC) || !ours {
        return Err(foreign());
    }
    let tables = |db: Connection| -> Result<(i64, i64)> {
        let sql = "SELECT count(*), count(*) FILTER (WHERE name IN ('articles', 'statements', 'decisions'))
            FROM sqlite_schema WHERE type = 'table'";
        Ok(db.query_row(sql, [], |r| Ok((r.get(0)?, r.get(1)?)))?)
    };
    // Read as it is, the file isn't touched. What a store that was just begun holds may still stand beside it.
    let mut found = immutable(path).and_then(tables);
    if !matches!(found, Ok((_, 3))) && has_bytes(&beside(path, "-wal")) {
        found = connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)
            .and_then(tables);
    }
    match found.map_err(|trouble| StoreError::of(path, trouble))? {
        (_, 3) => Ok(There::Store),
        (0, _) => Ok(There::Empty),
        _ => Err(foreign()),
    }
}

/// Whether the version of the schema is one that this program knows.
fn known(path: &Path, db: &Connection) -> std::result::Result<(), StoreError> {
    match schema::version(db).map_err(|e| StoreError::of(path, e.into()))? {
        ..=0 => Err(StoreError::Foreign(path.to_owned())),
        version if version > schema::SCHEMA => {
            Err(StoreError::Newer(path.to_owned(), version, schema::SCHEMA))
        }
        _ => Ok(()),
    }
}

fn connect(path: &Path, flags: OpenFlags) -> Result<Connection> {
    let db = Connection::open_with_flags(path, flags)?;
    db.busy_timeout(PATIENCE)?;
    db.set_prepared_statement_cache_capacity(64);
    Ok(db)
}

/// The file as it is now, without locks, without anything beside it.
fn immutable(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    connect(&as_uri(path), flags | OpenFlags::SQLITE_OPEN_URI)
}

/// `file:` and the path, with what means something in an address escaped, byte for byte.
fn as_uri(path: &Path) -> PathBuf {
    // A name that begins with two slashes would be a server's.
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut uri = b"file:".to_vec();
    for &byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'%' | b'?' | b'#' => uri.extend_from_slice(format!("%{byte:02x}").as_bytes()),
            _ => uri.push(byte),
        }
    }
    uri.extend_from_slice(b"?immutable=1");
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStringExt;
        PathBuf::from(std::ffi::OsString::from_vec(uri))
    }
    #[cfg(not(unix))]
    PathBuf::from(String::from_utf8_lossy(&uri).into_owned())
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

fn has_bytes(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|about| about.len() > 0)
}

/// Asks again while another program holds the file.
fn patiently(mut ask: impl FnMut() -> rusqlite::Result<()>) -> rusqlite::Result<()> {
    let begun = Instant::now();
    loop {
        match ask() {
            Err(e) if is_busy(&e) && begun.elapsed() < PATIENCE => thread::sleep(AGAIN),
            other => return other,
        }
    }
}

fn patiently_with(db: &mut Connection, mut ask: impl FnMut(&mut Connection) -> Result<()>) -> Result<()> {
    let begun = Instant::now();
    loop {
        match ask(db) {
            Err(Trouble::Sqlite(e)) if is_busy(&e) && begun.elapsed() < PATIENCE => thread::sleep(AGAIN),
            other => return other,
        }
    }
}

fn is_busy(e: &rusqlite::Error) -> bool {
    matches!(e.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_becomes_an_address_that_means_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a #1?100%.db");
        Connection::open(&path).unwrap().execute("CREATE TABLE x (y)", []).unwrap();
        let db = immutable(&path).unwrap();
        let tables: i64 = db.query_row("SELECT count(*) FROM sqlite_schema", [], |r| r.get(0)).unwrap();
        assert_eq!(tables, 1);
    }
}
