//! Who has spoken so far in an article, as a source is compared with its candidates.

use std::collections::HashMap;
use std::rc::Rc;

use onrecord_text::{Span, SpeakerKind};

use super::cast::MemberId;
use crate::english::Gender;
use crate::found::NEAR;
use crate::reading::WordId;

/// How many turns before a source are searched for a speaker who may be meant again.
pub(super) const TURNS: usize = 8;

/// Who has spoken so far, and what is known about them.
#[derive(Clone, Debug, Default)]
pub(super) struct Heard {
    pub(super) turns: Vec<Turn>,
    /// The index of each speaking member's last turn.
    last: HashMap<MemberId, usize>,
    /// Shared with earlier states, because an article may have thousands of them.
    genders: Rc<HashMap<MemberId, Gender>>,
    /// The addressee of the last statement.
    pub(super) addressed: Option<MemberId>,
}

/// One turn at speaking.
#[derive(Clone, Debug)]
pub(super) struct Turn {
    /// The source.
    pub(super) span: Span,
    pub(super) at: WordId,
    /// The speakers; empty if nobody was named.
    pub(super) members: Vec<MemberId>,
    pub(super) described: Option<Box<Described>>,
}

/// A speaker whom the source describes but does not name.
#[derive(Clone, Debug)]
pub(super) struct Described {
    pub(super) name: String,
    /// The head noun.
    pub(super) noun: String,
    pub(super) kind: SpeakerKind,
}

impl Heard {
    /// How many other members have spoken since a member did; `None` if the member has not spoken.
    pub(super) fn rank(&self, member: MemberId) -> Option<usize> {
        let last = *self.last.get(&member)?;
        let mut others: Vec<MemberId> = Vec::new();
        for turn in self.turns[last + 1..].iter().rev().take(NEAR) {
            for &other in turn.members.iter().filter(|m| **m != member) {
                if !others.contains(&other) {
                    others.push(other);
                }
            }
        }
        Some(others.len())
    }

    /// The position at which a member spoke last.
    pub(super) fn last_turn(&self, member: MemberId) -> Option<WordId> {
        self.last.get(&member).map(|&n| self.turns[n].at)
    }

    /// The members who spoke in the last turns.
    pub(super) fn last_members(&self) -> impl Iterator<Item = MemberId> + '_ {
        self.turns.iter().rev().take(TURNS).flat_map(|t| t.members.iter().copied())
    }

    /// The gender that pronouns have revealed for a member.
    pub(super) fn gender(&self, member: MemberId) -> Option<Gender> {
        self.genders.get(&member).copied()
    }

    /// Keeps the gender that a pronoun revealed for a member, unless another did before.
    pub(super) fn learn(&mut self, member: MemberId, gender: Gender) {
        Rc::make_mut(&mut self.genders).entry(member).or_insert(gender);
    }

    /// The last turns before a position. Genders are those learned from the whole article.
    pub(super) fn before(&self, at: WordId) -> Self {
        let end = self.turns.partition_point(|t| t.at < at);
        let mut heard = Self { genders: Rc::clone(&self.genders), ..Self::default() };
        for turn in &self.turns[end.saturating_sub(NEAR)..end] {
            heard.add(turn.clone());
        }
        heard
    }

    /// Adds a turn.
    pub(super) fn add(&mut self, turn: Turn) {
        for &member in &turn.members {
            self.last.insert(member, self.turns.len());
        }
        self.turns.push(turn);
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// The members who have spoken, one in each turn.
    pub(in super::super) fn heard(members: &[MemberId]) -> Heard {
        let mut heard = Heard::default();
        for (n, &member) in members.iter().enumerate() {
            let span = Span::new(n, n + 1).unwrap();
            heard.add(Turn { span, at: WordId(n as u32), members: vec![member], described: None });
        }
        heard
    }

    #[test]
    fn the_rank_of_a_speaker_counts_the_others_since() {
        let [brandt, holm, lund, vik] = [0, 1, 2, 3].map(MemberId);
        let heard = heard(&[brandt, lund, holm, lund, holm]);
        assert_eq!(heard.rank(holm), Some(0));
        assert_eq!(heard.rank(lund), Some(1));
        assert_eq!(heard.rank(brandt), Some(2));
        assert_eq!(heard.rank(vik), None);
    }
}
