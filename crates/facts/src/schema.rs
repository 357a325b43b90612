//! The vocabulary of a package: what facts there are, of what type, and who can say them.

use std::sync::Arc;

use la_arena::{Arena, Idx};

use crate::date::{Date, Months, Period};
use crate::label::Label;
use crate::value::{Interval, Scalar};

/// An entity of the vocabulary.
pub type EntityId = Idx<Entity>;
/// A fact of the vocabulary.
pub type FactId = Idx<Fact>;
/// An enumeration of the vocabulary.
pub type EnumerationId = Idx<Enumeration>;
/// A title (recognition) of the vocabulary.
pub type TitleId = Idx<Title>;
/// An agency or role that grants, judges, leads or pays.
pub type AgencyId = Idx<Agency>;

/// A package's vocabulary. Names are unique within their kind (facts: within their entity).
#[derive(Clone, Debug, Default)]
pub struct Schema {
    /// Kinds of things that facts are about.
    pub entities: Arena<Entity>,
    /// All facts of all entities.
    pub facts: Arena<Fact>,
    /// Enumerations, those written inside a fact's type included.
    pub enumerations: Arena<Enumeration>,
    /// Titles that authorities grant.
    pub titles: Arena<Title>,
    /// Agencies and roles.
    pub agencies: Arena<Agency>,
    /// Measures' names (and former names), for earlier awards.
    pub measures: Vec<Named>,
    /// Groups that are `exclusive`, for `chosen(GROUP)`.
    pub groups: Vec<Named>,
    /// Units of quantities.
    pub units: Arena<Unit>,
}

/// A name, its label and the names it had before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// The name in NFC.
    pub name: Arc<str>,
    /// What people call it.
    pub label: Label,
    /// Former names that old fact files may still use.
    pub formerly: Vec<Arc<str>>,
}

/// A kind of thing: an enterprise, a person, a hire.
#[derive(Clone, Debug)]
pub struct Entity {
    /// Name and label.
    pub named: Named,
    /// The fact that identifies one among its like (`uscc`, a hire's `id`).
    pub key: Option<FactId>,
    /// Its facts, in the order of the vocabulary.
    pub facts: Vec<FactId>,
    /// Whether it can be an applicant (some measure, title or case is for it) rather than only a child.
    pub applicant: bool,
}

/// Who can say a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// An authority's record.
    Registry,
    /// The applicant, with evidence.
    Declared,
    /// A person in this role, with a written reason.
    Judged(AgencyId),
}

/// One fact of an entity.
#[derive(Clone, Debug)]
pub struct Fact {
    /// Name and label.
    pub named: Named,
    /// The entity it is about.
    pub entity: EntityId,
    /// Type of one value.
    pub ty: FactType,
    /// Whether there is one value a period, and which.
    pub period: Option<PeriodUnit>,
    /// Values outside are refused; a date that is closed ends the day before [`Fact::until`].
    pub bounds: Option<Interval>,
    /// The day from which it takes no new entries: no period that begins on it or later has a value, and no date lies there.
    pub until: Option<Date>,
    /// Who can say it.
    pub source: Source,
    /// Documents that prove it.
    pub evidence: Vec<Label>,
}

/// The type of one value of a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FactType {
    /// True or false.
    Bool,
    /// A whole number, never below zero.
    Count,
    /// An exact rational, with a unit where it has one.
    Number(Option<Idx<Unit>>),
    /// An amount of money.
    Money(crate::money::Currency),
    /// A calendar date.
    Date,
    /// Whole months, written `{"months": 36}` or `"3 years"`.
    Months,
    /// Days.
    Days,
    /// Free text.
    Text,
    /// One of an enumeration.
    Enumeration(EnumerationId),
    /// A checked identifier.
    Identifier(crate::identifier::Kind),
    /// One record held inside.
    One(EntityId),
    /// Any number of records held inside.
    Many(EntityId),
}

/// The unit of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PeriodUnit {
    /// Calendar years.
    Year,
    /// Calendar months.
    Month,
}

/// A closed set of names.
#[derive(Clone, Debug)]
pub struct Enumeration {
    /// Name and label; for one written inside a fact's type, the fact's.
    pub named: Named,
    /// Members, from low to high where ordered.
    pub members: Vec<Named>,
    /// Whether members compare by position.
    pub ordered: bool,
}

/// A recognition.
#[derive(Clone, Debug)]
pub struct Title {
    /// Name and label.
    pub named: Named,
    /// Whose title it is.
    pub entity: EntityId,
    /// The enumeration its levels are of, where it has levels.
    pub levels: Option<EnumerationId>,
    /// The only level it has, where it has just one.
    pub level: Option<u16>,
    /// Rule books' validities by the date from which each is in force, for records that state no end.
    pub validity: Vec<(Date, Option<Months>)>,
}

/// An agency or role.
#[derive(Clone, Debug)]
pub struct Agency {
    /// Name and label.
    pub named: Named,
}

/// A unit of quantities: `factor` of the base unit.
#[derive(Clone, Debug)]
pub struct Unit {
    /// Its name.
    pub name: Arc<str>,
    /// What people call it.
    pub label: Label,
    /// How many of the base unit it is; itself where it is one.
    pub factor: crate::ratio::Ratio,
    /// The base unit; `None` where it is one itself.
    pub base: Option<Idx<Unit>>,
}

impl Fact {
    /// The day from which the fact is closed, where the period begins on it or later.
    pub fn closed_before(&self, period: Period) -> Option<Date> {
        self.until
            .filter(|until| period.first_day().is_some_and(|first| first >= *until))
    }

    /// Whether a value lies within what the vocabulary admits.
    pub fn admits(&self, value: &Scalar) -> bool {
        self.bounds.as_ref().is_none_or(|bounds| bounds.contains(value))
    }
}

impl Named {
    /// Whether it has this name or had it before.
    pub fn is_called(&self, name: &str) -> bool {
        &*self.name == name || self.formerly.iter().any(|former| &**former == name)
    }
}

impl Schema {
    /// The fact of the entity with this name; where none has it, the one that had it before.
    pub fn fact_called(&self, entity: EntityId, name: &str) -> Option<FactId> {
        let facts = || self.entities[entity].facts.iter().copied();
        let now = facts().find(|fact| &*self.facts[*fact].named.name == name);
        now.or_else(|| facts().find(|fact| self.facts[*fact].named.is_called(name)))
    }

    /// The title of the entity with this name or former name.
    pub fn title_called(&self, entity: EntityId, name: &str) -> Option<TitleId> {
        let mut titles = self.titles.iter().filter(|(_, title)| title.entity == entity);
        titles.find(|(_, title)| title.named.is_called(name)).map(|(id, _)| id)
    }

    /// The position of the enumeration's member with this name or former name.
    pub fn member_called(&self, enumeration: EnumerationId, name: &str) -> Option<u16> {
        let position = self.enumerations[enumeration]
            .members
            .iter()
            .position(|member| member.is_called(name))?;
        u16::try_from(position).ok()
    }

    /// The member at this position.
    pub fn member(&self, enumeration: EnumerationId, position: u16) -> Option<&Named> {
        self.enumerations[enumeration].members.get(usize::from(position))
    }
}
