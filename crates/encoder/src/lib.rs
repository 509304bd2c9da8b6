//! A small transformer encoder on a CPU: text to word pieces, word pieces to scores.

pub mod wordpiece;
