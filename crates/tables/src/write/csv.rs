//! A folder of CSV files: one for the applicants, one for each list, joined by keys.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Decimal128Type, Int32Type, Int64Type};
use arrow_array::{Array, ArrayRef, ListArray, StructArray};
use arrow_schema::{DataType, Field, Fields};
use meed_facts::batch::Batch;
use meed_facts::date::Date;

use super::Unfinished;
use crate::columns::Place;
use crate::decode::UNIT;
use crate::encode;
use crate::fault::TablesError;
use crate::folder::{Node, tree};
use crate::layout::Layout;

type Writer = csv::Writer<BufWriter<File>>;

/// The files of one part.
pub(super) struct Folder {
    unfinished: Unfinished,
    tree: Node,
    layout: Layout,
    files: BTreeMap<String, Writer>,
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
            complaint,
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
        let file = File::create(&path).map_err(TablesError::io(&path))?;
        let mut writer = csv::Writer::from_writer(BufWriter::new(file));
        let header = node.links.iter().chain(&node.columns);
        writer.write_record(header).map_err(TablesError::damaged(&path))?;
        self.files.insert(node.file.clone(), writer);
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
        let path = self.unfinished.path().join(format!("{}.csv", node.file));
        let mut keys = Vec::with_capacity(rows.len());
        for (row, owner) in rows.zip(owners) {
            let mut line = owner.clone();
            line.extend(
                node.columns
                    .iter()
                    .map(|column| cells.get(column).map_or(String::new(), |cell| cell.text(row))),
            );
            if let Some(writer) = self.files.get_mut(&node.file) {
                writer.write_record(&line).map_err(TablesError::damaged(&path))?;
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
        let path = self.unfinished.path();
        for (_, writer) in self.files {
            let file = writer
                .into_inner()
                .map_err(|error| TablesError::io(path)(error.into_error()))?;
            let file = file
                .into_inner()
                .map_err(|error| TablesError::io(path)(error.into_error()))?;
            file.sync_all().map_err(TablesError::io(path))?;
        }
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

// A column whose rows are written as text.
struct Cell<'a> {
    array: &'a ArrayRef,
    /// Positions among the names, where it has names.
    keys: Option<Vec<usize>>,
    unit: Option<&'a str>,
    within: Option<&'a StructArray>,
}

impl Cell<'_> {
    fn text(&self, row: usize) -> String {
        if self.array.is_null(row) || self.within.is_some_and(|records| records.is_null(row)) {
            return String::new();
        }
        match self.array.data_type() {
            DataType::Boolean => self.array.as_boolean().value(row).to_string(),
            DataType::Int64 => self.array.as_primitive::<Int64Type>().value(row).to_string(),
            DataType::Int32 => {
                let whole = self.array.as_primitive::<Int32Type>().value(row);
                self.unit.map_or(whole.to_string(), |unit| format!("{whole} {unit}"))
            }
            DataType::Decimal128(_, _) => plain(&self.array.as_primitive::<Decimal128Type>().value_as_string(row)),
            DataType::Date32 => {
                let days = self.array.as_primitive::<Date32Type>().value(row);
                Date::from_days_since_epoch(days).map_or(String::new(), |date| date.to_string())
            }
            DataType::Utf8 => self.array.as_string::<i32>().value(row).to_owned(),
            DataType::Dictionary(_, _) => {
                let names = self.array.as_any_dictionary().values().as_string::<i32>();
                let key = self.keys.as_ref().and_then(|keys| keys.get(row));
                key.map_or(String::new(), |key| names.value(*key).to_owned())
            }
            _ => String::new(),
        }
    }
}

// Without zeros at the end of a fraction of more than two digits, which amounts have.
fn plain(decimal: &str) -> String {
    match decimal.split_once('.') {
        Some((whole, fraction)) if fraction.len() > 3 => {
            let fraction = fraction.trim_end_matches('0');
            if fraction.is_empty() {
                whole.to_owned()
            } else {
                format!("{whole}.{fraction}")
            }
        }
        _ => decimal.to_owned(),
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
                let names = array.as_any_dictionary_opt().filter(|names| !names.values().is_empty());
                let keys = names.map(|names| names.normalized_keys());
                let cell = Cell {
                    array,
                    keys,
                    unit,
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
