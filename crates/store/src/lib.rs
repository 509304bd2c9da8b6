//! Stores records in one SQLite file, searches their statements, and joins people across articles.
//!
//! ```text
//! Record --put--> Store --search--> Hits
//!                   |--join--> People    |--lineage--> Lineage
//!                   `--record--> Record  `--verify--> Fault
//! ```
//!
//! The schema is public (`schema.sql`), so any tool that reads SQLite can open a store. The store keeps the engine's
//! findings apart from people's decisions; see [`decisions`].
//!
//! ```
//! use onrecord_store::{Order, Query, Store};
//!
//! let folder = tempfile::tempdir()?;
//! let store = Store::create(&folder.path().join("news.db"))?;
//! let query: Query = "speaker:brandt bridge said:2016-03".parse()?;
//! assert!(store.search(&query, Order::Newest, 20, 0)?.hits.is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![forbid(unsafe_code)]
#![warn(clippy::must_use_candidate, clippy::print_stderr, clippy::print_stdout)]

pub mod across;
mod answers;
mod articles;
mod bearers;
mod changes;
mod complete;
mod corrections;
mod coverage;
mod decision;
pub mod decisions;
mod error;
mod events;
mod facets;
mod find;
mod follow;
mod handle;
mod hints;
mod ids;
mod index;
mod kinds;
pub mod lineage;
mod merges;
mod names;
mod open;
mod people;
mod profile;
mod put;
mod query;
mod record;
mod reports;
mod review;
mod rows;
mod salvage;
mod schema;
mod seal;
mod shingles;
mod size;
mod timeline;
mod upgrade;
mod verify;
pub mod words;

/// The time of a decision.
pub use jiff::Timestamp;
pub use onrecord_text::answers::{
    ChangeKind, Corrected, CorrectedEvent, DecidedField, DecisionKind, Period, Relation,
};

pub use changes::{Change, Changes};
pub use error::{Cause, StoreError};
pub use events::{Party, Report};
pub use facets::FACETED;
pub use find::{Hits, Order, RANKED, Start};
pub use handle::{Interrupter, Reader, Store};
pub use hints::{Hint, NamedInQuery, Unlinked};
pub use ids::{ArticleId, DecisionId, EventRef, PersonRef, StatementRef};
pub use kinds::Part;
pub use lineage::{Edit, Lineage, Version};
pub use people::{Identity, Person};
pub use put::{Batch, Digest, Put};
pub use query::{EventQuery, Query, QueryBuilder, QueryError};
pub use record::{Records, Stored};
pub use reports::{Accounts, RelationCount, Reports};
pub use rows::Hit;
pub use salvage::Salvaged;
pub use schema::SCHEMA;
pub use size::Size;
pub use timeline::TIMED;
pub use verify::Fault;
