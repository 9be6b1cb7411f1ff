//! The class of a screen, by its width.

use passerby_protocol::Size;

/// Widths in CSS pixels from which a class begins: Plausible's, so that its users find their numbers again
/// (under 576 px mobile, under 992 px tablet, under 1440 px laptop).
const CLASSES: &[(u32, &str)] = &[(1440, "Desktop"), (992, "Laptop"), (576, "Tablet"), (1, "Mobile")];

/// "Mobile", "Tablet", "Laptop" or "Desktop"; empty where the width is unknown.
#[must_use]
pub fn class(screen: Size) -> &'static str {
    CLASSES.iter().find(|(from, _)| u32::from(screen.0) >= *from).map_or("", |(_, class)| class)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_begins_at_its_width() {
        let widths = [(0, ""), (1, "Mobile"), (575, "Mobile"), (576, "Tablet"), (991, "Tablet"), (992, "Laptop")];
        for (width, expected) in widths.into_iter().chain([(1439, "Laptop"), (1440, "Desktop"), (7680, "Desktop")]) {
            assert_eq!(class(Size(width, 1)), expected, "{width}");
        }
    }
}
