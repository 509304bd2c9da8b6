//! Progress on standard error, for people to see.

use std::io::{self, IsTerminal};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Creates a progress bar, which is visible only if the output does not go to the same screen.
///
/// It shows how many of the inputs' `bytes` were read, and a message. If `bytes` is 0, their size is unknown.
pub fn progress(bytes: u64, screen_is_free: bool) -> ProgressBar {
    let target = if screen_is_free { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let template = if bytes > 0 {
        "{spinner} {msg}  {bytes} of {total_bytes}  {elapsed}, {eta} left"
    } else {
        "{spinner} {msg}  {elapsed}"
    };
    let bar = ProgressBar::with_draw_target((bytes > 0).then_some(bytes), target);
    ProgressStyle::with_template(template).map_or(bar.clone(), |style| bar.with_style(style))
}

/// Returns whether progress can be shown without mixing with the output on standard output.
pub fn screen_is_free() -> bool {
    !io::stdout().is_terminal()
}
