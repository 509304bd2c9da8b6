//! Finds the ends of sentences, as far as blocks need them.

/// Marks that may follow the end of a sentence.
const CLOSING: [char; 5] = ['"', '”', '’', ')', '\''];

/// Whether a text ends like a sentence.
pub(crate) fn ends(text: &str) -> bool {
    text.trim_end_matches(CLOSING).ends_with(['.', '!', '?', '…', ':'])
}

/// An estimate of the number of sentences: ends of sentences before a capital.
pub(crate) fn count(words: &str) -> usize {
    let mut count = 0;
    let mut ended = false;
    for word in words.split_whitespace() {
        if ended && word.trim_start_matches(['"', '“', '‘', '\'']).starts_with(char::is_uppercase) {
            count += 1;
        }
        let bare = word.trim_end_matches(CLOSING);
        ended = bare.ends_with(['.', '!', '?']) && bare.chars().filter(|c| c.is_alphabetic()).count() > 3;
    }
    count + usize::from(ended)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_and_counts() {
        assert!(ends("“It rained.”") && ends("(It rained.)") && ends("She said:") && !ends("Rain, she said"));
        assert_eq!(count("It rained all night. “Nobody came,” she said. It was no. 7 in line."), 3);
        assert_eq!(count("Rain and wind"), 0);
    }
}
