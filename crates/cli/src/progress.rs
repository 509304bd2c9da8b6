//! Progress on standard error, where a person sees it.

use std::io::{self, IsTerminal};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Progress, where the output doesn't go to the same screen: how many bytes of the inputs were read of how many there are (0:
/// nobody knows), and what a message says.
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

/// Whether progress can be shown beside what goes to standard output.
pub fn screen_is_free() -> bool {
    !io::stdout().is_terminal()
}
