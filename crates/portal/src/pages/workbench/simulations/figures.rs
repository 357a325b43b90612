//! The figures of a simulation as tables and charts: cost, winners and losers, measures, groups, funds, sensitivity.

use std::collections::BTreeMap;

use maud::{Markup, html};
use meed_engine::awards::amount::Amount;
use meed_facts::money::Currency;
use meed_simulate::reform::changes::Turn;
use meed_simulate::reform::difference::Difference;
use meed_simulate::reform::groups::{Grouping, UNKNOWN, by_number};
use meed_simulate::reform::report::Words;
use meed_simulate::reform::scenario::Scenario;
use meed_simulate::reform::{Outcome, Simulation};

use super::found::Found;
use crate::view::{Compared, Length, Table, compared, count, section};
use crate::visit::Visit;

/// How many groups stand on the page, the greatest first; the files have all.
const MOST: usize = 30;

/// Tables of so many rows are open beside their chart.
const SHORT: usize = 8;

/// More months than these stand behind their years.
const FOLDED: usize = 24;

/// A thing with what it comes to under each scenario, and by how much the last changes that.
struct Row {
    label: String,
    amounts: Vec<Amount>,
    difference: Difference,
}

/// A simulation with the words for its amounts.
struct Shown<'a> {
    visit: &'a Visit,
    simulation: &'a Simulation,
    words: Words,
}

/// All figures.
pub(super) fn all(visit: &Visit, found: &Found) -> Markup {
    let currency = found
        .simulation
        .scenarios
        .first()
        .map(|one| one.program.package.currency);
    let shown = Shown {
        visit,
        simulation: &found.simulation,
        words: Words {
            lang: visit.lang(),
            currency: currency.unwrap_or(Currency::CNY),
            units: false,
        },
    };
    html! {
        (section(visit.t("sim-cost"), shown.cost()))
        @if !found.simulation.turns.is_empty() { (section(visit.t("sim-turns"), shown.turns())) }
        (section(visit.t("sim-measures"), shown.measures()))
        @for (position, grouping) in found.simulation.groupings.iter().enumerate() {
            (section(shown.grouping_name(grouping), shown.groups(position, grouping)))
        }
        (section(visit.t("sim-months"), shown.months()))
        (section(visit.t("sim-funds"), shown.funds()))
        @if !found.moved.is_empty() { (section(visit.t("sim-sensitivity"), shown.sensitivity(found))) }
    }
}

impl Shown<'_> {
    fn title(&self, scenario: &Scenario) -> String {
        scenario.title.text(self.visit.lang(), &scenario.name).to_owned()
    }

    fn scenarios(&self) -> impl Iterator<Item = (&Scenario, &Outcome)> {
        self.simulation.scenarios.iter().zip(&self.simulation.outcomes)
    }

    fn length(&self, amount: Amount) -> Length {
        let low = amount.low();
        Length {
            low,
            high: amount.high().unwrap_or(low),
            shown: self.words.amount(amount),
        }
    }

    /// A chart, and the table of its numbers, folded where it is long.
    fn drawn(&self, title: &str, series: &[String], data: &[Compared], table: Table) -> Markup {
        html! {
            @if !data.is_empty() { (compared(title, series, data)) }
            details open[data.len() <= SHORT] { summary { (self.visit.t("chart-numbers")) } (table.show(self.visit)) }
        }
    }

    fn cost(&self) -> Markup {
        let visit = self.visit;
        let mut table = Table::new(visit.t("sim-cost"))
            .head(visit.t("bench-scenario"))
            .head(visit.t("bench-on"))
            .number(visit.t("sim-cost"))
            .number(visit.t("sim-difference"))
            .number(visit.t("sim-eligible"))
            .number(visit.t("sim-undetermined"))
            .number(visit.t("sim-possible"));
        let mut chart = Vec::new();
        for (at, (scenario, outcome)) in self.scenarios().enumerate() {
            let lines = || outcome.tally.measures.values();
            let reform = at.checked_sub(1);
            let difference = reform.map_or(Difference::NONE, |reform| self.simulation.change(reform));
            table.row([
                html! { (self.title(scenario)) },
                html! { (scenario.program.date) },
                html! { (self.words.amount(outcome.cost())) },
                html! { (self.words.difference(difference)) },
                count(lines().map(|one| one.eligible).fold(0, u64::saturating_add)),
                count(lines().map(|one| one.undetermined).fold(0, u64::saturating_add)),
                html! { (self.words.amount(outcome.possible())) },
            ]);
            chart.push(Compared {
                label: self.title(scenario),
                lengths: vec![self.length(outcome.cost())],
            });
        }
        self.drawn(&visit.t("sim-cost"), &[visit.t("sim-cost")], &chart, table)
    }

    fn turns(&self) -> Markup {
        let visit = self.visit;
        let reforms = || self.simulation.scenarios.iter().skip(1);
        let mut table = Table::new(visit.t("sim-turns"))
            .head(visit.t("bench-scenario"))
            .number(visit.t("sim-gains"))
            .number(visit.t("sim-loses"))
            .number(visit.t("sim-open"));
        for (scenario, turns) in reforms().zip(&self.simulation.turns) {
            let [gains, loses, open] = Turn::ALL.map(|turn| count(turns.of(turn)));
            table.row([html! { (self.title(scenario)) }, gains, loses, open]);
        }
        html! {
            p.note { (visit.t("sim-turns-note")) }
            (table.show(visit))
            @for ((scenario, most), turns) in reforms().zip(&self.simulation.most).zip(&self.simulation.turns) { @if !most.is_empty() {
                @let all = Turn::ALL.map(|turn| turns.of(turn)).into_iter().fold(0, u64::saturating_add);
                details { summary {
                    (visit.words.with("sim-most", &[("title", self.title(scenario).into())])) " "
                    span.faint { (visit.words.with("sim-most-of", &[("count", most.len().into()), ("all", all.into())])) }
                }
                    ({
                        let mut table = Table::new(visit.t("sim-turns"))
                            .head(visit.t("field-subject")).number(visit.t("sim-before")).number(visit.t("sim-after")).number(visit.t("sim-difference"));
                        for change in most {
                            let [before, after] = change.possible;
                            table.row([
                                html! { span.code { (change.applicant) } },
                                html! { (self.words.amount(before)) },
                                html! { (self.words.amount(after)) },
                                html! { (self.words.difference(change.difference)) },
                            ]);
                        }
                        table.show(visit)
                    })
                }
            } }
        }
    }

    /// One row a thing, one column a scenario, the greatest first.
    fn compared(&self, name: &str, rows: Vec<Row>) -> Markup {
        self.largest(name, rows, false)
    }

    /// The largest rows, in the order of their numbers where they are called by numbers.
    fn largest(&self, name: &str, mut rows: Vec<Row>, numbers: bool) -> Markup {
        rows.retain(|row| row.amounts.iter().any(|amount| !amount.is_zero()));
        let size = |amounts: &[Amount]| {
            amounts
                .iter()
                .map(|one| one.high().unwrap_or(i128::MAX))
                .max()
                .unwrap_or(0)
        };
        rows.sort_by(|a, b| {
            size(&b.amounts)
                .cmp(&size(&a.amounts))
                .then_with(|| a.label.cmp(&b.label))
        });
        let hidden = rows.len().saturating_sub(MOST);
        rows.truncate(MOST);
        if numbers {
            rows.sort_by_cached_key(|row| by_number(&row.label));
        }
        html! {
            (self.rows(name, rows))
            @if hidden > 0 { p.faint { (self.visit.words.with("sim-hidden", &[("count", hidden.into())])) } }
        }
    }

    /// One row a month, one after the other; where they are many, a row a year, and the months folded behind it.
    fn in_order(&self, name: &str, months: Vec<Row>) -> Markup {
        let called = |when: &str| {
            if when == UNKNOWN {
                self.visit.t("sim-no-day")
            } else {
                when.to_owned()
            }
        };
        // What nobody knows comes last.
        let (open, known): (Vec<_>, Vec<_>) = months.into_iter().partition(|row| row.label == UNKNOWN);
        let all = || known.iter().chain(&open);
        let mut years: Vec<Row> = Vec::new();
        for Row {
            label,
            amounts,
            difference,
        } in all()
        {
            let year = called(label.split('-').next().unwrap_or(label));
            match years.last_mut().filter(|last| last.label == year) {
                Some(last) => {
                    last.difference = last.difference.plus(*difference);
                    last.amounts
                        .iter_mut()
                        .zip(amounts)
                        .for_each(|(sum, amount)| *sum = sum.plus(*amount));
                }
                None => years.push(Row {
                    label: year,
                    amounts: amounts.clone(),
                    difference: *difference,
                }),
            }
        }
        let count = all().count();
        let all = known.into_iter().chain(open).map(|row| Row {
            label: called(&row.label),
            ..row
        });
        let all: Vec<Row> = all.collect();
        if count <= FOLDED {
            return self.rows(name, all);
        }
        html! {
            (self.rows(name, years))
            details {
                summary { (self.visit.words.with("sim-all-months", &[("count", count.into())])) }
                (self.rows(name, all))
            }
        }
    }

    /// One row a thing, one column and one bar a scenario.
    fn rows(&self, name: &str, rows: Vec<Row>) -> Markup {
        let visit = self.visit;
        let titles: Vec<String> = self.simulation.scenarios.iter().map(|one| self.title(one)).collect();
        let mut table = Table::new(name).head(name);
        for title in &titles {
            table = table.number(title.clone());
        }
        let several = titles.len() > 1;
        if several {
            table = table.number(visit.t("sim-difference"));
        }
        let mut chart = Vec::new();
        for row in rows {
            let cells = row.amounts.iter().map(|amount| html! { (self.words.amount(*amount)) });
            let difference = several.then(|| html! { (self.words.difference(row.difference)) });
            table.row(std::iter::once(html! { (row.label) }).chain(cells).chain(difference));
            chart.push(Compared {
                lengths: row.amounts.into_iter().map(|amount| self.length(amount)).collect(),
                label: row.label,
            });
        }
        self.drawn(name, &titles, &chart, table)
    }

    /// The last reform, by its position.
    fn last(&self) -> Option<usize> {
        self.simulation.scenarios.len().checked_sub(2)
    }

    /// By the month of payment.
    fn months(&self) -> Markup {
        let mut months: BTreeMap<String, Vec<Amount>> = BTreeMap::new();
        for (at, outcome) in self.simulation.outcomes.iter().enumerate() {
            for (month, amount) in &outcome.tally.months {
                let all = months
                    .entry(month.clone())
                    .or_insert_with(|| vec![Amount::ZERO; self.simulation.outcomes.len()]);
                if let Some(sum) = all.get_mut(at) {
                    *sum = sum.plus(*amount);
                }
            }
        }
        let month = |(label, amounts): (String, Vec<Amount>)| {
            let [first, last] = [amounts.first(), amounts.last()].map(|end| end.copied().unwrap_or(Amount::ZERO));
            Row {
                label,
                amounts,
                difference: Difference::between(first, last),
            }
        };
        html! {
            p.faint { (self.visit.t("sim-months-lead")) }
            (self.in_order(&self.visit.t("sim-month"), months.into_iter().map(month).collect()))
        }
    }

    fn measures(&self) -> Markup {
        let rows = self.simulation.measures().into_iter().map(|(measure, label)| {
            let amounts = self.simulation.outcomes.iter().map(|outcome| outcome.cost_of(&measure));
            let last = self.last();
            Row {
                label: label.text(self.visit.lang(), &measure).to_owned(),
                amounts: amounts.collect(),
                difference: last.map_or(Difference::NONE, |last| self.simulation.change_of(last, &measure)),
            }
        });
        self.compared(&self.visit.t("sim-measure"), rows.collect())
    }

    fn grouping_name(&self, grouping: &Grouping) -> String {
        match grouping.name.as_str() {
            "size" => self.visit.t("sim-size-of"),
            name => grouping.label.text(self.visit.lang(), name).to_owned(),
        }
    }

    fn groups(&self, position: usize, grouping: &Grouping) -> Markup {
        let count = self.simulation.outcomes.len();
        let touched = self.last().and_then(|last| self.simulation.changed.get(last));
        // What all lines of a group come to, and those of them that the last reform touches.
        let mut sums: BTreeMap<&str, [Vec<Amount>; 2]> = BTreeMap::new();
        for (at, outcome) in self.simulation.outcomes.iter().enumerate() {
            for ((by, group, measure), lines) in &outcome.tally.groups {
                if *by != position {
                    continue;
                }
                let is_touched = touched.is_some_and(|changed| changed.measures.contains(measure));
                let own = sums
                    .entry(group)
                    .or_insert_with(|| [vec![Amount::ZERO; count], vec![Amount::ZERO; count]]);
                for (sums, counts) in own.iter_mut().zip([true, is_touched]) {
                    if let Some(sum) = sums.get_mut(at).filter(|_| counts) {
                        *sum = sum.plus(lines.claimed);
                    }
                }
            }
        }
        let rows = sums.into_iter().map(|(group, [amounts, touched])| {
            let [first, last] = [touched.first(), touched.last()].map(|end| end.copied().unwrap_or(Amount::ZERO));
            Row {
                label: group.to_owned(),
                amounts,
                difference: Difference::between(first, last),
            }
        });
        let called = self.grouping_name(grouping);
        if grouping.is_by_month() {
            return html! {
                p.faint { (self.visit.t("sim-before-funds")) }
                (self.in_order(&called, rows.collect()))
            };
        }
        let program = self.simulation.scenarios.first().map(|one| &one.program);
        let name = |group: &str| {
            program.map_or_else(
                || group.to_owned(),
                |program| grouping.words(program, group, self.visit.lang()),
            )
        };
        let rows = rows.map(|row| Row {
            label: name(&row.label),
            ..row
        });
        html! {
            p.faint { (self.visit.t("sim-before-funds")) }
            (self.largest(&called, rows.collect(), grouping.is_by_number()))
        }
    }

    fn funds(&self) -> Markup {
        let visit = self.visit;
        let mut table = Table::new(visit.t("sim-funds"))
            .head(visit.t("sim-fund"))
            .head(visit.t("bench-scenario"))
            .number(visit.t("sim-available"))
            .number(visit.t("sim-claims"))
            .number(visit.t("sim-claimed"))
            .number(visit.t("sim-granted"))
            .number(visit.t("sim-short"));
        for (scenario, outcome) in self.scenarios() {
            for fund in &outcome.funds {
                let named = scenario.program.funds.iter().find(|one| one.named.name == fund.name);
                let label = named.map_or(&*fund.name, |one| one.named.label.text(visit.lang(), &fund.name));
                table.row([
                    html! { (label) },
                    html! { (self.title(scenario)) },
                    html! { @if fund.has_amount() { (self.words.amount(fund.terms.available)) } @else { "–" } },
                    html! { (self.words.counts(fund.claims)) },
                    html! { (self.words.amount(fund.claimed)) },
                    html! { (self.words.amount(fund.granted)) },
                    html! { (self.words.counts(fund.short)) },
                ]);
            }
        }
        table.show(visit)
    }

    fn sensitivity(&self, found: &Found) -> Markup {
        let visit = self.visit;
        let before = self.simulation.outcomes.first();
        let before = before.map_or(Amount::ZERO, |outcome| outcome.tally.total.before_funds);
        let mut table = Table::new(visit.t("sim-sensitivity"))
            .head(visit.t("bench-kind-parameter"))
            .number(visit.t("sim-before"))
            .number(visit.t("sim-after"))
            .number(visit.t("sim-cost"))
            .number(visit.t("sim-least"))
            .number(visit.t("sim-most-due"));
        let mut chart = Vec::new();
        for one in found.moved.iter().filter(|one| one.claimed != before) {
            let (label, moved) = (visit.words.label(&one.label, &one.name), self.words.number(&one.moved));
            table.row([
                html! { (label) },
                html! { (self.words.number(&one.value)) },
                html! { (moved) },
                html! { (self.words.amount(one.claimed)) },
                html! { (self.words.least(before, one.claimed)) },
                html! { (self.words.most(before, one.claimed)) },
            ]);
            let change = one.claimed.low().saturating_sub(before.low());
            chart.push(Compared {
                label: format!("{label} = {moved}"),
                lengths: vec![Length {
                    low: change,
                    high: change,
                    shown: self.words.least(before, one.claimed),
                }],
            });
        }
        html! {
            p.faint { (visit.t("sim-sensitivity-note")) }
            (self.drawn(&visit.t("sim-least"), &[visit.t("sim-least")], &chart, table))
        }
    }
}
