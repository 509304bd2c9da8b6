//! The commands that query or change a store: `search`, `who`, `lineage`, `changes`, `correct`, `verify`.

use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::Path;
use std::time::Instant;

use jiff::Timestamp;
use onrecord::text::{Status, answers, counted, legible};
use onrecord_store::decisions::{Judgement, Verdict};
use onrecord_store::{
    Change, Changes, DecidedField, DecisionId, DecisionKind, Edit, EventRef, Hit, Hits, Order, Person,
    PersonRef, Query, Reader, Relation, Start, StatementRef, Store, StoreError, Unlinked,
};
use serde::Serialize;

use crate::failure::{Failure, Outcome, note};
use crate::plain::{self, clean, clean_line};
use crate::render::{Style, one_line};
use crate::{
    ChangesArgs, CorrectArgs, Correction, LineageArgs, OrderArg, OutputFormat, PageArgs, SearchArgs,
    StoreArgs, WhoArgs,
};

/// Returns the query language as `search --help` shows it.
pub fn help() -> String {
    format!("{}\nPut -- before a query that begins with -.", examples(&Query::EXAMPLES))
}

/// Returns examples of queries as the text of a command's help.
pub fn examples(all: &[(&str, &str)]) -> String {
    let lines = all.iter().map(|(query, what)| format!("  {query:26}  {what}\n"));
    format!("Queries:\n{}", lines.collect::<String>())
}

/// What to do when words have no lineage.
const NO_VERSION: &str = "\
nothing found: no statement has exactly these words, or most of them in the same order
  Try a shorter piece, or search for single words: onrecord search WORD OR WORD";

/// The maximum length of a content that is shown in full.
const LONG: usize = 320;

type Out = BufWriter<Box<dyn Write + Send>>;

/// Standard output, and the style in which it is written.
pub struct Screen {
    out: Out,
    json: bool,
    style: Style,
}

impl Screen {
    pub fn of(format: Option<OutputFormat>) -> Self {
        let terminal = io::stdout().is_terminal();
        let format = format.unwrap_or(if terminal { OutputFormat::Text } else { OutputFormat::Jsonl });
        Self {
            out: BufWriter::new(match format {
                OutputFormat::Jsonl => plain::stdout(plain::Form::Json),
                // Text for people is made safe for terminals where it is produced.
                OutputFormat::Text => Box::new(io::stdout()),
            }),
            json: format == OutputFormat::Jsonl,
            style: Style::of(terminal && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty())),
        }
    }

    /// Whether the output is for programs.
    pub fn json(&self) -> bool {
        self.json
    }

    pub fn style(&self) -> Style {
        self.style
    }

    pub fn answer(&mut self, answer: &impl Serialize) -> Result<(), Failure> {
        serde_json::to_writer(&mut self.out, answer).map_err(|e| Failure::Output(e.into()))?;
        self.line("")
    }

    pub fn line(&mut self, line: &str) -> Result<(), Failure> {
        writeln!(self.out, "{line}").map_err(Failure::Output)
    }

    pub fn end(mut self) -> Result<Outcome, Failure> {
        self.out.flush().map_err(Failure::Output)?;
        Ok(Outcome::default())
    }

    fn hits(&mut self, hits: &[Hit]) -> Result<(), Failure> {
        for hit in hits {
            if self.json {
                self.answer(&answers::Hit::from(hit))?;
            } else {
                self.line(&shown(hit, self.style))?;
            }
        }
        Ok(())
    }
}

/// Opens a store for reading. An older store is upgraded first, in a temporary copy if it can't be written.
pub fn reader(path: &Path) -> Result<Reader, Failure> {
    Ok(Reader::open_any(path)?)
}

pub fn query_of(words: &[String]) -> Result<Query, Failure> {
    let text = words.join(" ");
    text.parse().map_err(|e| Failure::Query(text, e))
}

pub fn search(args: &SearchArgs) -> Result<Outcome, Failure> {
    let store = reader(&args.store.store)?;
    let query = query_of(&args.query)?;
    let order = match args.order {
        OrderArg::Newest => Order::Newest,
        OrderArg::Oldest => Order::Oldest,
        OrderArg::Best => Order::Best,
    };
    let mut screen = Screen::of(args.page.format);
    let begun = Instant::now();
    let start = match &args.after {
        Some(statement) => Start::After(statement.clone()),
        None => Start::Skip(args.page.skip),
    };
    let Hits { hits, more, cut } = store.page(&query, order, args.page.limit, &start)?;
    if args.plan {
        let took = begun.elapsed().as_secs_f64() * 1000.0;
        for line in store.plan(&query, order)? {
            screen.line(&line)?;
        }
        screen.line(&format!("{} in {took:.1} ms", counted(hits.len(), "statement")))?;
        return screen.end();
    }
    screen.hits(&hits)?;
    if !screen.json {
        if hits.is_empty() {
            screen.line("nothing found")?;
        }
        if args.after.is_none() && args.page.skip == 0 {
            hint(&mut screen, &store, &args.query.join(" "), hits.is_empty())?;
        }
        if cut {
            screen.line("the best of the newest matches; those before were not ranked")?;
        }
        match (more, hits.last(), &args.after) {
            (true, Some(last), Some(_)) => screen.line(&format!("more follow: --after {}", last.name))?,
            (true, ..) => screen.line(&format!("more follow: --skip {}", args.page.skip + hits.len()))?,
            _ => {}
        }
    }
    screen.end()
}

/// Prints whom the words of a query name, and what a query that found nothing may mean.
fn hint(screen: &mut Screen, store: &Reader, query: &str, found_nothing: bool) -> Result<(), Failure> {
    for named in store.named_in(query)? {
        let number = number_of(named.statements, named.more);
        let line = format!("{} speaks in {number}: {}", named.name, as_argument(&named.query));
        screen.line(&clean_line(&line))?;
    }
    let hints = if found_nothing { store.hints(query)? } else { Vec::new() };
    for hint in hints {
        let meant = hint.query.map(|query| format!(": {}", as_argument(&query)));
        screen.line(&clean_line(&format!("{}{}", hint.what, meant.unwrap_or_default())))?;
    }
    Ok(())
}

/// Returns the command that searches for a query, quoted for a shell.
fn as_argument(query: &str) -> String {
    let end_of_options = if query.starts_with('-') { "-- " } else { "" };
    format!("onrecord search {end_of_options}'{}'", query.replace('\'', "'\\''"))
}

pub fn who(args: &WhoArgs) -> Result<Outcome, Failure> {
    let store = reader(&args.store.store)?;
    let PageArgs { limit, skip, format } = &args.page;
    let people = store.people(&args.name, 10)?;
    let mut screen = Screen::of(*format);
    let [person] = people.as_slice() else {
        if people.is_empty() {
            let mut what = vec![format!("“{}”: nobody in this store has this name", args.name)];
            what.extend(without_person(&store, args, &people)?);
            return Err(StoreError::NotFound(what.join("; ")).into());
        }
        for person in &people {
            if screen.json {
                screen.answer(&answers::Person::from(person))?;
            } else {
                let line = introduced(person, screen.style);
                screen.line(&line)?;
            }
        }
        if !screen.json {
            screen.line(&format!(
                "\n“{}” may be any of these: ask for one by its number",
                one_line(&args.name)
            ))?;
            for line in without_person(&store, args, &people)? {
                screen.line(&clean_line(&line))?;
            }
        }
        return screen.end();
    };
    let said = store.said_by(person, *limit, *skip)?;
    let about = store.said_about(person, *limit, *skip)?;
    if screen.json {
        screen.answer(&answers::Person::from(person))?;
        for (relation, hits) in [(Relation::Said, &said.hits), (Relation::About, &about.hits)] {
            for hit in hits {
                let mut answer = answers::Hit::from(hit);
                answer.relation = Some(relation);
                screen.answer(&answer)?;
            }
        }
        return screen.end();
    }
    screen.line(&introduced(person, screen.style))?;
    for (heading, Hits { hits, more, .. }) in [("said", said), ("what others said", about)] {
        screen.line(&format!("\n{}{heading}{}", screen.style.bold, screen.style.end))?;
        screen.hits(&hits)?;
        let note = match (hits.is_empty(), more) {
            (true, _) => "nothing".to_owned(),
            (_, true) => format!("more follow: --skip {}", skip + hits.len()),
            _ => continue,
        };
        screen.line(&note)?;
    }
    for (n, line) in without_person(&store, args, &people)?.iter().enumerate() {
        screen.line(&format!("{}{}", if n == 0 { "\n" } else { "" }, clean_line(line)))?;
    }
    screen.end()
}

/// Returns which statements `who` leaves out because nobody knows whose they are, and the command that finds them.
fn without_person(store: &Reader, args: &WhoArgs, people: &[Person]) -> Result<Vec<String>, Failure> {
    let line = |unlinked: Unlinked| {
        let Unlinked { name, query, .. } = &unlinked;
        let number = number_of(unlinked.statements, unlinked.more);
        format!("“{name}” alone, whom nothing links to a person, speaks in {number}: {}", as_argument(query))
    };
    Ok(store.unlinked(&args.name, people)?.into_iter().map(line).collect())
}

/// Returns a number of statements, of which there may be more than were counted.
fn number_of(statements: usize, more: bool) -> String {
    if more { format!("more than {statements} statements") } else { counted(statements, "statement") }
}

pub fn lineage(args: &LineageArgs) -> Result<Outcome, Failure> {
    let store = reader(&args.store.store)?;
    let is_name = args.quotation.parse::<StatementRef>().is_ok();
    let lineage = match store.named_statement(&args.quotation) {
        Ok(name) => store.lineage(name)?,
        Err(e) if is_name => return Err(e.into()),
        Err(_) => store.lineage_of(&args.quotation)?,
    };
    let mut screen = Screen::of(args.format);
    if screen.json {
        lineage.answers().try_for_each(|answer| screen.answer(&answer))?;
    }
    for (n, version) in lineage.versions.iter().enumerate() {
        if screen.json {
            break;
        }
        let style = screen.style;
        if n == 0 {
            screen.line(&format!("{}first{}", style.bold, style.end))?;
            screen.line(&shown(&version.hit, style))?;
            continue;
        }
        let mut heading = format!("{}{}{}", style.bold, version.change.name(), style.end);
        for (what, differs) in [("cue", &version.cue), ("speaker", &version.speaker)] {
            if let Some((was, is)) = differs {
                heading.push_str(&format!("; {what}: {} → {}", one_line(was), one_line(is)));
            }
        }
        if let Some(first) = version.copy_of {
            heading.push_str(&format!("; wire copy of {}", lineage.versions[first].hit.name));
        }
        screen.line(&heading)?;
        screen.line(&line_of(&version.hit, style))?;
        screen.line(&format!("  {}\n", edits(&version.diff, style)))?;
    }
    if lineage.versions.is_empty() && !screen.json {
        screen.line(NO_VERSION)?;
    }
    if lineage.more {
        note(&format!(
            "there may be more than these {} versions: not all statements with these words were compared. \
             onrecord search '\"words in this order\"' finds all of them",
            lineage.versions.len()
        ));
    }
    screen.end()
}

/// Returns the name under which the store knows a file, or a document in it such as `in.jsonl:3`, if it is not the one
/// typed.
fn known_as(store: &Reader, path: &Path, typed: &str) -> Result<Option<String>, Failure> {
    let line = typed.rsplit_once(':').filter(|(_, n)| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
    let (file, line) = match line {
        Some((file, _)) if !Path::new(typed).exists() => (file, &typed[file.len()..]),
        _ => (typed, ""),
    };
    let name = onrecord_ingest::name_in(store, path, Path::new(file))? + line;
    Ok((name != typed).then_some(name))
}

pub fn changes(args: &ChangesArgs) -> Result<Outcome, Failure> {
    let store = reader(&args.store.store)?;
    let all = match store.changes(&args.article) {
        // The store names a file by its path relative to the store, not to the current folder.
        Err(StoreError::NotFound(what)) => match known_as(&store, &args.store.store, &args.article)? {
            Some(name) => store.changes(&name)?,
            None => return Err(StoreError::NotFound(what).into()),
        },
        other => other?,
    };
    let mut screen = Screen::of(args.format);
    if all.is_empty() && !screen.json {
        screen.line("one version")?;
    }
    for step in &all {
        if screen.json {
            step.answers().try_for_each(|answer| screen.answer(&answer))?;
            continue;
        }
        let Changes { earlier, later, changes, same } = step;
        screen.line(&format!("{earlier} → {later}: {same} statements as they were"))?;
        for change in changes {
            let style = screen.style;
            let line = match change {
                Change::Appeared(hit) => format!("appeared\n{}", shown(hit, style)),
                Change::Vanished(hit) => format!("vanished\n{}", shown(hit, style)),
                Change::Changed(was, is, diff) => {
                    let (was, is) = (line_of(was, style), line_of(is, style));
                    format!("changed\n{was}\n{is}\n  {}\n", edits(diff, style))
                }
            };
            screen.line(&line)?;
        }
    }
    screen.end()
}

pub fn correct(args: &CorrectArgs) -> Result<Outcome, Failure> {
    let path = args.store.as_deref().ok_or(Failure::Usage(
        "no store was named: use --store FILE or the environment variable ONRECORD_STORE",
    ))?;
    if let Correction::List = args.what {
        return list(&reader(path)?);
    }
    let mut store = Store::open(path)?;
    let verdict = match &args.what {
        Correction::Accept { name } => judged(&store, name, Judgement::Accept)?,
        Correction::Reject { name } => judged(&store, name, Judgement::Reject)?,
        Correction::Set { name, field, value } => {
            judged(&store, name, Judgement::Set(*field, value.clone()))?
        }
        Correction::Merge { person: a, other: b } => {
            Verdict::Merge(store.one_person(a)?, store.one_person(b)?)
        }
        Correction::Split { statement } => Verdict::Split(store.named_statement(statement)?),
        Correction::Undo { decision } => {
            store.undo(DecisionId(*decision))?;
            let mut screen = Screen::of(Some(OutputFormat::Text));
            screen.line(&format!("decision {decision} is undone"))?;
            return screen.end();
        }
        Correction::List => return Ok(Outcome::default()),
    };
    // This comes before the decision, because two people who are joined have only one name.
    let what = decided(&store, &verdict)?;
    let number = store.decide(&verdict, Timestamp::now(), args.by.as_deref())?;
    let unknown = match &verdict {
        Verdict::Set(name, DecidedField::Speaker, _)
            if store.stored_statement(&name.to_string())?.speakers.is_empty() =>
        {
            ", a name that the store does not know"
        }
        _ => "",
    };
    let mut screen = Screen::of(Some(OutputFormat::Text));
    screen.line(&clean_line(&format!(
        "decision {number}: {what}{unknown}; undo with: onrecord correct undo {number}"
    )))?;
    screen.end()
}

/// Returns the decision on a report of an event by its name, or on a statement by its name or address.
fn judged(store: &Reader, name: &str, judgement: Judgement) -> Result<Verdict, Failure> {
    Ok(match name.parse::<EventRef>() {
        Ok(report) => judgement.on_report(report),
        Err(_) => judgement.on_statement(store.named_statement(name)?),
    })
}

/// Returns what a decision does, in words.
fn decided(store: &Reader, verdict: &Verdict) -> Result<String, Failure> {
    let person = |number: PersonRef| -> Result<String, Failure> {
        let found = store.people(&number.to_string(), 1)?;
        let named = |p: &Person| format!("{} ({number})", one_line(&p.name));
        Ok(found.first().map_or_else(|| number.to_string(), named))
    };
    let whom = |value: &str| -> Result<String, Failure> {
        PersonRef::of(value.trim()).map_or_else(|| Ok(one_line(value)), person)
    };
    let to = |field: DecidedField, value: &str| match field {
        DecidedField::Speaker | DecidedField::Actor | DecidedField::Recipient => whom(value),
        _ => Ok(one_line(value)),
    };
    Ok(match verdict {
        Verdict::Accept(name) => format!("accepted {name}"),
        Verdict::Reject(name) => format!("rejected {name}; search and exports leave it out"),
        Verdict::AcceptEvent(name) => format!("accepted {name}"),
        Verdict::RejectEvent(name) => format!("rejected {name}; search and exports leave it out"),
        Verdict::Set(name, field, value) => format!("set the {field} of {name} to {}", to(*field, value)?),
        Verdict::SetEvent(name, field, value) => {
            format!("set the {field} of {name} to {}", to(*field, value)?)
        }
        Verdict::Merge(one, other) => format!("joined {} and {}", person(*one)?, person(*other)?),
        Verdict::Split(name) => {
            let speaker = store.statement(*name)?.speaker.unwrap_or_else(|| "the speaker".to_owned());
            format!("separated {} in article {} from others of that name", one_line(&speaker), name.article)
        }
    })
}

fn list(store: &Reader) -> Result<Outcome, Failure> {
    let mut screen = Screen::of(Some(OutputFormat::Text));
    let mut applied = store.applied()?;
    for d in store.decisions()? {
        let field = d.field.map(|field| field.name().to_owned());
        let about = [&field, &d.value, &d.person, &d.other, &d.content];
        let mut about: Vec<String> = about.into_iter().flatten().map(|text| one_line(text)).collect();
        let apart = d.article.filter(|_| d.kind == DecisionKind::Split);
        about.extend(apart.map(|article| format!("in {}", one_line(&article))));
        about.extend(d.by.as_ref().map(|by| format!("by {}", one_line(by))));
        let mut line = format!("{}  {}  {}  {}", d.id, d.made, d.kind, about.join(" · "));
        if d.undone {
            line.push_str("  (undone)");
        } else if d.content.is_some() {
            let (now, none): (Vec<String>, _) = if d.on_event {
                let events = applied.events.remove(&d.id).unwrap_or_default();
                (events.iter().map(EventRef::to_string).collect(), "(replaced, or no such report)")
            } else {
                let statements = applied.statements.remove(&d.id).unwrap_or_default();
                (statements.iter().map(StatementRef::to_string).collect(), "(replaced, or no such statement)")
            };
            line.push_str("  ");
            line.push_str(&if now.is_empty() { none.to_owned() } else { now.join(" ") });
        }
        screen.line(&clean_line(&line))?;
    }
    screen.end()
}

pub fn verify(args: &StoreArgs) -> Result<Outcome, Failure> {
    let store = Reader::open_damaged(&args.store)?;
    let mut screen = Screen::of(Some(OutputFormat::Text));
    let mut count = 0;
    store.verify(|fault| -> Result<(), Failure> {
        count += 1;
        screen.line(&clean_line(&format!("{}: {}", fault.place, fault.what)))
    })?;
    if count == 0 {
        let size = store.size()?;
        let what = format!(
            "{} in {}, {}",
            counted(size.articles, "article"),
            counted(size.versions, "version"),
            counted(size.statements, "statement")
        );
        screen.line(&format!("sound: {what}"))?;
    }
    let mut outcome = screen.end()?;
    if count > 0 {
        outcome.fail(&Failure::Faults(args.store.display().to_string(), count));
        note("`onrecord salvage -o NEW` copies what is sound into a new store");
    }
    Ok(outcome)
}

fn introduced(person: &Person, style: Style) -> String {
    let roles: Vec<String> = person.roles.iter().take(3).map(|role| one_line(role)).collect();
    let roles = if roles.is_empty() { String::new() } else { format!(" · {}", roles.join("; ")) };
    let s = if person.articles == 1 { "" } else { "s" };
    format!(
        "{}  {}{}{}{roles} · {} article{s}",
        person.id,
        style.bold,
        one_line(&person.name),
        style.end,
        person.articles
    )
}

/// Returns the line that states who made a statement, when and where.
fn line_of(hit: &Hit, style: Style) -> String {
    let published =
        hit.published.as_deref().map_or_else(|| "no date".to_owned(), |day| one_line(&legible(day)));
    let mut parts = vec![published];
    parts.extend(hit.outlet.as_deref().map(one_line));
    let mut who = hit.speaker.as_deref().map_or_else(|| "somebody".to_owned(), one_line);
    if let Some(role) = &hit.role {
        who.push_str(&format!(", {}", one_line(role)));
    }
    parts.push(format!(
        "{}{who}{} {}",
        style.source,
        style.end,
        hit.cue.as_deref().map(one_line).unwrap_or_default()
    ));
    let status = hit.status.filter(|status| *status != Status::Made);
    parts.extend(status.map(|status| status.name().replace('_', " ")));
    parts.extend(hit.said.as_ref().map(|said| format!("said {}", one_line(&legible(said)))));
    parts.extend(hit.relayed_by.as_deref().map(|by| format!("relayed by {}", one_line(by))));
    parts.extend(hit.withdrawn.then(|| answers::WITHDRAWN.to_owned()));
    parts.extend(answers::Hit::from(hit).decided().map(|what| format!("decided: {what}")));
    format!("{}{}{}  {}", style.faint, hit.name, style.end, parts.join(" · "))
}

/// Returns a statement with the part of its content around the first match, and with the matches highlighted.
fn shown(hit: &Hit, style: Style) -> String {
    let text = &hit.content;
    let first = hit.matches.first().map_or(0, |m| m.0);
    let (mut from, mut to) = (0, text.len());
    if text.len() > LONG {
        from = text.floor_char_boundary(first.saturating_sub(LONG / 3));
        from = if from == 0 { 0 } else { text[from..].find(' ').map_or(from, |at| from + at + 1) };
        to = text.floor_char_boundary((from + LONG).min(text.len()));
        to = if to == text.len() { to } else { text[..to].rfind(' ').filter(|&at| at > from).unwrap_or(to) };
    }
    let (opening, closing) = if style.bold.is_empty() { ("[", "]") } else { (style.bold, style.end) };
    let mut excerpt = if from > 0 { "… ".to_owned() } else { String::new() };
    let mut at = from;
    for &(start, end) in hit.matches.iter().filter(|m| m.0 >= from && m.1 <= to) {
        excerpt.push_str(&clean(&text[at..start]));
        excerpt.push_str(&format!("{opening}{}{closing}", clean(&text[start..end])));
        at = end;
    }
    excerpt.push_str(&clean(&text[at..to]));
    if to < text.len() {
        excerpt.push_str(" …");
    }
    let excerpt: Vec<&str> = excerpt.split_whitespace().collect();
    format!("{}\n  {}", line_of(hit, style), excerpt.join(" "))
}

/// Returns a word diff with deletions in [- -] and insertions in {+ +}, in colour if the style has colours.
fn edits(edits: &[Edit], style: Style) -> String {
    let plain = style.bold.is_empty();
    let shown = edits.iter().map(|edit| match edit {
        Edit::Kept(words) => one_line(words),
        Edit::Deleted(words) if plain => format!("[-{}-]", one_line(words)),
        Edit::Inserted(words) if plain => format!("{{+{}+}}", one_line(words)),
        Edit::Deleted(words) => format!("\x1b[31;9m{}{}", one_line(words), style.end),
        Edit::Inserted(words) => format!("{}{}{}", style.content, one_line(words), style.end),
    });
    shown.collect::<Vec<_>>().join(" ")
}
