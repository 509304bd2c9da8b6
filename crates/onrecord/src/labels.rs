//! The labels of the encoder's role scores, and the decoding of the best label sequence.

use crate::odds::greatest;

/// The number of labels.
pub(crate) const LABELS: usize = 7;

/// The scores of one token: outside, then begin and continue for each of source, cue and content.
pub(crate) type LabelScores = [f32; LABELS];

/// The role of a token in a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Part of the words that name the speaker.
    Source,
    /// Part of the words that signal the attribution.
    Cue,
    /// Part of the words that are attributed.
    Content,
}

impl Role {
    /// The role of a label, and whether the label begins it.
    fn of(label: usize) -> Option<(Self, bool)> {
        let role = match label {
            1 | 2 => Self::Source,
            3 | 4 => Self::Cue,
            5 | 6 => Self::Content,
            _ => return None,
        };
        Some((role, label % 2 == 1))
    }
}

/// The score of each label after each other label. Rows are the preceding label; the last row is the start. They are
/// trained as a linear-chain CRF (Lafferty et al. 2001). Forbidden transitions score so low that they never win.
pub(crate) struct Transitions([LabelScores; LABELS + 1]);

/// The score of a forbidden transition.
const FORBIDDEN: f32 = -1e4;

impl Transitions {
    /// Builds the table from the trained scores; `None` if their shape does not match.
    pub(crate) fn new(trained: &[Vec<f32>]) -> Option<Self> {
        let mut rows = [[0.0; LABELS]; LABELS + 1];
        if trained.len() != rows.len() {
            return None;
        }
        for (before, (row, trained)) in rows.iter_mut().zip(trained).enumerate() {
            row.copy_from_slice(trained.get(..LABELS).filter(|_| trained.len() == LABELS)?);
            for (label, score) in row.iter_mut().enumerate() {
                let continues = Role::of(label).filter(|(_, begins)| !begins);
                if continues.is_some_and(|(role, _)| {
                    Role::of(before).filter(|_| before < LABELS).map(|b| b.0) != Some(role)
                }) {
                    *score = FORBIDDEN;
                }
            }
        }
        Some(Self(rows))
    }
}

/// A run of tokens with one role.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Run {
    pub(crate) role: Role,
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// The mean probability of its labels.
    pub(crate) score: f32,
}

/// The length of the source that begins at a token in the most probable label sequence of those in which one begins
/// there.
pub(crate) fn source_length(scores: &[LabelScores], transitions: &Transitions, at: usize) -> usize {
    const BEGINS: usize = 1;
    let mut scores = scores.to_vec();
    scores[at] = std::array::from_fn(|label| if label == BEGINS { 0.0 } else { FORBIDDEN });
    let path = viterbi(&scores, transitions);
    1 + path[at + 1..].iter().take_while(|&&label| label == BEGINS + 1).count()
}

/// The runs of the most probable label sequence (Viterbi), and the probability for every token that a cue begins there.
pub(crate) fn decode(scores: &[LabelScores], transitions: &Transitions) -> (Vec<Run>, Vec<f32>) {
    if scores.is_empty() {
        return (Vec::new(), Vec::new());
    }
    let path = viterbi(scores, transitions);
    let marginals = marginals(scores, transitions);
    let mut runs: Vec<Run> = Vec::new();
    for (i, &label) in path.iter().enumerate() {
        let Some((role, begins)) = Role::of(label) else { continue };
        let probability = marginals[i][label];
        match runs.last_mut().filter(|run| !begins && run.end == i) {
            Some(run) => {
                run.score += (probability - run.score) / (i + 1 - run.start) as f32;
                run.end = i + 1;
            }
            None => runs.push(Run { role, start: i, end: i + 1, score: probability }),
        }
    }
    (runs, marginals.iter().map(|m| m[3]).collect())
}

fn viterbi(scores: &[LabelScores], transitions: &Transitions) -> Vec<usize> {
    let [rows @ .., start] = &transitions.0;
    let mut best: LabelScores = std::array::from_fn(|l| start[l] + scores[0][l]);
    let mut back: Vec<[u8; LABELS]> = Vec::with_capacity(scores.len());
    for score in &scores[1..] {
        let mut from = [0; LABELS];
        let mut next = [f32::MIN; LABELS];
        for (label, next) in next.iter_mut().enumerate() {
            for (before, row) in rows.iter().enumerate() {
                let value = best[before] + row[label];
                if value > *next {
                    *next = value;
                    from[label] = before as u8;
                }
            }
            *next += score[label];
        }
        best = next;
        back.push(from);
    }
    let mut label = greatest(&best);
    let mut path = vec![label];
    for from in back.iter().rev() {
        label = usize::from(from[label]);
        path.push(label);
    }
    path.reverse();
    path
}

/// The probability of every label at every token (forward-backward).
fn marginals(scores: &[LabelScores], transitions: &Transitions) -> Vec<LabelScores> {
    let [rows @ .., start] = &transitions.0;
    let n = scores.len();
    // Probabilities are scaled to sum to one at each token, which keeps them in range.
    let odds = rows.iter().map(|row| row.map(exp)).collect::<Vec<_>>();
    let local: Vec<LabelScores> = scores
        .iter()
        .map(|s| {
            let largest = s.iter().fold(f32::MIN, |a, &b| a.max(b));
            s.map(|v| exp(v - largest))
        })
        .collect();
    let scaled = |mut v: LabelScores| {
        let sum: f32 = v.iter().sum();
        for v in &mut v {
            *v /= sum;
        }
        v
    };
    let mut forward = Vec::with_capacity(n);
    forward.push(scaled(std::array::from_fn(|l| exp(start[l]) * local[0][l])));
    for local in &local[1..] {
        let before: &LabelScores = &forward[forward.len() - 1];
        forward.push(scaled(std::array::from_fn(|l| {
            local[l] * odds.iter().zip(before).map(|(row, b)| row[l] * b).sum::<f32>()
        })));
    }
    let mut behind = [1.0; LABELS];
    for i in (0..n).rev() {
        let at = forward[i];
        forward[i] = scaled(std::array::from_fn(|l| at[l] * behind[l]));
        let next: LabelScores = std::array::from_fn(|l| behind[l] * local[i][l]);
        behind = scaled(std::array::from_fn(|l| odds[l].iter().zip(&next).map(|(o, n)| o * n).sum()));
    }
    forward
}

/// e^v, but never below the smallest normal number, so that no probability becomes zero.
fn exp(v: f32) -> f32 {
    libm::expf(v.max(-80.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn flat() -> Transitions {
        Transitions::new(&vec![vec![0.0; LABELS]; LABELS + 1]).unwrap()
    }

    fn one_hot(labels: &[usize]) -> Vec<LabelScores> {
        labels.iter().map(|&l| std::array::from_fn(|i| if i == l { 5.0 } else { 0.0 })).collect()
    }

    #[test]
    fn runs_of_a_clear_sequence() {
        let (runs, _) = decode(&one_hot(&[1, 2, 3, 0, 5, 6, 5]), &flat());
        let found: Vec<_> = runs.iter().map(|r| (r.role, r.start, r.end)).collect();
        assert_eq!(
            found,
            [(Role::Source, 0, 2), (Role::Cue, 2, 3), (Role::Content, 4, 6), (Role::Content, 6, 7)]
        );
    }

    #[test]
    fn a_continuation_has_something_to_continue() {
        // The scores favour a continued content at the start and after a cue, where no labelling may have one.
        let (runs, _) = decode(&one_hot(&[6, 3, 6]), &flat());
        let found: Vec<_> = runs.iter().filter(|r| r.role == Role::Cue).map(|r| (r.start, r.end)).collect();
        assert_eq!(found, [(1, 2)]);
    }

    #[test]
    fn a_source_that_must_begin_at_a_token_ends_where_the_scores_say() {
        // Outside is likeliest everywhere, but two tokens would rather continue a source than anything else.
        let mut scores = one_hot(&[0, 0, 0, 0, 3]);
        scores[1][2] = 6.0;
        scores[2][2] = 6.0;
        let lengths = [0, 3, 4].map(|at| source_length(&scores, &flat(), at));
        assert_eq!(lengths, [3, 1, 1]);
    }

    proptest! {
        #[test]
        fn probabilities_sum_to_one(labels in prop::collection::vec(0..LABELS, 1..40)) {
            for row in marginals(&one_hot(&labels), &flat()) {
                prop_assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-4);
            }
        }
    }
}
