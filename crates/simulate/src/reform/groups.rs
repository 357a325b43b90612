//! By what money is told apart: a fact's value, the month of a date, or which of several named conditions holds.

use meed_engine::columns::NodeValues;
use meed_facts::batch::Batch;
use meed_facts::date::Date;
use meed_facts::identifier::{Kind, division};
use meed_facts::label::{Label, Lang};
use meed_facts::ratio::Ratio;
use meed_facts::schema::{EntityId, FactId, FactType};
use meed_facts::value::{Scalar, Stated};
use meed_rules::program::{NodeId, Program};

use super::SimulateError;

/// The name of what is not known, or not certain.
pub const UNKNOWN: &str = "?";

/// One way to tell applicants apart.
#[derive(Clone, Debug)]
pub struct Grouping {
    /// Its name in tables.
    pub name: String,
    /// What people call it.
    pub label: Label,
    by: By,
    by_month: bool,
    by_number: bool,
}

#[derive(Clone, Debug)]
enum By {
    /// A fact's value.
    Fact(FactId),
    /// The first of several conditions that holds, and their names.
    FirstOf(Vec<(NodeId, String, Label)>),
}

impl Grouping {
    /// Those that are asked for: `fact`, or `name:condition/condition/…`. Where none is, place and industry, as far as the vocabulary has facts of those types.
    pub(super) fn all(program: &Program, entity: EntityId, wanted: &[String]) -> Result<Vec<Self>, SimulateError> {
        if !wanted.is_empty() {
            return wanted
                .iter()
                .map(|wanted| Self::named(program, entity, wanted))
                .collect();
        }
        let kinds = [Kind::Division, Kind::Industry];
        let facts = || program.schema.entities[entity].facts.iter();
        let of_kind = |kind| facts().find(|fact| program.schema.facts[**fact].ty == FactType::Identifier(kind));
        Ok(kinds
            .into_iter()
            .filter_map(of_kind)
            .map(|fact| Self::fact(program, *fact))
            .collect())
    }

    fn fact(program: &Program, fact: FactId) -> Self {
        let named = &program.schema.facts[fact].named;
        Self {
            name: named.name.to_string(),
            label: named.label.clone(),
            by: By::Fact(fact),
            by_month: program.schema.facts[fact].ty == FactType::Date,
            by_number: matches!(
                program.schema.facts[fact].ty,
                FactType::Count | FactType::Number(_) | FactType::Money(_) | FactType::Months | FactType::Days
            ),
        }
    }

    /// Whether its groups are months, which have an order of their own.
    pub const fn is_by_month(&self) -> bool {
        self.by_month
    }

    fn named(program: &Program, entity: EntityId, wanted: &str) -> Result<Self, SimulateError> {
        let unknown = |name: &str| SimulateError::NoSuchGroup(name.to_owned());
        let Some((name, conditions)) = wanted.split_once(':') else {
            let mut facts = program.schema.entities[entity].facts.iter();
            let fact = facts.find(|fact| {
                let fact = &program.schema.facts[**fact];
                fact.named.is_called(wanted) && fact.period.is_none()
            });
            return fact
                .map(|fact| Self::fact(program, *fact))
                .ok_or_else(|| unknown(wanted));
        };
        let one = |condition: &str| {
            let mut values = program.values.iter().filter(|(_, of, _)| *of == entity);
            let found = values.find(|(name, ..)| program.names[*name].named.is_called(condition));
            let (id, _, node) = found.ok_or_else(|| unknown(condition))?;
            Ok((*node, condition.to_owned(), program.names[*id].named.label.clone()))
        };
        let conditions: Result<Vec<_>, SimulateError> = conditions.split('/').map(one).collect();
        Ok(Self {
            name: name.to_owned(),
            label: Label::default(),
            by: By::FirstOf(conditions?),
            by_month: false,
            by_number: false,
        })
    }

    /// Whether its groups are numbers, of which [`by_number`] gives the order.
    pub const fn is_by_number(&self) -> bool {
        self.by_number
    }

    /// The nodes whose values it needs.
    pub(super) fn nodes(&self) -> impl Iterator<Item = NodeId> {
        let conditions = match &self.by {
            By::Fact(_) => &[][..],
            By::FirstOf(conditions) => conditions.as_slice(),
        };
        conditions.iter().map(|(node, ..)| *node)
    }

    /// The group of a row; `values` are those of its nodes.
    pub(super) fn of(&self, program: &Program, batch: &Batch, row: usize, values: &[NodeValues]) -> String {
        let fact = match &self.by {
            By::Fact(fact) => *fact,
            By::FirstOf(conditions) => {
                for ((_, name, _), values) in conditions.iter().zip(values) {
                    match values.truth(row) {
                        Some(true) => return name.clone(),
                        Some(false) => {}
                        None => return UNKNOWN.to_owned(),
                    }
                }
                return UNKNOWN.to_owned();
            }
        };
        let stated = batch.facts.get(fact).and_then(|column| column.stated(row));
        let Some(Stated::Value(value)) = stated else {
            return UNKNOWN.to_owned();
        };
        match (value, &program.schema.facts[fact].ty) {
            (Scalar::Text(text), _) => text.to_string(),
            (Scalar::Date(day), _) => format!("{:04}-{:02}", day.year(), day.month()),
            (Scalar::Member(position), FactType::Enumeration(id)) => {
                let member = program.schema.enumerations[*id].members.get(usize::from(position));
                member.map_or_else(|| UNKNOWN.to_owned(), |member| member.name.to_string())
            }
            (Scalar::Bool(truth), _) => truth.to_string(),
            (Scalar::Number(number), _) => number.to_string(),
            (Scalar::Months(whole) | Scalar::Days(whole), _) => whole.to_string(),
            (Scalar::Member(_), _) => UNKNOWN.to_owned(),
        }
    }

    /// What people call a group.
    pub fn words(&self, program: &Program, group: &str, lang: Lang) -> String {
        if group == UNKNOWN {
            return unknown(lang).to_owned();
        }
        match &self.by {
            By::FirstOf(conditions) => {
                let own = conditions.iter().find(|(_, name, _)| name == group);
                own.map_or(group, |(_, name, label)| label.text(lang, name)).to_owned()
            }
            By::Fact(fact) => match &program.schema.facts[*fact].ty {
                FactType::Enumeration(id) => {
                    let mut members = program.schema.enumerations[*id].members.iter();
                    let own = members.find(|member| *member.name == *group);
                    own.map_or(group, |member| member.label.text(lang, &member.name))
                        .to_owned()
                }
                FactType::Identifier(Kind::Division) => place(group, program.date, lang),
                _ => group.to_owned(),
            },
        }
    }
}

/// By what groups that are numbers are ordered: by their size, 9 before 10; what is not known comes last.
pub fn by_number(group: &str) -> (bool, Option<Ratio>) {
    let number = Ratio::parse(group).ok();
    (number.is_none(), number)
}

/// Puts rows, which are in the order of their names within each grouping, in the order of their numbers where the grouping has those.
pub(super) fn in_order<R>(groupings: &[Grouping], rows: &mut [R], of: impl Fn(&R) -> (usize, &str)) {
    rows.sort_by_cached_key(|row| {
        let (position, group) = of(row);
        let numbers = groupings.get(position).is_some_and(Grouping::is_by_number);
        (position, numbers.then(|| by_number(group)))
    });
}

/// What people call [`UNKNOWN`].
pub(super) const fn unknown(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "not known",
        Lang::Zh => "不详",
    }
}

fn place(code: &str, on: Date, lang: Lang) -> String {
    let name = |found: &division::Division| format!("{} {code}", found.label.text(lang, code));
    division::find(code, on).map_or_else(|| code.to_owned(), name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_ordered_by_their_size_and_what_is_not_known_comes_last() {
        let mut groups = ["10", "9", UNKNOWN, "1/3", "100", "0.5", "-2"];
        groups.sort_by_cached_key(|group| by_number(group));
        assert_eq!(groups, ["-2", "1/3", "0.5", "9", "10", "100", UNKNOWN]);
    }
}
