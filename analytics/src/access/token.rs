//! Tokens: what a key or a share link is exchanged for, to be shown in its place for some minutes. A WebSocket's address
//! and a page's memory then hold nothing that lasts.
//!
//! `passerby_token_` and, in hex, version (1 byte), reach (1), the key's id (8), expiry in seconds since 1970 (4), the site's name, and
//! HMAC-SHA256 of all that (32). Who has no secret can neither make nor change one. The key's id lets whoever verifies it
//! look whether that key still counts.

use hmac::{Hmac, Mac};
use sha2::Sha256;

use super::key::{KeyId, hex};
use crate::routes::Need;

pub(super) const PREFIX: &str = "passerby_token_";

/// What tokens are signed with.
pub type TokenSecret = [u8; 32];

const VERSION: u8 = 1;
const MAC_BYTES: usize = 32;
/// Bytes before the site's name.
const HEAD_BYTES: usize = 14;

/// What a token says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// How far it reads.
    pub reach: Need,
    /// The key that it was given for.
    pub key: KeyId,
    /// From when on it counts no more: seconds since 1970.
    pub expires_s: u32,
    /// The only site that it is for; empty: all.
    pub site: String,
}

/// Why a token does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadToken {
    /// It is none of this collector's.
    #[error("the token is not one of this collector's")]
    Forged,
    /// It was one.
    #[error("the token has expired")]
    Expired,
}

impl Token {
    /// The token's text.
    #[must_use]
    pub fn sign(&self, secret: &TokenSecret) -> String {
        let mut bytes = vec![VERSION, self.reach as u8];
        bytes.extend(self.key.0);
        bytes.extend(self.expires_s.to_be_bytes());
        bytes.extend(self.site.as_bytes());
        let mac = mac(secret, &bytes).finalize().into_bytes();
        bytes.extend(mac);
        format!("{PREFIX}{}", hex(&bytes))
    }

    /// What a token's text says, where it still counts.
    ///
    /// # Errors
    /// It does not count.
    pub fn verify(text: &str, secret: &TokenSecret, now_ms: i64) -> Result<Self, BadToken> {
        let bytes = text.strip_prefix(PREFIX).and_then(unhex).ok_or(BadToken::Forged)?;
        let (said, shown) = bytes.split_last_chunk::<MAC_BYTES>().ok_or(BadToken::Forged)?;
        // Compares in constant time.
        mac(secret, said).verify_slice(shown).map_err(|_| BadToken::Forged)?;
        let token = Self::read(said).ok_or(BadToken::Forged)?;
        if now_ms >= i64::from(token.expires_s) * 1000 {
            return Err(BadToken::Expired);
        }
        Ok(token)
    }

    fn read(said: &[u8]) -> Option<Self> {
        let (head, site) = said.split_first_chunk::<HEAD_BYTES>()?;
        let (version, rest) = head.split_first()?;
        let (reach, rest) = rest.split_first()?;
        let (key, expires) = rest.split_first_chunk()?;
        let known = [Need::Nothing, Need::Look, Need::Read, Need::Admin];
        let reach = known.into_iter().find(|known| *known as u8 == *reach).filter(|_| *version == VERSION)?;
        let expires_s = u32::from_be_bytes(expires.try_into().ok()?);
        Some(Self { reach, key: KeyId(*key), expires_s, site: String::from_utf8(site.to_vec()).ok()? })
    }
}

fn mac(secret: &TokenSecret, said: &[u8]) -> Hmac<Sha256> {
    // A key of any length will do, so this cannot fail; were it to, an empty key's code would verify nothing signed.
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).unwrap_or_else(|_| Hmac::new(&Default::default()));
    mac.update(PREFIX.as_bytes());
    mac.update(said);
    mac
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = text.bytes().map(|c| char::from(c).to_digit(16).map(|digit| digit as u8)).collect();
    let digits = digits.filter(|digits| digits.len() % 2 == 0)?;
    // One text a token: capital letters would make it another with the same meaning.
    let is_small = !text.bytes().any(|c| c.is_ascii_uppercase());
    is_small.then(|| digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: TokenSecret = [9; 32];

    fn token() -> Token {
        Token { reach: Need::Look, key: KeyId([1; 8]), expires_s: 1_800_000_000, site: "shop.example".to_owned() }
    }

    #[test]
    fn a_token_says_what_was_signed_until_it_expires() {
        for reach in [Need::Nothing, Need::Look, Need::Read, Need::Admin] {
            for site in ["", "shop.example", "가게.example"] {
                let token = Token { reach, site: site.to_owned(), ..token() };
                let text = token.sign(&SECRET);
                assert_eq!(Token::verify(&text, &SECRET, 1_799_999_999_999), Ok(token));
                assert_eq!(Token::verify(&text, &SECRET, 1_800_000_000_000), Err(BadToken::Expired));
            }
        }
    }

    #[test]
    fn a_token_that_was_changed_or_cut_or_signed_by_another_does_not_count() {
        let text = token().sign(&SECRET);
        assert_eq!(Token::verify(&text, &[8; 32], 0), Err(BadToken::Forged));
        for at in 0..text.len() {
            let mut changed = text.clone().into_bytes();
            changed[at] = if changed[at] == b'0' { b'1' } else { b'0' };
            let changed = String::from_utf8(changed).unwrap_or_default();
            assert_eq!(Token::verify(&changed, &SECRET, 0), Err(BadToken::Forged), "{at}");
            assert_eq!(Token::verify(&text[..at], &SECRET, 0), Err(BadToken::Forged), "{at}");
        }
        let (head, tail) = text.split_at(PREFIX.len());
        assert_eq!(Token::verify(&format!("{head}{}", tail.to_uppercase()), &SECRET, 0), Err(BadToken::Forged));
    }

    #[test]
    fn no_text_panics() {
        let texts = ["", "passerby_token_", "passerby_token_0", "passerby_token_zz", "passerby_token_é"];
        let long = format!("{PREFIX}{}", "00".repeat(100_000));
        for text in texts.into_iter().chain([long.as_str()]) {
            assert_eq!(Token::verify(text, &SECRET, 0), Err(BadToken::Forged));
        }
    }
}
