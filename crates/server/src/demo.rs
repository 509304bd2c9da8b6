//! The example archive, which is part of the program.

use std::io;
use std::ops::ControlFlow;
use std::path::PathBuf;

use onrecord::Engine;
use onrecord::page::documents;
use onrecord_ingest::{Document, Event, Ingest, IngestError};
use onrecord_store::{Store, StoreError};
use tempfile::TempDir;

/// The files of `examples/`, through links: a package contains only the files in the folder of its crate.
/// In this order, the articles have the same numbers as in the documentation, which reads the archive first.
const FILES: [(&str, &[u8]); 5] = [
    ("agency.jsonl", include_bytes!("../demo/agency.jsonl")),
    ("shore.rss", include_bytes!("../demo/shore.rss")),
    ("sound.html", include_bytes!("../demo/sound.html")),
    ("bridge.txt", include_bytes!("../demo/bridge.txt")),
    ("rivals.jsonl", include_bytes!("../demo/rivals.jsonl")),
];

/// A store in a temporary folder, which is removed when this value is dropped.
#[derive(Debug)]
pub struct Demo {
    folder: TempDir,
}

/// The reason why the examples could not be put into a store.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// A temporary folder could not be created.
    #[error("a temporary folder could not be created: {0}")]
    Folder(#[from] io::Error),
    /// The store could not be written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The examples could not be read into it.
    #[error(transparent)]
    Ingest(#[from] IngestError),
}

impl Demo {
    /// Puts the examples into a new store.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no room for a temporary store.
    pub fn new() -> Result<Self, DemoError> {
        let demo = Self { folder: tempfile::Builder::new().prefix("onrecord-demo-").tempdir()? };
        let mut store = Store::create(&demo.store())?;
        let engine = Engine::new().with_events();
        let all = FILES.into_iter().flat_map(|(name, bytes)| {
            documents(bytes, name, None).map(|raw| raw.map(Document::from)).collect::<Vec<_>>()
        });
        Ingest::new(&engine, &mut store)?.run(all, |event| {
            if let Event::Unread(e) = event {
                crate::problem::log(&e);
            }
            ControlFlow::Continue(())
        })?;
        store.join(|| false)?;
        Ok(demo)
    }

    /// Returns the path of the store.
    #[must_use]
    pub fn store(&self) -> PathBuf {
        self.folder.path().join("demo.db")
    }
}
