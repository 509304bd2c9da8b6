//! The entities that an article names, built by joining uses of names that refer to the same entity.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

use onrecord_text::wire::BETWEEN_NAMES;
use onrecord_text::{BlockKind, Entity, EntityKind, Span};

use super::names::{Name, country_named, full_name_ending_with, owner_and_owned, owner_in_full};
use crate::analysis::NameKind;
use crate::english::{
    Gender, OF, OR, THE, folded, is_same_office, is_title_or_office, singular, without_the,
};
use crate::lists::{List, countries, country_of_seat};
use crate::reading::{Reading, Shape, WordId, WordRange};

/// The index of a person, organisation or place in its cast.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct MemberId(pub(super) usize);

/// An entity while its article is being read.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub(super) kind: EntityKind,
    pub(super) gender: Option<Gender>,
    /// Its names, each at its first occurrence.
    pub(super) names: Vec<NameForm>,
    /// Its offices and affiliations, each at its first occurrence.
    pub(super) roles: Vec<WordRange>,
    /// The indices of its uses in [`Cast::uses`], in text order.
    pub(super) uses: Vec<usize>,
    /// The index of its fullest name.
    fullest: Option<usize>,
}

/// A form of a member's name.
#[derive(Clone, Debug)]
pub(super) struct NameForm {
    pub(super) parts: Vec<String>,
    pub(super) words: WordRange,
    pub(super) span: Span,
    /// As in [`Name::generation`].
    generation: Option<String>,
    /// Whether it occurs in a quotation.
    quoted: bool,
    /// How often the article uses it.
    uses: usize,
}

impl NameForm {
    fn of(reading: &Reading<'_>, name: &Name) -> Self {
        Self {
            parts: name.parts.clone(),
            words: name.words,
            span: name.span,
            generation: name.generation.clone(),
            quoted: reading.word(name.words.start).quotation().is_some(),
            uses: 1,
        }
    }

    /// Whether a name is of the same generation, or one of the two does not tell. “Jon Holm Jr.” is not “Jon Holm”, but
    /// “Mathilda II” is “Mathilda”.
    fn may_be(&self, name: &Name) -> bool {
        let Some(generation) = &name.generation else { return true };
        match &self.generation {
            Some(own) => own == generation,
            None => !List::Generations.has(generation),
        }
    }

    /// Its parts without middle initials: “Donal J. Brekke” is no fuller than “Donal Brekke”.
    fn without_initials(&self) -> impl Iterator<Item = &String> + Clone {
        let last = self.parts.len() - 1;
        let initial = move |n: usize, part: &str| n > 0 && n < last && part.chars().count() == 1;
        self.parts.iter().enumerate().filter(move |(n, part)| !initial(*n, part)).map(|(_, part)| part)
    }
}

impl Member {
    /// Its fullest name: the one with the most words, and of several such the most common and then the first. A middle
    /// initial does not count as a word. A name used in a quotation counts only if the article gives no full name
    /// outside quotations.
    pub(super) fn fullest(&self) -> Option<&NameForm> {
        self.fullest.map(|n| &self.names[n])
    }

    fn find_fullest(&self) -> Option<usize> {
        let length = |n: usize| self.names[n].without_initials().count();
        let fuller = |a: &NameForm, b: &NameForm| {
            let (one, other) = (a.without_initials(), b.without_initials());
            match one.clone().count().cmp(&other.clone().count()) {
                Ordering::Equal if one.eq(other) => (b.uses, b.parts.len()) > (a.uses, a.parts.len()),
                order => order == Ordering::Less,
            }
        };
        let longest = |quoted: bool| {
            let own = (0..self.names.len()).filter(move |&n| self.names[n].quoted == quoted);
            own.reduce(|a, b| if fuller(&self.names[a], &self.names[b]) { b } else { a })
        };
        let (own, others) = (longest(false), longest(true));
        match (own, others) {
            (Some(own), Some(others)) if length(own) == 1 && length(others) > 1 => Some(others),
            (own, others) => own.or(others),
        }
    }
}

/// A use of a name, with its place and its member.
#[derive(Clone, Copy, Debug)]
pub(super) struct Use {
    pub(super) span: Span,
    pub(super) words: WordRange,
    pub(super) member: MemberId,
}

/// All entities of an article, and the places where they are named.
#[derive(Debug, Default)]
pub(super) struct Cast {
    pub(super) members: Vec<Member>,
    /// The uses of names in text order.
    pub(super) uses: Vec<Use>,
    /// The members that are or have a country's name, in order.
    countries: HashMap<usize, Vec<MemberId>>,
    /// For each seat of government, its country.
    governments: HashMap<MemberId, MemberId>,
}

impl Cast {
    pub(super) fn member(&self, id: MemberId) -> &Member {
        &self.members[id.0]
    }

    pub(super) fn ids(&self) -> impl Iterator<Item = MemberId> {
        (0..self.members.len()).map(MemberId)
    }

    /// Builds the cast from the names of an article.
    pub(super) fn of(reading: &Reading<'_>, names: &[Name]) -> Self {
        let mut index = Index::default();
        let mut cast = Self::default();
        let mut members: Vec<Option<MemberId>> = vec![None; names.len()];
        let order = |whole: bool, kind: NameKind| {
            names
                .iter()
                .enumerate()
                .filter(move |(_, n)| n.kind == kind && (n.parts.len() > 1) == whole)
                .map(|(n, _)| n)
        };
        let single: HashSet<&str> =
            order(false, NameKind::Person).map(|n| names[n].parts[0].as_str()).collect();
        for n in order(true, NameKind::Person) {
            let name = &names[n];
            let bearer = |fits: &dyn Fn(&NameForm) -> bool| {
                index.bearers(&name.parts).iter().copied().find(|&m| {
                    let own = &cast.member(m).names;
                    cast.agrees(m, EntityKind::Person, name.gender)
                        && own.iter().any(|f| fits(f) && same_person(&f.parts, &name.parts))
                })
            };
            let same = || bearer(&|f| f.generation == name.generation);
            // “Jon Holm” may be Jon Holm Jr., but Jon Holm Jr. is not the Jon Holm whom the article named first, unless
            // that was in a headline.
            let shortened = |f: &NameForm| {
                f.generation.is_none()
                    && f.uses == 1
                    && reading.block_kind(f.words.start) == BlockKind::Headline
            };
            let found = same().or_else(|| bearer(&|f| f.may_be(name) || shortened(f)));
            // “Ada Lund” is a full name where “Lund” is, whoever opened the Ada Lund Bridge.
            let whole = name.parts.last().is_some_and(|last| single.contains(last.as_str()));
            let found = found.or_else(|| cast.only_beginning_with(&index, name).filter(|_| !whole));
            members[n] = Some(cast.put(reading, &mut index, found, EntityKind::Person, &names[n]));
        }
        // Whom a bare “Lund” refers to depends on who is called “Mr. Lund”.
        for titled in [true, false] {
            let known = Uses::of(reading, names, &members);
            for n in order(false, NameKind::Person).filter(|&n| names[n].gender.is_some() == titled) {
                let found = cast.bearer(reading, &index, &names[n], &known);
                members[n] = Some(cast.put(reading, &mut index, found, EntityKind::Person, &names[n]));
            }
        }
        for (kind, entity) in
            [(NameKind::Organization, EntityKind::Organization), (NameKind::Place, EntityKind::Place)]
        {
            for n in order(true, kind).chain(order(false, kind)) {
                let known =
                    index.whole.get(&names[n].parts).copied().filter(|&m| cast.member(m).kind == entity);
                let found = known.or_else(|| {
                    if let Some(country) = country_of(&names[n].parts) {
                        return index.countries.get(&country).copied();
                    }
                    (kind == NameKind::Organization)
                        .then(|| index.long_for(reading, &cast, &names[n]))
                        .flatten()
                });
                members[n] = Some(cast.put(reading, &mut index, found, entity, &names[n]));
            }
        }
        let uses = names.iter().zip(&members);
        cast.uses =
            uses.filter_map(|(n, m)| Some(Use { span: n.span, words: n.words, member: (*m)? })).collect();
        cast.join_definitions(reading);
        cast.seek(reading);
        let owners: Vec<Name> = names.iter().filter_map(|name| owner_in_full(reading, name)).collect();
        cast.complete(reading, &owners);
        for (n, u) in cast.uses.iter().enumerate() {
            cast.members[u.member.0].uses.push(n);
        }
        for (n, member) in cast.members.iter_mut().enumerate() {
            member.fullest = member.find_fullest();
            for country in member.names.iter().filter_map(|f| country_of(&f.parts)) {
                let named = cast.countries.entry(country).or_default();
                if named.last() != Some(&MemberId(n)) {
                    named.push(MemberId(n));
                }
            }
        }
        cast.governments = cast.ids().filter_map(|seat| Some((seat, cast.find_government(seat)?))).collect();
        cast
    }

    fn agrees(&self, member: MemberId, kind: EntityKind, gender: Option<Gender>) -> bool {
        let m = self.member(member);
        m.kind == kind && genders_agree(m.gender, gender)
    }

    /// Adds a form of a name to a member, or to a new one.
    fn put(
        &mut self,
        reading: &Reading<'_>,
        index: &mut Index,
        member: Option<MemberId>,
        kind: EntityKind,
        name: &Name,
    ) -> MemberId {
        let id = member.unwrap_or_else(|| {
            self.members.push(Member {
                kind,
                gender: None,
                names: Vec::new(),
                roles: Vec::new(),
                uses: Vec::new(),
                fullest: None,
            });
            MemberId(self.members.len() - 1)
        });
        let m = &mut self.members[id.0];
        m.gender = m.gender.or(name.gender);
        let known = index.form(id, &name.parts, m.names.len());
        if let Some(form) = m.names.get_mut(known) {
            form.uses += 1;
            // “Queen Mathilda II” says more than “Queen Mathilda”.
            if name.generation.as_ref().is_some_and(|g| !List::Generations.has(g))
                && form.generation.is_none()
            {
                (form.words, form.span, form.generation) = (name.words, name.span, name.generation.clone());
            }
        } else {
            m.names.push(NameForm::of(reading, name));
            let is_new = m.names.len() == 1;
            index.add(reading, id, kind, name, is_new);
        }
        id
    }

    /// The only person whose full name begins with a name of several words: “Ana Maria” for Ana Maria Lund.
    fn only_beginning_with(&self, index: &Index, name: &Name) -> Option<MemberId> {
        let begins = |f: &NameForm| f.parts.len() > name.parts.len() && f.parts.starts_with(&name.parts);
        let called = index.given.get(name.parts.last()?).into_iter().flatten().copied();
        let mut fit = called.filter(|&m| {
            self.agrees(m, EntityKind::Person, name.gender) && self.member(m).names.iter().any(begins)
        });
        fit.next().filter(|_| fit.next().is_none())
    }

    /// The person whom a single name refers to: somebody whose last name it is, or else somebody who has it as another
    /// name. Of several, the one who also has the title before the name, or else the one whom the same paragraph named
    /// last, or else the one whom the article names most often, especially in its headline. Of those with a full name
    /// and those without one, whoever the article names first.
    fn bearer(
        &self,
        reading: &Reading<'_>,
        index: &Index,
        name: &Name,
        known: &Uses<'_>,
    ) -> Option<MemberId> {
        let part = &name.parts[0];
        let agree = |m: &&MemberId| {
            self.agrees(**m, EntityKind::Person, name.gender)
                && self.member(**m).names.iter().any(|f| f.may_be(name))
        };
        let uses = |bearer: &MemberId| known.of.get(bearer).map_or(&[][..], Vec::as_slice);
        let of = |all: &HashMap<String, Vec<MemberId>>| -> Vec<MemberId> {
            all.get(part).into_iter().flatten().filter(agree).copied().collect()
        };
        // Those who have a full name, or those who are only called “Mr. Lund”, whoever was named first. Only the latter
        // are named without a title before anybody's full name.
        let [full, alone] = [&index.surnames, &index.alone].map(of);
        let first = |all: &[MemberId]| all.iter().filter_map(|m| uses(m).first()).min().copied();
        let first_alone = first(&alone).map(|n| known.bare.get(part.as_str()).map_or(n, |&bare| bare.min(n)));
        let later = first(&full).zip(first_alone).is_some_and(|(full, alone)| alone < full);
        let mut bearers = if full.is_empty() || later { alone } else { full };
        // “Mathilda II” is nobody with the given name Mathilda.
        if bearers.is_empty() && name.generation.as_ref().is_some_and(|g| !List::Generations.has(g)) {
            return None;
        }
        for others in [&index.given, &index.plain] {
            bearers = if bearers.is_empty() { of(others) } else { bearers };
        }
        if bearers.is_empty() && reading.word(name.words.start).shape == Shape::Capitals {
            // “MBS”, or the label of an interviewer.
            bearers = Some(of(&index.persons)).filter(|b| b.len() == 1).unwrap_or_default();
        }
        if bearers.is_empty() {
            let alone = index.whole.get(&name.parts).filter(|m| self.member(**m).kind == EntityKind::Person);
            return alone.filter(agree).copied();
        }
        if bearers.len() == 1 {
            return bearers.first().copied();
        }
        let block = reading.block_of(name.words.start);
        let title = Title::before(reading, name.words.start);
        // The weight of a bearer's other uses: how well a title fits, then the last one before this in the same
        // paragraph, then their number.
        let weight = |bearer: &MemberId| {
            let uses = uses(bearer);
            let before =
                uses[..uses.partition_point(|&n| known.names[n].words.start < name.words.start)].last();
            let here = before
                .filter(|&&n| reading.block_of(known.names[n].words.start) == block)
                .map(|&n| known.names[n].words.start);
            let own = known.titles.get(bearer).into_iter().flatten();
            let titled = title.as_ref().and_then(|title| own.map(|own| title.fits(own)).max()).unwrap_or(0);
            (titled, here, uses.len() + 3 * usize::from(known.in_headline.contains(bearer)))
        };
        bearers.into_iter().max_by_key(|b| (weight(b), std::cmp::Reverse(*b)))
    }

    /// Completes the names of those whom the article seems to call only by a surname that nobody else has: by the words
    /// before its first use, or by the name of an organisation that comes even earlier, as in “Ada Lund’s office”.
    fn complete(&mut self, reading: &Reading<'_>, owners: &[Name]) {
        let last = |parts: &[String]| parts.last().cloned().unwrap_or_default();
        let persons = self.members.iter().filter(|m| m.kind == EntityKind::Person);
        let mut bearers: HashMap<String, usize> = HashMap::new();
        for member in persons {
            let surnames: HashSet<String> = member.names.iter().map(|f| last(&f.parts)).collect();
            surnames.into_iter().for_each(|surname| *bearers.entry(surname).or_default() += 1);
        }
        let mut in_full: HashMap<String, &Name> = HashMap::new();
        for owner in owners {
            in_full.entry(last(&owner.parts)).or_insert(owner);
        }
        let mut seen = HashSet::new();
        let mut free = WordId(0);
        for u in &mut self.uses {
            let from = std::mem::replace(&mut free, u.words.end);
            if reading.block_kind(u.words.start) == BlockKind::Headline || !seen.insert(u.member) {
                continue;
            }
            let own = &mut self.members[u.member.0];
            let [only] = own.names.as_slice() else { continue };
            let surname = last(&only.parts);
            if own.kind != EntityKind::Person || only.parts.len() > 1 || bearers.get(&surname) != Some(&1) {
                continue;
            }
            let earlier = in_full.get(&surname).filter(|owner| owner.words.start < u.words.start);
            let here = full_name_ending_with(reading, u.words);
            let full = earlier.copied().or(here.as_ref());
            let Some(full) = full.filter(|n| genders_agree(n.gender, own.gender)) else { continue };
            own.gender = own.gender.or(full.gender);
            own.names.push(NameForm::of(reading, full));
            if let Some(here) = here.filter(|n| n.words.start >= from) {
                (u.words, u.span) = (here.words, here.span);
            }
        }
    }

    /// Joins names that the text defines as the same: `European Chemicals Agency (ECHA)`, `Islamic State, or Daesh`.
    fn join_definitions(&mut self, reading: &Reading<'_>) {
        let text = reading.text();
        let mut joined = Joined::of(reading, &self.members);
        for n in 1..self.uses.len() {
            let (one, other) = (self.uses[n - 1], self.uses[n]);
            let Some(gap) = text.get(one.span.end()..other.span.start()).filter(|g| g.len() <= 60) else {
                continue;
            };
            let (long, short) = (joined.find(one.member), joined.find(other.member));
            let person = |m: MemberId| self.member(m).kind == EntityKind::Person;
            if long == short || person(long) || person(short) {
                continue;
            }
            let rest = &text[other.span.end()..];
            let same = match definition(gap, rest) {
                Some(Definition::Bracket) => {
                    is_abbreviation(text, one.span, other.span, gap)
                        || joined.is_short_of(short, long)
                        || joined.is_short_of(long, short)
                        || self.is_foreign_abbreviation(text, one, other)
                            && gap == " ("
                            && joined.is_alone(other.member)
                }
                Some(Definition::Alias) => !(self.is_country(long) && self.is_country(short)),
                Some(Definition::Former) => self.member(long).kind == self.member(short).kind,
                None => false,
            };
            if same {
                joined.join(long.min(short), long.max(short));
            }
        }
        joined.apply(self);
    }

    /// Whether an abbreviation in brackets may have the letters of another language: `Doctors Without Borders (MSF)`. Both
    /// are organisations, and the abbreviation has no other long name.
    fn is_foreign_abbreviation(&self, text: &str, long: Use, short: Use) -> bool {
        let organization = |u: Use| self.member(u.member).kind == EntityKind::Organization;
        let written = short.span.of(text);
        let letters = written.chars().filter(|c| c.is_uppercase()).count();
        organization(long)
            && organization(short)
            && long.words.len() > 1
            && letters > 2
            && written.chars().all(|c| c.is_uppercase() || c == '-')
            && self.member(short.member).names.iter().all(|f| f.parts.len() == 1)
            && text[short.span.end()..].starts_with(')')
    }

    /// Finds further uses of known names that the encoder missed, including ones in capitals: `BRANDT: No.`
    fn seek(&mut self, reading: &Reading<'_>) {
        let index = Seeker::of(self);
        let mut more: Vec<Use> = Vec::new();
        let mut next = 0;
        let all = reading.all();
        let mut at = all.start;
        while at < all.end {
            while self.uses.get(next).is_some_and(|u| u.words.end <= at) {
                next += 1;
            }
            let mut length = 1;
            let taken = self.uses.get(next).is_some_and(|u| u.words.start <= at);
            if !taken
                && reading.word(at).is_capital()
                && !matches!(
                    reading.block_kind(at),
                    BlockKind::Dateline | BlockKind::Byline | BlockKind::Credit
                )
                && let Some((member, words)) = index.longest_at(reading, at)
                && let Some(span) = reading.span_of(words)
            {
                more.push(Use { span, words, member });
                length = words.len();
            }
            let Some(following) = at.step(length as i64) else { break };
            at = following;
        }
        // “Islamic State” replaces a use of “State” that the encoder found by itself.
        self.uses.retain(|u| {
            let before = more.partition_point(|m| m.span.start() <= u.span.start());
            before.checked_sub(1).is_none_or(|n| !more[n].span.overlaps(u.span))
        });
        self.uses.extend(more);
        self.uses.sort_by_key(|u| u.span.start());
    }

    /// The uses that lie within a span.
    pub(super) fn within(&self, span: Span) -> impl DoubleEndedIterator<Item = &Use> + Clone + '_ {
        let first = self.uses.partition_point(|u| u.span.start() < span.start());
        let end = first + self.uses[first..].partition_point(|u| u.span.start() < span.end());
        self.uses[first..end].iter().filter(move |u| span.contains(u.span))
    }

    /// The use that starts at a word.
    pub(super) fn use_at(&self, word: WordId) -> Option<&Use> {
        let found = self.uses.binary_search_by_key(&word, |u| u.words.start);
        found.ok().map(|n| &self.uses[n])
    }

    /// The country whose seat of government a member is, if the article also names the country: “Ankara denied that”.
    pub(super) fn governed_from(&self, seat: MemberId) -> Option<MemberId> {
        self.governments.get(&seat).copied()
    }

    /// The full names of some members, and the words for others beside them.
    pub(super) fn full_names(
        &self,
        reading: &Reading<'_>,
        members: &[MemberId],
        rest: Option<WordRange>,
    ) -> String {
        let forms = members.iter().filter_map(|&m| self.member(m).fullest()).map(|f| f.span);
        let spans = forms.chain(rest.and_then(|words| reading.span_of(words)));
        let names: Vec<&str> = spans.map(|s| s.of(reading.text()).trim_end_matches(',')).collect();
        names.join(BETWEEN_NAMES)
    }

    /// Whether a member has the name of a country.
    fn is_country(&self, id: MemberId) -> bool {
        self.member(id).names.iter().any(|f| country_of(&f.parts).is_some())
    }

    fn find_government(&self, seat: MemberId) -> Option<MemberId> {
        let own = &self.member(seat).fullest()?.parts;
        let country = country_of_seat(&own.join(" "))?;
        // “Paris” may be short for Paris FC.
        let longer = |form: &NameForm| form.parts.len() > own.len() && form.parts.starts_with(own);
        let is_longer = |m: &Member| m.kind == EntityKind::Organization && m.names.iter().any(longer);
        if self.member(seat).kind == EntityKind::Person || self.members.iter().any(is_longer) {
            return None;
        }
        self.countries.get(&country)?.iter().copied().find(|&m| m != seat)
    }

    /// The entities for the record, and the index of each member among them. `also` lists mentions that are not names.
    pub(super) fn entities(
        &self,
        reading: &Reading<'_>,
        also: &[(Span, MemberId)],
    ) -> (Vec<Entity>, Vec<Option<usize>>) {
        let text = reading.text();
        let mut mentions: Vec<Vec<Span>> = vec![Vec::new(); self.members.len()];
        for (span, member) in self.uses.iter().map(|u| (u.span, u.member)).chain(also.iter().copied()) {
            mentions[member.0].push(span);
        }
        for own in &mut mentions {
            own.sort_unstable();
            own.dedup();
        }
        let mut order: Vec<usize> = (0..self.members.len())
            .filter(|&n| !mentions[n].is_empty() && self.members[n].fullest().is_some())
            .collect();
        order.sort_by_key(|&n| mentions[n][0].start());
        let mut numbers = vec![None; self.members.len()];
        let mut entities = Vec::with_capacity(order.len());
        for (number, n) in order.into_iter().enumerate() {
            numbers[n] = Some(number);
            let m = &self.members[n];
            let name = m.fullest().map_or("", |f| f.span.of(text)).to_owned();
            let mut seen = HashSet::from([name.clone()]);
            let uses = m.uses.iter().map(|&u| self.uses[u].span.of(text).to_owned());
            let aliases: Vec<String> = uses.filter(|alias| seen.insert(alias.clone())).collect();
            let roles =
                m.roles.iter().filter_map(|&r| reading.span_of(r)).map(|r| r.of(text).to_owned()).collect();
            entities.push(Entity {
                name,
                kind: m.kind,
                roles,
                aliases,
                mentions: std::mem::take(&mut mentions[n]),
            });
        }
        (entities, numbers)
    }
}

/// The names of an article and what is known of them so far. Names are numbered in text order.
struct Uses<'a> {
    names: &'a [Name],
    /// For each member, the names that refer to it.
    of: HashMap<MemberId, Vec<usize>>,
    /// The titles and offices directly before each member's names.
    titles: HashMap<MemberId, HashSet<Title>>,
    /// The members that a headline names.
    in_headline: HashSet<MemberId>,
    /// For each single name of a person, its first use without a title outside headlines.
    bare: HashMap<&'a str, usize>,
}

impl<'a> Uses<'a> {
    fn of(reading: &Reading<'_>, names: &'a [Name], members: &[Option<MemberId>]) -> Self {
        let mut of: HashMap<MemberId, Vec<usize>> = HashMap::new();
        let mut titles: HashMap<MemberId, HashSet<Title>> = HashMap::new();
        let (mut in_headline, mut bare) = (HashSet::new(), HashMap::new());
        for (n, (name, member)) in names.iter().zip(members).enumerate() {
            member.iter().for_each(|m| of.entry(*m).or_default().push(n));
            if let Some((member, title)) = member.zip(Title::before(reading, name.words.start)) {
                titles.entry(member).or_default().insert(title);
            }
            if reading.block_kind(name.words.start) == BlockKind::Headline {
                in_headline.extend(*member);
            }
            if let [only] = name.parts.as_slice()
                && name.kind == NameKind::Person
                && name.gender.is_none()
                && reading.block_kind(name.words.start) == BlockKind::Paragraph
            {
                bare.entry(only.as_str()).or_insert(n);
            }
        }
        Self { names, of, titles, in_headline, bare }
    }
}

/// How a text says that two names mean the same.
enum Definition {
    /// `European Chemicals Agency (ECHA)`
    Bracket,
    /// `Islamic State, or Daesh,`
    Alias,
    /// `Harbour Board, formerly the Pier Office,`
    Former,
}

/// How the text between two names and after the second one says that both mean the same, if it does.
fn definition(gap: &str, rest: &str) -> Option<Definition> {
    let ends = |marks: &[char]| rest.is_empty() || rest.starts_with(marks);
    // “The Harbour Board (HB), formerly the Pier Office,”
    let after = gap.strip_prefix(')').unwrap_or(gap);
    let (phrase, parted) = match after.strip_prefix(", ").or_else(|| after.strip_prefix(" (")) {
        Some(phrase) => (phrase, true),
        None => (after.strip_prefix(' ').unwrap_or_default(), false),
    };
    let phrase = phrase.strip_suffix(" the ").or_else(|| phrase.strip_suffix(' ')).unwrap_or_default();
    let the = gap.ends_with(" the ");
    if List::AliasFormer.has(phrase) && parted && ends(&[',', ')', '.', ';']) {
        Some(Definition::Former)
    } else if phrase == OR && !the && parted && ends(&[',', ')'])
        || List::AliasAfterComma.has(phrase) && parted && ends(&[',', ')', '.', ';'])
        || List::AliasAnywhere.has(phrase) && ends(&[',', ')', '.', ';'])
    {
        Some(Definition::Alias)
    } else {
        let bracket = gap.ends_with('(') && !gap.contains(',') && rest.starts_with([')', ' ', ',']);
        bracket.then_some(Definition::Bracket)
    }
}

/// A title or office directly before a name, apart from “Mr.” and the like.
#[derive(PartialEq, Eq, Hash)]
struct Title {
    /// Its noun, in the singular: “minister”.
    noun: String,
    /// The words before it that tell it from others of the same noun: “finance”, “deputy”.
    marks: Vec<String>,
}

/// The most words before the noun of a title.
const LONGEST_TITLE: usize = 3;
/// The words that tell titles of the same noun apart. A former governor is still called “Gov.”
const MARKS: [List; 4] = [List::Portfolios, List::Ranks, List::RanksApart, List::RanksBelow];

impl Title {
    fn before(reading: &Reading<'_>, name: WordId) -> Option<Self> {
        let tells = |w: &WordId| {
            is_title_or_office(reading.written(*w)) && Gender::of_title(reading.lower(*w)).is_none()
        };
        let title = reading.before(name).filter(tells)?;
        let plain = |w: WordId| reading.lower(w).trim_end_matches('.').to_owned();
        let sentence = reading.sentence_of(title).start;
        let before = std::iter::successors(reading.before(title), |&w| reading.before(w));
        let before = before.take_while(|&w| w >= sentence && reading.word(w).is_word()).take(LONGEST_TITLE);
        let marks = before.filter(|&w| reading.listed_in(w, &MARKS));
        Some(Self { noun: singular(&plain(title)), marks: marks.map(plain).collect() })
    }

    /// How well it fits another one: 2 if nothing tells them apart, 1 if they have the same noun, also abbreviated.
    fn fits(&self, other: &Self) -> u8 {
        let same = is_same_office(&self.noun, &other.noun) || is_same_office(&other.noun, &self.noun);
        u8::from(same) + u8::from(same && self.marks == other.marks)
    }
}

/// Members that are joined with each other. A group is known by its first member.
struct Joined {
    /// For each member, itself or an earlier one of its group.
    first: Vec<MemberId>,
    /// For each member, the next one of its group; and for the first one, the last.
    next: Vec<Option<MemberId>>,
    last: Vec<MemberId>,
    /// For the first member of each group, the names of one word, and the initials of all names.
    single: Vec<HashSet<String>>,
    initials: Vec<HashSet<String>>,
}

impl Joined {
    fn of(reading: &Reading<'_>, members: &[Member]) -> Self {
        let all = || (0..members.len()).map(MemberId).collect::<Vec<_>>();
        let single =
            |m: &Member| m.names.iter().filter(|f| f.parts.len() == 1).map(|f| f.parts[0].clone()).collect();
        let initials =
            |m: &Member| m.names.iter().flat_map(|f| initials(reading, f.words, &f.parts)).collect();
        Self {
            first: all(),
            next: vec![None; members.len()],
            last: all(),
            single: members.iter().map(single).collect(),
            initials: members.iter().map(initials).collect(),
        }
    }

    /// The first member of a member's group.
    fn find(&mut self, member: MemberId) -> MemberId {
        let mut at = member;
        while self.first[at.0] != at {
            // The next search takes half as many steps.
            self.first[at.0] = self.first[self.first[at.0].0];
            at = self.first[at.0];
        }
        at
    }

    /// Whether a member has not been joined with another.
    fn is_alone(&self, member: MemberId) -> bool {
        self.first[member.0] == member && self.next[member.0].is_none()
    }

    /// Whether a group has a name that the initials of a name of another group form.
    fn is_short_of(&self, short: MemberId, long: MemberId) -> bool {
        let (single, initials) = (&self.single[short.0], &self.initials[long.0]);
        let (fewer, more) =
            if single.len() < initials.len() { (single, initials) } else { (initials, single) };
        fewer.iter().any(|name| more.contains(name))
    }

    /// Adds the members of one group at the end of another.
    fn join(&mut self, into: MemberId, from: MemberId) {
        self.first[from.0] = into;
        self.next[self.last[into.0].0] = Some(from);
        self.last[into.0] = self.last[from.0];
        for sets in [&mut self.single, &mut self.initials] {
            let mut fewer = std::mem::take(&mut sets[from.0]);
            if fewer.len() > sets[into.0].len() {
                std::mem::swap(&mut fewer, &mut sets[into.0]);
            }
            sets[into.0].extend(fewer);
        }
    }

    /// Gives the names and uses of every group to its first member.
    fn apply(mut self, cast: &mut Cast) {
        for first in cast.ids().collect::<Vec<_>>() {
            if self.find(first) != first {
                continue;
            }
            let mut next = self.next[first.0];
            while let Some(member) = next {
                let names = std::mem::take(&mut cast.members[member.0].names);
                let gender = cast.members[member.0].gender;
                let into = &mut cast.members[first.0];
                into.names.extend(names);
                into.gender = into.gender.or(gender);
                next = self.next[member.0];
            }
        }
        for u in &mut cast.uses {
            u.member = self.find(u.member);
        }
    }
}

/// An index of members by the forms in which they may be named again, built while names are added.
#[derive(Default)]
struct Index {
    whole: HashMap<Vec<String>, MemberId>,
    /// The number of each form of a member's name.
    forms: HashMap<MemberId, HashMap<Vec<String>, usize>>,
    surnames: HashMap<String, Vec<MemberId>>,
    given: HashMap<String, Vec<MemberId>>,
    /// Persons without a full name, by their only name.
    alone: HashMap<String, Vec<MemberId>>,
    /// Persons by a surname without its particle.
    plain: HashMap<String, Vec<MemberId>>,
    /// Persons by the initials of a full name.
    persons: HashMap<String, Vec<MemberId>>,
    countries: HashMap<usize, MemberId>,
    /// Organisations by their names without “Inc.” and the like.
    companies: HashMap<Vec<String>, MemberId>,
    /// Organisations by their initials, `None` if two have the same, by their first word and by their last word.
    initials: HashMap<String, Option<MemberId>>,
    first: HashMap<String, Vec<MemberId>>,
    last: HashMap<String, Vec<MemberId>>,
}

/// The most persons with the same surname that are compared with a new one.
const MOST_BEARERS: usize = 24;

impl Index {
    /// The number of a form of a member's name. A form that is seen for the first time gets the next one.
    fn form(&mut self, id: MemberId, parts: &[String], next: usize) -> usize {
        let forms = self.forms.entry(id).or_default();
        if let Some(&known) = forms.get(parts) {
            return known;
        }
        forms.insert(parts.to_vec(), next);
        next
    }

    fn add(&mut self, reading: &Reading<'_>, id: MemberId, kind: EntityKind, name: &Name, is_new: bool) {
        self.whole.entry(name.parts.clone()).or_insert(id);
        if let Some(country) = country_of(&name.parts).filter(|_| kind != EntityKind::Person) {
            self.countries.entry(country).or_insert(id);
        }
        if kind == EntityKind::Organization {
            self.companies.entry(without_company_form(&name.parts).to_vec()).or_insert(id);
        }
        let (Some(first), Some(last)) = (name.parts.first(), name.parts.last()) else { return };
        let long = name.parts.len() > 1;
        let add = |map: &mut HashMap<String, Vec<MemberId>>, key: &str| {
            let all = map.entry(key.to_owned()).or_default();
            if all.len() < MOST_BEARERS && !all.contains(&id) {
                all.push(id);
            }
        };
        match kind {
            EntityKind::Person if long => {
                add(&mut self.surnames, last);
                without_particle(last).into_iter().for_each(|last| add(&mut self.plain, last));
                for part in &name.parts[..name.parts.len() - 1] {
                    add(&mut self.given, part);
                }
                let parts = name.parts.iter().flat_map(|part| part.split('-'));
                add(&mut self.persons, &parts.filter_map(|part| part.chars().next()).collect::<String>());
            }
            EntityKind::Person if is_new => add(&mut self.alone, last),
            EntityKind::Person | EntityKind::Place => {}
            EntityKind::Organization if long => {
                for short in initials(reading, name.words, &name.parts) {
                    let known = self.initials.entry(short).or_insert(Some(id));
                    *known = known.filter(|&other| other == id);
                }
                add(&mut self.first, first);
                add(&mut self.last, last);
            }
            EntityKind::Organization => {}
        }
    }

    /// Persons who may have this full name.
    fn bearers(&self, parts: &[String]) -> &[MemberId] {
        parts.last().and_then(|last| self.surnames.get(last)).map_or(&[], Vec::as_slice)
    }

    /// The organisation that a name is short for. The short name may be its initials or, later in the text, its first
    /// or last words.
    fn long_for(&self, reading: &Reading<'_>, cast: &Cast, short: &Name) -> Option<MemberId> {
        let stem = without_company_form(&short.parts);
        let form =
            |parts: &[String]| parts.get(stem.len()).cloned().filter(|_| parts.len() == stem.len() + 1);
        // “Fjordkraft AG” is not Fjordkraft Inc.
        let same_form = |m: &&MemberId| {
            let own = form(&short.parts);
            let others = cast.member(**m).names.iter().filter(|f| f.parts.starts_with(stem));
            others.filter_map(|f| form(&f.parts)).all(|other| own.as_ref().is_none_or(|own| *own == other))
        };
        if let Some(&member) = self.companies.get(stem).filter(same_form) {
            return Some(member);
        }
        // “Washington” is not short for the Washington Courier, nor “Russia” for its ministry.
        if country_of(&short.parts).is_some() || country_of_seat(&short.parts.join(" ")).is_some() {
            return None;
        }
        if let [only] = short.parts.as_slice()
            && let Some(&Some(member)) = self.initials.get(only)
        {
            return Some(member);
        }
        let the = reading.lower(short.words.start) == THE
            || reading.before(short.words.start).is_some_and(|w| reading.lower(w) == THE);
        let earlier = |m: &&MemberId, fits: &dyn Fn(&[String]) -> bool| {
            let names = &cast.member(**m).names;
            names.iter().any(|f| {
                f.words.start < short.words.start && f.parts.len() > short.parts.len() && fits(&f.parts)
            })
        };
        // Of several, the one added last is the nearest.
        let first = self.first.get(short.parts.first()?).into_iter().flatten().rev();
        let by_first = first.clone().find(|m| {
            short.parts[0].chars().count() > 2
                && earlier(m, &|long| {
                    long.starts_with(&short.parts) && !is_part_of_body(reading, short, long)
                })
        });
        let last = self.last.get(short.parts.last()?).into_iter().flatten().rev();
        // “The House” is not the White House.
        let by_last = last.clone().find(|m| {
            the && earlier(m, &|long| long.ends_with(&short.parts) && !List::Bodies.has(&long.join(" ")))
        });
        by_first.or(by_last).copied()
    }
}

/// Finds names by their first words.
struct Seeker<'a> {
    whole: HashMap<&'a str, Vec<(MemberId, &'a [String])>>,
    surnames: HashMap<&'a str, HashSet<MemberId>>,
}

impl<'a> Seeker<'a> {
    fn of(cast: &'a Cast) -> Self {
        let mut seeker = Self { whole: HashMap::new(), surnames: HashMap::new() };
        for id in cast.ids() {
            let member = cast.member(id);
            for form in &member.names {
                let (Some(first), Some(last)) = (form.parts.first(), form.parts.last()) else { continue };
                let same = seeker.whole.entry(first).or_default();
                if same.len() < MOST_BEARERS {
                    same.push((id, &form.parts));
                }
                if member.kind == EntityKind::Person && form.parts.len() > 1 {
                    seeker.surnames.entry(last).or_default().insert(id);
                }
            }
        }
        seeker
    }

    fn longest_at(&self, reading: &Reading<'_>, at: WordId) -> Option<(MemberId, WordRange)> {
        let first = folded(reading.written(at));
        let run = |length: usize| Some(WordRange { start: at, end: at.step(length as i64)? });
        let block_end = reading.block_words(reading.block_of(at)).end;
        let begins = |parts: &[String]| {
            let words = WordRange { start: at, end: block_end };
            parts.len() <= words.len()
                && parts
                    .iter()
                    .zip(words.iter())
                    .all(|(p, w)| reading.word(w).is_word() && *p == folded(reading.written(w)))
        };
        let whole = self.whole.get(first.as_str()).into_iter().flatten().filter(|(_, parts)| begins(parts));
        if let Some((member, parts)) = whole.max_by_key(|(m, parts)| (parts.len(), std::cmp::Reverse(*m))) {
            return Some((*member, run(parts.len())?));
        }
        let bearers = self.surnames.get(first.as_str()).filter(|b| b.len() == 1 && first.len() > 2)?;
        Some((*bearers.iter().next()?, run(1)?))
    }
}

/// Whether an abbreviation in brackets stands for the name right before it, whichever letters it uses.
fn is_abbreviation(text: &str, long: Span, short: Span, gap: &str) -> bool {
    let written = short.of(text);
    let capitals =
        written.chars().all(|c| c.is_uppercase() || matches!(c, '.' | '-' | '&') || c.is_ascii_digit());
    let capitals = capitals || written.chars().filter(|c| c.is_uppercase()).count() > 1;
    let first = |span: Span| without_the(span.of(text)).chars().next();
    gap.trim() == "(" && (2..=8).contains(&written.len()) && capitals && first(long) == first(short)
}

pub(super) fn genders_agree(one: Option<Gender>, other: Option<Gender>) -> bool {
    one.is_none() || other.is_none() || one == other
}

/// The index of the country that a name refers to.
fn country_of(parts: &[String]) -> Option<usize> {
    use std::sync::LazyLock;
    static NAMES: LazyLock<HashMap<String, usize>> = LazyLock::new(|| {
        let all = countries().iter().enumerate();
        all.flat_map(|(n, c)| c.names.iter().map(move |name| (folded(name), n))).collect()
    });
    NAMES.get(&parts.join(" ")).copied()
}

/// Whether a longer name that begins with a short one is that of a part of the body with the short name: “Senate Democrats”,
/// “NFP Sport”, but not “Senate of Norland” and “NFP Holding AG”.
fn is_part_of_body(reading: &Reading<'_>, short: &Name, long: &[String]) -> bool {
    let body = List::Bodies.has(&short.parts.join(" "));
    let abbreviation = short.words.len() == 1 && reading.word(short.words.start).shape == Shape::Capitals;
    let next = &long[short.parts.len()];
    let company = long.last().is_some_and(|last| List::CompanyForms.has(last));
    body && next != OF || abbreviation && !company
}

/// The parts of an organisation's name without the legal form at its end: “Fjordkraft” for “Fjordkraft Inc.”.
fn without_company_form(parts: &[String]) -> &[String] {
    match parts {
        [own @ .., form] if !own.is_empty() && List::CompanyForms.has(form) => own,
        _ => parts,
    }
}

/// Whether two full names belong to the same person: the same surname with compatible given names, or one contained in
/// the other.
fn same_person(one: &[String], other: &[String]) -> bool {
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    // “John A. Brandt” is not John B. Brandt.
    let middle = |parts: &[String]| parts.get(1).filter(|_| parts.len() == 3).and_then(|p| p.chars().next());
    let differ = middle(one).zip(middle(other)).is_some_and(|(a, b)| a != b);
    long.windows(short.len()).any(|w| w == short)
        || (one.last() == other.last() && given_names_agree(&one[0], &other[0]) && !differ)
}

/// A surname without the particle that a hyphen joins to it: “jubani” for “al-jubani”.
fn without_particle(surname: &str) -> Option<&str> {
    surname.split_once('-').filter(|(particle, _)| List::Particles.has(particle)).map(|(_, own)| own)
}

/// Whether given names are compatible: equal, an initial, or a short form.
fn given_names_agree(one: &str, other: &str) -> bool {
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    long == short || (long.starts_with(short) && (short.chars().count() == 1 || short.chars().count() >= 3))
}

/// The abbreviations that the initials of a long name can form: `sec` for `Securities and Exchange Commission`.
fn initials(reading: &Reading<'_>, words: WordRange, parts: &[String]) -> Vec<String> {
    let capitals = |words: WordRange| -> String {
        let capital =
            words.iter().filter(|&w| reading.word(w).is_capital() && !reading.listed(w, List::NoName));
        capital.filter_map(|w| reading.lower(w).chars().next()).collect()
    };
    let firsts = |parts: &[String]| parts.iter().filter_map(|p| p.chars().next()).collect::<String>();
    // “CPD” is short for the United States Commission on Public Debates.
    let after_country = (1..words.len().min(4)).rev().find_map(|n| {
        let rest = WordRange { start: words.start.step(n as i64)?, ..words };
        country_named(reading, WordRange { end: rest.start, ..words }).map(|_| rest)
    });
    // “FA” is short for the Department of Foreign Affairs.
    let after_of = parts.iter().position(|p| p == OF).map(|n| firsts(&parts[n + 1..]));
    // “NPA” is short for Norway’s National Post Agency.
    let owned = owner_and_owned(reading, words).map(|(_, owned)| owned);
    let mut all = vec![capitals(words), firsts(parts)];
    all.extend(after_of);
    // Two letters are the initials of every country's.
    all.extend(owned.or(after_country).map(capitals).filter(|i| i.chars().count() > 2));
    all.retain(|i: &String| i.chars().count() > 1 && parts.len() > 1);
    all.dedup();
    all
}

#[cfg(test)]
mod tests {
    use super::super::names::names;
    use super::*;
    use crate::testing::{Marked, marked};

    impl Cast {
        /// The members of a text with a hand-made analysis.
        pub(in super::super) fn of_marked(reading: &Reading<'_>, marked: &Marked) -> Self {
            Self::of(reading, &names(reading, &marked.analysis.mentions, &[]))
        }
    }

    /// The names of each member that has uses, in order, and the number of its uses.
    fn members(text: &str) -> Vec<(String, usize)> {
        let marked = marked(text);
        let reading = marked.reading();
        let cast = Cast::of_marked(&reading, &marked);
        let used = cast.members.iter().filter(|m| !m.uses.is_empty());
        let written =
            |m: &Member| m.names.iter().map(|f| f.span.of(reading.text())).collect::<Vec<_>>().join(", ");
        used.map(|m| (written(m), m.uses.len())).collect()
    }

    /// The fullest name of each person.
    fn persons(text: &str) -> Vec<String> {
        let marked = marked(text);
        let reading = marked.reading();
        let cast = Cast::of_marked(&reading, &marked);
        let persons = cast.members.iter().filter(|m| m.kind == EntityKind::Person);
        persons.filter_map(|m| m.fullest()).map(|f| f.span.of(reading.text()).to_owned()).collect()
    }

    #[test]
    fn definitions_join_whole_groups_of_names() {
        let text = "The [O Harbour Board] ([O HB]), formerly [O Pier Office], met the [O Norland Sound Union] ([O NSU]), \
                    formerly [O Ferry League]. The [O League of Ferries and Fish] ([O NSU]) and the [O HB] left.";
        assert_eq!(
            members(text),
            [
                ("Harbour Board, HB, Pier Office".to_owned(), 4),
                ("Norland Sound Union, NSU, Ferry League".to_owned(), 4),
                ("League of Ferries and Fish".to_owned(), 1),
            ]
        );
    }

    #[test]
    fn a_second_name_stands_directly_after_the_words_that_introduce_it() {
        let groups = |between: &str, after: &str| {
            members(&format!("The [O Harbour Board]{between}[O Pier Union]{after}")).len()
        };
        for (between, after) in [
            (", or ", ", met."),
            (", also known as the ", "."),
            (" (also known as the ", ") met."),
            (" also known as ", "; it met."),
            (", known as ", "."),
            (" (formerly the ", ") met."),
            (", formerly known as ", "."),
            (", the former name of the ", ", met."),
        ] {
            assert_eq!(groups(between, after), 1, "{between}{after}");
        }
        for (between, after) in [
            (" or ", ", met."),
            (", or ", " met."),
            (", or the ", ", met."),
            (" known as ", "."),
            (" formerly ", "."),
            (". She formerly ran the ", "."),
            (", whose head formerly led the ", "."),
            (", formerly the ", " met."),
            (", also known as a friend of the ", "."),
        ] {
            assert_eq!(groups(between, after), 2, "{between}{after}");
        }
        assert_eq!(members("[L Norway], or [L Sweden], won.").len(), 2);
        // One is a place.
        assert_eq!(members("The [O Harbour Board], formerly [L Ravn], met.").len(), 2);
    }

    #[test]
    fn a_group_has_the_names_of_all_that_were_joined_in_the_order_of_joining() {
        // The last definition says that both groups are one.
        let text = "The [O Alpha Harbour Group] ([O AHG]) met the [O Beta Pier Office] ([O BPO]). \
                    It is the [O Beta Pier Office], formerly [O Alpha Harbour Group]. The [O BPO] left.";
        assert_eq!(members(text), [("Alpha Harbour Group, AHG, Beta Pier Office, BPO".to_owned(), 7)]);
    }

    #[test]
    fn an_organization_with_the_name_of_a_country_is_that_country() {
        let text = "The [O US] fired. The [L United States] left. The [O UN] met. [L Sund] stayed.";
        let expected = [("US, United States", 2), ("UN", 1), ("Sund", 1)];
        assert_eq!(members(text), expected.map(|(names, uses)| (names.to_owned(), uses)));
    }

    #[test]
    fn initials_leave_out_whoever_owns_an_organization() {
        let text = "[O Norway’s National Ferry Agency] met. The [O NFA] and the [O NNFA] left.";
        assert_eq!(members(text), [("Norway’s National Ferry Agency, NFA, NNFA".to_owned(), 3)]);
        let text = "[O Norway’s Football Association] met. The [O FA] left.";
        assert_eq!(members(text)[1], ("FA".to_owned(), 1));
        let text = "The [O United States Ferry Crew Office] met. The [O FCO] left.";
        assert_eq!(members(text), [("United States Ferry Crew Office, FCO".to_owned(), 2)]);
        let text = "[O Norwegian Football Association] met. The [O FA] left.";
        assert_eq!(members(text)[1], ("FA".to_owned(), 1));
    }

    #[test]
    fn an_abbreviation_in_brackets_may_have_the_letters_of_another_language() {
        let text = "The [O Ferry Workers’ League] ([O LTB]) met. The [O LTB] left.";
        assert_eq!(members(text), [("Ferry Workers’ League, LTB".to_owned(), 3)]);
        // Two letters may be a party's or a country's, and a place before an agency is where a report was written.
        for apart in [
            "The [O Ferry Workers’ League] ([O LT]) met.",
            "[O Ravn] ([O LTB]) met.",
            "The [L Ravn Port] ([O LTB]) met.",
            "The [O Ferry Workers’ League], ([O LTB]) met.",
            "The [O Ferry Workers’ League] ([O LTB] member) met.",
            "The [O Ferry Workers’ League] ([O Lund]) met.",
        ] {
            assert_eq!(members(apart).len(), 2, "{apart}");
        }
        let twice = "The [O Ferry Workers’ League] ([O LTB]) met the [O Old Harbour Club] ([O LTB]).";
        let expected = [("Ferry Workers’ League, LTB", 3), ("Old Harbour Club", 1)];
        assert_eq!(members(twice), expected.map(|(names, uses)| (names.to_owned(), uses)));
    }

    #[test]
    fn people_of_one_name_are_told_apart_by_their_numerals() {
        let members = |text: &str| members(text).into_iter().map(|(names, _)| names).collect::<Vec<_>>();
        let two = members("[P Jon Holm Jr.] met [P Jon Holm III]. [P Jon Holm] left.");
        assert_eq!(two, ["Jon Holm Jr.", "Jon Holm III"]);
        let one = members("Queen [P Mathilda] left. Queen [P Mathilda II] met Queen [P Mathilda].");
        assert_eq!(one, ["Queen Mathilda II"]);
        let three = members("Queen [P Mathilda II] left. Queen [P Mathilda III] met Queen [P Mathilda IV].");
        assert_eq!(three.len(), 3);
        let namesakes = members("Teacher [P Linus Vik] met Pope [P Linus XIV]. [P Linus XIV] left.");
        assert_eq!(namesakes.len(), 2);
        let high =
            members("Pope [P Linus XIV] left. [P Linus] met Queen [P Mathilda XX]. [P Mathilda] left.");
        assert_eq!(high, ["Pope Linus XIV, Linus", "Queen Mathilda XX, Mathilda"]);
    }

    #[test]
    fn a_surname_is_completed_by_the_words_before_its_first_use() {
        for (text, name) in [
            ("Judge Ada M. [P Lund] left. [P Lund] slept.", "Ada M. Lund"),
            ("The pilot’s Ada [P Lund] left. [P Lund] slept.", "Ada Lund"),
            // Not the first use, another gender, and no given name.
            ("Mr. [P Lund] left. He met his son, Ola M. [P Lund].", "Lund"),
            ("Mr. [P Lund] left. He met Judge Ada M. [P Lund].", "Lund"),
            ("The Ravn M. [P Lund] left. [P Lund] slept.", "Lund"),
        ] {
            assert_eq!(persons(text), [name], "{text}");
        }
    }

    #[test]
    fn a_completed_use_does_not_overlap_the_one_before() {
        let marked = marked("The [O Port of Ada] M. [P Lund] left.");
        let cast = Cast::of_marked(&marked.reading(), &marked);
        assert!(cast.uses.windows(2).all(|two| two[0].words.end <= two[1].words.start), "{:?}", cast.uses);
    }

    #[test]
    fn a_surname_is_completed_by_the_name_of_an_office_before_it() {
        for (text, name) in [
            ("Prime Minister [O Ada Lund’s office] met. [P Lund] slept.", "Ada Lund"),
            ("[O President Jon M. Lund’s administration] met. Mr. [P Lund] slept.", "Jon M. Lund"),
            // Not an office, a later one, another gender, and no full name.
            ("[O Ada Lund’s Bakery] met. [P Lund] slept.", "Lund"),
            ("[P Lund] slept. [O Ada Lund’s office] met.", "Lund"),
            ("[O Ada Lund’s office] met. Mr. [P Lund] slept.", "Lund"),
            ("[O Lund’s office] met. [P Lund] slept.", "Lund"),
        ] {
            assert_eq!(persons(text), [name], "{text}");
        }
        let two = "[O Ada Lund’s office] met. Mr. [P Lund] met Mrs. [P Lund].";
        assert_eq!(persons(two), ["Lund", "Lund"]);
    }

    #[test]
    fn initials_that_two_organizations_have_name_neither() {
        let text = "The [O National Ferry Agency] met the [O Norland Fish Alliance]. The [O NFA] left.";
        let expected = [("National Ferry Agency", 1), ("Norland Fish Alliance", 1), ("NFA", 1)];
        assert_eq!(members(text), expected.map(|(names, uses)| (names.to_owned(), uses)));
    }

    #[test]
    fn a_short_name_that_is_a_country_or_a_capital_is_not_a_longer_one() {
        let text = "The [O Washington Courier] met the [O Harbour Board]. [O Washington] left. The [O Board] stayed.";
        let expected = [("Washington Courier", 1), ("Harbour Board, Board", 2), ("Washington", 1)];
        assert_eq!(members(text), expected.map(|(names, uses)| (names.to_owned(), uses)));
    }

    #[test]
    fn a_body_is_not_what_is_named_after_it() {
        let groups =
            |long: &str, short: &str| members(&format!("The [O {long}] met. The [O {short}] left.")).len();
        for (long, short) in
            [("Senate Democrats", "Senate"), ("White House Press", "White House"), ("NFP Sport", "NFP")]
        {
            assert_eq!(groups(long, short), 2, "{long}");
        }
        assert_eq!(groups("White House", "House"), 2);
        for (long, short) in [
            ("Senate of Norland", "Senate"),
            ("NFP Holding AG", "NFP"),
            ("Lyran University", "Lyran"),
            ("Lyran Motor Works", "Lyran Motor"),
            ("Norland House", "House"),
        ] {
            assert_eq!(groups(long, short), 1, "{long}");
        }
    }

    #[test]
    fn a_person_is_known_by_initials_that_fit_nobody_else() {
        let text = "[P Ada Maria Krantz] and [P Pia Lund] met [P Per Lie]. [P AMK] left. [P PL] stayed.";
        let expected = [("Ada Maria Krantz, AMK", 2), ("Pia Lund", 1), ("Per Lie", 1), ("PL", 1)];
        assert_eq!(members(text), expected.map(|(names, uses)| (names.to_owned(), uses)));
    }

    #[test]
    fn whoever_an_organization_belongs_to_need_not_be_somebody_of_that_surname() {
        let text = "[O Ada Brandt’s Bakery] closed. [P Brandt], a customer, wept.";
        assert_eq!(persons(text), ["Brandt"]);
    }

    #[test]
    fn the_form_of_a_name_with_a_suffix_is_fuller() {
        let text = "[P Queen Mathilda] left. [P Queen Mathilda II] and [P Mathilda] met [P Pia Lund].";
        assert_eq!(persons(text), ["Queen Mathilda II", "Pia Lund"]);
        assert_eq!(persons("[P Pia Lund] left. [P Pia. LUND] stayed."), ["Pia Lund"]);
    }

    #[test]
    fn a_surname_with_another_title_is_one_other_person() {
        // A bare surname is that of whoever was named first, which a headline does not say.
        let text = "[P Holm] quits\n\nIt is late. [P Ada Holm] left. Mr. [P Holm] and [P Holm] stayed.";
        assert_eq!(members(text), [("Ada Holm, Holm".to_owned(), 3), ("Holm".to_owned(), 1)]);
        let text = "It is late\n\n[P Holm] quit. [P Ada Holm] left. Mr. [P Holm] stayed.";
        assert_eq!(members(text), [("Ada Holm".to_owned(), 1), ("Holm".to_owned(), 2)]);
        let text =
            "[P Holm] quit. Mr. [P Holm] and Mr. [P Lund] left. [P Ada Holm] stayed.\n\n[P Lund] wept.";
        let expected = [("Ada Holm", 1), ("Holm", 2), ("Lund", 2)];
        assert_eq!(members(text), expected.map(|(names, uses)| (names.to_owned(), uses)));
    }

    #[test]
    fn a_title_tells_who_of_one_surname_is_meant() {
        let uses = |text: &str| members(text).into_iter().map(|(_, uses)| uses).collect::<Vec<_>>();
        let two = "Senator [P Jon Holm] met Mayor [P Ada Holm].";
        assert_eq!(uses(&format!("{two} Senator [P Holm] left.")), [2, 1]);
        assert_eq!(uses(&format!("{two} Mayor [P Holm] left.")), [1, 2]);
        // Without a title, whoever was named last.
        assert_eq!(uses(&format!("{two} [P Holm] left.")), [1, 2]);
        assert_eq!(uses(&format!("{two} Doctor [P Holm] left.")), [1, 2]);
        // A title that does not fit is no better than none.
        assert_eq!(uses("Senator [P Ada Holm] met [P Jon Holm]. Doctor [P Holm] left."), [1, 2]);
        // An abbreviation, and more than one word.
        assert_eq!(uses(&format!("{two} Sen. [P Holm] left.")), [2, 1]);
        for (one, other) in
            [("Mayor", "Deputy Mayor"), ("Finance Minister", "Health Minister"), ("mayor", "Sen.")]
        {
            let text = format!("{one} [P Jon Holm] met {other} [P Ada Holm]. {one} [P Holm] left.");
            assert_eq!(uses(&text), [2, 1], "{one}, {other}");
            assert_eq!(uses(&text.replace(&format!("{one} [P Holm]"), &format!("{other} [P Holm]"))), [1, 2]);
        }
    }

    #[test]
    fn two_given_names_belong_to_the_only_full_name_that_begins_with_them() {
        let full = "[P Ana Maria Lund] met [P Ola Vik].";
        assert_eq!(persons(&format!("{full} [P Ana Maria] left.")), ["Ana Maria Lund", "Ola Vik"]);
        assert_eq!(persons(&format!("{full} [P Ana Mari] left.")).len(), 3);
        assert_eq!(persons(&format!("{full} [P Maria Ana] left.")).len(), 3);
        assert_eq!(persons(&format!("{full} [P Ana Maria] left. [P Maria] met her.")).len(), 3);
        assert_eq!(persons(&format!("{full} [P Ana Maria Holm] left. [P Ana Maria] left.")).len(), 4);
    }

    #[test]
    fn a_son_is_not_his_father() {
        let check = |text: &str, expected: &[(&str, usize)]| {
            let expected: Vec<_> = expected.iter().map(|&(names, uses)| (names.to_owned(), uses)).collect();
            assert_eq!(members(text), expected, "{text}");
        };
        check(
            "[P Jon Holm] left. His son, [P Jon Holm Jr.], stayed. [P Holm Jr.] met [P Jon Holm].",
            &[("Jon Holm", 2), ("Jon Holm Jr., Holm Jr.", 2)],
        );
        check("[P Jon Holm Sr.] left. [P Jon Holm Jr.] stayed.", &[("Jon Holm Sr.", 1), ("Jon Holm Jr.", 1)]);
        check(
            "[P Jon Holm] quits the board\n\nThe minister [P Jon Holm Jr.] left on Monday, it said.",
            &[("Jon Holm", 2)],
        );
        // Whoever was introduced with the suffix may be named without it later.
        check("[P Jon Holm Jr.] left. [P Jon Holm] and [P Holm] left.", &[("Jon Holm Jr., Holm", 3)]);
    }

    #[test]
    fn the_fullest_name_is_the_longest_outside_quotations() {
        let text = "[P Lund] left. “[P Pia Maria Lund] left,” said [P Pia Lund]. [P Lund] is late.";
        assert_eq!(persons(text), ["Pia Lund"]);
    }
}
