//! Forms, properties, goals, searches and links.

use passerby_analytics::report::forms::Forms;
use passerby_analytics::report::goals::Goals;
use passerby_analytics::report::links::{LinkKind, Links};
use passerby_analytics::report::properties::Properties;
use passerby_analytics::report::search::Search;

use super::*;

pub fn forms(report: &Forms, about: &About) -> Json {
    let touched = about.events().filter_map(|(_, event)| match &event.kind {
        Kind::FormStart(it) | Kind::FormAbandon(it) => Some((it.form, event)),
        Kind::FormSubmit(it) => Some((it.form, event)),
        _ => None,
    });
    let row = |(form, events): (&str, Vec<&Happened>)| {
        let of = |label: &str| events.iter().copied().filter(|e| e.kind.label() == label).collect::<Vec<_>>();
        let (starts, submits, abandons) = (of("form_start"), of("form_submit"), of("form_abandon"));
        let fields = abandons.iter().filter_map(|event| match &event.kind {
            Kind::FormAbandon(it) => Some((it.field, ())),
            _ => None,
        });
        let share = |count: usize| percent(count as u64, abandons.len() as u64);
        let field = |(field, times): (&str, Vec<()>)| {
            (times.len() as u64, json!({ "field": field, "abandons": times.len(), "share": share(times.len()) }))
        };
        let fields = listed(grouped(fields).into_iter().map(field).collect(), report.limit);
        let (visitors, submitters) = (people(starts.iter().copied()), people(submits.iter().copied()));
        let row = json!({
            "form": form,
            "starts": starts.len(),
            "visitors": visitors,
            "submits": submits.len(),
            "submitters": submitters,
            "abandons": abandons.len(),
            "completion_rate": percent(submitters, visitors),
            "abandon_rate": percent(abandons.len() as u64, starts.len() as u64),
            "last_fields": fields["rows"],
        });
        (starts.len() as u64, row)
    };
    listed(grouped(touched).into_iter().map(row).collect(), report.limit)
}

pub fn properties(report: &Properties, about: &About) -> Json {
    let named =
        |event: &Happened| report.event.is_empty() || report.event.iter().any(|pattern| matches(pattern, name(event)));
    let mut having: Vec<&Happened> = Vec::new();
    let mut values: Vec<((String, String), &Happened)> = Vec::new();
    for (_, event) in about.events().filter(|(_, event)| named(event)) {
        let given = props(event).0.iter().filter(|(key, _)| report.key.as_ref().is_none_or(|wanted| wanted == key));
        let before = values.len();
        values.extend(given.map(|(key, value)| match (&report.key, value) {
            (None, _) => (((*key).to_owned(), String::new()), event),
            (Some(_), Value::Money(money)) => ((written(value), money.currency.code().to_owned()), event),
            (Some(_), value) => ((written(value), String::new()), event),
        }));
        if values.len() > before {
            having.push(event);
        }
    }
    let numbers: Option<Vec<f64>> = values
        .iter()
        .map(|((text, currency), _)| text.parse::<f64>().ok().filter(|_| currency.is_empty()))
        .collect::<Option<Vec<_>>>()
        .filter(|numbers| !numbers.is_empty() && report.key.is_some());
    let numeric = numbers.map(|numbers| {
        let sum: f64 = numbers.iter().sum();
        let (least, greatest) = (numbers.iter().copied().reduce(f64::min), numbers.iter().copied().reduce(f64::max));
        json!({ "sum": sum, "average": sum / numbers.len() as f64, "min": least, "max": greatest })
    });
    let paid = values.iter().filter(|value| !value.0.1.is_empty());
    let paid = grouped(paid.map(|((text, currency), _)| (currency, text.parse::<i64>().unwrap())));
    let sum = |(currency, minors): (&String, Vec<i64>)| json!({ "currency": currency, "sum_minor": minors.iter().sum::<i64>(), "events": minors.len() });
    let paid: Vec<Json> = paid.into_iter().map(sum).collect();
    let row = |((text, currency), events): ((String, String), Vec<&Happened>)| {
        let value = if currency.is_empty() { text } else { format!("{text} {currency}") };
        let row = json!({ "value": value, "events": events.len(), "visitors": people(events.iter().copied()) });
        (events.len() as u64, row)
    };
    let mut answer = listed(grouped(values.into_iter()).into_iter().map(row).collect(), report.limit);
    answer["events"] = having.len().into();
    answer["visitors"] = people(having).into();
    answer["numeric"] = json!(numeric);
    answer["amounts"] = paid.into();
    answer
}

pub fn goals(report: &Goals, about: &About) -> Json {
    let all = people(about.events().map(|(_, event)| event));
    let goal = |goal: &Target| {
        let reached: Vec<&Happened> =
            about.events().filter(|(visit, event)| is_target(goal, visit, event)).map(|(_, event)| event).collect();
        let paid = reached.iter().flat_map(|event| {
            let order = if let Kind::Order(order) = &event.kind { Some(order.total) } else { None };
            order.into_iter().chain(amounts(event)).map(|money| (money.currency.code().to_owned(), money.amount_minor))
        });
        let paid: BTreeMap<String, i64> =
            grouped(paid).into_iter().map(|(currency, minors)| (currency, minors.iter().sum())).collect();
        let visitors = people(reached.iter().copied());
        json!({
            "goal": goal.name,
            "visitors": visitors,
            "events": reached.len(),
            "conversion_rate": percent(visitors, all),
            "revenue_minor": paid,
        })
    };
    json!({ "visitors": all, "goals": report.goals.iter().map(goal).collect::<Vec<_>>() })
}

pub fn search(report: &Search, about: &About) -> Json {
    let searches = about.events().filter_map(|(_, event)| match &event.kind {
        Kind::Search(it) => Some((it.terms.trim().to_lowercase(), (event, it.results))),
        _ => None,
    });
    let row = |(terms, searches): (String, Vec<(&Happened, Option<u32>)>)| {
        let row = json!({
            "terms": terms,
            "searches": searches.len(),
            "visitors": people(searches.iter().map(|search| search.0)),
            "without_results": searches.iter().filter(|search| search.1 == Some(0)).count(),
        });
        (searches.len() as u64, row)
    };
    listed(grouped(searches).into_iter().map(row).collect(), report.limit)
}

pub fn links(report: &Links, about: &About) -> Json {
    let followed = about.events().filter_map(|(_, event)| match &event.kind {
        Kind::Outbound(it) if report.only != Some(LinkKind::Download) => Some(((0, it.url), event)),
        Kind::Download(it) if report.only != Some(LinkKind::Outbound) => Some(((1, it.url), event)),
        _ => None,
    });
    let row = |((kind, url), events): ((usize, &str), Vec<&Happened>)| {
        let (clicks, visitors) = (events.len(), people(events.iter().copied()));
        let kind = ["outbound", "download"][kind];
        let row = json!({ "kind": kind, "url": url, "clicks": clicks, "visitors": visitors });
        (clicks as u64, row)
    };
    listed(grouped(followed).into_iter().map(row).collect(), report.limit)
}
