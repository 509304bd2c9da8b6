//! Word pieces against the `tokenizers` crate, on any text.

use ahash::AHashMap;
use onrecord_encoder::wordpiece::Vocabulary;
use onrecord_model_en::VOCABULARY;
use proptest::prelude::*;
use tokenizers::Tokenizer;
use tokenizers::models::wordpiece::WordPiece;
use tokenizers::normalizers::BertNormalizer;
use tokenizers::pre_tokenizers::bert::BertPreTokenizer;

fn reference() -> Tokenizer {
    let pieces: AHashMap<String, u32> =
        VOCABULARY.lines().zip(0..).map(|(piece, id)| (piece.to_owned(), id)).collect();
    let model =
        WordPiece::builder().vocab(pieces).unk_token("[UNK]".into()).build().expect("a sound vocabulary");
    let mut tokenizer = Tokenizer::new(model);
    tokenizer.with_normalizer(Some(BertNormalizer::default()));
    tokenizer.with_pre_tokenizer(Some(BertPreTokenizer));
    tokenizer
}

#[test]
fn the_pieces_are_those_of_the_reference() {
    let (ours, reference) = (Vocabulary::parse(VOCABULARY).expect("complete"), reference());
    let check = |text: &str| {
        let found: Vec<u32> = ours.pieces(text).iter().map(|p| p.id).collect();
        let expected = reference.encode_fast(text, false).expect("any text can be encoded");
        prop_assert_eq!(found, expected.get_ids(), "{:?}", text);
        Ok(())
    };
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    // The scripts, marks and controls that news comes in; in the rest of Unicode the two follow different versions.
    let texts = prop_oneof![
        "[\\t\\n\\r -~\\u{80}-\\u{24f}\\u{300}-\\u{36f}\\u{2010}-\\u{203a}€₤№™\\u{200b}\\u{feff}\\u{fffd}]{0,60}",
        "[A-Za-zÀ-ž0-9 ,.“”‘’'\"—-]{0,80}",
        "[a-zα-ωΑ-Ρа-яА-Яא-תء-ي一-俿あ-ん가-간 .,«»。、]{0,60}",
    ];
    runner.run(&texts, |text| check(&text)).expect("no text differs");
}
