//! Evidence as the portal keeps it: Base64 in a table of its own, known by its SHA-256.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use meed_office::log::{salt, sha256};
use meed_office::store::{Cell, Connection, StoreError};
use meed_office::time::Instant;

use super::content::{Kind, name};

/// The most bytes of one file.
pub const LONGEST: usize = 10 << 20;
/// The most files of one case.
pub const MOST: i64 = 40;

/// A file without its bytes.
#[derive(Clone, Debug)]
pub struct Upload {
    /// Its id.
    pub id: String,
    /// Of which case.
    pub case: String,
    /// What it is called.
    pub name: String,
    /// How many bytes.
    pub size: i64,
    /// Its SHA-256.
    pub digest: String,
    /// When it was sent.
    pub at: Instant,
}

/// Why a file is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It is nothing that is taken.
    Kind,
    /// It is too long.
    Long,
    /// The case has enough.
    Many,
}

const COLUMNS: &str = "id, case_id, name, size, digest, at";

/// The files of a case, the last first.
///
/// # Errors
/// Where the database fails.
pub fn of_case(connection: &mut Connection, case: &str) -> Result<Vec<Upload>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM portal_upload WHERE case_id = $1 ORDER BY at DESC, id");
    let rows = connection.rows(&sql, &[case.into()])?;
    Ok(rows.into_iter().filter_map(read).collect())
}

fn read(row: Vec<Cell>) -> Option<Upload> {
    match <[Cell; 6]>::try_from(row).ok()? {
        [
            Cell::Text(id),
            Cell::Text(case),
            Cell::Text(name),
            Cell::Int(size),
            Cell::Text(digest),
            Cell::Int(at),
        ] => Some(Upload {
            id,
            case,
            name,
            size,
            digest,
            at: Instant::from_milliseconds(at),
        }),
        _ => None,
    }
}

/// Keeps a file; the same one twice is one.
///
/// # Errors
/// Where the database fails.
pub fn keep(
    connection: &mut Connection,
    case: &str,
    (given, bytes): (&str, &[u8]),
    (person, at): (&str, Instant),
) -> Result<Result<(), Refusal>, StoreError> {
    if bytes.len() > LONGEST {
        return Ok(Err(Refusal::Long));
    }
    let Some(kind) = Kind::of(bytes) else {
        return Ok(Err(Refusal::Kind));
    };
    if let Some(Cell::Int(MOST..)) =
        connection.one("SELECT count(*) FROM portal_upload WHERE case_id = $1", &[case.into()])?
    {
        return Ok(Err(Refusal::Many));
    }
    let id = format!("upload-{}", salt()?);
    let sql = "INSERT INTO portal_upload (id, case_id, name, kind, size, digest, body, person, at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (case_id, digest) DO NOTHING";
    let row = [
        Cell::Text(id),
        case.into(),
        Cell::Text(name(given, kind)),
        kind.name().into(),
        Cell::Int(i64::try_from(bytes.len()).unwrap_or(i64::MAX)),
        Cell::Text(sha256(bytes)),
        Cell::Text(STANDARD.encode(bytes)),
        person.into(),
        Cell::Int(at.milliseconds()),
    ];
    connection.run(sql, &row)?;
    Ok(Ok(()))
}

/// Drops a file.
///
/// # Errors
/// Where the database fails.
pub fn remove(connection: &mut Connection, id: &str) -> Result<(), StoreError> {
    connection.run("DELETE FROM portal_upload WHERE id = $1", &[id.into()])?;
    Ok(())
}

/// Which case a file is of.
///
/// # Errors
/// Where the database fails.
pub fn case_of(connection: &mut Connection, id: &str) -> Result<Option<String>, StoreError> {
    Ok(
        match connection.one("SELECT case_id FROM portal_upload WHERE id = $1", &[id.into()])? {
            Some(Cell::Text(case)) => Some(case),
            _ => None,
        },
    )
}

/// A file's name, kind and bytes.
///
/// # Errors
/// Where the database fails.
pub fn bytes(connection: &mut Connection, id: &str) -> Result<Option<(String, Kind, Vec<u8>)>, StoreError> {
    let rows = connection.rows("SELECT name, kind, body FROM portal_upload WHERE id = $1", &[id.into()])?;
    let Some([Cell::Text(name), Cell::Text(kind), Cell::Text(body)]) = rows.first().map(Vec::as_slice) else {
        return Ok(None);
    };
    let kind = Kind::ALL.into_iter().find(|one| one.name() == kind);
    Ok(kind
        .zip(STANDARD.decode(body).ok())
        .map(|(kind, bytes)| (name.clone(), kind, bytes)))
}
