/// Returns what is wrong with a JSON document on one line, and at which column of the line.
///
/// The message of the error also counts lines, which are always one here, while whoever reads many such documents counts
/// the lines of the file.
#[must_use]
pub fn wrong_in_line(error: &serde_json::Error) -> String {
    let message = error.to_string();
    match message.rsplit_once(" at line 1 column ") {
        Some((what, column)) => format!("{what} at column {column}"),
        None => message,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_is_left_out() {
        let said = |text: &str| wrong_in_line(&serde_json::from_str::<Vec<u8>>(text).unwrap_err());
        assert_eq!(said("[7"), "EOF while parsing a list at column 2");
        assert_eq!(said("[\n7"), "EOF while parsing a list at line 2 column 1");
    }
}
