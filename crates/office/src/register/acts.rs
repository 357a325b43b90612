//! What is done with the register.

use meed_facts::date::Date;
use meed_facts::label::Lang;
use serde_json::{Map, Value, json};

use super::relations::relate;
use super::{Fact, Identifier, RelationKind, Subject, Successor, flatten, successor_of};
use crate::acts;
use crate::input::{Day, Json};
use crate::people::{Role, disinterested, must};
use crate::stop::{Answer, Stop};
use crate::store::Cell;
use crate::tx::Tx;

acts! {
    /// What is done with the register.
    pub enum Act {
        /// Enters an applicant's facts, or what a newer document says about one who is known
        Import {
            /// The facts as for `meed decide`: `{"enterprise": {…}}`
            facts: Json,
            /// What the applicant is called
            name: Option<String>,
            /// Who says so
            source: String,
            /// The paper
            evidence: Option<String>,
            /// The first day for which it holds; 1970-01-01 where it is left out
            valid_from: Option<Day>,
        },
        /// States, corrects or takes back one fact
        State {
            /// About whom
            subject: String,
            /// What: `/revenue/2022`, `/hires/#h1/annual_pay`
            path: String,
            /// The value as JSON; left out to take back what was stated
            value: Option<Json>,
            /// Who says so
            source: String,
            /// The paper
            evidence: Option<String>,
            /// The first day for which it holds; where it is left out, the day after the year of a year's value, else 1970-01-01
            valid_from: Option<Day>,
            /// The day after the last
            valid_to: Option<Day>,
        },
        /// States facts of one's own applicant where nobody else has stated them, as its agent
        Declare {
            /// About whom
            subject: String,
            /// Path → value: `{"/revenue/2022": "61000000.00"}`; `null` takes back what was stated
            facts: Json,
            /// The paper
            evidence: Option<String>,
        },
        /// Says that one subject took another's place: a new name and number, a merger
        Succeed {
            /// The one before
            old: String,
            /// The one after
            new: String,
            /// Since when
            since: Day,
        },
        /// States that two are related, or takes that back: nobody decides about whom they are related to
        Relate {
            /// Who: an applicant, or a person of the office
            one: String,
            /// What they are
            relation: RelationKind,
            /// Of which applicant
            other: String,
            /// That they are not: takes back what was stated
            taken_back: bool,
            /// Who says so
            source: String,
            /// The paper
            evidence: Option<String>,
            /// The first day for which it holds; 1970-01-01 where it is left out
            valid_from: Option<Day>,
            /// The day after the last
            valid_to: Option<Day>,
        },
        /// Forgets the personal values of a subject; the log stays verifiable
        Forget {
            /// Whose
            subject: String,
        },
    }
}

impl Act {
    /// Does it.
    ///
    /// # Errors
    /// Denied where the person does not keep the register, or the facts are not in the vocabulary's words.
    pub fn perform(&self, tx: &mut Tx<'_>) -> Answer<Value> {
        // Applicants speak for themselves; everything else is the registrar's.
        if !matches!(self, Act::Declare { .. }) {
            must(tx, Role::Registrar, "")?;
        }
        match self {
            Act::Declare {
                subject,
                facts,
                evidence,
            } => super::declare::declare(tx, subject, &facts.0, evidence.as_deref()),
            Act::Import {
                facts,
                name,
                source,
                evidence,
                valid_from,
            } => {
                let from = first_day(valid_from.as_ref())?;
                import(
                    tx,
                    &facts.0,
                    name.as_deref(),
                    &Said {
                        source,
                        evidence: evidence.as_deref(),
                        from,
                        to: None,
                    },
                )
            }
            Act::State {
                subject,
                path,
                value,
                source,
                evidence,
                valid_from,
                valid_to,
            } => {
                let subject: Subject = tx.get(subject)?;
                disinterested(tx, path, &subject.id)?;
                let value = value.as_ref().map(|json| json.0.clone());
                let year_over = || known_after(path, value.as_ref().unwrap_or(&Value::Null));
                let from = valid_from.as_ref().map(|day| day.0).or_else(year_over);
                let from = from.map_or_else(|| first_day(None), Ok)?;
                let said = Said {
                    source,
                    evidence: evidence.as_deref(),
                    from,
                    to: valid_to.map(|day| day.0),
                };
                if !path.starts_with('/') {
                    let (en, zh) = (
                        format!("`{path}` is no path; write one like /revenue/2022"),
                        format!("`{path}` 不是路径，请写成 /revenue/2022"),
                    );
                    return Err(Stop::denied("bad_path", en, zh));
                }
                let id = state(tx, &subject.id, path, value, &said)?;
                check(tx, &subject)?;
                tx.tell("fact_stated", &subject.id, &json!({"fact": id, "path": path}))?;
                let would_change = crate::aftermath::late_facts(tx, &subject.id)?;
                Ok(json!({"fact": id, "would_change": would_change}))
            }
            Act::Succeed { old, new, since } => succeed(tx, old, new, since.0),
            Act::Relate {
                one,
                relation,
                other,
                taken_back,
                source,
                evidence,
                valid_from,
                valid_to,
            } => {
                let said = Said {
                    source,
                    evidence: evidence.as_deref(),
                    from: first_day(valid_from.as_ref())?,
                    to: valid_to.map(|day| day.0),
                };
                relate(tx, (one, *relation, other), !taken_back, &said)
            }
            Act::Forget { subject } => super::forget::forget(tx, subject),
        }
    }
}

/// Where a fact comes from, and for when.
pub(super) struct Said<'a> {
    pub source: &'a str,
    pub evidence: Option<&'a str>,
    pub from: Date,
    pub to: Option<Date>,
}

impl Said<'_> {
    /// That somebody says it, for days of which the last is not before the first.
    pub(super) fn must_be_said(&self) -> Answer<()> {
        if self.source.trim().is_empty() {
            return Err(Stop::denied("no_source", "say who says so", "请写明信息来源"));
        }
        if let Some(to) = self.to.filter(|to| *to <= self.from) {
            let from = self.from;
            return Err(Stop::denied(
                "bad_day",
                format!(
                    "{to}, the day after the last, is not after the first, {from}; leave it out where there is no last"
                ),
                format!("截止日 {to} 须晚于起始日 {from}；长期有效请留空"),
            ));
        }
        Ok(())
    }
}

fn origin() -> Option<Date> {
    Date::from_days_since_epoch(0)
}

/// Whether a day stands where nobody said from when something holds.
pub fn is_first_day(day: Date) -> bool {
    origin() == Some(day)
}

fn first_day(day: Option<&Day>) -> Answer<Date> {
    day.map(|day| day.0)
        .or_else(origin)
        .ok_or_else(|| Stop::denied("bad_day", "no such day", "日期不存在"))
}

fn import(tx: &mut Tx<'_>, facts: &Value, name: Option<&str>, said: &Said<'_>) -> Answer<Value> {
    let wrong = || {
        Stop::denied(
            "bad_facts",
            "facts are one object by the kind of applicant: {\"enterprise\": {…}}",
            "信息应为按申请人类别书写的对象",
        )
    };
    let (kind, document) = facts
        .as_object()
        .and_then(|outer| outer.iter().next())
        .ok_or_else(wrong)?;
    let document = document.as_object().ok_or_else(wrong)?;
    let (schemes, _) = crate::policies::vocabulary(tx, kind)?;
    let known = identify(tx, document, &schemes)?;
    let subject = match known {
        Some(id) => {
            disinterested(tx, &id, &id)?;
            tx.get(&id)?
        }
        None => {
            let salt = Some(crate::log::salt()?);
            let subject = Subject {
                id: tx.id("subject"),
                kind: kind.clone(),
                name: name.map(str::to_owned),
                salt,
            };
            tx.insert(&subject)?;
            subject
        }
    };
    enter_identifiers(tx, &subject.id, document, &schemes)?;
    for (path, value) in flatten(document) {
        let from = known_after(&path, &value).unwrap_or(said.from).max(said.from);
        state(tx, &subject.id, &path, Some(value), &Said { from, ..*said })?;
    }
    check(tx, &subject)?;
    tx.tell("subject_imported", &subject.id, &Value::Null)?;
    Ok(json!({"subject": subject.id}))
}

/// A year's value is a fact once the year is over: the first day after it; `None` for what is no whole year's.
pub(super) fn known_after(path: &str, value: &Value) -> Option<Date> {
    let year: i16 = path.rsplit('/').next().filter(|last| last.len() == 4)?.parse().ok()?;
    let whole = value.get("so_far").is_none();
    whole.then(|| Date::new(year.checked_add(1)?, 1, 1)).flatten()
}

/// The subject whose number a document states.
pub(super) fn identify(tx: &mut Tx<'_>, document: &Map<String, Value>, schemes: &[String]) -> Answer<Option<String>> {
    for scheme in schemes {
        if let Some(value) = document.get(scheme).and_then(Value::as_str) {
            let found = tx.rows::<Identifier>(
                "scheme = $1 AND value = $2 ORDER BY since DESC LIMIT 1",
                &[Cell::from(scheme), value.into()],
            )?;
            if let Some(found) = found.into_iter().next() {
                return Ok(Some(found.subject));
            }
        }
    }
    Ok(None)
}

fn enter_identifiers(tx: &mut Tx<'_>, subject: &str, document: &Map<String, Value>, schemes: &[String]) -> Answer<()> {
    for scheme in schemes {
        let Some(value) = document.get(scheme).and_then(Value::as_str) else {
            continue;
        };
        let known = tx.rows::<Identifier>("scheme = $1 AND value = $2", &[Cell::from(scheme), value.into()])?;
        if known.iter().any(|one| one.subject != subject) {
            let (en, zh) = (
                format!("{scheme} {value} is another subject's"),
                format!("{scheme} {value} 属于其他主体"),
            );
            return Err(Stop::denied("identifier_taken", en, zh));
        }
        if known.is_empty() {
            let identifier = Identifier {
                id: tx.id("identifier"),
                scheme: scheme.clone(),
                value: Some(value.to_owned()),
                salt: Some(crate::log::salt()?),
                since: tx.today,
                subject: subject.to_owned(),
            };
            tx.insert(&identifier)?;
        }
    }
    Ok(())
}

pub(super) fn state(
    tx: &mut Tx<'_>,
    subject: &str,
    path: &str,
    value: Option<Value>,
    said: &Said<'_>,
) -> Answer<String> {
    said.must_be_said()?;
    let fact = Fact {
        id: tx.id("fact"),
        subject: subject.to_owned(),
        path: path.to_owned(),
        value,
        salt: Some(crate::log::salt()?),
        valid_from: said.from,
        valid_to: said.to,
        known_from: tx.at,
        seq: tx.seq,
        source: said.source.to_owned(),
        evidence: said.evidence.map(str::to_owned),
    };
    tx.insert(&fact)?;
    Ok(fact.id)
}

/// That what is known now is in the words of the vocabulary of today's policies.
pub(super) fn check(tx: &mut Tx<'_>, subject: &Subject) -> Answer<()> {
    let today = tx.today;
    let (_, schemas) = crate::policies::vocabulary(tx, &subject.kind)?;
    let document = super::facts_of(tx, subject, today, None)?.to_string();
    for schema in schemas {
        if let Err(errors) = meed_facts::json::read_on(&schema, &document, today) {
            let first = |lang| {
                errors
                    .first()
                    .map_or_else(String::new, |error| error.without_line(lang))
            };
            return Err(Stop::denied(
                "bad_facts",
                first(Lang::En),
                format!("信息不符合词汇表：{}", first(Lang::Zh)),
            ));
        }
    }
    Ok(())
}

fn succeed(tx: &mut Tx<'_>, old: &str, new: &str, since: Date) -> Answer<Value> {
    tx.get::<Subject>(old)?;
    tx.get::<Subject>(new)?;
    for one in [old, new] {
        disinterested(tx, one, one)?;
    }
    if successor_of(tx, new)? == successor_of(tx, old)? {
        return Err(Stop::denied(
            "same_line",
            format!("{old} and {new} are one subject already"),
            format!("{old} 与 {new} 已是同一主体"),
        ));
    }
    tx.insert(&Successor {
        old: old.to_owned(),
        new: new.to_owned(),
        since,
    })?;
    // What was given once to one of them was given once to whom they became.
    let last = successor_of(tx, new)?;
    for mut award in tx.rows::<crate::awards::Award>("subject_key = $1 ORDER BY id", &[old.into()])? {
        award.subject_key.clone_from(&last);
        tx.update(&award)?;
    }
    tx.tell("subject_succeeded", old, &json!({"new": new}))?;
    Ok(Value::Null)
}
