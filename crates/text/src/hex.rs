/// Returns bytes in hexadecimal: two digits for each byte, in lower case.
///
/// ```
/// assert_eq!(onrecord_text::hexadecimal(&[0, 10, 255]), "000aff");
/// ```
#[must_use]
pub fn hexadecimal(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|half| DIGITS[usize::from(half)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_has_two_digits() {
        assert_eq!(hexadecimal(&[]), "");
        for byte in 0..=u8::MAX {
            assert_eq!(hexadecimal(&[byte, 0xA5]), format!("{byte:02x}a5"));
        }
    }
}
