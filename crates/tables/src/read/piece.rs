//! What a file gives at once, and where it stood there.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use arrow_array::RecordBatch;
use meed_facts::batch::Builder;
use meed_facts::check::Complaint;
use meed_facts::json;
use meed_facts::message::Message;
use meed_facts::record::Record;
use meed_facts::schema::{EntityId, Schema};

use super::Chunk;
use super::survey::of_record;
use crate::decode::{Decoded, Fault, Plan, REPEATED, Rules, decode};
use crate::fault::Reject;

/// A run of rows as their file gives them.
pub struct Piece(pub(super) Raw);

pub(super) enum Raw {
    Columns {
        record: RecordBatch,
        plan: Arc<Plan>,
        origin: Origin,
        /// Rows that were wrong before they could be columns.
        rejects: Vec<Reject>,
        /// How many rows those are.
        lost: usize,
        /// How many rows of lists name no applicant.
        unowned: usize,
    },
    Lines {
        file: Arc<Path>,
        /// Lines with their numbers.
        lines: Vec<(u64, Line)>,
    },
}

/// A line of a file, or why it is none.
pub(super) type Line = Result<String, Message>;

/// Where rows and the items of their lists stand.
pub(super) enum Origin {
    /// Rows that follow the first, counted from 1.
    Rows { file: Arc<Path>, first: u64 },
    /// Each its own line; lists by their names, as `projects.costs`.
    Lines {
        rows: Lines,
        lists: BTreeMap<String, Lines>,
    },
}

/// The lines of rows or items.
pub(super) struct Lines {
    pub file: Arc<Path>,
    pub numbers: Vec<u64>,
}

impl Piece {
    /// How many rows it has, right and wrong.
    pub fn rows(&self) -> usize {
        match &self.0 {
            Raw::Columns { record, .. } => record.num_rows(),
            Raw::Lines { lines, .. } => lines.len(),
        }
    }

    /// Rows of columns, of which nothing was wrong before.
    pub(super) fn of_columns(record: RecordBatch, plan: Arc<Plan>, origin: Origin) -> Self {
        Self(Raw::Columns {
            record,
            plan,
            origin,
            rejects: Vec::new(),
            lost: 0,
            unowned: 0,
        })
    }

    /// The first rows and those after them. Rows that are no columns of a file stay together.
    pub fn split(mut self, rows: usize) -> (Self, Option<Self>) {
        let Raw::Columns { record, origin, .. } = &mut self.0 else {
            return (self, None);
        };
        let (Origin::Rows { file, first }, Some(after)) = (&*origin, record.num_rows().checked_sub(rows)) else {
            return (self, None);
        };
        if rows == 0 || after == 0 {
            return (self, None);
        }
        let rest = record.slice(rows, after);
        let origin = Origin::Rows {
            file: file.clone(),
            first: first.saturating_add(u64::try_from(rows).unwrap_or(0)),
        };
        *record = record.slice(0, rows);
        let rest = self.after(rest, origin);
        (self, rest)
    }

    // Rows of the same columns. What was wrong before they were columns stays with the first.
    fn after(&self, record: RecordBatch, origin: Origin) -> Option<Self> {
        let Raw::Columns { plan, .. } = &self.0 else {
            return None;
        };
        Some(Self::of_columns(record, plan.clone(), origin))
    }

    pub(super) fn decode(&self, rules: Rules<'_>, entity: EntityId) -> Chunk {
        match &self.0 {
            Raw::Columns {
                record,
                plan,
                origin,
                rejects,
                lost,
                unowned,
            } => {
                let Decoded { batch, faults } = decode(rules, plan, record);
                let rejected = record.num_rows().saturating_sub(batch.rows);
                let mut rejects = rejects.clone();
                rejects.extend(faults.into_iter().map(|fault| origin.reject(fault)));
                Chunk {
                    rejected: rejected.saturating_add(*lost),
                    batch,
                    rejects,
                    unowned: *unowned,
                }
            }
            Raw::Lines { file, lines } => json_lines(rules, entity, file, lines),
        }
    }
}

impl Origin {
    fn reject(&self, fault: Fault) -> Reject {
        let (file, line) = self.place(&fault);
        Reject {
            file,
            line,
            column: fault.column,
            complaint: fault.complaint,
        }
    }

    fn place(&self, fault: &Fault) -> (Arc<Path>, u64) {
        match self {
            Self::Rows { file, first } => {
                let row = u64::try_from(fault.row).unwrap_or(u64::MAX);
                (file.clone(), first.saturating_add(row))
            }
            Self::Lines { rows, lists } => {
                let item = fault.item.as_ref().and_then(|(list, item)| {
                    let lines = lists.get(list)?;
                    Some((lines.file.clone(), *lines.numbers.get(*item)?))
                });
                item.unwrap_or_else(|| (rows.file.clone(), rows.numbers.get(fault.row).copied().unwrap_or(0)))
            }
        }
    }
}

fn json_lines(rules: Rules<'_>, entity: EntityId, file: &Arc<Path>, lines: &[(u64, Line)]) -> Chunk {
    let mut builder = Builder::new(rules.schema, entity);
    let mut rejects = Vec::new();
    let mut rejected = 0_usize;
    for (number, line) in lines {
        let reject = |column: String, complaint: Complaint| Reject {
            file: file.clone(),
            line: *number,
            column,
            complaint,
        };
        let read = match line {
            Err(reason) => Err(vec![reject(String::new(), Complaint::alone(reason.clone()))]),
            Ok(text) => record(rules, text).map_err(|errors| {
                let errors = errors.into_iter();
                errors.map(|error| reject(error.path, error.complaint)).collect()
            }),
        };
        match read {
            Ok(record) if record.entity == entity && is_repeated(rules, &record) => {
                rejects.push(reject(key_path(rules, entity), Complaint::alone(REPEATED)));
                rejected = rejected.saturating_add(1);
            }
            Ok(record) if record.entity == entity => builder.push(&record),
            Ok(record) => {
                rejects.push(reject(String::new(), other_kind(rules.schema, record.entity, entity)));
                rejected = rejected.saturating_add(1);
            }
            Err(wrong) => {
                rejects.extend(wrong);
                rejected = rejected.saturating_add(1);
            }
        }
    }
    Chunk {
        batch: builder.finish(),
        rejects,
        rejected,
        unowned: 0,
    }
}

/// That a row is a record of another kind of applicant than is read.
pub(super) fn other_kind(schema: &Schema, found: EntityId, wanted: EntityId) -> Complaint {
    let name = |entity: EntityId| schema.entities[entity].named.name.to_lowercase();
    let reason = (
        format!("this is a record of {}, not of {}", name(found), name(wanted)),
        format!("这是 {} 的记录，不是 {} 的", name(found), name(wanted)),
    );
    let help = (
        "say with `--kind` which are to be read, or give each kind a file",
        "请用 `--kind` 说明读取哪一类，或每类用一个文件",
    );
    Complaint::new(reason, help)
}

fn is_repeated(rules: Rules<'_>, record: &Record) -> bool {
    of_record(rules.schema, record).is_some_and(|key| rules.repeated.has(&key))
}

fn key_path(rules: Rules<'_>, entity: EntityId) -> String {
    let entity = &rules.schema.entities[entity];
    let key = entity.key.map_or("", |key| &rules.schema.facts[key].named.name);
    format!("{}.{key}", entity.named.name.to_lowercase())
}

fn record(rules: Rules<'_>, text: &str) -> Result<Record, Vec<json::FactError>> {
    match rules.on {
        Some(on) => json::read_on(rules.schema, text, on),
        None => json::read(rules.schema, text),
    }
}
