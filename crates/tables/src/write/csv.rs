//! A folder of CSV files: one for the applicants, one for each list, joined by keys.

use std::collections::BTreeMap;
use std::path::Path;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ListArray, StructArray};
use arrow_schema::{DataType, Field, Fields};
use meed_facts::batch::Batch;

use super::{Rows, Unfinished};
use crate::cell::Cells;
use crate::columns::Place;
use crate::decode::UNIT;
use crate::encode;
use crate::fault::TablesError;
use crate::folder::{Node, tree};
use crate::layout::Layout;

/// The files of one part.
pub(super) struct Folder {
    unfinished: Unfinished,
    tree: Node,
    layout: Layout,
    files: BTreeMap<String, Rows>,
}

/// What is written of a list: which file, and the keys of the rows that hold the items.
struct Owners<'a> {
    keys: &'a [Vec<String>],
    offsets: &'a [i32],
}

impl Folder {
    pub(super) fn create(place: Place<'_>, layout: &Layout, name: &Path) -> Result<Self, TablesError> {
        let mut layout = layout.clone();
        layout.say_what_is_whole(place.schema);
        let tree = tree(place, &layout).map_err(|complaint| TablesError::Layout {
            path: name.to_path_buf(),
            complaint: Box::new(complaint),
        })?;
        let unfinished = Unfinished::new(name);
        std::fs::create_dir_all(unfinished.path()).map_err(TablesError::io(unfinished.path()))?;
        let mut folder = Self {
            unfinished,
            tree: tree.clone(),
            layout,
            files: BTreeMap::new(),
        };
        folder.open(&tree)?;
        Ok(folder)
    }

    fn open(&mut self, node: &Node) -> Result<(), TablesError> {
        let path = self.unfinished.path().join(format!("{}.csv", node.file));
        let rows = Rows::create(&path, node.links.iter().chain(&node.columns))?;
        self.files.insert(node.file.clone(), rows);
        node.lists.iter().try_for_each(|list| self.open(list))
    }

    pub(super) fn write(&mut self, place: Place<'_>, batch: &Batch) -> Result<(), TablesError> {
        let schema = encode::schema(place, &self.layout, &[]);
        let record = encode::encode(place, &self.layout, &schema, batch);
        let record = record.map_err(TablesError::damaged(self.unfinished.path()))?;
        let records = StructArray::from(record);
        let tree = self.tree.clone();
        self.rows(
            &tree,
            schema.fields(),
            &records,
            &vec![Vec::new(); records.len()],
            0..records.len(),
        )
    }

    // Writes records whose holders have these keys, and then the lists that they hold.
    fn rows(
        &mut self,
        node: &Node,
        fields: &Fields,
        records: &StructArray,
        owners: &[Vec<String>],
        rows: std::ops::Range<usize>,
    ) -> Result<(), TablesError> {
        let mut cells: BTreeMap<String, Cell<'_>> = BTreeMap::new();
        let mut lists: Vec<(String, &ListArray)> = Vec::new();
        flatten("", fields, records, None, &mut cells, &mut lists);
        let mut keys = Vec::with_capacity(rows.len());
        for (row, owner) in rows.zip(owners) {
            let mut line = owner.clone();
            line.extend(
                node.columns
                    .iter()
                    .map(|column| cells.get(column).map_or(String::new(), |cell| cell.text(row))),
            );
            if let Some(rows) = self.files.get_mut(&node.file) {
                rows.write(&line)?;
            }
            let mut key = owner.clone();
            key.extend(
                node.key
                    .iter()
                    .map(|column| cells.get(column).map_or(String::new(), |cell| cell.text(row))),
            );
            keys.push(key);
        }
        for (name, list) in lists {
            let Some(inside) = node.lists.iter().find(|inside| inside.name == name) else {
                continue;
            };
            let owners = Owners {
                keys: &keys,
                offsets: list.value_offsets(),
            };
            let Some(items) = list.values().as_struct_opt() else {
                continue;
            };
            let DataType::Struct(fields) = items.data_type() else {
                continue;
            };
            let fields = fields.clone();
            self.rows(inside, &fields, items, &owners.each(), 0..items.len())?;
        }
        Ok(())
    }

    pub(super) fn finish(self) -> Result<(), TablesError> {
        self.files.into_values().try_for_each(Rows::finish)?;
        self.unfinished.finish()
    }
}

impl Owners<'_> {
    // The holder's keys for each item.
    fn each(&self) -> Vec<Vec<String>> {
        let lengths = self.offsets.windows(2).map(|pair| match pair {
            [start, end] => usize::try_from(end.saturating_sub(*start)).unwrap_or(0),
            _ => 0,
        });
        let holders = self.keys.iter().zip(lengths);
        holders
            .flat_map(|(key, length)| std::iter::repeat_n(key.clone(), length))
            .collect()
    }
}

// A column, and the inner records that it is of, which may be missing.
struct Cell<'a> {
    cells: Cells<'a>,
    within: Option<&'a StructArray>,
}

impl Cell<'_> {
    fn text(&self, row: usize) -> String {
        if self.within.is_some_and(|records| records.is_null(row)) {
            return String::new();
        }
        self.cells.text(row)
    }
}

fn flatten<'a>(
    prefix: &str,
    fields: &'a Fields,
    records: &'a StructArray,
    within: Option<&'a StructArray>,
    cells: &mut BTreeMap<String, Cell<'a>>,
    lists: &mut Vec<(String, &'a ListArray)>,
) {
    for (field, array) in fields.iter().zip(records.columns()) {
        let name = format!("{prefix}{}", field.name());
        match field.data_type() {
            DataType::Struct(inside) => {
                if let Some(records) = array.as_struct_opt() {
                    flatten(&format!("{name}."), inside, records, Some(records), cells, lists);
                }
            }
            DataType::List(_) => lists.extend(array.as_list_opt::<i32>().map(|list| (name, list))),
            _ => {
                let field: &Field = field;
                let unit = field.metadata().get(UNIT).map(String::as_str);
                let cell = Cell {
                    cells: Cells::new(array, unit),
                    within,
                };
                cells.insert(name, cell);
            }
        }
    }
}

/// Puts the files of a folder into the one that it lies in.
pub(super) fn move_up(from: &Path, to: &Path) -> Result<(), TablesError> {
    for entry in std::fs::read_dir(from).map_err(TablesError::io(from))? {
        let entry = entry.map_err(TablesError::io(from))?;
        let target = to.join(entry.file_name());
        std::fs::rename(entry.path(), &target).map_err(TablesError::io(&target))?;
    }
    std::fs::remove_dir(from).map_err(TablesError::io(from))
}
