//! Who may do what: keys, and the short-lived tokens that are given for them.

mod key;
mod token;

pub use key::{Digest, Key, KeyId, Kind, find, is_key, is_token};
pub use token::{BadToken, Token, TokenSecret};
