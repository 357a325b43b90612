//! What heads a column of a table of children: a fact, in a period where it has one.

use std::collections::BTreeSet;

use meed_facts::date::{Date, Period};
use meed_facts::label::{Label, Lang};
use meed_facts::schema::{EntityId, FactId, FactType, PeriodUnit, Schema, Source};

use super::needs::Needs;
use super::paste::Column;

/// A fact of a child, in a period where it has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heading {
    /// The fact.
    pub fact: FactId,
    /// The period.
    pub period: Option<Period>,
}

impl Heading {
    /// A fact that has no periods.
    pub const fn plain(fact: FactId) -> Self {
        Self { fact, period: None }
    }

    /// Where a cell stands below its child: `start`, `salary_paid/2022`.
    pub fn tail(self, schema: &Schema) -> String {
        let name = &schema.facts[self.fact].named.name;
        self.period
            .map_or_else(|| name.to_string(), |period| format!("{name}/{period}"))
    }

    /// What people call it.
    pub fn label(self, schema: &Schema, lang: Lang) -> String {
        let named = &schema.facts[self.fact].named;
        let label = named.label.text(lang, &named.name);
        self.period
            .map_or_else(|| label.to_owned(), |period| format!("{label} {period}"))
    }

    /// As the head of a pasted table may name it.
    pub fn column(self, schema: &Schema) -> Column {
        let Label { zh, en } = &schema.facts[self.fact].named.label;
        let labels = [zh, en].into_iter().flatten();
        let called = labels.flat_map(|label| match self.period {
            None => vec![label.to_string()],
            Some(period) => vec![
                format!("{label} {period}"),
                format!("{label}{period}"),
                format!("{period} {label}"),
                format!("{period}年{label}"),
            ],
        });
        Column {
            name: self.tail(schema),
            called: called.collect(),
        }
    }
}

/// What is asked of each child: of what goes by years, those that are named below `paths`, and the last that is over on the day.
pub fn of(schema: &Schema, entity: EntityId, needs: &Needs, paths: &[&str], on: Date) -> Vec<Heading> {
    let key = schema.entities[entity].key;
    let asked = schema.entities[entity].facts.iter().copied().filter(|fact| {
        let single = !matches!(schema.facts[*fact].ty, FactType::Many(_) | FactType::One(_));
        // What an authority judges is not the applicant's to say.
        let theirs = !matches!(schema.facts[*fact].source, Source::Judged(_));
        single && theirs && Some(*fact) != key && needs.facts.contains(fact)
    });
    let headings = asked.flat_map(|fact| match schema.facts[fact].period {
        None => vec![Heading::plain(fact)],
        Some(unit) => {
            let between = format!("/{}/", schema.facts[fact].named.name);
            let named = paths.iter().filter_map(|path| path.rsplit_once(between.as_str()));
            let mut periods: BTreeSet<Period> = named
                .filter_map(|(_, period)| Period::parse(period, unit).ok())
                .collect();
            periods.extend((unit == PeriodUnit::Year).then(|| Period::Year(on.year().saturating_sub(1))));
            let heading = |period| Heading {
                fact,
                period: Some(period),
            };
            periods.into_iter().map(heading).collect()
        }
    });
    headings.collect()
}
