//! Enrichment against public lists that nobody here wrote, and against nonsense. The lists are read from the folder
//! beside the repository; without it those tests say so and pass.

#[path = "../examples/enrich_data/bots.rs"]
#[allow(dead_code, missing_docs)]
mod bots;
#[path = "enrich/families.rs"]
#[allow(dead_code, missing_docs)]
mod families;
#[path = "../examples/enrich_data/lists.rs"]
#[allow(dead_code, missing_docs)]
mod lists;

#[path = "enrich/current.rs"]
mod current;
#[path = "enrich/data.rs"]
mod data;
#[path = "enrich/programs.rs"]
mod programs;
#[path = "enrich/referrers.rs"]
mod referrers;
#[path = "enrich/user_agents.rs"]
mod user_agents;

/// Holds a share to at least `percent`, and prints it.
fn at_least(percent: f64, what: &str, hits: usize, all: usize) {
    let share = 100.0 * hits as f64 / all as f64;
    println!("{what}: {hits} of {all}, {share:.2} %");
    assert!(share >= percent, "{what}: {share:.2} %, at least {percent} % are asked for");
}
