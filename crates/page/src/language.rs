//! Detects the language of an article.

/// The fewest letters from which a language is detected.
const ENOUGH_LETTERS: usize = 120;
/// How much of the text is examined, in bytes.
const SAMPLE: usize = 4000;

/// The language of a text as a BCP 47 tag, if the text is long enough to detect it with confidence.
pub(crate) fn detect(text: &str) -> Option<&'static str> {
    let sample = &text[..text.floor_char_boundary(SAMPLE)];
    if sample.chars().filter(|c| c.is_alphabetic()).count() < ENOUGH_LETTERS {
        return None;
    }
    let found = whatlang::detect(sample)?;
    // Accept what whatlang itself calls reliable, or what is in a script that English does not use.
    (found.is_reliable() || found.script() != whatlang::Script::Latin).then(|| tag(found.lang()))
}

/// Whether a tag means English of any country.
pub(crate) fn is_english(tag: &str) -> bool {
    let primary = tag.split(['-', '_']).next().unwrap_or_default();
    primary.eq_ignore_ascii_case("en") || primary.eq_ignore_ascii_case("eng")
}

/// The tag of a language: the two-letter code if there is one, as BCP 47 requires.
fn tag(language: whatlang::Lang) -> &'static str {
    use whatlang::Lang as L;
    match language {
        L::Eng => "en",
        L::Rus => "ru",
        L::Cmn => "zh",
        L::Spa => "es",
        L::Por => "pt",
        L::Ita => "it",
        L::Ben => "bn",
        L::Fra => "fr",
        L::Deu => "de",
        L::Ukr => "uk",
        L::Kat => "ka",
        L::Ara => "ar",
        L::Hin => "hi",
        L::Jpn => "ja",
        L::Heb => "he",
        L::Pol => "pl",
        L::Jav => "jv",
        L::Kor => "ko",
        L::Nob => "nb",
        L::Dan => "da",
        L::Swe => "sv",
        L::Fin => "fi",
        L::Tur => "tr",
        L::Nld => "nl",
        L::Hun => "hu",
        L::Ces => "cs",
        L::Ell => "el",
        L::Bul => "bg",
        L::Ron => "ro",
        L::Vie => "vi",
        L::Tha => "th",
        L::Pes => "fa",
        L::Ind => "id",
        L::Cat => "ca",
        L::Hrv => "hr",
        L::Srp => "sr",
        L::Slk => "sk",
        L::Slv => "sl",
        L::Lit => "lt",
        L::Lav => "lv",
        L::Est => "et",
        other => other.code(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_and_others() {
        let en = "The minister told reporters on Monday that the bridge over the sound would open in May, four years late, and that nobody would be charged for crossing it.";
        let de = "Die Ministerin sagte am Montag vor der Presse, dass die Brücke über den Sund im Mai mit vier Jahren Verspätung eröffnet werde und niemand für die Überfahrt zahlen müsse.";
        assert_eq!(detect(en), Some("en"));
        assert_eq!(detect(de), Some("de"));
        assert_eq!(detect("Too short."), None);
        assert!(is_english("en-GB") && !is_english("enm"));
    }

    #[test]
    fn a_text_needs_enough_letters() {
        let words =
            "The minister told reporters that the bridge would open and that nobody would be charged "
                .repeat(3);
        let letters = |count: usize| {
            let mut left = count;
            let fits = |c: &char| {
                let more = !c.is_alphabetic() || left > 0;
                left -= usize::from(c.is_alphabetic() && left > 0);
                more
            };
            words.chars().take_while(fits).collect::<String>()
        };
        assert_eq!(detect(&letters(ENOUGH_LETTERS)), Some("en"));
        assert_eq!(detect(&letters(ENOUGH_LETTERS - 1)), None);
    }
}
