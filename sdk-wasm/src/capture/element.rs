//! A name for an element that stays the same from load to load: the way down to it from the nearest id that a person
//! gave, `#cart>li:3>button`.

use passerby_protocol::limits::MAX_NAME_BYTES;
use web_sys::Element;

use crate::platform::dom;

/// The element's path. Cut off at its upper end where it would be too long.
#[must_use]
pub fn path(element: &Element) -> String {
    let mut path = String::new();
    let mut current = Some(element.clone());
    while let Some(element) = current {
        let id = element.id();
        let by_id = is_lasting(&id);
        let mut step = if by_id { "#".to_owned() + &id } else { dom::tag(&element) };
        let is_top = step == "body" || step == "html";
        if is_top && !path.is_empty() {
            break;
        }
        if !by_id && !is_top {
            let place = dom::place_among_alike(&element);
            if place > 1 {
                step.push(':');
                push_number(&mut step, place);
            }
        }
        if !path.is_empty() {
            step.push('>');
        }
        if step.len() + path.len() > MAX_NAME_BYTES {
            break;
        }
        step.push_str(&path);
        path = step;
        if by_id || is_top {
            break;
        }
        current = element.parent_element();
    }
    path
}

/// Whether an id looks like one that a person chose. Frameworks number theirs (`ember412`) or mark them with colons
/// (`:r1:`), anew at each load.
fn is_lasting(id: &str) -> bool {
    let mut digits = 0;
    let mut longest = 0;
    for byte in id.bytes() {
        digits = if byte.is_ascii_digit() { digits + 1 } else { 0 };
        longest = longest.max(digits);
    }
    !id.is_empty() && longest < 3 && !id.contains(':')
}

/// In decimal; without the standard library's formatting, which weighs more than all of this file.
fn push_number(text: &mut String, number: u32) {
    if number >= 10 {
        push_number(text, number / 10);
    }
    text.push((b'0' + (number % 10) as u8) as char);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_that_frameworks_number_are_not_relied_on() {
        for (id, lasting) in [("cart", true), ("h2", true), ("step-12", true), ("ember412", false), (":r1:", false)] {
            assert_eq!(is_lasting(id), lasting, "{id}");
        }
    }

    #[test]
    fn numbers_are_written_in_decimal() {
        for number in [0, 7, 10, 4_294_967_295] {
            let mut text = String::new();
            push_number(&mut text, number);
            assert_eq!(text, number.to_string());
        }
    }
}
