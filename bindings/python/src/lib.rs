//! The native part of the Python package: documents in, records, tables and answers out.
//!
//! It only converts values. What it calls is in the crates, and what users see is in `python/onrecord`.

mod across;
mod documents;
mod errors;
mod records;
mod store;
mod table;
mod waiting;

use pyo3::prelude::*;

#[pymodule]
mod _native {
    #[pymodule_export]
    const VERSION: &str = onrecord::VERSION;
    #[pymodule_export]
    use crate::across::{
        bearers, bounds, change, day, fingerprints, fold, holder, name, own_runs, role_words, same,
        same_story, share_a_name,
    };
    #[pymodule_export]
    use crate::records::{Record, Results, engine, read};
    #[pymodule_export]
    use crate::store::{Records, Store};
    #[pymodule_export]
    use crate::table::{Batch, Batches, Schema};
}
