//! Prints the HTTP API's OpenAPI document, or with `types` the types of TypeScript.

use passerby_analytics::openapi::{document, types};

fn main() {
    let document = document();
    match std::env::args().nth(1).as_deref() {
        Some("types") => print!("{}", types(&document)),
        _ => println!("{document:#}"),
    }
}
