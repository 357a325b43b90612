//! Rows of any number sorted by a column, in bounded memory: sorted runs in temporary files, merged.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{BufReader, BufWriter, Seek};
use std::path::Path;

use meed_facts::message::Message;

use super::join::{Row, Rows};
use crate::fault::TablesError;

/// Bytes of text that a run holds in memory.
pub(super) const RUN_BYTES: usize = 64 << 20;

/// The same rows by ascending text in the column; rows that have the same stay in their order.
pub(super) fn sorted(rows: Rows, by: usize, run_bytes: usize) -> Result<Rows, TablesError> {
    let mut runs: Vec<Rows> = Vec::new();
    let mut run: Vec<Row> = Vec::new();
    let mut bytes = 0_usize;
    for row in rows {
        let row = row?;
        bytes = bytes.saturating_add(row.cells.iter().map(String::len).sum());
        run.push(row);
        if bytes >= run_bytes {
            runs.push(stored(std::mem::take(&mut run), by)?);
            bytes = 0;
        }
    }
    run.sort_by(|a, b| a.cell(by).cmp(b.cell(by)));
    let last: Rows = Box::new(run.into_iter().map(Ok));
    if runs.is_empty() {
        return Ok(last);
    }
    runs.push(last);
    merged(runs, by)
}

// A sorted run in a file that goes when nobody reads it any more.
fn stored(mut run: Vec<Row>, by: usize) -> Result<Rows, TablesError> {
    let folder = std::env::temp_dir();
    let path: &Path = &folder;
    run.sort_by(|a, b| a.cell(by).cmp(b.cell(by)));
    let mut file = tempfile::tempfile().map_err(TablesError::io(path))?;
    let mut writer = csv::WriterBuilder::new()
        .flexible(true)
        .from_writer(BufWriter::new(&mut file));
    for row in run {
        let line = row.line.to_string();
        let wrong = row.wrong.unwrap_or_default();
        let cells = [line, wrong.en, wrong.zh].into_iter().chain(row.cells);
        writer.write_record(cells).map_err(TablesError::damaged(path))?;
    }
    writer.flush().map_err(TablesError::io(path))?;
    drop(writer);
    file.rewind().map_err(TablesError::io(path))?;
    Ok(Box::new(read_back(file)))
}

fn read_back(file: File) -> impl Iterator<Item = Result<Row, TablesError>> + Send {
    let reader = csv::ReaderBuilder::new()
        .flexible(true)
        .has_headers(false)
        .from_reader(BufReader::new(file));
    reader.into_records().map(|record| {
        let record = record.map_err(TablesError::damaged(&std::env::temp_dir()))?;
        let mut cells = record.iter();
        let line = cells.next().and_then(|line| line.parse().ok()).unwrap_or(0);
        let mut word = || cells.next().unwrap_or_default().to_owned();
        let wrong = Message::new(word(), word());
        Ok(Row {
            line,
            cells: cells.map(str::to_owned).collect(),
            wrong: (!wrong.is_empty()).then_some(wrong),
            wrong_cells: Vec::new(),
        })
    })
}

fn merged(mut runs: Vec<Rows>, by: usize) -> Result<Rows, TablesError> {
    // Of equal keys the earlier run's comes first.
    let mut heads: BinaryHeap<Reverse<(String, usize)>> = BinaryHeap::new();
    let mut waiting: Vec<Option<Row>> = Vec::new();
    for (index, run) in runs.iter_mut().enumerate() {
        let row = run.next().transpose()?;
        heads.extend(row.as_ref().map(|row| Reverse((row.cell(by).to_owned(), index))));
        waiting.push(row);
    }
    let mut failed = false;
    Ok(Box::new(std::iter::from_fn(move || {
        if failed {
            return None;
        }
        let Reverse((_, index)) = heads.pop()?;
        let row = waiting.get_mut(index)?.take()?;
        match runs.get_mut(index)?.next() {
            Some(Ok(next)) => {
                heads.push(Reverse((next.cell(by).to_owned(), index)));
                *waiting.get_mut(index)? = Some(next);
            }
            Some(Err(error)) => {
                failed = true;
                return Some(Err(error));
            }
            None => {}
        }
        Some(Ok(row))
    })))
}
