//! Rows of several sheets, sorted by the applicants' keys, joined into records with lists.
//!
//! All sheets advance together, so that only the rows of one batch are held.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use meed_facts::check::Complaint;
use meed_facts::message::Message;
use meed_facts::schema::{EntityId, FactType};

use super::Pieces;
use super::piece::{Lines, Origin, Piece, Raw};
use super::survey::{Each, Keys, of_text};
use super::table::Table;
use crate::columns::{Meaning, Place};
use crate::decode::{Plan, REPEATED, Wanted};
use crate::fault::{Reject, TablesError};
use crate::folder::link;

/// A sheet of rows, sorted by its first link or, where it has none, by its key.
pub(super) struct Sheet {
    pub file: Arc<Path>,
    pub header: Vec<String>,
    pub rows: Rows,
}

pub(super) type Rows = Box<dyn Iterator<Item = Result<Row, TablesError>> + Send>;

/// A row of a sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Row {
    /// Its line, or its number where there are no lines, from 1.
    pub line: u64,
    pub cells: Vec<String>,
    /// Why the cells are not to be trusted.
    pub wrong: Option<Message>,
    /// Single cells that are not what they should be, by their column.
    pub wrong_cells: Vec<(usize, Message)>,
}

impl Row {
    pub(super) fn cell(&self, index: usize) -> &str {
        self.cells.get(index).map_or("", String::as_str)
    }

    /// What is wrong with the cell of a column, if anything.
    pub(super) fn wrong_at(&self, column: usize) -> Option<&Message> {
        let found = self.wrong_cells.iter().find(|(index, _)| *index == column);
        found.map(|(_, wrong)| wrong)
    }
}

/// Where a sheet of a population is found by its name, and how a population without such a sheet is read.
pub(super) trait Sheets {
    /// The names of the sheets: `enterprise`, `hires`, `projects.costs`.
    fn names(&self) -> Vec<String>;
    /// The file of a sheet.
    fn file(&self, name: &str) -> Arc<Path>;
    /// The columns of a sheet.
    fn header(&mut self, name: &str) -> Result<Vec<String>, TablesError>;
    /// The rows of a sheet, sorted by the column, or as they stand where there is none to sort by.
    fn rows(&mut self, name: &str, by: Option<usize>) -> Result<Rows, TablesError>;
}

pub(super) fn pieces(
    place: Place<'_>,
    sheets: &mut dyn Sheets,
    path: &Path,
    wanted: &Wanted,
    batch_rows: usize,
) -> Result<Pieces, TablesError> {
    let mut joined = Joined::new(place, sheets, path, wanted)?;
    let (fields, _) = joined.main.take().map_err(TablesError::damaged(path))?;
    let plan = Plan::new(place, &fields, wanted).map_err(|complaints| TablesError::Columns {
        path: path.to_path_buf(),
        complaints,
    })?;
    let plan = Arc::new(plan);
    let mut done = false;
    Ok(Box::new(std::iter::from_fn(move || {
        if done {
            return None;
        }
        let piece = joined.piece(batch_rows, &plan);
        done = !matches!(piece, Some(Ok(_)));
        piece
    })))
}

/// Tells the keys of all applicants, be their rows wrong otherwise.
pub(super) fn keys(
    place: Place<'_>,
    sheets: &mut dyn Sheets,
    path: &Path,
    each: &mut Each<'_>,
) -> Result<(), TablesError> {
    let (main, _) = apart(place, sheets, path)?;
    let column = key_column(place, &sheets.header(&main)?);
    let key = place.schema.entities[place.entity].key;
    for row in sheets.rows(&main, None)? {
        let row = row?;
        let text = column.map_or("", |column| row.cell(column));
        each(Keys::One(of_text(place.schema, key, text)));
    }
    Ok(())
}

// The sheet of the applicants, and the others.
fn apart(place: Place<'_>, sheets: &dyn Sheets, path: &Path) -> Result<(String, Vec<String>), TablesError> {
    let mut main = None;
    let mut lists = Vec::new();
    for name in sheets.names() {
        let is_main = meed_facts::check::applicant(place.schema, &name).is_ok_and(|entity| entity == place.entity);
        if is_main && main.is_none() {
            main = Some(name);
        } else {
            lists.push(name);
        }
    }
    let main = main.ok_or_else(|| {
        let name = place.schema.entities[place.entity].named.name.to_lowercase();
        let message = (
            format!("there is no sheet or file `{name}` with the applicants"),
            format!("没有存放申请人的工作表或文件 `{name}`"),
        );
        let help = (
            "the names are those that `meed schema` writes",
            "名称与 `meed schema` 写出的一致",
        );
        TablesError::layout(path, message, help)
    })?;
    Ok((main, lists))
}

struct Joined {
    main: Table,
    /// Columns that nobody wants, whatever their cells are.
    ignored: BTreeSet<String>,
    rejects: Vec<Reject>,
    lost: usize,
    unowned: usize,
    last: Option<String>,
}

impl Joined {
    fn new(place: Place<'_>, sheets: &mut dyn Sheets, path: &Path, wanted: &Wanted) -> Result<Self, TablesError> {
        let (main, mut lists) = apart(place, sheets, path)?;
        lists.retain(|list| !wanted.ignored.contains(list));
        lists.sort();
        let header = sheets.header(&main)?;
        let implied: Vec<String> = header
            .iter()
            .filter_map(|column| column.strip_suffix("_complete"))
            .map(str::to_owned)
            .collect();
        lists.extend(
            implied
                .into_iter()
                .filter(|list| !lists.contains(list))
                .collect::<Vec<_>>(),
        );
        let key = key_column(place, &header);
        let by = if lists.is_empty() {
            None
        } else {
            Some(needed_key(place, sheets, &main, key)?)
        };
        let rows = sheets.rows(&main, by)?;
        let sheet = Sheet {
            file: sheets.file(&main),
            header,
            rows,
        };
        let mut table = Table::new(place.entity, String::new(), sheet, Vec::new(), key);
        let known = sheets.names();
        for list in lists {
            add(place, sheets, &mut table, &list, known.contains(&list))?;
        }
        Ok(Self {
            main: table,
            ignored: wanted.ignored.clone(),
            rejects: Vec::new(),
            lost: 0,
            unowned: 0,
            last: None,
        })
    }

    fn piece(&mut self, batch_rows: usize, plan: &Arc<Plan>) -> Option<Result<Piece, TablesError>> {
        while self.main.len() < batch_rows && self.rejects.len() < batch_rows {
            match self.next_applicant() {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => return Some(Err(error)),
            }
        }
        let rejects = std::mem::take(&mut self.rejects);
        let lost = std::mem::take(&mut self.lost);
        let unowned = std::mem::take(&mut self.unowned);
        if self.main.len() == 0 && rejects.is_empty() {
            return None;
        }
        let mut lists = BTreeMap::new();
        self.main.take_lines(&mut lists);
        let rows = lists.remove("").unwrap_or_else(|| Lines {
            file: self.main.file.clone(),
            numbers: Vec::new(),
        });
        let record = self.main.take().and_then(|(fields, columns)| {
            let schema = Arc::new(arrow_schema::Schema::new(fields));
            let options = arrow_array::RecordBatchOptions::new().with_row_count(Some(rows.numbers.len()));
            arrow_array::RecordBatch::try_new_with_options(schema, columns, &options)
        });
        Some(match record {
            Err(error) => Err(TablesError::damaged(&self.main.file)(error)),
            Ok(record) => Ok(Piece(Raw::Columns {
                record,
                plan: plan.clone(),
                origin: Origin::Lines { rows, lists },
                rejects,
                lost,
                unowned,
            })),
        })
    }

    // Takes the next applicant with all rows of lists that name it; false at the end.
    fn next_applicant(&mut self) -> Result<bool, TablesError> {
        let Some(row) = self.main.advance()? else {
            let (rejects, unowned) = (&mut self.rejects, &mut self.unowned);
            self.main.each_list(&mut |list| {
                *unowned = unowned.saturating_add(list.strangers(None, rejects)?);
                Ok(())
            })?;
            return Ok(false);
        };
        let Some(key) = self.main.key else {
            return self.keep(row, BTreeMap::new()).map(|()| true);
        };
        let name = row.cell(key).to_owned();
        let mut found: BTreeMap<String, Vec<Row>> = BTreeMap::new();
        if self.main.has_lists() {
            let (rejects, unowned) = (&mut self.rejects, &mut self.unowned);
            self.main.each_list(&mut |list| {
                *unowned = unowned.saturating_add(list.strangers(Some(&name), rejects)?);
                let rows = list.of(&name)?;
                found.insert(list.name.clone(), rows);
                Ok(())
            })?;
            if let Some(wrong) = row.wrong_at(key) {
                let (column, wrong) = (self.main.header_of(key), wrong.clone());
                return self.refuse(&row, column, wrong);
            }
            if name.is_empty() {
                let column = self.main.header_of(key);
                return self.refuse(
                    &row,
                    column,
                    (
                        "the key by which lists name their holder is missing",
                        "缺少列表用来指明所属者的键",
                    ),
                );
            }
            if self.last.as_ref() == Some(&name) {
                let column = self.main.header_of(key);
                return self.refuse(&row, column, REPEATED);
            }
            self.last = Some(name);
        }
        self.keep(row, found).map(|()| true)
    }

    fn refuse(&mut self, row: &Row, column: String, reason: impl Into<Message>) -> Result<bool, TablesError> {
        self.rejects.push(reject(&self.main.file, row.line, column, reason));
        self.lost = self.lost.saturating_add(1);
        Ok(true)
    }

    // Adds an applicant, unless a row of it is wrong.
    fn keep(&mut self, row: Row, found: BTreeMap<String, Vec<Row>>) -> Result<(), TablesError> {
        let mut wrong = Vec::new();
        let ignored = &self.ignored;
        self.main.faults(&row, ignored, &mut wrong);
        self.main.each_list(&mut |list| {
            for item in found.get(&list.name).into_iter().flatten() {
                list.faults(item, ignored, &mut wrong);
            }
            Ok(())
        })?;
        self.main.orphans(&[&row], &found, &mut wrong);
        if wrong.is_empty() {
            self.main.push(&row, &found);
        } else {
            self.rejects.extend(wrong);
            self.lost = self.lost.saturating_add(1);
        }
        Ok(())
    }
}

pub(super) fn reject(file: &Arc<Path>, line: u64, column: String, reason: impl Into<Message>) -> Reject {
    Reject {
        file: file.clone(),
        line,
        column,
        complaint: Complaint::alone(reason),
    }
}

fn key_column(place: Place<'_>, header: &[String]) -> Option<usize> {
    let key = place.schema.entities[place.entity].key?;
    header
        .iter()
        .position(|column| place.schema.facts[key].named.is_called(column))
}

fn needed_key(place: Place<'_>, sheets: &dyn Sheets, main: &str, key: Option<usize>) -> Result<usize, TablesError> {
    let file = sheets.file(main);
    let layout = |complaint| TablesError::Layout {
        path: file.to_path_buf(),
        complaint: Box::new(complaint),
    };
    link(place.schema, place.entity).map_err(layout)?;
    key.ok_or_else(|| {
        TablesError::layout(
            &file,
            ("the column with the applicants' key is missing", "缺少申请人的键列"),
            ("lists name their holder by it", "列表用它指明所属者"),
        )
    })
}

// Adds the table of a list to the one that holds it, which has been added before: names sort so.
fn add(
    place: Place<'_>,
    sheets: &mut dyn Sheets,
    main: &mut Table,
    name: &str,
    exists: bool,
) -> Result<(), TablesError> {
    let (holder, rest) = main.holder(name);
    let file = sheets.file(name);
    let layout = |complaint| TablesError::Layout {
        path: file.to_path_buf(),
        complaint: Box::new(complaint),
    };
    let inside = Place {
        top: place.top && holder.links.is_empty(),
        ..place.inside(holder.entity)
    };
    let inside = Place {
        top: holder.links.is_empty(),
        ..inside
    };
    let (entity, first_key) = held(inside, rest).map_err(layout)?;
    let complete = format!("{rest}_complete");
    if !holder.has_column(&complete) {
        let message = (
            format!("{} has no column `{complete}`", holder.file.display()),
            format!("{} 没有 `{complete}` 列", holder.file.display()),
        );
        let help = (
            "write there true for whom the list is whole, even if empty, false where it is a part, nothing where it is not known",
            "列表完整（即使为空）的填 true，只是一部分的填 false，不知道的不填",
        );
        return Err(TablesError::layout(&file, message, help));
    }
    let mut owners = holder.owners.clone();
    owners.push(holder.entity);
    let links: Result<Vec<String>, Complaint> = owners.iter().map(|owner| link(place.schema, *owner)).collect();
    let links = links.map_err(layout)?;
    let header = if exists {
        sheets.header(name)?
    } else {
        [links.clone(), vec![first_key]].concat()
    };
    let mut indices = Vec::new();
    for link in &links {
        let Some(index) = header.iter().position(|column| column == link) else {
            let message = (format!("the column `{link}` is missing"), format!("缺少 `{link}` 列"));
            return Err(TablesError::layout(
                &file,
                message,
                ("it says whose list each row belongs to", "它说明每一行属于谁的列表"),
            ));
        };
        indices.push(index);
    }
    let key = key_column(place.inside(entity), &header);
    let rows = if exists {
        sheets.rows(name, indices.first().copied())?
    } else {
        Box::new(std::iter::empty())
    };
    let sheet = Sheet { file, header, rows };
    let mut table = Table::new(entity, name.to_owned(), sheet, indices, key);
    table.owners = owners;
    rest.clone_into(&mut table.list);
    holder.lists.push(table);
    Ok(())
}

// What the items of a list are records of, and a column that they have.
fn held(place: Place<'_>, name: &str) -> Result<(EntityId, String), Complaint> {
    let (first, rest) = name
        .split_once('.')
        .map_or((name, None), |(first, rest)| (first, Some(rest)));
    match place.meaning(first)? {
        Meaning::Titles => Ok((place.entity, "title".to_owned())),
        Meaning::Awards => Ok((place.entity, "measure".to_owned())),
        Meaning::Records(slot) => match (&place.schema.facts[slot.0].ty, rest) {
            (FactType::One(entity), Some(rest)) => held(place.inside(*entity), rest),
            (FactType::Many(entity), None) => {
                let key = place.schema.entities[*entity].key;
                let fact = key.or_else(|| place.schema.entities[*entity].facts.first().copied());
                let name = fact.map_or(String::new(), |fact| place.schema.facts[fact].named.name.to_string());
                Ok((*entity, name))
            }
            _ => Err(not_a_list(name)),
        },
        _ => Err(not_a_list(name)),
    }
}

fn not_a_list(name: &str) -> Complaint {
    Complaint::new(
        (format!("`{name}` is no list"), format!("`{name}` 不是列表")),
        (
            "its values are columns of the file of its holder",
            "其值是所属者文件中的列",
        ),
    )
}
