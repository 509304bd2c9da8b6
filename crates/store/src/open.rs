//! Opening a file as a store: creating it, opening it for writing or reading, or refusing a file that is something
//! else.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::error::{Result, StoreError, Trouble};
use crate::handle::{PaddedCopy, Reader, Store};
use crate::{schema, upgrade};

/// How long another program may keep writing before it is considered stuck.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long to wait before retrying to get what another program has locked.
const AGAIN: Duration = Duration::from_millis(20);
/// The first bytes of every SQLite file.
const MAGIC: &[u8] = b"SQLite format 3\0";
/// Where a SQLite file states which program it belongs to.
const APPLICATION: std::ops::Range<usize> = 68..72;

/// What exists at a path.
enum There {
    /// No file.
    Nothing,
    /// A file without tables, in which a store can be created.
    Empty,
    /// A store.
    Store,
}

impl Store {
    /// Opens the store, or creates it if there is no file.
    ///
    /// # Errors
    ///
    /// Returns an error if the file can't be opened or written, is not a store, or was made by a later version.
    pub fn create(path: &Path) -> Result<Self, StoreError> {
        let db = to_write(path, true)?;
        Ok(Self { reader: Reader { db, path: path.to_owned(), copy: None } })
    }

    /// Opens an existing store, and upgrades an older one to the current schema.
    ///
    /// # Errors
    ///
    /// Fails like [`Store::create`], and also if there is no such file.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let db = to_write(path, false)?;
        Ok(Self { reader: Reader { db, path: path.to_owned(), copy: None } })
    }
}

impl Reader {
    /// Opens a store for reading, even if its folder or disk is read-only.
    ///
    /// # Errors
    ///
    /// Returns an error if the file does not exist, can't be read, or is not a store. Returns [`StoreError::Older`] for
    /// a store with an earlier schema, which [`Store::open`] upgrades to the current one.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Ok(Self { db: to_read(path)?, path: path.to_owned(), copy: None })
    }

    /// Opens a store for reading, whichever schema it has.
    ///
    /// An older store is upgraded first. If it can't be written, a temporary copy is upgraded in its place.
    ///
    /// # Errors
    ///
    /// Returns an error if the file does not exist, can't be read, is not a store, or was made by a later version, or
    /// if there is no room for the copy.
    pub fn open_any(path: &Path) -> Result<Self, StoreError> {
        match Self::open(path) {
            Err(StoreError::Older(..)) => match Store::open(path) {
                Ok(store) => {
                    drop(store);
                    Self::open(path)
                }
                Err(StoreError::ReadOnly(_) | StoreError::Sqlite(..)) => Self::copied(path),
                Err(e) => Err(e),
            },
            other => other,
        }
    }

    /// Opens a store for [`verify`](Self::verify) and [`salvage`](Self::salvage), whichever schema it has.
    ///
    /// SQLite refuses a file that is shorter than it says, such as a copy that was broken off. Such a store is read in a
    /// temporary copy that is filled up with zeros, so that only what was at its end is lost.
    ///
    /// # Errors
    ///
    /// Fails like [`Reader::open_any`]. Returns [`StoreError::Ruined`] if not even the list of articles can be read.
    pub fn open_damaged(path: &Path) -> Result<Self, StoreError> {
        let unreadable = |e: io::Error| StoreError::Unreadable(path.to_owned(), e);
        let ruined = |e: StoreError| match e {
            StoreError::Damaged(_, what) => StoreError::Ruined(path.to_owned(), what),
            other => other,
        };
        let missing = missing_at_the_end(path).unwrap_or_default();
        if missing == 0 {
            return Self::open_any(path).map_err(ruined);
        }
        let mut file = tempfile::NamedTempFile::new().map_err(unreadable)?;
        let copy = |file: &mut File| -> io::Result<()> {
            let length = io::copy(&mut File::open(path)?, file)?;
            file.set_len(length + missing)
        };
        copy(file.as_file_mut()).map_err(unreadable)?;
        let file = file.into_temp_path();
        let reader = Self::open_any(&file).map_err(ruined)?;
        Ok(Self { path: path.to_owned(), copy: Some(PaddedCopy { _file: file, missing }), ..reader })
    }

    /// Opens a temporary copy of a store, upgraded to the current schema.
    ///
    /// This is for older stores that can't be written.
    ///
    /// # Errors
    ///
    /// Fails like [`Reader::open`], and also if there is no room for the copy.
    pub fn copied(path: &Path) -> Result<Self, StoreError> {
        Ok(Self { db: copied(path)?, path: path.to_owned(), copy: None })
    }
}

/// Opens the store for writing, and upgrades an older one to the current schema.
///
/// If there is no file, it is created if `create` is set.
fn to_write(path: &Path, create: bool) -> Result<Connection, StoreError> {
    let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let there = look(path)?;
    match (&there, create) {
        (There::Nothing, false) => return Err(StoreError::Missing(path.to_owned())),
        (There::Empty, false) => return Err(StoreError::Empty(path.to_owned())),
        (There::Nothing | There::Empty, true) => flags |= OpenFlags::SQLITE_OPEN_CREATE,
        (There::Store, _) => {}
    }
    let open = || -> Result<Connection> {
        let mut db = connect(path, flags)?;
        if matches!(there, There::Store) && !(1..=schema::SCHEMA).contains(&schema::version(&db)?) {
            return Ok(db);
        }
        // In WAL mode with full synchronisation, every committed page is on the disk, so a power cut loses only work in
        // progress. SQLite doesn't wait for its turn when it switches a new file to this mode, so if two programs
        // create the same store at once, they must retry.
        patiently(|| Ok(db.pragma_update(None, "journal_mode", "wal")?))?;
        db.pragma_update(None, "synchronous", "full")?;
        db.pragma_update(None, "foreign_keys", true)?;
        db.pragma_update(None, "cache_size", -64_000)?;
        patiently(|| schema::migrate(&mut db, upgrade::fill))?;
        Ok(db)
    };
    let db = open().map_err(|trouble| match (&there, trouble) {
        (There::Nothing, Trouble::Sqlite(e)) if e.sqlite_error_code() == Some(ErrorCode::CannotOpen) => {
            uncreated(path, e)
        }
        (_, trouble) => StoreError::of(path, trouble),
    })?;
    known(path, &db)?;
    Ok(db)
}

/// Returns why a store can't be created. SQLite's error does not say it, but the system does.
fn uncreated(path: &Path, error: rusqlite::Error) -> StoreError {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let reason = match File::create_new(path) {
        Err(_) if folder.is_some_and(|folder| !folder.exists()) => {
            io::Error::new(io::ErrorKind::NotFound, "its folder does not exist")
        }
        Err(e) => e,
        Ok(_) => return StoreError::of(path, error.into()),
    };
    StoreError::Unreadable(path.to_owned(), reason)
}

/// Opens the store for reading. No request on this connection can write to it.
fn to_read(path: &Path) -> Result<Connection, StoreError> {
    must_be_a_store(path)?;
    let db = unwritten(path).map_err(|trouble| StoreError::of(path, trouble))?;
    known(path, &db)?;
    if let Ok(version) = schema::version(&db)
        && version < schema::SCHEMA
    {
        return Err(StoreError::Older(path.to_owned(), version, schema::SCHEMA));
    }
    Ok(db)
}

/// Opens a temporary copy of an older store, upgraded to the current schema, for stores that can't be written.
fn copied(path: &Path) -> Result<Connection, StoreError> {
    must_be_a_store(path)?;
    let copy = || -> Result<Connection> {
        let from = unwritten(path)?;
        // SQLite makes this file among the system's temporary files and removes it when it is closed.
        let mut copy = Connection::open("")?;
        let backup = rusqlite::backup::Backup::new(&from, &mut copy)?;
        backup.run_to_completion(10_000, Duration::ZERO, None)?;
        drop(backup);
        planning_once(&copy)?;
        schema::migrate(&mut copy, upgrade::fill)?;
        copy.pragma_update(None, "query_only", true)?;
        Ok(copy)
    };
    let db = copy().map_err(|trouble| StoreError::of(path, trouble))?;
    known(path, &db)?;
    Ok(db)
}

/// Opens a connection that never writes to the store.
///
/// If the folder is writable, SQLite keeps its own files next to the store while it is in use, and removes them
/// afterwards. If not, the file is read as it is.
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

/// Returns how many bytes a database lacks of the length that its header states, which is only exact if the version that
/// last wrote the header also wrote the file.
fn missing_at_the_end(path: &Path) -> io::Result<u64> {
    let mut header = [0; 100];
    let mut file = File::open(path)?;
    file.read_exact(&mut header)?;
    let number = |at: usize| u32::from_be_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]);
    // A page of 65,536 bytes is stated as 1, since its length has 17 bits.
    let page = match u16::from_be_bytes([header[16], header[17]]) {
        1 => 65_536,
        page => u64::from(page),
    };
    let (pages, changed, valid_for) = (number(28), number(24), number(92));
    let stated = if header.starts_with(MAGIC) && changed == valid_for { page * u64::from(pages) } else { 0 };
    Ok(stated.saturating_sub(file.metadata()?.len()))
}

/// Determines what exists at the path, without writing to it. A file of another program is an error.
fn look(path: &Path) -> Result<There, StoreError> {
    let foreign = || StoreError::Foreign(path.to_owned());
    let unreadable = |e: io::Error| StoreError::Unreadable(path.to_owned(), e);
    match fs::metadata(path) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(There::Nothing),
        Err(e) => return Err(unreadable(e)),
        Ok(about) if about.is_dir() => return Err(StoreError::Folder(path.to_owned())),
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
    // Opening the file as immutable doesn't touch it. The tables of a store that was just created may still be in the
    // WAL file next to it.
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

/// Returns an error unless a store exists at the path.
fn must_be_a_store(path: &Path) -> Result<(), StoreError> {
    match look(path)? {
        There::Nothing => Err(StoreError::Missing(path.to_owned())),
        There::Empty => Err(StoreError::Empty(path.to_owned())),
        There::Store => Ok(()),
    }
}

/// Checks that this program supports the version of the schema.
fn known(path: &Path, db: &Connection) -> Result<(), StoreError> {
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
    planning_once(&db)?;
    Ok(db)
}

/// Lets SQLite plan each query once.
///
/// Without this, it plans most queries anew each time, because the values bound to them might make another plan a little
/// faster. Planning takes longer than most of the queries.
fn planning_once(db: &Connection) -> rusqlite::Result<()> {
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    db.set_prepared_statement_cache_capacity(128);
    Ok(())
}

/// Opens the file as it is now, ignoring locks and the files next to it.
fn immutable(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    connect(&as_uri(path), flags | OpenFlags::SQLITE_OPEN_URI)
}

/// Returns the path as a `file:` URI, escaping byte for byte the characters that have a meaning in a URI.
fn as_uri(path: &Path) -> PathBuf {
    // A path that begins with two slashes would be taken for the name of a server.
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

/// Retries while another program has the file locked.
fn patiently(mut ask: impl FnMut() -> Result<()>) -> Result<()> {
    let begun = Instant::now();
    loop {
        match ask() {
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
    use rusqlite::StatementStatus;

    use super::*;

    #[test]
    fn a_query_is_planned_once_whatever_is_bound() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("news.db");
        let written = Store::create(&path).unwrap();
        let (read, copied) = (Reader::open(&path).unwrap(), Reader::copied(&path).unwrap());
        for db in [&written.db, &read.db, &copied.db] {
            let sql = "SELECT person FROM people_statements WHERE statement = ? AND field = ? LIMIT ?";
            for number in 0..5 {
                let mut query = db.prepare_cached(sql).unwrap();
                assert!(!query.exists((number, "speaker", number)).unwrap());
            }
            let query = db.prepare_cached(sql).unwrap();
            assert_eq!(query.get_status(StatementStatus::Run), 5);
            assert_eq!(query.get_status(StatementStatus::RePrepare), 0);
        }
    }

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
