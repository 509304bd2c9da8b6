//! What the tests of the binary share.

use std::path::{Path, PathBuf};

use assert_cmd::Command;
use tempfile::TempDir;

pub fn onrecord() -> Command {
    let mut command = Command::cargo_bin("onrecord").expect("the binary is built");
    command.env_remove("NO_COLOR");
    command
}

pub fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = TempDir::new().expect("a folder for the test");
    for (name, bytes) in files {
        std::fs::write(folder.path().join(name), bytes).expect("a file for the test");
    }
    folder
}

#[allow(dead_code, reason = "each test program uses what it needs")]
pub fn path(folder: &TempDir, name: &str) -> String {
    folder.path().join(name).display().to_string()
}

#[allow(dead_code, reason = "each test program uses what it needs")]
pub fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(name)
}
