//! `passerby`: reads an event log, puts its events into sessions by the rules of `passerby-analytics`, and answers one
//! question about them.
#![forbid(unsafe_code)]

mod args;
mod ask;
mod input;
mod log;
mod table;
mod tally;

use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Instant;

use args::{Args, Wanted};

/// What ends the program before it has an answer.
#[derive(Debug, thiserror::Error)]
enum Failure {
    /// The command line is wrong.
    #[error("{0}\nSee passerby --help.")]
    Usage(String),
    /// The log cannot be opened, or reading it broke off.
    #[error("{0}")]
    Input(String),
    /// The question is wrong.
    #[error("{0}")]
    Question(String),
    /// The answer cannot be written.
    #[error("the answer cannot be written: {0}")]
    Output(#[from] io::Error),
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads the answer has read enough: `passerby … | head`.
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("passerby: {failure}");
            ExitCode::from(if matches!(failure, Failure::Usage(_)) { 2 } else { 1 })
        }
    }
}

fn run() -> Result<(), Failure> {
    let args = match args::parse(lexopt::Parser::from_env())? {
        Wanted::Text(text) => return Ok(io::stdout().lock().write_all(text.as_bytes())?),
        Wanted::Answer(args) => args,
    };
    let started = Instant::now();
    let mut log = log::Log::default();
    let mut tally = tally::Tally::default();
    input::read(&args, &mut log, &mut tally)?;
    let days = log.times_ms();
    let visits = log.into_visits(args.reading.max_gap_ms, &mut tally);
    tally.took(started.elapsed(), &visits);
    let answer = match days {
        Some(times_ms) => ask::answer(&args, times_ms, &visits.segments),
        None => Err(Failure::Input("no line could be counted".to_owned())),
    };
    if !args.quiet || answer.is_err() {
        eprint!("{tally}");
    }
    show(&args, &answer?)
}

fn show(args: &Args, answer: &serde_json::Value) -> Result<(), Failure> {
    let text = if args.json { format!("{answer}\n") } else { table::of(answer) };
    Ok(io::stdout().lock().write_all(text.as_bytes())?)
}
