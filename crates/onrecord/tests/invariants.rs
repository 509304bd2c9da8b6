//! What holds of every record, whatever the text.

use onrecord::page::{Hints, read_text};
use onrecord::text::{Event, Record, Statement, is_invisible, wire};
use onrecord::{Desk, Engine};
use proptest::prelude::*;

/// Texts between news and noise: fragments of statements, marks that may not match, characters of several bytes.
fn text() -> impl Strategy<Value = String> {
    let fragment = prop::sample::select(vec![
        "Transport Minister Ada Brandt said",
        " told reporters on Monday that ",
        "According to the ferry company, ",
        "the bridge will open in May",
        "She believes ",
        "Jon Aalto had promised her that ",
        "nobody will pay to cross it",
        "“",
        "”",
        "‘",
        "’",
        "\"",
        "«",
        "»",
        ", ",
        ". ",
        ": ",
        "\n",
        "\n\n",
        "\u{301}",
        "👩‍🚀",
        "Ωmega\u{200b}",
        "\u{feff}",
        "MOSCOW, December 3. /TASS/. ",
        "the minister, who spoke to RT in Moscow a day earlier, ",
        "Mr. Aalto’s spokesman and Sen. Ada J. Brandt (R-Ohio) added",
        "S.E.C. ",
        "31 February",
        "in a letter dated 29 Feb. ",
        "© Jo Dahl/NORDFOTO",
        "By Jo Dahl\n",
        "Q: Will it open? A: ",
        "\t",
        "1,000",
        "Fleming, ",
        "As for Fleming, he said ",
        "When asked by Fleming, ",
        "the two men",
        "The campaign ",
        "They ",
        "Troops of the Norland Republic attacked the harbour of Tallberg on Monday",
        " that Norland did not attack the Sund Republic",
        "will arrest the protesters in Tallberg",
    ]);
    prop::collection::vec(prop_oneof![9 => fragment.prop_map(str::to_owned), 1 => any::<String>()], 0..60)
        .prop_map(|parts| parts.concat())
}

fn check(record: &Record, text: &str) -> Result<(), TestCaseError> {
    prop_assert_eq!(&record.article.text, text, "plain text is kept verbatim");
    for block in &record.article.blocks {
        prop_assert!(text.get(block.span.range()).is_some());
    }
    // Names run over the ends of wrapped lines and tabs, and over characters that nobody sees.
    let visible: String = text.chars().filter(|c| !is_invisible(*c)).collect();
    let on_one_line = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    let says = |name: &str| text.contains(name) || on_one_line.contains(name);
    for entity in &record.entities {
        prop_assert!(says(&entity.name));
        prop_assert!(!entity.mentions.is_empty() && entity.mentions.is_sorted());
        for mention in &entity.mentions {
            prop_assert!(text.get(mention.range()).is_some());
        }
    }
    for (n, statement) in record.statements.iter().enumerate() {
        let Statement { source, cue, content, speaker, parent, confidence, .. } = statement;
        let linked = [&statement.addressee, &statement.medium, &statement.occasion];
        let others =
            linked.into_iter().flatten().map(|l| &l.words).chain(statement.time.as_ref().map(|t| &t.words));
        let fields = [source.as_ref(), cue.as_ref(), Some(content)].into_iter().flatten().chain(others);
        for span in fields.flat_map(|p| p.spans()).copied().chain(speaker.chain.iter().map(|s| s.mention)) {
            prop_assert!(text.get(span.range()).is_some(), "{span:?} cuts a character");
        }
        prop_assert!((0.0..=1.0).contains(confidence));
        prop_assert!((0.0..=1.0).contains(&speaker.confidence));
        for name in speaker.name.iter().flat_map(|n| n.split(" | ")) {
            prop_assert!(says(name), "“{name}” is not in the text");
        }
        let entities =
            linked.into_iter().flatten().filter_map(|l| l.entity).chain(statement.about.iter().copied());
        for entity in entities.chain(speaker.entities.iter().copied()) {
            prop_assert!(entity < record.entities.len());
        }
        if let Some(parent) = *parent {
            prop_assert!(parent < n, "a parent precedes its children");
            let outer = record.statements[parent].content.extent();
            prop_assert!(outer.contains(content.extent()), "a relayed content lies inside its parent's");
        }
    }
    for event in record.events.iter().flatten() {
        check_event(event, record, text)?;
    }
    let wire = wire::Record::from(record);
    let [whole, written] =
        [serde_json::to_string(&wire), serde_json::to_string(&wire::written(record))].map(Result::unwrap);
    prop_assert_eq!(written, whole, "a record is the same written piece by piece");
    for field in
        wire.statements.iter().flat_map(|s| [s.source.as_ref(), s.cue.as_ref(), Some(&s.content)]).flatten()
    {
        let chars: Vec<char> = text.chars().collect();
        let parts: Vec<String> = field.spans.iter().map(|&[s, e]| chars[s..e].iter().collect()).collect();
        prop_assert_eq!(parts.join(" … "), field.text.clone(), "code points reproduce the text");
    }
    Ok(())
}

fn check_event(event: &Event, record: &Record, text: &str) -> Result<(), TestCaseError> {
    let parties: Vec<_> = [&event.actor, &event.recipient].into_iter().flatten().collect();
    let place = event.place.as_ref().map(|p| &p.words);
    let words = parties.iter().map(|p| &p.words).chain(place.map(|p| &p.words));
    let words = words.chain(event.time.iter().filter_map(|t| t.words.as_ref()));
    for span in words.chain([&event.trigger]).flat_map(|p| p.spans()) {
        prop_assert!(text.get(span.range()).is_some(), "{span:?} cuts a character");
    }
    let entities = parties.iter().flat_map(|p| &p.entities).copied().chain(place.and_then(|p| p.entity));
    for entity in entities {
        prop_assert!(entity < record.entities.len());
    }
    for confidence in parties.iter().map(|p| p.confidence).chain([event.confidence]) {
        prop_assert!((0.0..=1.0).contains(&confidence));
    }
    if let Some(claimant) = event.claimant {
        let content = record.statements.get(claimant).map(|s| &s.content);
        prop_assert!(content.is_some_and(|c| c.contains(event.trigger.extent())), "what is claimed is said");
    }
    prop_assert!(event.claimant.is_some() || event.side.is_none(), "only a claimant is on a side");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn of_every_record(texts in prop::collection::vec(text(), 1..3)) {
        thread_local!(static ENGINE: Engine = Engine::new().with_events());
        ENGINE.with(|engine| {
            let mut desk = Desk::default();
            for text in &texts {
                let record = engine.record_with(read_text(text.clone(), &Hints::default()), &mut desk);
                check(&record, text)?;
                let again = engine.record(read_text(text.clone(), &Hints::default()));
                prop_assert_eq!(record, again, "the same bytes give the same record");
            }
            Ok(())
        })?;
    }
}
