//! The names of columns and what they mean.
//!
//! A name is a fact's own, then its period, then how a value is stated: `revenue`, `revenue_2022`, `revenue_2022_at_least`. A name that the vocabulary has
//! in full is never read in another way.

use meed_facts::check::{Complaint, End, did_you_mean, nearest, nfc};
use meed_facts::date::Period;
use meed_facts::schema::{EntityId, FactId, FactType, PeriodUnit, Schema};

/// How a column states what it states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// The value.
    Value,
    /// The value as text, where it has more digits than the column of values or is no finite decimal: `1/3`.
    Exact,
    /// One end of the range that the value lies in.
    End(End),
    /// The members that it may be: `a|b` or a list.
    OneOf,
    /// Why there is no value: `refused`, `judgement`, `unasked`.
    Missing,
}

impl Form {
    /// The forms other than the value with their endings of names.
    pub const ENDINGS: [(&str, Self); 7] = [
        ("exact", Self::Exact),
        ("at_least", Self::End(End::AtLeast)),
        ("more_than", Self::End(End::MoreThan)),
        ("at_most", Self::End(End::AtMost)),
        ("less_than", Self::End(End::LessThan)),
        ("one_of", Self::OneOf),
        ("missing", Self::Missing),
    ];

    /// The ending of its columns' names; `None` for the value.
    pub fn ending(self) -> Option<&'static str> {
        let mut endings = Self::ENDINGS.into_iter();
        endings.find(|(_, form)| *form == self).map(|(ending, _)| ending)
    }
}

/// What a column says of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Meaning {
    /// Something about one fact, in a period where it has such.
    Fact(Subject, Form),
    /// The records that a fact holds.
    Records(Slot),
    /// Whether that list, or the titles or awards, are all there are.
    Complete(Items),
    /// Titles.
    Titles,
    /// Earlier awards.
    Awards,
    /// Choices among exclusive measures.
    Chosen,
}

/// A fact by its place in the vocabulary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot(pub FactId);

/// What a value is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Subject {
    /// Which fact.
    pub fact: Slot,
    /// In which period.
    pub period: Option<Period>,
}

/// A list of which a part may be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Items {
    /// The records that a fact holds.
    Children(Slot),
    /// Titles.
    Titles,
    /// Earlier awards.
    Awards,
}

impl Ord for Slot {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.into_raw().cmp(&other.0.into_raw())
    }
}

impl PartialOrd for Slot {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// A kind of record at a place where it has columns.
#[derive(Clone, Copy, Debug)]
pub struct Place<'s> {
    /// The vocabulary.
    pub schema: &'s Schema,
    /// What the rows are records of.
    pub entity: EntityId,
    /// Whether they are applicants, who alone have earlier awards and choices.
    pub top: bool,
}

impl<'s> Place<'s> {
    /// A record held inside.
    pub fn inside(self, entity: EntityId) -> Self {
        Self {
            entity,
            top: false,
            ..self
        }
    }

    /// What the column of that name says.
    ///
    /// # Errors
    /// The name is not in the vocabulary: with the one that was probably meant.
    pub fn meaning(self, name: &str) -> Result<Meaning, Complaint> {
        let name = nfc(name);
        self.whole(&name)
            .or_else(|| self.ended(&name))
            .ok_or_else(|| self.unknown(&name))
    }

    /// The name of the column that says this.
    pub fn name(self, meaning: Meaning) -> String {
        match meaning {
            Meaning::Fact(subject, form) => {
                let mut name = self.subject_name(subject);
                if let Some(ending) = form.ending() {
                    name = format!("{name}_{ending}");
                }
                name
            }
            Meaning::Records(slot) => self.fact_name(slot),
            Meaning::Complete(items) => format!("{}_complete", self.items_name(items)),
            Meaning::Titles => "titles".to_owned(),
            Meaning::Awards => "awards".to_owned(),
            Meaning::Chosen => "chosen".to_owned(),
        }
    }

    fn fact_name(self, slot: Slot) -> String {
        self.schema.facts[slot.0].named.name.to_string()
    }

    fn items_name(self, items: Items) -> String {
        match items {
            Items::Children(slot) => self.fact_name(slot),
            Items::Titles => "titles".to_owned(),
            Items::Awards => "awards".to_owned(),
        }
    }

    /// The name of the column with the values: `revenue_2022`, `power_2022_03`.
    fn subject_name(self, subject: Subject) -> String {
        let name = self.fact_name(subject.fact);
        match subject.period {
            None => name,
            Some(period) => format!("{name}_{}", period.to_string().replace('-', "_")),
        }
    }

    pub(crate) fn has_titles(self) -> bool {
        self.schema.titles.iter().any(|(_, title)| title.entity == self.entity)
    }

    // Names that the vocabulary has in full.
    fn whole(self, name: &str) -> Option<Meaning> {
        if let Some(fact) = self.schema.fact_called(self.entity, name) {
            let declared = &self.schema.facts[fact];
            return match (&declared.ty, declared.period) {
                (FactType::Many(_) | FactType::One(_), _) => Some(Meaning::Records(Slot(fact))),
                (_, None) => Some(value(fact, None)),
                (_, Some(_)) => None,
            };
        }
        match name {
            "titles" if self.has_titles() => Some(Meaning::Titles),
            "awards" if self.top => Some(Meaning::Awards),
            "chosen" if self.top => Some(Meaning::Chosen),
            _ => self.in_period(name),
        }
    }

    fn in_period(self, name: &str) -> Option<Meaning> {
        let (rest, last) = name.rsplit_once('_')?;
        let yearly = |stem: &str, text: &str, unit: PeriodUnit| {
            let fact = self.schema.fact_called(self.entity, stem)?;
            let period = Period::parse(text, unit).ok()?;
            (self.schema.facts[fact].period == Some(unit)).then(|| value(fact, Some(period)))
        };
        yearly(rest, last, PeriodUnit::Year).or_else(|| {
            let (stem, year) = rest.rsplit_once('_')?;
            yearly(stem, &format!("{year}-{last}"), PeriodUnit::Month)
        })
    }

    // Names with an ending.
    fn ended(self, name: &str) -> Option<Meaning> {
        if let Some(list) = name.strip_suffix("_complete") {
            return match self.whole(list)? {
                Meaning::Titles => Some(Meaning::Complete(Items::Titles)),
                Meaning::Awards => Some(Meaning::Complete(Items::Awards)),
                Meaning::Records(slot) if matches!(self.schema.facts[slot.0].ty, FactType::Many(_)) => {
                    Some(Meaning::Complete(Items::Children(slot)))
                }
                _ => None,
            };
        }
        Form::ENDINGS.into_iter().find_map(|(ending, form)| {
            let stem = name.strip_suffix(ending)?.strip_suffix('_')?;
            match self.whole(stem)? {
                Meaning::Fact(subject, Form::Value) => Some(Meaning::Fact(subject, form)),
                Meaning::Records(fact) if form == Form::Missing => {
                    Some(Meaning::Fact(Subject { fact, period: None }, form))
                }
                _ => None,
            }
        })
    }

    fn unknown(self, name: &str) -> Complaint {
        let entity = &self.schema.entities[self.entity];
        if let Some(fact) = self.schema.fact_called(self.entity, name) {
            let example = if self.schema.facts[fact].period == Some(PeriodUnit::Month) {
                "2022_03"
            } else {
                "2022"
            };
            let message = (
                format!("`{name}` has a value for each period, so a column for each"),
                format!("`{name}` 每期一个值，因此每期一列"),
            );
            return Complaint::new(
                message,
                (
                    format!("name the columns `{name}_{example}` and so on"),
                    format!("列名请写 `{name}_{example}`，依此类推"),
                ),
            );
        }
        let facts = entity
            .facts
            .iter()
            .map(|fact| self.schema.facts[*fact].named.name.to_string());
        let known: Vec<String> = facts.chain(["titles", "awards", "chosen"].map(str::to_owned)).collect();
        let what = (
            format!("column of {} called", entity.named.name),
            format!("“{}”列", entity.named.name),
        );
        let (stem, tail) = split(name);
        let mut complaint = Complaint::unknown(what, name, &known);
        if let Some(near) = nearest(stem, &known) {
            complaint.help = did_you_mean(&format!("{near}{tail}"));
        }
        complaint
    }
}

// A name without and with its period and ending.
fn split(name: &str) -> (&str, &str) {
    let ending = Form::ENDINGS.iter().map(|(ending, _)| *ending).chain(["complete"]);
    let mut ended = ending.filter_map(|ending| name.strip_suffix(ending)?.strip_suffix('_'));
    let stem = ended.next().unwrap_or(name);
    let stem = stem.trim_end_matches(|character: char| character == '_' || character.is_ascii_digit());
    name.split_at_checked(stem.len()).unwrap_or((name, ""))
}

fn value(fact: FactId, period: Option<Period>) -> Meaning {
    let subject = Subject {
        fact: Slot(fact),
        period,
    };
    Meaning::Fact(subject, Form::Value)
}
