//! Writes batches down in the JSON form: takes one a line as hexadecimal digits, in either form, and answers each with a
//! line. For tests that watch what a tracker sends, and for whoever wants to read a captured batch.

use std::io::{BufRead, Write, stdin, stdout};

use passerby_protocol::{decode, decode_json, encode_json};

fn main() -> std::io::Result<()> {
    for line in stdin().lock().lines() {
        let answer = read(line?.trim().as_bytes()).unwrap_or_else(|error| {
            let mut answer = br#"{"error":"#.to_vec();
            answer.extend(format!("{error:?}").bytes());
            answer.push(b'}');
            answer
        });
        let mut out = stdout().lock();
        out.write_all(&answer)?;
        out.write_all(b"\n")?;
        out.flush()?;
    }
    Ok(())
}

fn read(digits: &[u8]) -> Result<Vec<u8>, String> {
    let byte = |pair: &[u8]| {
        let pair = std::str::from_utf8(pair).map_err(|error| error.to_string())?;
        u8::from_str_radix(pair, 16).map_err(|error| error.to_string())
    };
    let body = digits.chunks(2).map(byte).collect::<Result<Vec<u8>, String>>()?;
    if body.first() == Some(&b'{') {
        return decode_json(&body).map(|batch| encode_json(&batch)).map_err(|error| error.to_string());
    }
    let mut text = String::new();
    decode(&body, &mut text).map(|batch| encode_json(&batch)).map_err(|error| error.to_string())
}
