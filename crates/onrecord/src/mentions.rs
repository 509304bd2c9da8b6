//! What the encoder says of names and of mentions: words that name or point to somebody, and which earlier mention each
//! goes back to.

use onrecord_encoder::Scores;
use onrecord_text::Span;

use crate::analyze::dot;
use crate::lists::listed;
use crate::tokens::Token;
use crate::windows::Window;

/// What a name is the name of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameKind {
    /// A human being.
    Person,
    /// A company, party, agency, outlet, court or government.
    Organization,
    /// A country, city, region or building.
    Place,
    /// Anything else: a people, a law, an event, a product.
    Other,
}

/// What a mention is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MentionKind {
    /// A name.
    Name(NameKind),
    /// The source of a statement.
    Source,
    /// A pronoun.
    Pronoun,
}

/// Words that name or point to somebody or something.
#[derive(Clone, Debug, PartialEq)]
pub struct Mention {
    /// The words.
    pub span: Span,
    /// What they are.
    pub kind: MentionKind,
    /// For a name, how probable it is one.
    pub score: f32,
    /// The numbers of the earlier mentions that this one may go back to, the likeliest first, with their shares. What is
    /// missing from one is the share of its going back to none of them.
    pub earlier: Vec<(usize, f32)>,
}

/// The kinds of names as the encoder numbers its labels: outside, then begin and continue of each.
const KINDS: [NameKind; 4] = [NameKind::Person, NameKind::Organization, NameKind::Place, NameKind::Other];

/// The number of labels for names.
pub(crate) const NAME_LABELS: usize = 1 + 2 * KINDS.len();

/// Earlier mentions that are kept for a mention.
const KEPT: usize = 4;

/// Pieces before a name that may belong to its mention: “Transport Minister Ada Brandt”.
const LEAD: usize = 8;

/// A run of tokens that is a mention.
#[derive(Clone, Copy, Debug)]
struct Found {
    start: usize,
    end: usize,
    kind: MentionKind,
    score: f32,
}

/// Where a window's scores for mentions are.
#[derive(Clone, Copy)]
pub(crate) struct Columns {
    pub(crate) names: usize,
    pub(crate) query: (usize, usize),
    pub(crate) key: (usize, usize),
}

/// Collects the mentions of an article, window by window.
pub(crate) struct Mentions<'a> {
    text: &'a str,
    tokens: &'a [Token],
    columns: Columns,
    all: Vec<Mention>,
    /// The mentions of the window before, each with the keys of the pieces where it may begin.
    before: Vec<(usize, Vec<Vec<f32>>)>,
}

impl<'a> Mentions<'a> {
    pub(crate) fn new(text: &'a str, tokens: &'a [Token], columns: Columns) -> Self {
        Self { text, tokens, columns, all: Vec::new(), before: Vec::new() }
    }

    /// Adds those of a window. `sources` are the runs of tokens that name who speaks there.
    pub(crate) fn add(&mut self, window: Window, scores: Scores<'_>, sources: &[(usize, usize)]) {
        let row = |token: usize| scores.row(token - window.start + 1);
        let mut found = self.names(window, &row);
        let named = |s: &(usize, usize)| found.iter().any(|f| (f.start, f.end) == *s);
        let sources: Vec<_> = sources.iter().filter(|s| !named(s)).copied().collect();
        let pronouns: Vec<_> = (window.start..window.end)
            .filter(|&t| self.is_pronoun(t) && !sources.contains(&(t, t + 1)))
            .map(|t| Found { start: t, end: t + 1, kind: MentionKind::Pronoun, score: 1.0 })
            .collect();
        found.extend(sources.iter().map(|&(start, end)| Found {
            start,
            end,
            kind: MentionKind::Source,
            score: 1.0,
        }));
        found.extend(pronouns);
        found.sort_by_key(|f| (f.start, f.end));
        let slice = |row: &[f32], (at, length): (usize, usize)| row[at..at + length].to_vec();
        let none = slice(scores.row(0), self.columns.key);
        let mut here: Vec<(usize, Vec<Vec<f32>>)> = Vec::new();
        for (n, f) in found.iter().enumerate() {
            let query = slice(row(f.start), self.columns.query);
            let odds =
                |key: &[f32]| libm::expf((dot(&query, key) / (query.len() as f32).sqrt()).clamp(-40.0, 40.0));
            let candidates = self.before.iter().chain(&here);
            let mut earlier: Vec<(usize, f32)> =
                candidates.map(|(m, keys)| (*m, keys.iter().map(|k| odds(k)).sum())).collect();
            let all = odds(&none) + earlier.iter().map(|(_, o)| o).sum::<f32>();
            earlier.sort_by(|a, b| b.1.total_cmp(&a.1).then(b.0.cmp(&a.0)));
            earlier.truncate(KEPT);
            earlier.shrink_to_fit();
            for (_, share) in &mut earlier {
                *share /= all;
            }
            let Some(span) = self.span(f) else { continue };
            let lead = if matches!(f.kind, MentionKind::Name(_)) {
                self.lead(window, &found[..n], f)
            } else {
                f.start
            };
            here.push((self.all.len(), (lead..=f.start).map(|t| slice(row(t), self.columns.key)).collect()));
            self.all.push(Mention { span, kind: f.kind, score: f.score, earlier });
        }
        self.before = here;
    }

    /// The mentions in text order.
    pub(crate) fn all(self) -> Vec<Mention> {
        self.all
    }

    /// The first piece of the noun phrase that a name may end: chains of mentions point to the first word of those.
    fn lead(&self, window: Window, before: &[Found], name: &Found) -> usize {
        let from =
            before.iter().map(|f| f.end).filter(|&end| end <= name.start).fold(window.start, usize::max);
        let run = (from..name.start).rev().take(LEAD).take_while(|&t| {
            let words = &self.text[self.tokens[t].piece.start..self.tokens[t + 1].piece.start];
            words.starts_with(char::is_alphanumeric) || words == "-"
        });
        run.last().unwrap_or(name.start)
    }

    fn is_pronoun(&self, token: usize) -> bool {
        let piece = self.tokens[token].piece;
        let whole = piece.starts_word && self.tokens.get(token + 1).is_none_or(|t| t.piece.starts_word);
        let word = &self.text[piece.start..piece.end];
        whole
            && ["pronouns/he", "pronouns/she", "pronouns/they", "pronouns/it"]
                .iter()
                .any(|list| listed(list, word))
    }

    /// The names of a window: for each word the kind that its pieces speak for together; a word may go on the name before.
    fn names<'s>(&self, window: Window, row: &impl Fn(usize) -> &'s [f32]) -> Vec<Found> {
        let mut found: Vec<(Found, usize)> = Vec::new();
        let mut start = window.start;
        while start < window.end {
            let end =
                (start + 1..window.end).find(|&t| self.tokens[t].piece.starts_word).unwrap_or(window.end);
            let scores = |token: usize| &row(token)[self.columns.names..self.columns.names + NAME_LABELS];
            // Outside, then each kind, whether it begins or goes on.
            let mut sums = [0.0; 1 + KINDS.len()];
            for token in start..end {
                let scores = scores(token);
                for (n, sum) in sums.iter_mut().enumerate() {
                    *sum += if n == 0 { scores[0] } else { scores[2 * n - 1].max(scores[2 * n]) };
                }
            }
            let best = (0..sums.len()).fold(0, |a, b| if sums[b] > sums[a] { b } else { a });
            if best > 0 {
                let pieces = (end - start) as f32;
                let probability =
                    1.0 / sums.iter().map(|s| libm::expf((s - sums[best]) / pieces)).sum::<f32>();
                let first = scores(start);
                let goes_on = first[2 * best] >= first[2 * best - 1];
                match found.last_mut().filter(|(f, k)| f.end == start && *k == best && goes_on) {
                    Some((name, _)) => {
                        name.end = end;
                        name.score = name.score.min(probability);
                    }
                    None => {
                        let kind = MentionKind::Name(KINDS[best - 1]);
                        found.push((Found { start, end, kind, score: probability }, best));
                    }
                }
            }
            start = end;
        }
        found.into_iter().map(|(f, _)| f).collect()
    }

    fn span(&self, found: &Found) -> Option<Span> {
        Span::new(self.tokens[found.start].piece.start, self.tokens[found.end - 1].piece.end)
    }
}
