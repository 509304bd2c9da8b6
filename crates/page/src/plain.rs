//! Texts without what two forms of the same words may differ in: case, marks and white space.

/// The words of a text in lower case, without marks.
pub(crate) fn words(text: &str) -> impl Iterator<Item = String> + Clone {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase)
}

/// The letters and digits of a text in lower case.
pub(crate) fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_marks_make_no_difference() {
        assert_eq!(
            words("“The bridge’s, E-Mail 2!”").collect::<Vec<_>>(),
            ["the", "bridge", "s", "e", "mail", "2"]
        );
        assert_eq!(words(" – ").next(), None);
        assert_eq!(letters("E-Mail 2!"), letters("email2"));
    }
}
