//! Parquet: only the columns that are wanted, row groups as parts.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow_schema::{DataType, Field, FieldRef, Fields, Schema as ArrowSchema};
use meed_facts::schema::FactType;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use parquet::file::metadata::PageIndexPolicy;

use super::Pieces;
use super::damaged::checked;
use super::piece::{Origin, Piece};
use crate::columns::{Form, Meaning, Place};
use crate::decode::{Plan, Wanted};
use crate::encode::ENTITY;
use crate::fault::TablesError;

/// A file whose columns are understood.
pub(super) struct ParquetFile {
    path: Arc<Path>,
    metadata: ArrowReaderMetadata,
    mask: ProjectionMask,
    plan: Arc<Plan>,
}

/// What the file says that its rows are records of.
pub(super) fn applicant(path: &Path) -> Result<Option<String>, TablesError> {
    note(path, ENTITY)
}

/// What the file notes under a key.
pub(super) fn note(path: &Path, key: &str) -> Result<Option<String>, TablesError> {
    let metadata = load(path, ArrowReaderOptions::new())?;
    Ok(metadata.schema().metadata().get(key).cloned())
}

fn load(path: &Path, options: ArrowReaderOptions) -> Result<ArrowReaderMetadata, TablesError> {
    let file = File::open(path).map_err(TablesError::io(path))?;
    checked(path, || ArrowReaderMetadata::load(&file, options))
}

impl ParquetFile {
    pub(super) fn open(place: Place<'_>, path: &Path, wanted: &Wanted) -> Result<Self, TablesError> {
        // Where pages lie is known before they are read, where the file says so: each is fetched at once.
        let pages = ArrowReaderOptions::new().with_offset_index_policy(PageIndexPolicy::Optional);
        let plain = load(path, pages)?;
        let columns = |complaints| TablesError::Columns {
            path: path.to_path_buf(),
            complaints,
        };
        let full = Plan::new(place, plain.schema().fields(), wanted).map_err(columns)?;
        let better = ArrowSchema::new_with_metadata(
            better(place, plain.schema().fields()),
            plain.schema().metadata().clone(),
        );
        let options = ArrowReaderOptions::new().with_schema(Arc::new(better));
        let metadata = ArrowReaderMetadata::try_new(plain.metadata().clone(), options).unwrap_or(plain);
        let mut leaves = Vec::new();
        mark(metadata.schema().fields(), &full, &mut 0, &mut leaves);
        let mask = ProjectionMask::leaves(metadata.parquet_schema(), leaves);
        let file = File::open(path).map_err(TablesError::io(path))?;
        let reader = checked(path, || {
            ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata.clone())
                .with_projection(mask.clone())
                .with_row_groups(Vec::new())
                .build()
        })?;
        let projected = arrow_array::RecordBatchReader::schema(&reader);
        let plan = Plan::new(place, projected.fields(), wanted).map_err(columns)?;
        Ok(Self {
            path: path.into(),
            metadata,
            mask,
            plan: Arc::new(plan),
        })
    }

    /// The rows of each row group.
    pub(super) fn groups(&self) -> Vec<u64> {
        let groups = self.metadata.metadata().row_groups().iter();
        groups
            .map(|group| u64::try_from(group.num_rows()).unwrap_or(0))
            .collect()
    }

    pub(super) fn has_values_alone(&self) -> bool {
        self.plan.has_values_alone()
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn pieces(&self, group: usize, batch_rows: usize) -> Result<Pieces, TablesError> {
        let file = File::open(&self.path).map_err(TablesError::io(&self.path))?;
        let mut reader = checked(&self.path, || {
            ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone())
                .with_projection(self.mask.clone())
                .with_row_groups(vec![group])
                .with_batch_size(batch_rows)
                .build()
        })?;
        let before: u64 = self.groups().iter().take(group).sum();
        let mut first = before.saturating_add(1);
        let (path, plan) = (self.path.clone(), self.plan.clone());
        let source = path.clone();
        let records = std::iter::from_fn(move || checked(&source, || reader.next().transpose()).transpose());
        Ok(Box::new(records.map(move |record| {
            let record = record?;
            let origin = Origin::Rows {
                file: path.clone(),
                first,
            };
            first = first.saturating_add(u64::try_from(record.num_rows()).unwrap_or(0));
            Ok(Piece::of_columns(record, plan.clone(), origin))
        })))
    }
}

// The leaves, in the file's order, of the columns that a plan uses.
fn mark(fields: &Fields, plan: &Plan, next: &mut usize, leaves: &mut Vec<usize>) {
    for (index, field) in fields.iter().enumerate() {
        let first = *next;
        let last = first.saturating_add(leaf_count(field.data_type()));
        *next = last;
        match plan.records(index) {
            Some(records) => {
                let before = leaves.len();
                if let Some(inside) = struct_fields(field.data_type()) {
                    mark(inside, &records.plan, &mut first.clone(), leaves);
                }
                // How long a list is can be read from any of its columns.
                if leaves.len() == before && first < last {
                    leaves.push(first);
                }
            }
            None if plan.uses(index) => leaves.extend(first..last),
            None => {}
        }
    }
}

fn leaf_count(ty: &DataType) -> usize {
    match ty {
        DataType::Struct(fields) => fields.iter().map(|field| leaf_count(field.data_type())).sum(),
        DataType::List(item)
        | DataType::LargeList(item)
        | DataType::FixedSizeList(item, _)
        | DataType::ListView(item)
        | DataType::LargeListView(item)
        | DataType::Map(item, _) => leaf_count(item.data_type()),
        _ => 1,
    }
}

fn struct_fields(ty: &DataType) -> Option<&Fields> {
    match ty {
        DataType::Struct(fields) => Some(fields),
        DataType::List(item) | DataType::LargeList(item) => struct_fields(item.data_type()),
        _ => None,
    }
}

// The same columns in the types that are fastest to copy: decimals of at most 18 digits in 64 bits, names, sets of them and reasons as dictionaries.
fn better(place: Place<'_>, fields: &Fields) -> Fields {
    let field = |field: &FieldRef| -> Field {
        let ty = match place.meaning(field.name()) {
            Ok(Meaning::Fact(subject, Form::Value | Form::End(_))) => {
                better_value(&place.schema.facts[subject.fact.0].ty, field.data_type())
            }
            Ok(Meaning::Fact(_, Form::OneOf | Form::Missing)) if is_plain_text(field.data_type()) => names(),
            Ok(Meaning::Records(slot)) => match place.schema.facts[slot.0].ty {
                FactType::Many(held) | FactType::One(held) => {
                    better_records(field.data_type(), &|fields| better(place.inside(held), fields))
                }
                _ => field.data_type().clone(),
            },
            Ok(Meaning::Titles | Meaning::Awards) => better_records(field.data_type(), &better_items),
            _ => field.data_type().clone(),
        };
        field.as_ref().clone().with_data_type(ty)
    };
    fields.iter().map(field).collect()
}

fn better_value(fact: &FactType, ty: &DataType) -> DataType {
    match (fact, ty) {
        (_, DataType::Decimal128(digits, scale)) if *digits <= 18 => DataType::Decimal64(*digits, *scale),
        (FactType::Enumeration(_), ty) if is_plain_text(ty) => names(),
        _ => ty.clone(),
    }
}

fn is_plain_text(ty: &DataType) -> bool {
    matches!(ty, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
}

fn names() -> DataType {
    DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
}

fn better_records(ty: &DataType, inside: &dyn Fn(&Fields) -> Fields) -> DataType {
    let item = |item: &FieldRef| {
        let ty = better_records(item.data_type(), inside);
        Arc::new(item.as_ref().clone().with_data_type(ty))
    };
    match ty {
        DataType::Struct(fields) => DataType::Struct(inside(fields)),
        DataType::List(field) => DataType::List(item(field)),
        DataType::LargeList(field) => DataType::LargeList(item(field)),
        _ => ty.clone(),
    }
}

fn better_items(fields: &Fields) -> Fields {
    let better = |field: &FieldRef| -> Field {
        let few = ["title", "level", "measure", "currency", "state"].contains(&field.name().as_str());
        let ty = if few && field.data_type() == &DataType::Utf8 {
            names()
        } else {
            field.data_type().clone()
        };
        field.as_ref().clone().with_data_type(ty)
    };
    fields.iter().map(better).collect()
}
