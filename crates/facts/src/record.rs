//! An applicant's stated facts.

use std::collections::BTreeMap;
use std::sync::Arc;

use la_arena::ArenaMap;

use crate::date::{Date, Period};
use crate::money::Money;
use crate::schema::{EntityId, FactId, TitleId};
use crate::value::Stated;

/// One entity's facts. A fact without an entry is unasked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// What it is a record of.
    pub entity: EntityId,
    /// Facts with one value. A child list or inner record that was asked for in vain is here too, as `Missing`.
    pub facts: ArenaMap<FactId, Stated>,
    /// Facts with one value a period.
    pub series: ArenaMap<FactId, BTreeMap<Period, Stated>>,
    /// Children, by the fact that holds them.
    pub children: ArenaMap<FactId, List<Record>>,
    /// Single records held inside.
    pub inner: ArenaMap<FactId, Box<Record>>,
    /// Titles; `None` where nothing is known of them.
    pub titles: Option<List<TitleRecord>>,
    /// Earlier awards; `None` where nothing is known of them.
    pub awards: Option<List<AwardRecord>>,
    /// Choices among exclusive measures: group name → measure name.
    pub chosen: BTreeMap<Arc<str>, Arc<str>>,
}

/// A list of which all or only a part is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct List<T> {
    /// The items that are known.
    pub items: Vec<T>,
    /// Whether there are no others.
    pub complete: bool,
}

/// One title as a register states it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TitleRecord {
    /// Which title.
    pub title: TitleId,
    /// At which level (position in the title's enumeration), where it has levels and it is known.
    pub level: Option<u16>,
    /// Whether it was granted; `false` denies it in an incomplete list.
    pub held: bool,
    /// First day; `None` where unknown.
    pub granted: Option<Date>,
    /// The day after the last, where the record states one.
    pub until: Option<Date>,
    /// Days out of force (half-open; an end that is `None` has not come yet).
    pub suspended: Vec<(Date, Option<Date>)>,
    /// The day from which it was revoked.
    pub revoked: Option<Date>,
    /// Name of the object it is about (a centre, a product), for `per same object`.
    pub object: Option<Arc<str>>,
}

impl TitleRecord {
    /// A title that is held, or denied, and of which nothing else is said yet.
    pub const fn new(title: TitleId, held: bool) -> Self {
        Self {
            title,
            level: None,
            held,
            granted: None,
            until: None,
            suspended: Vec::new(),
            revoked: None,
            object: None,
        }
    }
}

/// The state of an earlier award.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AwardState {
    /// Decided; counts.
    Approved,
    /// Paid; counts.
    Paid,
    /// Void; does not count.
    Annulled,
    /// Paid and taken back; does not count.
    Recovered,
}

/// One earlier award.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AwardRecord {
    /// The measure's name, the current one also where the file used a former.
    pub measure: Arc<str>,
    /// The award line's key, where it has one.
    pub key: Option<Arc<str>>,
    /// The day of the decision.
    pub on: Option<Date>,
    /// What was awarded; unknown where `None`.
    pub amount: Option<Money>,
    /// What was taken back of it.
    pub recovered: Option<Money>,
    /// Its state.
    pub state: AwardState,
}

impl Record {
    /// A record of which nothing is known.
    pub fn new(entity: EntityId) -> Self {
        Self {
            entity,
            facts: ArenaMap::default(),
            series: ArenaMap::default(),
            children: ArenaMap::default(),
            inner: ArenaMap::default(),
            titles: None,
            awards: None,
            chosen: BTreeMap::new(),
        }
    }
}

impl AwardState {
    /// All states with the names they have in files.
    pub const NAMES: [(&str, Self); 4] = [
        ("approved", Self::Approved),
        ("paid", Self::Paid),
        ("annulled", Self::Annulled),
        ("recovered", Self::Recovered),
    ];

    /// The name it has in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Paid => "paid",
            Self::Annulled => "annulled",
            Self::Recovered => "recovered",
        }
    }
}
