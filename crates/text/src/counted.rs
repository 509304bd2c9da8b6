use std::fmt::Display;

/// Returns a number of things: “1 statement”, “2 statements”.
#[must_use]
pub fn counted<N: Copy + Display + From<u8> + PartialEq>(n: N, thing: &str) -> String {
    format!("{n} {}", plural(n, thing))
}

/// Returns the word for a number of things: “statement” for one, and “statements” for any other number.
#[must_use]
pub fn plural<N: From<u8> + PartialEq>(n: N, thing: &str) -> String {
    if n == N::from(1) { thing.to_owned() } else { format!("{thing}s") }
}

/// Returns some things in a row: “speaker, role”.
#[must_use]
pub fn listed<T: Display>(things: &[T]) -> String {
    things.iter().map(T::to_string).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_is_singular() {
        assert_eq!([0, 1, 2].map(|n| counted(n, "fault")), ["0 faults", "1 fault", "2 faults"]);
    }
}
