//! Batches into Arrow columns.

mod items;
mod values;

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray, ListArray, RecordBatch, RecordBatchOptions, StructArray};
use arrow_buffer::{BooleanBuffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow_schema::{ArrowError, DataType, Field, FieldRef, Fields, Schema as ArrowSchema, SchemaRef};
use meed_facts::batch::{Batch, Bits, Column, Lists};
use meed_facts::schema::FactType;

use crate::columns::{Form, Items, Meaning, Place, Slot, Subject};
use crate::decode::UNIT;
use crate::layout::Layout;

/// The key of a file's metadata that says what its rows are records of.
pub(crate) const ENTITY: &str = "meed.entity";

/// The Arrow schema of files with these columns.
pub(crate) fn schema(place: Place<'_>, layout: &Layout, notes: &[(String, String)]) -> SchemaRef {
    let mut metadata: HashMap<String, String> = notes.iter().cloned().collect();
    let entity = &place.schema.entities[place.entity].named.name;
    metadata.insert(ENTITY.to_owned(), entity.to_string());
    Arc::new(ArrowSchema::new_with_metadata(fields(place, layout), metadata))
}

fn fields(place: Place<'_>, layout: &Layout) -> Fields {
    let field = |meaning: &Meaning| {
        let field = Field::new(place.name(*meaning), data_type(place, layout, *meaning), true);
        match unit(place, layout, *meaning) {
            Some(unit) => field.with_metadata([(UNIT.to_owned(), unit.to_owned())].into()),
            None => field,
        }
    };
    layout.columns.iter().map(field).collect()
}

fn unit(place: Place<'_>, layout: &Layout, meaning: Meaning) -> Option<&'static str> {
    match meaning {
        Meaning::Fact(subject, Form::Value | Form::End(_)) if !layout.texts.contains(&meaning) => {
            match place.schema.facts[subject.fact.0].ty {
                FactType::Months => Some("months"),
                FactType::Days => Some("days"),
                _ => None,
            }
        }
        _ => None,
    }
}

fn data_type(place: Place<'_>, layout: &Layout, meaning: Meaning) -> DataType {
    match meaning {
        Meaning::Fact(subject, Form::Value | Form::End(_)) if !layout.texts.contains(&meaning) => {
            values::data_type(&place.schema.facts[subject.fact.0].ty)
        }
        Meaning::Fact(_, _) => DataType::Utf8,
        Meaning::Records(slot) => records_type(place, layout, slot),
        Meaning::Complete(_) => DataType::Boolean,
        Meaning::Titles => DataType::List(item(DataType::Struct(items::title_fields()))),
        Meaning::Awards => DataType::List(item(DataType::Struct(items::award_fields()))),
        Meaning::Chosen => DataType::Struct(items::chosen_fields(layout)),
    }
}

fn records_type(place: Place<'_>, layout: &Layout, slot: Slot) -> DataType {
    let (FactType::Many(held) | FactType::One(held)) = place.schema.facts[slot.0].ty else {
        return DataType::Null;
    };
    let empty = Layout::new(held);
    let inside = layout.records.get(&slot).unwrap_or(&empty);
    let fields = fields(place.inside(held), inside);
    match place.schema.facts[slot.0].ty {
        FactType::Many(_) => DataType::List(item(DataType::Struct(fields))),
        _ => DataType::Struct(fields),
    }
}

fn item(ty: DataType) -> FieldRef {
    Arc::new(Field::new_list_field(ty, true))
}

/// The batch in those columns, which must cover it.
pub(crate) fn encode(
    place: Place<'_>,
    layout: &Layout,
    schema: &SchemaRef,
    batch: &Batch,
) -> Result<RecordBatch, ArrowError> {
    let columns = arrays(place, layout, batch)?;
    let options = RecordBatchOptions::new().with_row_count(Some(batch.rows));
    RecordBatch::try_new_with_options(schema.clone(), columns, &options)
}

fn arrays(place: Place<'_>, layout: &Layout, batch: &Batch) -> Result<Vec<ArrayRef>, ArrowError> {
    layout
        .columns
        .iter()
        .map(|meaning| array(place, layout, *meaning, batch))
        .collect()
}

fn array(place: Place<'_>, layout: &Layout, meaning: Meaning, batch: &Batch) -> Result<ArrayRef, ArrowError> {
    Ok(match meaning {
        Meaning::Fact(subject, form) => {
            let ty = &place.schema.facts[subject.fact.0].ty;
            let column = column(batch, subject);
            match form {
                Form::Value => values::values(place.schema, ty, column, batch.rows),
                Form::End(end) if !layout.texts.contains(&meaning) => {
                    values::ends(place.schema, ty, end, column, batch.rows)
                }
                form => values::texts(place.schema, ty, form, column, batch.rows),
            }
        }
        Meaning::Records(slot) => records(place, layout, slot, batch)?,
        Meaning::Complete(items) => Arc::new(match items {
            Items::Children(slot) => complete(batch.children.get(slot.0), batch.rows),
            Items::Titles => complete(Some(&batch.titles), batch.rows),
            Items::Awards => complete(Some(&batch.awards), batch.rows),
        }),
        Meaning::Titles => list(items::titles(place.schema, &batch.titles.items)?, &batch.titles)?,
        Meaning::Awards => list(items::awards(&batch.awards.items)?, &batch.awards)?,
        Meaning::Chosen => items::chosen(layout, batch)?,
    })
}

fn column(batch: &Batch, subject: Subject) -> Option<&Column> {
    match subject.period {
        None => batch.facts.get(subject.fact.0),
        Some(period) => batch.series.get(subject.fact.0)?.get(&period),
    }
}

fn records(place: Place<'_>, layout: &Layout, slot: Slot, batch: &Batch) -> Result<ArrayRef, ArrowError> {
    let (FactType::Many(held) | FactType::One(held)) = place.schema.facts[slot.0].ty else {
        return Err(ArrowError::SchemaError("no records are held here".to_owned()));
    };
    let mut none = Lists::new(Batch::new(held));
    none.fill(batch.rows);
    let empty = Layout::new(held);
    let inside = layout.records.get(&slot).unwrap_or(&empty);
    let many = matches!(place.schema.facts[slot.0].ty, FactType::Many(_));
    let found = if many {
        batch.children.get(slot.0)
    } else {
        batch.inner.get(slot.0)
    };
    let lists = found.unwrap_or(&none);
    if many {
        return list(structs(place.inside(held), inside, &lists.items)?, lists);
    }
    // A record for each row, an empty one where there is none.
    let spread = spread(place, lists, batch.rows);
    let fields = fields(place.inside(held), inside);
    let columns = arrays(place.inside(held), inside, &spread)?;
    let nulls = Some(nulls(&lists.stated));
    Ok(Arc::new(StructArray::try_new_with_length(
        fields, columns, nulls, batch.rows,
    )?))
}

// Inner records at their rows.
fn spread(place: Place<'_>, lists: &Lists<Batch>, rows: usize) -> Batch {
    let entity = lists.items.entity;
    let mut builder = meed_facts::batch::Builder::new(place.schema, entity);
    let empty = meed_facts::record::Record::new(entity);
    for row in 0..rows {
        let record = lists.span(row).next().and_then(|item| lists.items.record(item));
        builder.push(record.as_ref().unwrap_or(&empty));
    }
    builder.finish()
}

fn structs(place: Place<'_>, layout: &Layout, batch: &Batch) -> Result<StructArray, ArrowError> {
    let columns = arrays(place, layout, batch)?;
    StructArray::try_new_with_length(fields(place, layout), columns, None, batch.rows)
}

fn list<T>(items: StructArray, lists: &Lists<T>) -> Result<ArrayRef, ArrowError> {
    let ends = std::iter::once(0).chain(lists.ends.iter().copied());
    let offsets: Option<Vec<i32>> = ends.map(|end| i32::try_from(end).ok()).collect();
    let offsets = offsets.ok_or_else(|| ArrowError::OffsetOverflowError(lists.ends.len()))?;
    let field = item(arrow_array::Array::data_type(&items).clone());
    let offsets = OffsetBuffer::new(ScalarBuffer::from(offsets));
    Ok(Arc::new(ListArray::try_new(
        field,
        offsets,
        Arc::new(items),
        Some(nulls(&lists.stated)),
    )?))
}

fn complete<T>(lists: Option<&Lists<T>>, rows: usize) -> BooleanArray {
    match lists {
        Some(lists) => BooleanArray::new(buffer(&lists.complete), Some(nulls(&lists.stated))),
        None => BooleanArray::new_null(rows),
    }
}

/// The bits as Arrow's.
pub(crate) fn buffer(bits: &Bits) -> BooleanBuffer {
    let bytes: Vec<u8> = bits.words().iter().flat_map(|word| word.to_le_bytes()).collect();
    BooleanBuffer::new(bytes.into(), 0, bits.len())
}

fn nulls(valid: &Bits) -> NullBuffer {
    NullBuffer::new(buffer(valid))
}
