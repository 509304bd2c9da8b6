//! The vocabulary that the rooms of onrecord exchange.
mod date;
mod span;

pub use date::{NotADate, PartialDate};
pub use span::{CodePoints, Pieces, Span};
