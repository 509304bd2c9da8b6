//! Short programs on onrecord's libraries, in `src/bin`.
//!
//! This library contains only the example of the README, which is tested here.

#![forbid(unsafe_code)]

#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
