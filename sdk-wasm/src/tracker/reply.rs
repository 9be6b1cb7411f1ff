//! What a tracker needs of a reply: its first two fields. Read by hand, since the whole of it, refusals and all, would
//! take a tenth of the wasm; [`passerby_protocol::decode_reply`] is what it must agree with.

use passerby_protocol::{Ticket, VERSION, limits::MAX_TICKET_BYTES};

/// How long to buffer from now on, and the tab's ticket, empty where it keeps its own. `None` where the bytes are no reply:
/// a captive portal's page, say.
pub fn read(body: &[u8]) -> Option<(u32, Ticket)> {
    let mut rest = body.strip_prefix(&[VERSION])?;
    let flush_after_ms = varint(&mut rest)?;
    let ticket_bytes = varint(&mut rest)? as usize;
    let ticket = rest.get(..ticket_bytes).filter(|ticket| ticket.len() <= MAX_TICKET_BYTES)?;
    // Three numbers follow.
    (rest.len() >= ticket_bytes + 3).then(|| (flush_after_ms, Ticket(ticket.to_vec())))
}

/// Seven bits a byte, the low ones first; the highest bit says that more follow.
fn varint(rest: &mut &[u8]) -> Option<u32> {
    let mut number = 0;
    for shift in (0..32).step_by(7) {
        let (byte, tail) = rest.split_first()?;
        *rest = tail;
        number |= u32::from(byte & 0x7F) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use passerby_protocol::{Reason, Refusal, Reply, decode_reply, encode_reply};

    fn reply(flush_after_ms: u32, ticket: &[u8]) -> Reply {
        let refused = vec![Refusal { index: 300, reason: Reason::TooOld }];
        Reply { flush_after_ms, ticket: Ticket(ticket.to_vec()), accepted: 200, duplicate: 0, refused }
    }

    #[test]
    fn it_reads_what_the_contract_writes() {
        for reply in [reply(0, b""), reply(60_000, &[7; 16]), reply(u32::MAX, &[9; 64]), Reply::default()] {
            assert_eq!(read(&encode_reply(&reply)), Some((reply.flush_after_ms, reply.ticket)));
        }
    }

    #[test]
    fn whatever_is_cut_short_within_its_fields_or_damaged_there_is_no_reply() {
        let whole = encode_reply(&reply(60_000, &[7; 16]));
        let fields = 1 + 3 + 17;
        for length in 0..fields {
            assert!(read(&whole[..length]).is_none() && decode_reply(&whole[..length]).is_err(), "{length}");
        }
        for other in [&b"<html>"[..], &[2, 0, 0, 0, 0, 0], &[1, 255, 255, 255, 255, 255, 0], &[1, 0, 70, 1, 2, 3]] {
            assert!(read(other).is_none() && decode_reply(other).is_err(), "{other:?}");
        }
        assert!(read(&encode_reply(&reply(0, &[1; 65]))).is_none());
    }
}
