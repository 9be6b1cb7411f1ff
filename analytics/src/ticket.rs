//! The ticket: what a tab shows instead of its address after the first reply.
//!
//! One block of AES-128 under a key of the site, over the visitor and 8 zero bytes. A block cipher is a permutation that
//! nobody without the key can tell from a random one, so a page can neither read the visitor nor make a ticket: a forged
//! block decrypts to 8 zero bytes with a chance of 2⁻⁶⁴ a try.

use aes::Aes128;
use aes::cipher::{BlockDecrypt, BlockEncrypt, KeyInit};
use passerby_protocol::Ticket;

use crate::visitor::{Key, Visitor};

/// The ticket of a visitor.
#[must_use]
pub fn seal(key: &Key, visitor: Visitor) -> Ticket {
    let mut block = [0; 16];
    block[..8].copy_from_slice(&visitor.bytes());
    let mut block = block.into();
    Aes128::new(key.into()).encrypt_block(&mut block);
    Ticket(block.to_vec())
}

/// The visitor of a ticket; `None` where it is not one of this site's.
#[must_use]
pub fn open(key: &Key, ticket: &Ticket) -> Option<Visitor> {
    let block: [u8; 16] = ticket.0.as_slice().try_into().ok()?;
    let mut block = block.into();
    Aes128::new(key.into()).decrypt_block(&mut block);
    let (visitor, zeros) = block.split_first_chunk::<8>()?;
    (zeros == [0; 8]).then(|| Visitor(u64::from_be_bytes(*visitor)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: Key = *b"a key of a site.";

    #[test]
    fn a_ticket_opens_to_its_visitor() {
        for visitor in [0, 1, u64::MAX].map(Visitor) {
            assert_eq!(open(&KEY, &seal(&KEY, visitor)), Some(visitor));
        }
    }

    #[test]
    fn a_ticket_that_was_changed_or_is_anothers_does_not_open() {
        let ticket = seal(&KEY, Visitor(42));
        assert_eq!(open(b"another site key", &ticket), None);
        for at in 0..16 {
            let mut changed = ticket.clone();
            changed.0[at] ^= 1;
            assert_eq!(open(&KEY, &changed), None);
        }
        assert_eq!(open(&KEY, &Ticket(Vec::new())), None);
        assert_eq!(open(&KEY, &Ticket(vec![0; 17])), None);
    }

    #[test]
    fn the_visitor_cannot_be_read_off_the_ticket() {
        let ticket = seal(&KEY, Visitor(0));
        assert_ne!(&ticket.0[..8], &[0; 8]);
    }
}
