//! Arrow's own files and streams.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_ipc::reader::{FileReader, StreamReader};
use arrow_schema::{ArrowError, SchemaRef};

use super::Pieces;
use super::damaged::checked;
use super::lengths;
use super::piece::{Origin, Piece, Raw};
use crate::columns::Place;
use crate::decode::{Plan, Wanted};
use crate::encode::ENTITY;
use crate::fault::TablesError;

type Records = Box<dyn Iterator<Item = Result<RecordBatch, ArrowError>> + Send>;

/// What the file says that its rows are records of.
pub(super) fn applicant(path: &Path) -> Result<Option<String>, TablesError> {
    note(path, ENTITY)
}

/// What the file notes under a key.
pub(super) fn note(path: &Path, key: &str) -> Result<Option<String>, TablesError> {
    let (schema, _) = open(path, None)?;
    Ok(schema.metadata().get(key).cloned())
}

// A file begins with its name, a stream with a message.
fn open(path: &Path, columns: Option<Vec<usize>>) -> Result<(SchemaRef, Records), TablesError> {
    let file = || File::open(path).map_err(TablesError::io(path));
    let mut magic = [0; 6];
    let seekable = file()?.read_exact(&mut magic).is_ok() && &magic == b"ARROW1";
    lengths::fit(path, seekable)?;
    if seekable {
        let reader = BufReader::new(file()?);
        let reader = checked(path, || FileReader::try_new(reader, columns))?;
        return Ok((reader.schema(), Box::new(reader)));
    }
    let reader = BufReader::new(file()?);
    let reader = checked(path, || StreamReader::try_new(reader, columns))?;
    Ok((reader.schema(), Box::new(reader)))
}

/// Checks the columns.
pub(super) fn check(place: Place<'_>, path: &Path, wanted: &Wanted) -> Result<(), TablesError> {
    let (schema, _) = open(path, None)?;
    plan(place, path, &schema, wanted).map(drop)
}

fn plan(place: Place<'_>, path: &Path, schema: &SchemaRef, wanted: &Wanted) -> Result<Plan, TablesError> {
    Plan::new(place, schema.fields(), wanted).map_err(|complaints| TablesError::Columns {
        path: path.to_path_buf(),
        complaints,
    })
}

pub(super) fn pieces(place: Place<'_>, path: &Path, wanted: &Wanted, batch_rows: usize) -> Result<Pieces, TablesError> {
    let (schema, _) = open(path, None)?;
    let full = plan(place, path, &schema, wanted)?;
    let columns = (0..schema.fields().len()).filter(|index| full.uses(*index)).collect();
    let (schema, records) = open(path, Some(columns))?;
    let plan = Arc::new(plan(place, path, &schema, wanted)?);
    let file: Arc<Path> = path.into();
    let mut first = 1_u64;
    let mut records = records;
    let source = file.clone();
    let records = std::iter::from_fn(move || checked(&source, || records.next().transpose()).transpose());
    let pieces = records.flat_map(move |record| {
        let record = match record {
            Ok(record) => record,
            Err(error) => return vec![Err(error)],
        };
        let starts = (0..record.num_rows()).step_by(batch_rows.max(1));
        let slices = starts.map(|start| {
            let rows = batch_rows.min(record.num_rows().saturating_sub(start));
            let origin = Origin::Rows {
                file: file.clone(),
                first,
            };
            first = first.saturating_add(u64::try_from(rows).unwrap_or(0));
            Ok(Piece(Raw::Columns {
                record: record.slice(start, rows),
                plan: plan.clone(),
                origin,
                rejects: Vec::new(),
                lost: 0,
                unowned: 0,
            }))
        });
        slices.collect()
    });
    Ok(Box::new(pieces))
}
