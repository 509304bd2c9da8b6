//! The reading of an article, shared by all stages: its words, sentences, quotations and expressions of time.
//!
//! Words carry the properties that rules need, and rules pass around ranges of words; no later stage splits the text
//! again. Everything is stored in flat vectors with typed indices.

use onrecord_text::{Article, Block, BlockKind, Span, TURN_MARK};

use crate::dates::{self, Expression};
use crate::english::{THE, is_adverb};
use crate::lists::List;
use crate::quotes::Quotation;
use crate::words::{self, shape};

pub(crate) use crate::words::Shape;

/// The index of a word in its reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct WordId(pub(crate) u32);

/// The index of a sentence in its reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct SentenceId(u32);

/// The index of a block in its article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct BlockId(u32);

/// The index of a quotation in its reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct QuotationId(u32);

impl WordId {
    fn index(self) -> usize {
        self.0 as usize
    }

    /// The word `by` places after this one, or before it if negative.
    pub(crate) fn step(self, by: i64) -> Option<Self> {
        u32::try_from(i64::from(self.0) + by).ok().map(Self)
    }
}

impl BlockId {
    /// The block with this index in [`Reading::blocks`].
    pub(crate) fn of(index: usize) -> Self {
        Self(index as u32)
    }

    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// A range of words, which may be empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct WordRange {
    pub(crate) start: WordId,
    /// The word after the last one.
    pub(crate) end: WordId,
}

impl WordRange {
    pub(crate) fn iter(self) -> impl DoubleEndedIterator<Item = WordId> + ExactSizeIterator + Clone {
        (self.start.0 as usize..self.end.0.max(self.start.0) as usize).map(|n| WordId(n as u32))
    }

    pub(crate) fn len(self) -> usize {
        self.end.0.saturating_sub(self.start.0) as usize
    }

    pub(crate) fn is_empty(self) -> bool {
        self.len() == 0
    }

    pub(crate) fn first(self) -> Option<WordId> {
        (!self.is_empty()).then_some(self.start)
    }

    pub(crate) fn last(self) -> Option<WordId> {
        (!self.is_empty()).then(|| WordId(self.end.0 - 1))
    }
}

/// A word or a single mark. It is small, because a book has millions.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Word {
    start: u32,
    end: u32,
    /// Where it begins in [`Reading::lower`], which holds it in lower case.
    lower: u32,
    pub(crate) sentence: SentenceId,
    /// The index of its quotation, or [`Self::UNQUOTED`].
    quotation: u32,
    pub(crate) shape: Shape,
}

impl Word {
    const UNQUOTED: u32 = u32::MAX;

    pub(crate) fn span(&self) -> Span {
        Span::new(self.start as usize, self.end as usize).expect("a word has characters")
    }

    pub(crate) fn quotation(&self) -> Option<QuotationId> {
        (self.quotation != Self::UNQUOTED).then_some(QuotationId(self.quotation))
    }

    /// Whether it is neither a mark nor a possessive.
    pub(crate) fn is_word(&self) -> bool {
        !matches!(self.shape, Shape::Mark | Shape::Possessive)
    }

    pub(crate) fn is_capital(&self) -> bool {
        matches!(self.shape, Shape::Capital | Shape::Capitals)
    }

    pub(crate) fn is_possessive(&self) -> bool {
        self.shape == Shape::Possessive
    }
}

/// A sentence: words of one block.
#[derive(Clone, Copy, Debug)]
struct Sentence {
    words: WordRange,
    block: BlockId,
}

/// An article's words, sentences, blocks, quotations and expressions of time.
#[derive(Clone, Debug)]
pub(crate) struct Reading<'a> {
    text: &'a str,
    blocks: &'a [Block],
    quotations: &'a [Quotation],
    words: Vec<Word>,
    sentences: Vec<Sentence>,
    /// The first sentence of each block, followed by the number of all sentences.
    block_sentences: Vec<u32>,
    /// The text of all words in lower case.
    lower: String,
    times: Vec<Expression>,
}

impl<'a> Reading<'a> {
    /// Reads an article whose quotation marks have been paired.
    pub(crate) fn of(article: &'a Article, quotations: &'a [Quotation]) -> Self {
        Self::of_blocks(&article.text, &article.blocks, quotations)
    }

    /// Reads the blocks of a text.
    pub(crate) fn of_blocks(text: &'a str, blocks: &'a [Block], quotations: &'a [Quotation]) -> Self {
        let mut reading = Self {
            text,
            blocks,
            quotations,
            words: Vec::with_capacity(text.len() / 5),
            sentences: Vec::new(),
            block_sentences: Vec::with_capacity(blocks.len() + 1),
            lower: String::with_capacity(text.len()),
            times: Vec::new(),
        };
        for (n, block) in blocks.iter().enumerate() {
            reading.block_sentences.push(reading.sentences.len() as u32);
            reading.add(block.span, BlockId(n as u32));
        }
        reading.block_sentences.push(reading.sentences.len() as u32);
        for block in 0..blocks.len() {
            let words = reading.block_words(BlockId::of(block)).iter();
            let words: Vec<Span> = words.map(|w| reading.word(w).span()).collect();
            reading.times.extend(dates::expressions_of(text, &words));
        }
        reading
    }

    /// Adds the words and sentences of a block.
    fn add(&mut self, part: Span, block: BlockId) {
        let first = self.words.len();
        let mut next_quotation = self.quotations.partition_point(|q| q.span.end() <= part.start());
        for span in words::spans(self.text, part) {
            let (at, end) = (span.start(), span.end());
            let lower = self.lower.len() as u32;
            self.lower.extend(span.of(self.text).chars().flat_map(char::to_lowercase));
            while self.quotations.get(next_quotation).is_some_and(|q| q.span.end() <= at) {
                next_quotation += 1;
            }
            let inside = self.quotations.get(next_quotation).is_some_and(|q| q.span.start() <= at);
            self.words.push(Word {
                start: at as u32,
                end: end as u32,
                lower,
                sentence: SentenceId(0),
                quotation: if inside { next_quotation as u32 } else { Word::UNQUOTED },
                shape: shape(span.of(self.text)),
            });
        }
        let mut start = first;
        for n in first..self.words.len() {
            if n + 1 == self.words.len() || self.sentence_ends_before(n + 1, first) {
                let words = WordRange { start: WordId(start as u32), end: WordId(n as u32 + 1) };
                let id = SentenceId(self.sentences.len() as u32);
                for word in &mut self.words[start..=n] {
                    word.sentence = id;
                }
                self.sentences.push(Sentence { words, block });
                start = n + 1;
            }
        }
    }

    /// Whether a sentence begins with word `n` of a block whose first word is `first`. It does after a full stop, a
    /// question mark or an exclamation mark and any closing marks, unless the word begins with a small letter.
    fn sentence_ends_before(&self, n: usize, first: usize) -> bool {
        let next = &self.words[n];
        let written = |w: &Word| w.span().of(self.text);
        let apart = self.words[n - 1].end < next.start;
        let begins = written(next).chars().next().is_some_and(|c| !c.is_lowercase());
        if !apart || !begins || matches!(written(next), "," | ";" | ":" | ")" | "”" | "’" | "—" | "–" | "-")
        {
            return false;
        }
        let closes = |w: &&Word| matches!(written(w), "\"" | "”" | "’" | "'" | ")" | "]" | "»");
        let mut before = self.words[first..n].iter().rev().skip_while(|w| closes(w));
        let Some(last) = before.next() else { return false };
        match written(last) {
            // “at 5 p.m. GMT”
            "." if next.shape == Shape::Capitals && List::Zones.has(&written(next).to_lowercase()) => {
                !before.next().is_some_and(|w| List::Clock.has(&written(w).to_lowercase()))
            }
            "." | "!" | "?" | "…" => true,
            // “in the U.S. The minister”: an abbreviation ends a sentence if the next word is not the start of a name.
            abbreviation => {
                abbreviation.ends_with('.')
                    && abbreviation.len() > 2
                    && last.shape == Shape::Capitals
                    && List::SentenceOpeners.has(written(next))
            }
        }
    }

    /// The article's text.
    pub(crate) fn text(&self) -> &'a str {
        self.text
    }

    /// The article's blocks.
    pub(crate) fn blocks(&self) -> &'a [Block] {
        self.blocks
    }

    /// The article's quotations, in text order.
    pub(crate) fn quotations(&self) -> &'a [Quotation] {
        self.quotations
    }

    /// All expressions of time, in text order.
    pub(crate) fn times(&self) -> &[Expression] {
        &self.times
    }

    /// The expression of time that a word is part of.
    pub(crate) fn time_at(&self, word: WordId) -> Option<&Expression> {
        let span = self.word(word).span();
        let next = self.times.partition_point(|t| t.span.end() <= span.start());
        self.times.get(next).filter(|t| t.span.overlaps(span))
    }

    /// The words of the whole article.
    pub(crate) fn all(&self) -> WordRange {
        WordRange { start: WordId(0), end: WordId(self.words.len() as u32) }
    }

    /// A word.
    pub(crate) fn word(&self, word: WordId) -> &Word {
        &self.words[word.index()]
    }

    /// A word as the article writes it.
    pub(crate) fn written(&self, word: WordId) -> &'a str {
        self.words[word.index()].span().of(self.text)
    }

    /// A word in lower case.
    pub(crate) fn lower(&self, word: WordId) -> &str {
        let start = self.words[word.index()].lower as usize;
        let end = self.words.get(word.index() + 1).map_or(self.lower.len(), |next| next.lower as usize);
        &self.lower[start..end]
    }

    /// Whether a list contains a word.
    pub(crate) fn listed(&self, word: WordId, list: List) -> bool {
        list.entries().contains(self.lower(word))
    }

    /// Whether a word is an adverb as it stands beside a verb: “quickly”, “also”.
    pub(crate) fn is_adverb(&self, word: WordId) -> bool {
        is_adverb(self.lower(word)) || self.listed(word, List::Adverbs)
    }

    /// Whether one of several lists contains a word.
    pub(crate) fn listed_in(&self, word: WordId, lists: &[List]) -> bool {
        lists.iter().any(|&list| self.listed(word, list))
    }

    /// The words that a span touches.
    pub(crate) fn words_of(&self, span: Span) -> WordRange {
        let start = self.words.partition_point(|w| w.end as usize <= span.start());
        let end = self.words.partition_point(|w| (w.start as usize) < span.end());
        WordRange { start: WordId(start as u32), end: WordId(end.max(start) as u32) }
    }

    /// The runs of words and marks in a span that white space separates: `(R-Ohio),` is one. They do not extend beyond
    /// the span.
    pub(crate) fn runs(&self, span: Span) -> impl DoubleEndedIterator<Item = Span> {
        let words = self.words_of(span);
        let runs =
            self.words[words.start.index()..words.end.index()].chunk_by(|one, next| one.end == next.start);
        runs.filter_map(move |run| {
            let (start, end) = (run[0].start as usize, run[run.len() - 1].end as usize);
            Span::new(start.max(span.start()), end.min(span.end()))
        })
    }

    /// The words of a range that are followed by a space and then by another word of the range.
    pub(crate) fn before_spaces(&self, words: WordRange) -> impl DoubleEndedIterator<Item = WordId> {
        let all_but_last = WordRange { end: words.last().unwrap_or(words.start), ..words };
        all_but_last.iter().filter(|&w| self.text[self.word(w).span().end()..].starts_with(' '))
    }

    /// The lines of a block: the parts that turn marks separate, as captions set them.
    pub(crate) fn lines(&self, block: BlockId) -> impl Iterator<Item = Span> {
        let block = self.blocks[block.index()].span;
        let marks = block.of(self.text).match_indices(TURN_MARK).map(move |(at, _)| block.start() + at);
        let mut start = block.start();
        let ends = marks.filter(move |&at| at > block.start()).chain([block.end()]);
        ends.filter_map(move |end| Span::trimmed(self.text, std::mem::replace(&mut start, end)..end))
    }

    /// Whether only such characters lie between two positions of the text.
    pub(crate) fn only_between(&self, start: usize, end: usize, is_such: impl Fn(char) -> bool) -> bool {
        self.text.get(start..end).is_some_and(|gap| gap.chars().all(is_such))
    }

    /// A span without such marks at its end; `None` if it consists of nothing else.
    pub(crate) fn without_end(&self, span: Span, marks: &[char]) -> Option<Span> {
        Span::new(span.start(), span.start() + span.of(self.text).trim_end_matches(marks).len())
    }

    /// The span of a range of words; `None` if the range is empty.
    pub(crate) fn span_of(&self, range: WordRange) -> Option<Span> {
        Some(self.word(range.first()?).span().to(self.word(range.last()?).span()))
    }

    /// The word before a name, or before the “the” in front of it.
    pub(crate) fn before_the(&self, name: WordId) -> Option<WordId> {
        self.before(name).and_then(|w| if self.lower(w) == THE { self.before(w) } else { Some(w) })
    }

    /// The preceding word, if it is in the same block.
    pub(crate) fn before(&self, word: WordId) -> Option<WordId> {
        let before = word.step(-1)?;
        (self.block_of(before) == self.block_of(word)).then_some(before)
    }

    /// The next word, if it is in the same block.
    pub(crate) fn after(&self, word: WordId) -> Option<WordId> {
        let after = word.step(1).filter(|w| w.index() < self.words.len())?;
        (self.block_of(after) == self.block_of(word)).then_some(after)
    }

    /// The words of a sentence.
    pub(crate) fn sentence(&self, sentence: SentenceId) -> WordRange {
        self.sentences[sentence.0 as usize].words
    }

    /// The words of the sentence that contains a word.
    pub(crate) fn sentence_of(&self, word: WordId) -> WordRange {
        self.sentence(self.word(word).sentence)
    }

    /// How many sentences later one word is than another; sentences of the blocks between them count.
    pub(crate) fn sentences_between(&self, earlier: WordId, later: WordId) -> usize {
        (self.word(later).sentence.0).saturating_sub(self.word(earlier).sentence.0) as usize
    }

    /// The block of a word.
    pub(crate) fn block_of(&self, word: WordId) -> BlockId {
        self.sentences[self.word(word).sentence.0 as usize].block
    }

    /// The kind of the block that contains a word.
    pub(crate) fn block_kind(&self, word: WordId) -> BlockKind {
        self.blocks[self.block_of(word).index()].kind
    }

    /// The words of a block.
    pub(crate) fn block_words(&self, block: BlockId) -> WordRange {
        let (first, end) = (self.block_sentences[block.index()], self.block_sentences[block.index() + 1]);
        if first == end {
            return WordRange { start: WordId(0), end: WordId(0) };
        }
        WordRange {
            start: self.sentences[first as usize].words.start,
            end: self.sentences[end as usize - 1].words.end,
        }
    }

    /// The block that contains a position of the text.
    pub(crate) fn block_at(&self, at: usize) -> Option<BlockId> {
        let next = self.blocks.partition_point(|b| b.span.start() <= at);
        let n = next.checked_sub(1).filter(|&n| at < self.blocks[n].span.end())?;
        Some(BlockId(n as u32))
    }

    /// The kind of the block that contains a position of the text.
    pub(crate) fn kind_at(&self, at: usize) -> Option<BlockKind> {
        self.block_at(at).map(|block| self.blocks[block.index()].kind)
    }

    /// The quotation that contains a whole span.
    pub(crate) fn quotation_around(&self, span: Span) -> Option<&'a Quotation> {
        let next = self.quotations.partition_point(|q| q.span.end() < span.end());
        self.quotations.get(next).filter(|q| q.span.contains(span))
    }

    /// Whether a sentence ends somewhere between two positions of the text.
    pub(crate) fn sentence_ends_between(&self, start: usize, end: usize) -> bool {
        let sentence = |word: usize| self.words.get(word).map(|w| w.sentence);
        let first = self.words.partition_point(|w| w.end as usize <= start);
        let next = self.words.partition_point(|w| (w.start as usize) < end);
        first.checked_sub(1).map_or_else(|| sentence(0), sentence) != sentence(next)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::quotes::quotations;
    use crate::words::LONGEST_WORD;

    fn block(text: &str) -> Vec<Block> {
        Span::new(0, text.len()).map(|span| Block { kind: BlockKind::Paragraph, span }).into_iter().collect()
    }

    #[track_caller]
    fn sentences(text: &str, expected: &[&str]) {
        let blocks = block(text);
        let quotations = quotations(text, &blocks);
        let reading = Reading::of_blocks(text, &blocks, &quotations);
        let found: Vec<&str> = reading
            .sentences
            .iter()
            .filter_map(|s| reading.span_of(s.words))
            .map(|span| span.of(text))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn words_keep_what_belongs_to_them() {
        let text = "Mr. O’Brien’s vice-president, U.S. Sen. Jim J. Lund (R-Ohio), paid $1,200.";
        let blocks = block(text);
        let reading = Reading::of_blocks(text, &blocks, &[]);
        let found: Vec<&str> = reading.all().iter().map(|w| reading.written(w)).collect();
        assert_eq!(
            found,
            [
                "Mr.",
                "O’Brien",
                "’s",
                "vice-president",
                ",",
                "U.S.",
                "Sen.",
                "Jim",
                "J.",
                "Lund",
                "(",
                "R-Ohio",
                ")",
                ",",
                "paid",
                "$1,200",
                "."
            ]
        );
    }

    #[test]
    fn accents_and_characters_that_nobody_sees_do_not_end_a_word() {
        // An accent may be a character of its own. A mark of direction after a name is no part of it.
        let text = "Zoe\u{308} Dvor\u{30c}a\u{301}k met Ma\u{200b}rek Ol\u{ad}in\u{2069}, re\u{301}-elected.";
        let blocks = block(text);
        let reading = Reading::of_blocks(text, &blocks, &[]);
        let found: Vec<&str> = reading.all().iter().map(|w| reading.written(w)).collect();
        let names = ["Zoe\u{308}", "Dvor\u{30c}a\u{301}k", "met", "Ma\u{200b}rek", "Ol\u{ad}in"];
        assert_eq!(found, [&names[..], &["\u{2069}", ",", "re\u{301}-elected", "."]].concat());
    }

    #[test]
    fn runs_are_separated_by_white_space_and_stay_in_their_span() {
        let text = "It rained. Sen. Ada Lund\n(R-Ravn), left.";
        let blocks = block(text);
        let reading = Reading::of_blocks(text, &blocks, &[]);
        let runs = |start: usize, end: usize| -> Vec<&str> {
            reading.runs(Span::new(start, end).unwrap()).map(|run| run.of(text)).collect()
        };
        assert_eq!(runs(0, text.len()), ["It", "rained.", "Sen.", "Ada", "Lund", "(R-Ravn),", "left."]);
        assert_eq!(runs(5, 13), ["ined.", "Se"]);
        assert!(runs(10, 11).is_empty());
    }

    #[test]
    fn a_line_break_after_a_word_is_no_space() {
        let text = "Lund: it\nis late. No";
        let blocks = block(text);
        let reading = Reading::of_blocks(text, &blocks, &[]);
        let before_spaces =
            |words| -> Vec<&str> { reading.before_spaces(words).map(|w| reading.written(w)).collect() };
        assert_eq!(before_spaces(reading.all()), [":", "is", "."]);
        // The space after the last word is not part of the range.
        let first = WordRange { start: WordId(0), end: WordId(2) };
        assert!(before_spaces(first).is_empty());
        assert!(before_spaces(WordRange { end: WordId(0), ..first }).is_empty());
    }

    #[test]
    fn an_article_may_stand_between_a_name_and_the_word_before_it() {
        let text = "He left the Sund for Ravn";
        let blocks = block(text);
        let reading = Reading::of_blocks(text, &blocks, &[]);
        let before = |name| reading.before_the(WordId(name)).map(|w| reading.written(w));
        assert_eq!([3, 5, 0].map(before), [Some("left"), Some("for"), None]);
    }

    #[test]
    fn turn_marks_separate_the_lines_of_a_block() {
        let lines = |text: &str| -> Vec<String> {
            let blocks = block(text);
            let reading = Reading::of_blocks(text, &blocks, &[]);
            reading.lines(BlockId::of(0)).map(|line| line.of(text).to_owned()).collect()
        };
        assert_eq!(
            lines("It is late. >> LUND: Is it? >>HOLM: Yes."),
            ["It is late.", ">> LUND: Is it?", ">>HOLM: Yes."]
        );
        assert_eq!(lines(">> LUND: Is it?"), [">> LUND: Is it?"]);
        assert_eq!(lines("Is it?"), ["Is it?"]);
    }

    #[test]
    fn a_span_can_lose_the_marks_at_its_end() {
        let text = "Ada Lund., is here";
        let blocks = block(text);
        let reading = Reading::of_blocks(text, &blocks, &[]);
        let name = Span::new(0, 10).unwrap();
        assert_eq!(reading.without_end(name, &['.', ',']), Span::new(0, 8));
        assert_eq!(reading.without_end(name, &['.']), Some(name));
        assert_eq!(reading.without_end(Span::new(8, 10).unwrap(), &['.', ',']), None);
        assert!(reading.only_between(8, 11, |c| matches!(c, '.' | ',' | ' ')));
        assert!(!reading.only_between(7, 11, |c| matches!(c, '.' | ',' | ' ')));
        // Nothing lies between two spans that overlap.
        assert!(!reading.only_between(11, 8, |_| true));
    }

    #[test]
    fn a_sentence_does_not_end_at_an_abbreviation() {
        sentences(
            "It rained. Sen. Ada Lund told Mr. Aalto so on Dec. 3. “Go,” he said.",
            &["It rained.", "Sen. Ada Lund told Mr. Aalto so on Dec. 3.", "“Go,” he said."],
        );
    }

    #[test]
    fn an_abbreviation_ends_a_sentence_before_a_word_that_begins_no_name() {
        sentences("He left the U.S. The ship stayed.", &["He left the U.S.", "The ship stayed."]);
        sentences("The U.S. Navy stayed.", &["The U.S. Navy stayed."]);
        sentences("She met then-U.S. Attorney Holm.", &["She met then-U.S. Attorney Holm."]);
        sentences("It left at 5 p.m. GMT from Ravn.", &["It left at 5 p.m. GMT from Ravn."]);
        sentences("It left at 5 p.m. NATO stayed.", &["It left at 5 p.m.", "NATO stayed."]);
    }

    #[test]
    fn a_sentence_takes_its_closing_marks() {
        sentences(
            "“It is late.” Lund left. (He was tired.) She stayed.",
            &["“It is late.”", "Lund left.", "(He was tired.)", "She stayed."],
        );
        sentences("“Is it late?” she asked.", &["“Is it late?” she asked."]);
    }

    #[test]
    fn initials_without_spaces_cost_no_more_than_other_words() {
        let text = "U.S.".repeat(20_000);
        let blocks = block(&text);
        let reading = Reading::of_blocks(&text, &blocks, &[]);
        assert!(reading.all().iter().all(|w| reading.written(w).len() <= LONGEST_WORD + 8));
    }

    proptest! {
        #[test]
        fn words_cover_all_but_white_space_once(text in "[ -~“”‘’é\n.]{0,200}") {
            let blocks = block(&text);
            let quotations = quotations(&text, &blocks);
            let reading = Reading::of_blocks(&text, &blocks, &quotations);
            let mut at = 0;
            for word in reading.all().iter() {
                let span = reading.word(word).span();
                prop_assert!(text[at..span.start()].trim().is_empty());
                prop_assert!(reading.sentence_of(word).iter().any(|w| w == word));
                at = span.end();
            }
            prop_assert!(text[at..].trim().is_empty());
        }
    }
}
