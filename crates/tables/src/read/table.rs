//! One sheet's rows while a batch of them is collected, and the tables of the lists in its records.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use arrow_array::builder::StringBuilder;
use arrow_array::{Array, ArrayRef, ListArray, StructArray};
use arrow_buffer::{BooleanBuffer, NullBuffer, OffsetBuffer};
use arrow_schema::{ArrowError, Field, Fields};
use meed_facts::schema::EntityId;

use super::join::{Row, Rows, Sheet, reject};
use super::piece::Lines;
use crate::fault::{Reject, TablesError};

pub(super) struct Table {
    pub entity: EntityId,
    /// Its name among all: `projects.costs`.
    pub name: String,
    /// Its name in its holder: `costs`.
    pub list: String,
    pub file: Arc<Path>,
    /// The holders' kinds, from the applicant down.
    pub owners: Vec<EntityId>,
    /// The columns with the holders' keys.
    pub links: Vec<usize>,
    /// The column with the rows' own key.
    pub key: Option<usize>,
    pub lists: Vec<Table>,
    header: Vec<String>,
    rows: Rows,
    waiting: Option<Row>,
    cells: Vec<StringBuilder>,
    lines: Vec<u64>,
    // Where the list of each of its holder's rows ends, and whether it is stated.
    ends: Vec<usize>,
    stated: Vec<bool>,
}

impl Table {
    pub(super) fn new(entity: EntityId, name: String, sheet: Sheet, links: Vec<usize>, key: Option<usize>) -> Self {
        let cells = sheet.header.iter().map(|_| StringBuilder::new()).collect();
        Self {
            entity,
            list: name.clone(),
            name,
            file: sheet.file,
            owners: Vec::new(),
            links,
            key,
            lists: Vec::new(),
            header: sheet.header,
            rows: sheet.rows,
            waiting: None,
            cells,
            lines: Vec::new(),
            ends: Vec::new(),
            stated: Vec::new(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.lines.len()
    }

    pub(super) fn has_lists(&self) -> bool {
        !self.lists.is_empty()
    }

    pub(super) fn has_column(&self, name: &str) -> bool {
        self.header.iter().any(|column| column == name)
    }

    pub(super) fn header_of(&self, index: usize) -> String {
        self.header.get(index).cloned().unwrap_or_default()
    }

    /// The table whose records hold the list of that name, and the list's name in it.
    #[expect(clippy::indexing_slicing, reason = "the position was just found")]
    pub(super) fn holder<'n>(&mut self, name: &'n str) -> (&mut Table, &'n str) {
        let mut table = self;
        let mut name = name;
        while let Some((index, rest)) = table.list_in_name(name) {
            table = &mut table.lists[index];
            name = rest;
        }
        (table, name)
    }

    // The list that the name begins with, and what follows.
    fn list_in_name<'n>(&self, name: &'n str) -> Option<(usize, &'n str)> {
        let rest = |list: &Table| name.strip_prefix(&*list.list)?.strip_prefix('.');
        self.lists
            .iter()
            .enumerate()
            .find_map(|(index, list)| Some((index, rest(list)?)))
    }

    pub(super) fn each_list(
        &mut self,
        work: &mut dyn FnMut(&mut Table) -> Result<(), TablesError>,
    ) -> Result<(), TablesError> {
        for list in &mut self.lists {
            work(list)?;
            list.each_list(work)?;
        }
        Ok(())
    }

    /// The next row.
    pub(super) fn advance(&mut self) -> Result<Option<Row>, TablesError> {
        match self.waiting.take() {
            Some(row) => Ok(Some(row)),
            None => self.rows.next().transpose(),
        }
    }

    // The applicant that a row of a list names.
    fn applicant<'r>(&self, row: &'r Row) -> &'r str {
        self.links.first().map_or("", |link| row.cell(*link))
    }

    /// Passes over rows that name nobody before the applicant, or nobody at all at the end, and counts them.
    pub(super) fn strangers(&mut self, before: Option<&str>, rejects: &mut Vec<Reject>) -> Result<usize, TablesError> {
        let mut count = 0_usize;
        while let Some(row) = self.advance()? {
            if before.is_some_and(|key| self.applicant(&row) >= key) {
                self.waiting = Some(row);
                break;
            }
            let column = self.links.first().map_or(String::new(), |link| self.header_of(*link));
            let link = self.links.first().and_then(|link| row.wrong_at(*link));
            let reason = row
                .wrong
                .as_ref()
                .or(link)
                .cloned()
                .unwrap_or_else(|| ("no applicant has this key", "没有申请人的键与此相同").into());
            rejects.push(reject(&self.file, row.line, column, reason));
            count = count.saturating_add(1);
        }
        Ok(count)
    }

    /// Reports what is wrong with a row before it is read: the row as a whole, and its cells in columns that are wanted.
    pub(super) fn faults(&self, row: &Row, ignored: &BTreeSet<String>, wrong: &mut Vec<Reject>) {
        let whole = row.wrong.iter();
        wrong.extend(whole.map(|reason| reject(&self.file, row.line, String::new(), reason.clone())));
        for (index, reason) in &row.wrong_cells {
            let column = self.header_of(*index);
            let path = if self.name.is_empty() {
                column.clone()
            } else {
                format!("{}.{column}", self.name)
            };
            if !ignored.contains(&path) {
                wrong.push(reject(&self.file, row.line, column, reason.clone()));
            }
        }
    }

    /// The rows that name the applicant.
    pub(super) fn of(&mut self, key: &str) -> Result<Vec<Row>, TablesError> {
        let mut rows = Vec::new();
        while let Some(row) = self.advance()? {
            if self.applicant(&row) != key {
                self.waiting = Some(row);
                break;
            }
            rows.push(row);
        }
        Ok(rows)
    }

    /// Reports rows of lists in lists that name nobody among their holders.
    pub(super) fn orphans(&self, holders: &[&Row], found: &BTreeMap<String, Vec<Row>>, wrong: &mut Vec<Reject>) {
        for list in &self.lists {
            let items: Vec<&Row> = found.get(&list.name).into_iter().flatten().collect();
            let depth = list.links.len();
            if depth > 1 {
                let key = |row: &Row| self.key.map_or(String::new(), |key| row.cell(key).to_owned());
                let names: BTreeSet<(Vec<&str>, String)> =
                    holders.iter().map(|row| (self.chain(row), key(row))).collect();
                for item in &items {
                    let chain = list.chain(item);
                    let (last, above) = chain
                        .split_last()
                        .map_or(("", [].as_slice()), |(last, above)| (*last, above));
                    if !names.contains(&(above.to_vec(), last.to_owned())) {
                        let column = list.links.last().map_or(String::new(), |link| list.header_of(*link));
                        wrong.push(reject(
                            &list.file,
                            item.line,
                            column,
                            ("nothing has this key", "没有任何一项的键与此相同"),
                        ));
                    }
                }
            }
            list.orphans(&items, found, wrong);
        }
    }

    // The keys of a row's holders.
    fn chain<'r>(&self, row: &'r Row) -> Vec<&'r str> {
        self.links.iter().map(|link| row.cell(*link)).collect()
    }

    /// Adds a row with its lists' rows.
    pub(super) fn push(&mut self, row: &Row, found: &BTreeMap<String, Vec<Row>>) {
        for (cells, index) in self.cells.iter_mut().zip(0..) {
            let cell = row.cell(index);
            cells.append_option((!cell.trim().is_empty()).then_some(cell));
        }
        self.lines.push(row.line);
        let mut names = self.links.iter().map(|link| row.cell(*link)).collect::<Vec<_>>();
        names.push(self.key.map_or("", |key| row.cell(key)));
        for list in &mut self.lists {
            let complete = format!("{}_complete", list.list);
            let said = self
                .header
                .iter()
                .position(|column| *column == complete)
                .map_or("", |index| row.cell(index));
            let before = list.len();
            for item in found.get(&list.name).into_iter().flatten() {
                if list.chain(item) == names {
                    list.push(item, found);
                }
            }
            list.ends.push(list.len());
            list.stated.push(!said.trim().is_empty() || list.len() > before);
        }
    }

    /// Takes the lines of all rows, by the lists' names.
    pub(super) fn take_lines(&mut self, lines: &mut BTreeMap<String, Lines>) {
        lines.insert(
            self.name.clone(),
            Lines {
                file: self.file.clone(),
                numbers: std::mem::take(&mut self.lines),
            },
        );
        self.lists.iter_mut().for_each(|list| list.take_lines(lines));
    }

    /// Takes the rows as columns.
    pub(super) fn take(&mut self) -> Result<(Fields, Vec<ArrayRef>), ArrowError> {
        let mut columns: Vec<(String, ArrayRef)> = Vec::new();
        for (index, (name, cells)) in self.header.iter().zip(&mut self.cells).enumerate() {
            let cells: ArrayRef = Arc::new(cells.finish());
            if !self.links.contains(&index) {
                columns.push((name.clone(), cells));
            }
        }
        let rows = columns.first().map_or(0, |(_, cells)| cells.len());
        for list in &mut self.lists {
            let (fields, items) = list.take()?;
            let count = list.ends.last().copied().unwrap_or(0);
            let items = StructArray::try_new_with_length(fields, items, None, count)?;
            let ends = std::mem::take(&mut list.ends);
            let starts = std::iter::once(0).chain(ends.iter().copied());
            let lengths = starts.zip(&ends).map(|(start, end)| end.saturating_sub(start));
            let stated = NullBuffer::new(BooleanBuffer::from(std::mem::take(&mut list.stated)));
            let field = Arc::new(Field::new_list_field(items.data_type().clone(), true));
            let offsets = OffsetBuffer::from_lengths(lengths);
            let lists = ListArray::try_new(field, offsets, Arc::new(items), Some(stated))?;
            columns.push((list.list.clone(), Arc::new(lists)));
        }
        nest(columns, rows)
    }
}

// Columns whose names have a point become fields of structs, which are there where any of their fields is.
fn nest(columns: Vec<(String, ArrayRef)>, rows: usize) -> Result<(Fields, Vec<ArrayRef>), ArrowError> {
    let mut fields = Vec::new();
    let mut arrays = Vec::new();
    let mut groups: BTreeMap<String, Vec<(String, ArrayRef)>> = BTreeMap::new();
    for (name, array) in columns {
        match name.split_once('.') {
            Some((first, rest)) => groups
                .entry(first.to_owned())
                .or_default()
                .push((rest.to_owned(), array)),
            None => {
                fields.push(Field::new(name, array.data_type().clone(), true));
                arrays.push(array);
            }
        }
    }
    for (name, inside) in groups {
        let (inside, held) = nest(inside, rows)?;
        let there = |row: usize| held.iter().any(|array| array.is_valid(row));
        let there = NullBuffer::new((0..rows).map(there).collect::<BooleanBuffer>());
        let array: ArrayRef = Arc::new(StructArray::try_new_with_length(inside, held, Some(there), rows)?);
        fields.push(Field::new(name, array.data_type().clone(), true));
        arrays.push(array);
    }
    Ok((Fields::from(fields), arrays))
}
