//! Which statements inside another's content are relayed, and which only say what the speaker thinks.

use onrecord_text::{Pieces, Statement};

use super::bounds::quotation_around;
use crate::lists::listed;
use crate::quotes::Quotation;

/// Whether a statement inside another passes on somebody else's words: a verb of speech, and a source that is not the
/// speaker. “I think” and “she hopes” relay nothing.
pub(super) fn passes_on(text: &str, quotations: &[Quotation], statement: &Statement) -> bool {
    let words = |pieces: &Pieces| -> Vec<String> {
        let text = pieces.text(text).to_lowercase();
        text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_owned).collect()
    };
    let Some((source, cue)) = statement.source.as_ref().zip(statement.cue.as_ref()) else { return false };
    let names = words(source).into_iter().next().is_some_and(|first| {
        let quoted = quotation_around(quotations, source.extent()).is_some();
        !listed("relays/self", &first)
            && !listed("relays/nobody", &first)
            && (quoted || !listed("relays/third", &first))
    });
    names && words(cue).iter().any(|w| listed("relays/speech", w))
}
