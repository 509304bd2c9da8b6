//! Who said what.

pub mod quotes;
pub mod tokens;
