//! Short programs on onrecord's libraries, in `src/bin`.
//!
//! This library has nothing in it but the example of the README, which is tested here.

#![forbid(unsafe_code)]

#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
