//! The code of the strings, from inside: both files are compiled into this test, since neither has a public face.

extern crate alloc;

#[allow(dead_code, unreachable_pub)]
#[path = "../examples/code_lengths.rs"]
mod code_lengths;
#[allow(dead_code)]
#[path = "../src/strings.rs"]
mod strings;

#[test]
fn the_table_is_what_the_sample_gives() {
    assert_eq!(strings::LENGTHS, code_lengths::lengths());
}

#[test]
fn the_specification_has_the_same_table() {
    let spec = include_str!("../SPEC.md").split("```lengths").nth(1).and_then(|rest| rest.split("```").next());
    let bits = spec.expect("the block").split(',').filter_map(|bits| bits.trim().parse::<u8>().ok());
    assert!(bits.eq(strings::LENGTHS));
}

#[test]
fn every_sequence_of_bits_is_the_beginning_of_a_code() {
    let filled: u32 = strings::LENGTHS.iter().map(|bits| 1 << (15 - bits)).sum();
    assert_eq!(filled, 1 << 15, "Kraft's sum is 1");
}

#[test]
fn strings_come_out_as_they_went_in() {
    let all: Vec<String> = (0..=0x10_FFFF).step_by(61).filter_map(char::from_u32).map(String::from).collect();
    let all: Vec<&str> = all.iter().map(String::as_str).chain(["", "", "a"]).collect();
    let mut text = String::new();
    let ends = strings::read(&strings::code(&all), &mut text).expect("its own coding");
    let mut start = 0;
    for (string, end) in all.iter().zip(&ends) {
        assert_eq!(*string, &text[start..*end]);
        start = *end;
    }
    assert_eq!(ends.len(), all.len());
}

#[test]
fn padding_is_ones_and_less_than_a_byte() {
    let read = |bytes: &[u8]| strings::read(bytes, &mut String::new());
    let coded = strings::code(&["e"]);
    assert_eq!(coded.len(), 1, "e and the end have 4 bits each");
    assert_eq!(read(&coded), Some(vec![1]));
    let coded = strings::code(&["ee"]);
    assert_eq!(coded.len(), 2, "12 bits");
    assert_eq!(coded[1] & 15, 15);
    assert_eq!(read(&[coded[0], coded[1] & 0xF0]), None, "filled up with another string");
    assert_eq!(read(&[coded[0], coded[1], 0xFF]), None, "a byte of nothing but padding");
    assert_eq!(read(&coded[..1]), None, "the last string has no end");
    assert_eq!(read(&[]), Some(vec![]), "no strings at all");
}

#[test]
fn no_string_ends_inside_a_character() {
    let read = |bytes: &[u8]| strings::read(bytes, &mut String::new());
    let (e_acute, mut split) = (strings::code(&["é"]), Vec::new());
    assert_eq!(read(&e_acute), Some(vec![2]));
    // The two bytes of é, each a string of its own.
    let codes = strings::codes();
    let mut bits = String::new();
    for symbol in [0xC3, 256, 0xA9, 256] {
        bits += &format!("{:0width$b}", codes[symbol], width = usize::from(strings::LENGTHS[symbol]));
    }
    bits += &"1".repeat(bits.len().next_multiple_of(8) - bits.len());
    for byte in bits.as_bytes().chunks(8) {
        split.push(u8::from_str_radix(std::str::from_utf8(byte).expect("digits"), 2).expect("a byte"));
    }
    assert_eq!(read(&split), None);
}
