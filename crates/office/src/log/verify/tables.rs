//! Every table of the office, and what holds it: the log's effects, or something else that is named here.

use crate::aftermath::{Appeal, Claim, Hold, Offset, Recovery};
use crate::awards::{Award, Confirmation, Instalment, Obligation, Part, Pledge};
use crate::cases::{Case, Decision, Queue, Standstill};
use crate::command::{Decided, Event};
use crate::ledger::{Authorisation, Line, Posting};
use crate::matching::{Cursor, Note};
use crate::payments::{self, Batch, BatchRow, Difference, Instruction, Restoration, Restored, Statement};
use crate::people::{Deed, Duty, Interest, Person, Post, Substitute, Vacancy};
use crate::policies::{Document, Policy};
use crate::publicity::{List, Objection, Objector, Row};
use crate::register::{Fact, Identifier, Relation, Subject, Successor, Title};
use crate::reviews::{Draw, Review};
use crate::rounds::{Round, Share};
use crate::services::Request;
use crate::store::{Cell, Connection, Record, StoreError};
use crate::titles::Assessment;

/// A table whose rows are exactly those that the log's effects say.
#[derive(Clone, Copy, Debug)]
pub struct Protected {
    /// The table.
    pub table: &'static str,
    /// Its columns, all of them.
    pub columns: &'static [&'static str],
    /// Which of them are whole numbers.
    pub numbers: &'static [bool],
    /// Those of its key.
    pub key: &'static [&'static str],
    /// What a changed row would do.
    pub reason: &'static str,
}

const fn of<R: Record>(reason: &'static str) -> Protected {
    Protected {
        table: R::TABLE,
        columns: R::COLUMNS,
        numbers: R::NUMBERS,
        key: R::KEY,
        reason,
    }
}

impl Protected {
    /// The protected table of a name.
    pub fn named(table: &str) -> Option<&'static Self> {
        PROTECTED.iter().find(|one| one.table == table)
    }

    /// The row with a key, whose parts are written as in the log's effects; `None` where there is none, nor could be.
    ///
    /// # Errors
    /// Where the database fails.
    pub fn row(&self, connection: &mut Connection, key: &[String]) -> Result<Option<Vec<Cell>>, StoreError> {
        let Some(cells) = self.key_cells(key) else {
            return Ok(None);
        };
        let equal = |(index, column): (usize, &&str)| format!("{column} = ${}", index.saturating_add(1));
        let condition: Vec<String> = self.key.iter().enumerate().map(equal).collect();
        let (columns, condition) = (self.columns.join(", "), condition.join(" AND "));
        let sql = format!("SELECT {columns} FROM \"{}\" WHERE {condition}", self.table);
        Ok(connection.rows(&sql, &cells)?.pop())
    }

    /// The key as cells; `None` where a part is none of its column's. A database would fail on such a part.
    fn key_cells(&self, key: &[String]) -> Option<Vec<Cell>> {
        let cell = |(name, text): (&&str, &String)| {
            let index = self.columns.iter().position(|column| column == name)?;
            match self.numbers.get(index)? {
                true => text.parse().ok().map(Cell::Int),
                false if text.contains('\0') => None,
                false => Some(Cell::Text(text.clone())),
            }
        };
        let cells: Vec<Cell> = self.key.iter().zip(key).map(cell).collect::<Option<_>>()?;
        (key.len() == self.key.len()).then_some(cells)
    }
}

/// Every protected table.
pub static PROTECTED: &[Protected] = &[
    of::<Decided>("a command would be done again, or its sender told something else"),
    of::<Event>("others would be told what did not happen"),
    of::<Document>("a decision could not be computed again"),
    of::<Person>("a deed would have another doer"),
    of::<Duty>("somebody would act without the right to"),
    of::<Interest>("somebody would decide on their own"),
    of::<Post>("a substitute would seem to be of another bureau"),
    of::<Substitute>("somebody would stand in whom nobody named before"),
    of::<Vacancy>("a case would go to somebody whom it was not given to"),
    of::<Deed>("one person could hold both keys"),
    of::<Subject>("an award would have another applicant"),
    of::<Identifier>("an applicant would be taken for another"),
    of::<Successor>("what is given once would be given again after a merger"),
    of::<Relation>("somebody would decide about whom they are related to"),
    of::<Fact>("a decision would rest on what nobody said"),
    of::<Title>("somebody would be recognised who was not"),
    of::<Assessment>("a title would be taken back or renewed that nobody found so"),
    of::<Policy>("a draft would decide"),
    of::<Round>("a fund would be shared by other rules"),
    of::<Share>("somebody would get another part of a fund"),
    of::<Case>("somebody would come before another"),
    of::<Note>("somebody would not hear of what they can have"),
    of::<Cursor>("a reader would miss what happened"),
    of::<Queue>("somebody would be passed over"),
    of::<Standstill>("a time limit would end on another day"),
    of::<Decision>("something else would have been decided"),
    of::<Draw>("reviewers would have been chosen, not drawn"),
    of::<Review>("a score would be another"),
    of::<List>("a list would seem public for longer than it was"),
    of::<Row>("somebody would be approved who was never public"),
    of::<Objection>("what was said against a row would be lost"),
    of::<Objector>("an objection would be another's"),
    of::<Award>("somebody would be owed another amount"),
    of::<Part>("somebody else would pay"),
    of::<Confirmation>("somebody else would seem to have paid"),
    of::<Line>("a closed year would spend"),
    of::<Instalment>("something would be paid early, twice or never"),
    of::<Authorisation>("more would be promised than was allowed"),
    of::<Pledge>("a promise would be forgotten"),
    of::<Obligation>("a broken promise would seem kept"),
    of::<Posting>("money would have moved that did not"),
    of::<payments::Account>("money would go to another account"),
    of::<Batch>("another file would be released"),
    of::<Instruction>("a payment would leave twice, or seem to have arrived"),
    of::<BatchRow>("a payment would leave in a batch that nobody released"),
    of::<Statement>("the bank would have said something else"),
    of::<payments::Entry>("the bank would have paid something else"),
    of::<Difference>("a difference would be hidden"),
    of::<Restoration>("what was paid after a backup would be paid again"),
    of::<Restored>("an instalment would seem to have been compared"),
    of::<Recovery>("a debt would be another"),
    of::<Claim>("a debt would fall on another payment"),
    of::<Offset>("a debt would be paid that was not"),
    of::<Appeal>("somebody would not be heard"),
    of::<Request>("somebody would wait for an answer that was given"),
    of::<Hold>("what stands still would go on"),
];

/// A table that no effect stands for, and what holds it instead.
#[derive(Clone, Copy, Debug)]
pub struct Checked {
    /// The table.
    pub table: &'static str,
    /// How it is checked.
    pub how: &'static str,
}

/// Every other table.
pub static ELSEWHERE: &[Checked] = &[
    Checked {
        table: "log",
        how: "by its own chain of hashes, and by roots that are kept elsewhere",
    },
    Checked {
        table: "head",
        how: "it is the end of the log",
    },
    Checked {
        table: "transition",
        how: "it is what the machines of the program say",
    },
    Checked {
        table: "line_balance",
        how: "it is added up from the postings",
    },
    Checked {
        table: "holding",
        how: "it is added up from the postings",
    },
    Checked {
        table: "migration",
        how: "it is the schema's version, and the schema itself is compared",
    },
];
