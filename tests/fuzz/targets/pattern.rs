//! Any text as a pattern, and any as a value, behind a line's end: no panic, and no more time than libFuzzer's `-timeout` gives.
#![no_main]

use libfuzzer_sys::fuzz_target;
use passerby_analytics::filter::Pattern;

fuzz_target!(|input: &str| {
    let (pattern, value) = input.split_once('\n').unwrap_or((input, ""));
    _ = Pattern::with_wildcards(pattern).matches(value);
    _ = Pattern::Contains(pattern.to_owned()).matches(value);
    if let Ok(regex) = Pattern::regex(pattern) {
        _ = regex.matches(value);
    }
});
