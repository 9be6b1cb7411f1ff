//! An event as the page's side hands it over: its fields, one after the other, in the form that they have on the wire.
//! Which field is which only the page's side knows (`sdk-wasm/src/contract.ts`): code for every kind of the
//! contract would be a fifth of what a page loads.

use serde::ser::{Serialize, Serializer};

/// A piece of an event.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// An integer of any width, an enumeration's number, a list's length, whether an option follows.
    Number(u64),
    /// A number with a fraction.
    Float(f64),
    /// A text.
    Text(String),
}

impl Serialize for Piece {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Number(number) => to.serialize_u64(*number),
            Self::Float(number) => to.serialize_f64(*number),
            Self::Text(text) => to.serialize_str(text),
        }
    }
}

/// What the tracker itself must know of an event, since a batch's header says it of those before: the contract's numbers
/// of these kinds, and where in them it stands.
const PAGEVIEW: u64 = 0;
const IDENTIFY: u64 = 17;
const RESIZE: u64 = 20;
const TITLE: usize = 4;

/// An event: its kind's number, then its fields.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Told(pub Vec<Piece>);

/// What an event changes for those that follow.
pub enum Turn<'a> {
    /// They happen on this page.
    Page(&'a str),
    /// They are this user's.
    User(&'a str),
    /// The window has this size.
    Window(u16, u16),
}

impl Told {
    /// What it changes, if anything.
    pub fn turn(&self) -> Option<Turn<'_>> {
        match &self.0[..] {
            [Piece::Number(PAGEVIEW), Piece::Text(path), ..] => Some(Turn::Page(path)),
            [Piece::Number(IDENTIFY), Piece::Text(user), ..] => Some(Turn::User(user)),
            [Piece::Number(RESIZE), Piece::Number(width), Piece::Number(height)] => {
                Some(Turn::Window(*width as u16, *height as u16))
            }
            _ => None,
        }
    }

    /// The title, where it is a page view.
    pub fn title_mut(&mut self) -> Option<&mut String> {
        if self.0.first() != Some(&Piece::Number(PAGEVIEW)) {
            return None;
        }
        match self.0.get_mut(TITLE) {
            Some(Piece::Text(title)) => Some(title),
            _ => None,
        }
    }

    /// Bytes that it takes in a batch, at the most, with its time. Cheap, since every event is weighed when it happens:
    /// texts at their plain length, as if none were in the batch's table yet.
    pub fn weight(&self) -> usize {
        // 10 bytes are the longest integer; a text's symbol takes up to 3.
        let weigh = |piece: &Piece| if let Piece::Text(text) = piece { 3 + text.len() } else { 10 };
        10 + self.0.iter().map(weigh).sum::<usize>()
    }
}
