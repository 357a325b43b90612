//! What a case's form asks: the facts that its rule reads, what is known of each and from whom, and what was typed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use meed_engine::questions;
use meed_engine::value::CausePlace;
use meed_engine::words::Words;
use meed_facts::date::Period;
use meed_facts::label::{Label, Lang};
use meed_facts::record::Record;
use meed_facts::schema::{EntityId, FactId, FactType, Source};
use meed_office::cases::Case;
use meed_office::register::{Fact, OWN_WORD, Subject, flatten, unflatten};
use meed_office::store::Cell;
use meed_office::tx::Tx;
use meed_rules::program::Program;
use serde_json::{Map, Value};

use super::draft::{Drafts, over};
use super::heading::{self, Heading};
use super::needs::{self, Needs};
use super::slot::{Slot, path, shown, slot, text_of, typed};
use crate::determined::{basis, determine};
use crate::fault::Fault;

/// What somebody said about a path.
#[derive(Clone, Debug)]
pub struct Known {
    /// The value.
    pub value: Value,
    /// Who said it.
    pub source: String,
}

impl Known {
    /// Whether the applicant said it, who may say something else.
    pub fn is_own(&self) -> bool {
        self.source == OWN_WORD
    }
}

/// One value that the form asks or shows.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Where it belongs.
    pub path: String,
    /// What it is.
    pub slot: Slot,
    /// What it is called.
    pub label: String,
    /// What was said about it.
    pub known: Option<Known>,
    /// What was typed.
    pub typed: Option<String>,
    /// Papers that prove it.
    pub evidence: Vec<Label>,
    /// Whether the rule cannot decide without it.
    pub asked: bool,
}

impl Entry {
    /// What stands in its field.
    pub fn text(&self) -> String {
        let known = || self.known.as_ref().map(|known| text_of(&known.value));
        self.typed.clone().or_else(known).unwrap_or_default()
    }

    /// Whether a register says it, so that it is not the applicant's to say.
    pub fn is_settled(&self) -> bool {
        self.known.as_ref().is_some_and(|known| !known.is_own())
    }
}

/// A list of children: one row each.
#[derive(Clone, Debug)]
pub struct Children {
    /// Its path: `/hires`.
    pub path: String,
    /// What it is called.
    pub label: String,
    /// The fact that is a child's id.
    pub key: Option<FactId>,
    /// What is asked of each.
    pub columns: Vec<Heading>,
    /// Id and values.
    pub rows: Vec<(String, Vec<Entry>)>,
    /// Whether these are all.
    pub whole: Entry,
}

/// What a case's form asks.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// The rules.
    pub program: Arc<Program>,
    /// Values of the applicant.
    pub entries: Vec<Entry>,
    /// Lists.
    pub children: Vec<Children>,
    /// What is missing and is for others to say.
    pub others: Vec<String>,
}

/// What the planner or a title's criteria ask for.
struct Asked {
    place: CausePlace,
    label: Label,
    evidence: Vec<Label>,
    judged: bool,
}

/// What a form stands on: the rules, and what is known.
#[derive(Clone, Debug)]
pub struct Ground {
    /// The rules.
    pub program: Arc<Program>,
    /// The kind of applicant.
    pub entity: EntityId,
    /// What is said today, by path.
    pub known: BTreeMap<String, Known>,
    /// The kind's name in documents.
    kind: String,
    facts: String,
}

impl Ground {
    /// What the form of a case stands on.
    ///
    /// # Errors
    /// Where the package does not check, or the database fails.
    pub fn of(tx: &mut Tx<'_>, case: &Case) -> Result<Self, Fault> {
        let subject: Subject = tx.get(&case.subject)?;
        let (program, facts) = basis(tx, case, None)?;
        let called = |id: &EntityId| program.schema.entities[*id].named.name.to_lowercase() == subject.kind;
        let entity = program.schema.entities.iter().map(|(id, _)| id).find(called);
        let entity = entity.ok_or(Fault::Absent)?;
        Ok(Self {
            entity,
            known: known(tx, case)?,
            kind: subject.kind,
            program,
            facts,
        })
    }

    /// What a path says.
    pub fn slot(&self, path: &str) -> Option<Slot> {
        slot(&self.program.schema, self.entity, path)
    }

    /// What stands in the field of a path before anything is typed.
    pub fn text(&self, path: &str) -> String {
        self.known
            .get(path)
            .map_or_else(String::new, |known| text_of(&known.value))
    }
}

/// The form of a case, with what was typed in it.
///
/// # Errors
/// Where the rules take too much work.
pub fn of(ground: &Ground, case: &Case, drafts: &Drafts, lang: Lang) -> Result<Sheet, Fault> {
    let Ground {
        program,
        entity,
        known,
        kind,
        facts,
    } = ground;
    let record = record(program, *entity, kind, facts, drafts);
    let asked = match &record {
        Some(record) => asked(program, case, record, facts)?,
        None => Vec::new(),
    };
    let mut made = Making {
        case,
        lang,
        needs: needs::of(program, &case.kind, &case.measure),
        asked: BTreeMap::new(),
        others: Vec::new(),
        known,
        drafts,
        program,
        entity: *entity,
    };
    made.sort(asked, record.as_ref());
    Ok(Sheet {
        entries: made.entries(),
        children: made.children(),
        others: std::mem::take(&mut made.others),
        program: Arc::clone(program),
    })
}

/// What is said today, by path: the last of each.
fn known(tx: &mut Tx<'_>, case: &Case) -> Result<BTreeMap<String, Known>, Fault> {
    let valid = "subject = $1 AND valid_from <= $2 AND (valid_to IS NULL OR valid_to > $2) ORDER BY seq";
    let rows = tx.rows::<Fact>(valid, &[Cell::from(&case.subject), Cell::from(&case.on_date)])?;
    let latest: BTreeMap<String, (Option<Value>, String)> = rows
        .into_iter()
        .map(|fact| (fact.path, (fact.value, fact.source)))
        .collect();
    let said = latest.into_iter().filter_map(|(path, (value, source))| {
        let value = value?;
        Some((path, Known { value, source }))
    });
    Ok(said.collect())
}

/// The applicant's record with what was typed; without it, where that cannot be read together.
fn record(program: &Program, entity: EntityId, kind: &str, facts: &str, drafts: &Drafts) -> Option<Record> {
    let document: Value = serde_json::from_str(facts).ok()?;
    let values = flatten(document.get(kind)?.as_object()?).into_iter().collect();
    let read = |path: &str, text: &str| {
        let slot = slot(&program.schema, entity, path)?;
        typed(program, &slot, text).ok()
    };
    let values = over(values, drafts, read);
    let whole = Value::Object(Map::from_iter([(kind.to_owned(), Value::Object(unflatten(values)))])).to_string();
    let read = |text: &str| meed_facts::json::read_on(&program.schema, text, program.date).ok();
    read(&whole).or_else(|| read(facts))
}

fn asked(program: &Program, case: &Case, record: &Record, facts: &str) -> Result<Vec<Asked>, Fault> {
    if case.kind == "title" {
        let missing = determine(program, facts, |_, determination| {
            let lines = determination.titles.iter().filter(|line| *line.name == *case.measure);
            let missing = lines
                .flat_map(|line| &line.missing)
                .filter(|one| one.kind.is_question());
            missing
                .map(|one| Asked {
                    place: one.place.clone(),
                    label: Label {
                        zh: Some(one.name.as_str().into()),
                        en: None,
                    },
                    evidence: one.evidence.clone(),
                    judged: false,
                })
                .collect()
        })?;
        return Ok(missing);
    }
    let ours = |question: &questions::Question| {
        let mut measures = question.measures.iter();
        measures.any(|id| program.measures[*id].named.is_called(&case.measure))
    };
    let all = questions::all(program, record).into_iter().filter(ours);
    Ok(all
        .map(|question| Asked {
            judged: matches!(question.source, Source::Judged(_)),
            place: question.place,
            label: question.label,
            evidence: question.evidence,
        })
        .collect())
}

struct Making<'a> {
    case: &'a Case,
    lang: Lang,
    needs: Needs,
    /// Path → papers.
    asked: BTreeMap<String, Vec<Label>>,
    others: Vec<String>,
    known: &'a BTreeMap<String, Known>,
    drafts: &'a Drafts,
    program: &'a Program,
    entity: EntityId,
}

impl Making<'_> {
    /// Divides what is asked into what the applicant can say, and what is for others.
    fn sort(&mut self, asked: Vec<Asked>, record: Option<&Record>) {
        let Some(record) = record else { return };
        for one in asked {
            let path = path(&self.program.schema, record, &one.place);
            let slot = path
                .as_deref()
                .and_then(|path| slot(&self.program.schema, self.entity, path));
            match (path, slot, one.judged) {
                (Some(path), Some(slot), false) => {
                    match slot {
                        Slot::Value(fact) => self.needs.facts.insert(fact),
                        Slot::Whole(list) => self.needs.lists.insert(list),
                        Slot::Chosen => false,
                    };
                    self.asked.insert(path, one.evidence);
                }
                _ => self.others.push(one.label.text(self.lang, "").to_owned()),
            }
        }
    }

    fn paths(&self) -> BTreeSet<&String> {
        self.asked
            .keys()
            .chain(self.known.keys())
            .chain(self.drafts.keys())
            .collect()
    }

    fn entries(&self) -> Vec<Entry> {
        let own = self.paths().into_iter().filter(|path| !path.contains('#'));
        own.filter_map(|path| {
            let slot = slot(&self.program.schema, self.entity, path)?;
            let needed = match &slot {
                Slot::Value(fact) => self.needs.facts.contains(fact),
                Slot::Chosen => true,
                Slot::Whole(_) => false,
            };
            needed.then(|| self.entry(path, slot))
        })
        .collect()
    }

    fn entry(&self, path: &str, slot: Slot) -> Entry {
        let words = Words::of(self.program, self.lang);
        let label = match &slot {
            Slot::Value(fact) | Slot::Whole(fact) => {
                let declared = &self.program.schema.facts[*fact];
                let last = path.rsplit('/').next().unwrap_or_default();
                let period = declared.period.and_then(|unit| Period::parse(last, unit).ok());
                words.fact(&meed_engine::value::RecordPath::APPLICANT, *fact, period)
            }
            Slot::Chosen => path.rsplit('/').next().unwrap_or_default().to_owned(),
        };
        let evidence = match (&slot, self.asked.get(path)) {
            (_, Some(papers)) => papers.clone(),
            (Slot::Value(fact), None) => self.program.schema.facts[*fact].evidence.clone(),
            _ => Vec::new(),
        };
        Entry {
            path: path.to_owned(),
            label,
            known: self.known.get(path).cloned(),
            typed: self.drafts.get(path).cloned(),
            evidence,
            asked: self.asked.contains_key(path),
            slot,
        }
    }

    fn children(&self) -> Vec<Children> {
        let own = &self.program.schema.entities[self.entity].facts;
        let lists = self.needs.lists.iter().filter(|list| own.contains(list));
        lists.filter_map(|list| self.list(*list)).collect()
    }

    fn list(&self, list: FactId) -> Option<Children> {
        let schema = &self.program.schema;
        let FactType::Many(entity) = schema.facts[list].ty else {
            return None;
        };
        let path = format!("/{}", schema.facts[list].named.name);
        let key = schema.entities[entity].key;
        let below = format!("{path}/#");
        let named = self.asked.keys().chain(self.drafts.keys()).map(String::as_str);
        let named: Vec<&str> = named.filter(|one| one.starts_with(&below)).collect();
        let columns = heading::of(schema, entity, &self.needs, &named, self.case.on_date);
        let ids = self
            .paths()
            .into_iter()
            .filter_map(|one| one.strip_prefix(&below)?.split('/').next());
        let about = |id: &&str| !id.is_empty() && (self.case.object.is_empty() || self.case.object == *id);
        // Numbers in their order: r2 before r10.
        let ids: BTreeSet<(usize, &str)> = ids.filter(about).map(|id| (id.len(), id)).collect();
        let row = |(_, id): (usize, &str)| {
            let cell = |column: &Heading| {
                self.entry(
                    &format!("{below}{id}/{}", column.tail(schema)),
                    Slot::Value(column.fact),
                )
            };
            (id.to_owned(), columns.iter().map(cell).collect())
        };
        Some(Children {
            label: schema.facts[list].named.label.text(self.lang, &path).to_owned(),
            key,
            rows: ids.into_iter().map(row).collect(),
            whole: self.entry(&below, Slot::Whole(list)),
            columns,
            path,
        })
    }
}

impl Sheet {
    /// A known value as people read it.
    pub fn shown(&self, entry: &Entry, lang: Lang) -> String {
        match (&entry.known, &entry.slot) {
            (Some(known), Slot::Value(fact)) => shown(&self.program, *fact, &known.value, lang),
            (Some(known), _) => text_of(&known.value),
            _ => String::new(),
        }
    }
}
