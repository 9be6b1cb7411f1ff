//! A question of any kind to every report there is: by one list, from which every report is tested.

use passerby_analytics::dimension::{Dimension, EventDimension, TimeDimension, VisitDimension};
use passerby_analytics::filter::{Expr, Pattern};
use passerby_analytics::goal::Goal;
use passerby_analytics::query::{Metric, Query};
use passerby_analytics::report::Question;
use passerby_analytics::report::errors::Errors;
use passerby_analytics::report::exits::Exits;
use passerby_analytics::report::forms::Forms;
use passerby_analytics::report::funnel::Funnel;
use passerby_analytics::report::goals::Goals;
use passerby_analytics::report::heatmap::Heatmap;
use passerby_analytics::report::journey::{Journey, Steps};
use passerby_analytics::report::links::{LinkKind, Links};
use passerby_analytics::report::properties::Properties;
use passerby_analytics::report::recent::Recent;
use passerby_analytics::report::retention::{Of, Retention};
use passerby_analytics::report::revenue::{self, Revenue};
use passerby_analytics::report::scope::Scope;
use passerby_analytics::report::scroll::Scroll;
use passerby_analytics::report::search::Search;
use passerby_analytics::report::stats::Stats;
use passerby_analytics::report::target::Target;
use passerby_analytics::report::vitals::{self, Vitals};

use super::random::Rng;
use super::reports::{event, page};
use super::{HOUR, MIN, clause, condition};

/// Some question to the report of this name, of [`Question::NAMES`]. What is drawn does not depend on the scope.
pub fn question(rng: &mut Rng, name: &str, scope: Scope) -> Question {
    let limit = rng.pick(&[1, 2, 3, 100]);
    match name {
        "Stats" => Question::Stats(Stats(stats(rng, scope))),
        "Funnel" => Question::Funnel(Funnel {
            scope,
            steps: (0..2 + rng.below(3)).map(|_| target(rng)).collect(),
            strict: rng.below(3) == 0,
            by_session: rng.below(3) == 0,
            window_ms: rng.pick(&[1, 5_000, 30 * MIN, HOUR, 720 * HOUR]),
            limit,
        }),
        "Retention" => {
            let by = rng.pick(&[TimeDimension::Day, TimeDimension::Week, TimeDimension::Month]);
            Question::Retention(Retention { scope, by, of: rng.pick(&[Of::Visitors, Of::People, Of::Users]) })
        }
        "Journey" => Question::Journey(Journey {
            scope,
            from: (rng.below(3) > 0).then(|| target(rng)),
            before: rng.below(2) == 0,
            depth: 1 + rng.below(4),
            steps: rng.pick(&[Steps::Pages, Steps::Events, Steps::All]),
            limit,
        }),
        "Exits" => Question::Exits(Exits { scope, limit }),
        "Scroll" => Question::Scroll(Scroll { scope, limit }),
        "Heatmap" => {
            let (page, columns, rows) = (pages(rng), rng.pick(&[1, 3, 100]), rng.pick(&[1, 7, 500]));
            Question::Heatmap(Heatmap { scope, page, columns, rows, limit })
        }
        "Forms" => Question::Forms(Forms { scope, limit }),
        "Properties" => {
            let key = rng.pick(&[None, Some("plan"), Some("seats"), Some("nothing")]).map(str::to_owned);
            let event = if rng.below(2) == 0 { Vec::new() } else { vec![Pattern::with_wildcards("Sign*")] };
            Question::Properties(Properties { scope, event, key, limit })
        }
        "Goals" => Question::Goals(Goals { scope, goals: (0..1 + rng.below(3)).map(|_| target(rng)).collect() }),
        "Search" => Question::Search(Search { scope, limit }),
        "Links" => {
            let only = rng.pick(&[None, Some(LinkKind::Outbound), Some(LinkKind::Download)]);
            Question::Links(Links { scope, only, limit })
        }
        "Vitals" => {
            let visit = vitals::By::Visit(rng.pick(VisitDimension::ALL));
            Question::Vitals(Vitals { scope, by: rng.pick(&[vitals::By::Nothing, vitals::By::Page, visit]), limit })
        }
        "Errors" => Question::Errors(Errors { scope, limit }),
        "Revenue" => {
            let visit = revenue::By::Visit(rng.pick(VisitDimension::ALL));
            let by = rng.pick(&[revenue::By::Nothing, revenue::By::Page, revenue::By::Product, visit]);
            Question::Revenue(Revenue { scope, by, limit })
        }
        "Recent" => Question::Recent(Recent { scope, key: [7; 16], visitor: None, limit }),
        other => panic!("{other} is a report without a question in the tests: add it here"),
    }
}

fn stats(rng: &mut Rng, scope: Scope) -> Query {
    let mut metrics = Metric::ALL.to_vec();
    rng.shuffle(&mut metrics);
    Query {
        range: scope.range,
        zone: scope.zone,
        dimensions: (0..rng.pick(&[0, 1, 1, 1, 2, 4])).map(|_| dimension(rng)).collect(),
        metrics,
        filters: scope.filters,
        goals: goals(rng),
    }
}

fn dimension(rng: &mut Rng) -> Dimension {
    match rng.below(9) {
        0..3 => Dimension::Visit(rng.pick(VisitDimension::ALL)),
        3..6 => Dimension::Event(rng.pick(EventDimension::ALL)),
        6 => Dimension::Property("plan".to_owned()),
        7 => Dimension::Goal,
        _ => Dimension::Time(rng.pick(TimeDimension::ALL)),
    }
}

fn goals(rng: &mut Rng) -> Vec<Goal> {
    let mut goals = ["Signup", "Visit /blog/*", "Visit /blog/a", "order", "nothing"];
    rng.shuffle(&mut goals);
    goals[..rng.below(4)].iter().map(|goal| Goal::named(goal)).collect()
}

fn pages(rng: &mut Rng) -> Vec<Pattern> {
    let some = rng.pick(&[&["/"][..], &["/a", "/blog/a"], &["/blog/*"], &["*"]]);
    some.iter().map(|path| Pattern::with_wildcards(path)).collect()
}

fn target(rng: &mut Rng) -> Target {
    let mut target = match rng.below(7) {
        0..4 => Target { page: pages(rng), ..page("/") },
        4 => Target { page: pages(rng), ..event("Signup") },
        5 => event("*"),
        _ => event(rng.pick(&["Signup", "order", "search", "*o*"])),
    };
    if rng.below(4) == 0 {
        target.filters = vec![filter(rng, 2)];
    }
    target
}

/// Some filters, mostly none.
pub fn filters(rng: &mut Rng) -> Vec<Expr> {
    (0..rng.pick(&[0, 0, 1, 1, 2, 3])).map(|_| filter(rng, 0)).collect()
}

fn filter(rng: &mut Rng, depth: usize) -> Expr {
    let parts = |rng: &mut Rng| (0..rng.below(4)).map(|_| filter(rng, depth + 1)).collect();
    match rng.below(if depth < 3 { 10 } else { 4 }) {
        5 => Expr::All(parts(rng)),
        6 | 7 => Expr::Any(parts(rng)),
        8 => Expr::Not(Box::new(filter(rng, depth + 1))),
        9 => Expr::Done(Box::new(filter(rng, depth + 1))),
        _ => any_condition(rng),
    }
}

fn any_condition(rng: &mut Rng) -> Expr {
    let negated = rng.below(3) == 0;
    let contains = |label, text: &str| condition(label, negated, vec![Pattern::Contains(text.to_owned())]);
    match rng.below(15) {
        0 => clause("event:page", negated, &["/blog/*"]),
        1 => clause("event:page", negated, &["/", "/a"]),
        2 => clause("event:name", negated, &["Signup", "Open menu|x"]),
        3 => clause("event:name", negated, &["pageview"]),
        4 => clause("visit:source", negated, &["(Direct / None)", "*oo*e"]),
        5 => clause("visit:entry_page", negated, &["/blog/*a*"]),
        6 => clause("visit:exit_page", negated, &["(not set)", "/a"]),
        7 => clause("visit:utm_medium", negated, &["email"]),
        8 => contains("event:page", "blog"),
        9 => contains("visit:source", "o"),
        10 => condition("event:page", negated, vec![Pattern::regex("^/blog/.$").unwrap()]),
        11 => clause("event:props:plan", negated, &["pro", "(none)"]),
        12 => clause("event:hostname", negated, &["blog.example"]),
        13 => Goal::named(rng.pick(&["Signup", "Visit /blog/*"])).reached(false),
        _ => clause("visit:country", negated, &["KR", "(not set)"]),
    }
}
