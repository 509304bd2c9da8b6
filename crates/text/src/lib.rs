//! The types that the crates of onrecord share: spans of a text, the article, its statements, the record, and the
//! record's wire format.
//!
//! ```
//! use onrecord_text::{CodePoints, Span};
//!
//! // A span counts bytes; the wire counts Unicode code points.
//! let text = "“Нет”, he said";
//! let span = Span::trimmed(text, 3..9).unwrap();
//! assert_eq!(span.of(text), "Нет");
//! assert_eq!(CodePoints::new(text).wire(span), [1, 4]);
//! ```

#![forbid(unsafe_code)]
#![warn(clippy::must_use_candidate, clippy::print_stderr, clippy::print_stdout)]

mod address;
pub mod answers;
mod article;
mod counted;
mod country;
mod date;
mod event;
mod fold;
mod hex;
mod json;
mod label;
pub mod lists;
mod names;
mod resolved;
mod sentences;
mod span;
pub mod wire;

pub use address::names_an_article;
pub use article::{
    Act, Article, Block, BlockKind, Dateline, EngineVersion, Metadata, Notice, NoticeKind, Record, Statement,
    StatementKind, Status,
};
pub use counted::{counted, listed, plural};
pub use country::{country_code, country_words, is_country_code};
/// A calendar day. A [`PartialDate`] is one if all of its parts are known.
pub use jiff::civil::Date;

pub use date::{MONTHS, NotADate, PartialDate, legible, month_named};
pub use event::{DateBasis, Event, EventStatus, EventTime, EventType, Party, Place, QuadClass, Side};
pub use fold::{folded, is_invisible, is_mark_on_letter};
pub use hex::hexadecimal;
pub use json::wrong_in_line;
pub use label::{TURN_MARK, TurnLabel};
pub use resolved::{Entity, EntityKind, Linked, Speaker, SpeakerKind, Step, Time};
pub use sentences::{Sentences, takes_full_stop};
pub use span::{BETWEEN_PIECES, CodePoints, Pieces, Span};
