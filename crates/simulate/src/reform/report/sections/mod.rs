//! What the report says, one section each.

mod answer;
mod doubt;
mod made;
mod money;
mod people;

use meed_engine::awards::amount::Amount;

use super::plot::{self, About, Bar, Group};
use super::table::{Cell, table};
use super::words::{Words, escaped};
use crate::reform::scenario::Scenario;
use crate::reform::{Outcome, Simulation};

pub(super) use answer::{answer, head};
pub(super) use doubt::{sensitivity, take_up, unknown};
pub(super) use made::made;
pub(super) use money::{funds, groups, measures, months};
pub(super) use people::people;

fn title(words: &Words, scenario: &Scenario) -> String {
    scenario.title.text(words.lang, &scenario.name).to_owned()
}

/// What people call a fund.
fn fund_name<'a>(words: &Words, scenario: &'a Scenario, name: &'a str) -> &'a str {
    let fund = scenario.program.funds.iter().find(|fund| *fund.named.name == *name);
    fund.map_or(name, |fund| fund.named.label.text(words.lang, name))
}

/// The rules as they are, each reform with its position, and what both come to.
fn reforms(simulation: &Simulation) -> impl Iterator<Item = (usize, &Scenario, &Outcome, &Outcome)> {
    let before = simulation.outcomes.first();
    let all = simulation
        .scenarios
        .iter()
        .zip(&simulation.outcomes)
        .enumerate()
        .skip(1);
    all.filter_map(move |(at, (scenario, after))| Some((at.saturating_sub(1), scenario, before?, after)))
}

fn heading(words: &Words, zh: &str, en: &str) -> String {
    format!("<h2>{}</h2>\n", words.say(zh, en))
}

fn note(words: &Words, zh: &str, en: &str) -> String {
    format!("<p class=\"note\">{}</p>\n", escaped(words.say(zh, en)))
}

/// The series of plots: the rules as they are, and each reform.
fn series(simulation: &Simulation, words: &Words) -> Vec<String> {
    let name = |(at, scenario): (usize, &Scenario)| match at {
        0 => words.say("现行规则", "Rules as they are").to_owned(),
        _ => title(words, scenario),
    };
    simulation.scenarios.iter().enumerate().map(name).collect()
}

/// A plot of amounts by scenario, with its table behind it.
fn figure(
    simulation: &Simulation,
    words: &Words,
    id: &str,
    (name, description): (&str, &str),
    rows: &[(String, Vec<Amount>)],
) -> String {
    let series = series(simulation, words);
    let bar = |(series, amount): (usize, &Amount)| Bar {
        series: series.min(3),
        amount: *amount,
        words: words.amount(*amount),
    };
    let groups: Vec<Group<Bar>> = rows
        .iter()
        .map(|(label, amounts)| Group {
            label: label.clone(),
            bars: amounts.iter().enumerate().map(bar).collect(),
        })
        .collect();
    let shown = About {
        id,
        title: name,
        description,
    };
    let svg = plot::bars(&shown, &series, &groups);
    let mut head = vec![String::new()];
    head.extend(series);
    let body: Vec<Vec<Cell>> = rows
        .iter()
        .map(|(label, amounts)| {
            let amounts = amounts.iter().map(|amount| Cell::Number(words.amount(*amount)));
            [Cell::Head(label.clone())].into_iter().chain(amounts).collect()
        })
        .collect();
    format!(
        "<figure>\n{svg}\n<figcaption>{}</figcaption>\n<details open><summary>{}</summary>\n{}</details>\n</figure>\n",
        escaped(description),
        words.say("数据表", "The figures"),
        table(&head, &body)
    )
}
