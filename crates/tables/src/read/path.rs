//! Which files make a population.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use meed_facts::check;
use meed_facts::message::Message;
use meed_facts::schema::Schema;

use super::parquet::ParquetFile;
use super::survey::Each;
use super::{Options, Pieces, csv, ipc, json_lines, parquet};
use crate::columns::Place;
use crate::fault::TablesError;

/// A part of a population that can be read by itself: a file, a Parquet file's row group, or a folder of CSV files.
pub struct Part {
    source: Source,
    rows: Option<u64>,
}

enum Source {
    Group {
        file: Arc<ParquetFile>,
        group: usize,
    },
    Ipc(PathBuf),
    JsonLines(PathBuf),
    Csv(PathBuf),
    #[cfg(feature = "xlsx")]
    Xlsx(PathBuf),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Parquet,
    Ipc,
    JsonLines,
    Csv,
    Xlsx,
}

const ENDINGS: [(&str, Format); 10] = [
    ("parquet", Format::Parquet),
    ("arrow", Format::Ipc),
    ("arrows", Format::Ipc),
    ("ipc", Format::Ipc),
    ("feather", Format::Ipc),
    ("jsonl", Format::JsonLines),
    ("ndjson", Format::JsonLines),
    ("csv", Format::Csv),
    ("xlsx", Format::Xlsx),
    ("xlsm", Format::Xlsx),
];

impl Part {
    /// The file or folder.
    pub fn path(&self) -> &Path {
        match &self.source {
            Source::Group { file, .. } => file.path(),
            Source::Ipc(path) | Source::JsonLines(path) | Source::Csv(path) => path,
            #[cfg(feature = "xlsx")]
            Source::Xlsx(path) => path,
        }
    }

    /// The file, or those of the folder.
    pub(super) fn files(&self) -> Result<Vec<PathBuf>, TablesError> {
        match &self.source {
            Source::Csv(folder) => {
                let names = csv::names(folder)?.into_iter();
                Ok(names.map(|name| folder.join(format!("{name}.csv"))).collect())
            }
            _ => Ok(vec![self.path().to_path_buf()]),
        }
    }

    /// Whether its rows are columns, of nothing but values.
    pub(super) fn has_values_alone(&self) -> bool {
        matches!(&self.source, Source::Group { file, .. } if file.has_values_alone())
    }

    /// How many rows it has, where its file says it.
    pub fn rows(&self) -> Option<u64> {
        self.rows
    }
}

/// What kind of applicant the first file says that its rows are.
pub(super) fn applicant(schema: &Schema, path: &Path) -> Result<Option<String>, TablesError> {
    let (format, files) = files(path)?;
    let Some(first) = files.first() else { return Ok(None) };
    match format {
        Format::Parquet => parquet::applicant(first),
        Format::Ipc => ipc::applicant(first),
        Format::Csv => Ok(among(schema, csv::names(first)?)),
        #[cfg(feature = "xlsx")]
        Format::Xlsx => Ok(among(schema, super::xlsx::names(first)?)),
        Format::JsonLines => {
            let names = json_lines::names(first)?;
            Ok(names.into_iter().find(|name| check::applicant(schema, name).is_ok()))
        }
        #[cfg(not(feature = "xlsx"))]
        Format::Xlsx => Ok(None),
    }
}

/// What the first file notes under a key, where its format has notes.
pub(super) fn note(path: &Path, key: &str) -> Option<String> {
    let (format, files) = files(path).ok()?;
    let first = files.first()?;
    match format {
        Format::Parquet => parquet::note(first, key).ok()?,
        Format::Ipc => ipc::note(first, key).ok()?,
        Format::JsonLines | Format::Csv | Format::Xlsx => None,
    }
}

// The only one of the names that is a kind of applicant.
fn among(schema: &Schema, names: Vec<String>) -> Option<String> {
    let mut kinds = names.into_iter().filter(|name| check::applicant(schema, name).is_ok());
    let first = kinds.next()?;
    kinds.next().is_none().then_some(first)
}

pub(super) fn parts(place: Place<'_>, path: &Path, options: &Options) -> Result<Vec<Part>, TablesError> {
    let (format, files) = files(path)?;
    let wanted = options.wanted();
    let mut parts = Vec::new();
    let part = |source| Part { source, rows: None };
    for file in files {
        match format {
            Format::Parquet => {
                let file = Arc::new(ParquetFile::open(place, &file, &wanted)?);
                let groups = file.groups();
                parts.extend(groups.into_iter().enumerate().map(|(group, rows)| Part {
                    source: Source::Group {
                        file: file.clone(),
                        group,
                    },
                    rows: Some(rows),
                }));
            }
            Format::Ipc => {
                ipc::check(place, &file, &wanted)?;
                parts.push(part(Source::Ipc(file)));
            }
            Format::JsonLines => parts.push(part(Source::JsonLines(file))),
            Format::Csv => parts.push(part(Source::Csv(file))),
            #[cfg(feature = "xlsx")]
            Format::Xlsx => parts.push(part(Source::Xlsx(file))),
            #[cfg(not(feature = "xlsx"))]
            Format::Xlsx => {
                let help = (
                    "save it as CSV, or build with the feature `xlsx`",
                    "请存为 CSV，或以 `xlsx` 特性构建",
                );
                return Err(TablesError::layout(
                    &file,
                    ("workbooks are not read by this build", "此构建不读取工作簿"),
                    help,
                ));
            }
        }
    }
    Ok(parts)
}

pub(super) fn pieces(place: Place<'_>, part: &Part, options: &Options) -> Result<Pieces, TablesError> {
    let rows = options.batch_rows.max(1);
    match &part.source {
        Source::Group { file, group } => file.pieces(*group, rows),
        Source::Ipc(path) => ipc::pieces(place, path, &options.wanted(), rows),
        Source::JsonLines(path) => json_lines::pieces(path, rows),
        Source::Csv(path) => csv::pieces(place, path, &options.wanted(), rows),
        #[cfg(feature = "xlsx")]
        Source::Xlsx(path) => super::xlsx::pieces(place, path, &options.wanted(), rows),
    }
}

/// Tells the keys of all rows of a part without a batch of them; false where that is not possible.
pub(super) fn keys(place: Place<'_>, part: &Part, options: &Options, each: &mut Each<'_>) -> Result<bool, TablesError> {
    match &part.source {
        Source::Group { .. } | Source::Ipc(_) => return Ok(false),
        Source::JsonLines(path) => json_lines::keys(place, path, options.applicant.is_some(), each)?,
        Source::Csv(path) => csv::keys(place, path, each)?,
        #[cfg(feature = "xlsx")]
        Source::Xlsx(path) => super::xlsx::keys(place, path, each)?,
    }
    Ok(true)
}

// The files of one format at a path, by name. A folder of CSV files counts as one file.
fn files(path: &Path) -> Result<(Format, Vec<PathBuf>), TablesError> {
    if !path.is_dir() {
        std::fs::metadata(path).map_err(TablesError::io(path))?;
        return match format(path) {
            Some(Format::Csv) => {
                let help = (
                    "name the folder: lists and titles have files of their own beside it",
                    "请写文件夹：列表和称号在旁边另有文件",
                );
                Err(TablesError::layout(
                    path,
                    (
                        "a CSV file is only a part of a population",
                        "一个 CSV 文件只是群体的一部分",
                    ),
                    help,
                ))
            }
            Some(format) => Ok((format, vec![path.to_path_buf()])),
            None => Err(TablesError::layout(
                path,
                ("the file's ending names no format", "文件扩展名不是已知格式"),
                endings(),
            )),
        };
    }
    let inside = entries(path)?;
    if inside.iter().any(|entry| format(entry) == Some(Format::Csv)) {
        return Ok((Format::Csv, vec![path.to_path_buf()]));
    }
    let is_csv_folder = |entry: &PathBuf| {
        entry.is_dir() && entries(entry).is_ok_and(|files| files.iter().any(|file| format(file) == Some(Format::Csv)))
    };
    let mut found: Vec<(Format, PathBuf)> = Vec::new();
    for entry in inside {
        let format = if is_csv_folder(&entry) {
            Some(Format::Csv)
        } else {
            format(&entry).filter(|_| entry.is_file())
        };
        found.extend(format.map(|format| (format, entry)));
    }
    let Some(first) = found.first().map(|(format, _)| *format) else {
        return Err(TablesError::layout(
            path,
            ("there are no tables in this folder", "文件夹中没有表格"),
            endings(),
        ));
    };
    if let Some((_, other)) = found.iter().find(|(format, _)| *format != first) {
        let help = ("keep each population in a folder of its own", "请每个群体用一个文件夹");
        return Err(TablesError::layout(
            other,
            (
                "files of different formats lie in one folder",
                "同一文件夹中有不同格式的文件",
            ),
            help,
        ));
    }
    Ok((first, found.into_iter().map(|(_, path)| path).collect()))
}

// What lies in a folder, by name. Hidden files and those that are still being written are passed over.
fn entries(path: &Path) -> Result<Vec<PathBuf>, TablesError> {
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(path).map_err(TablesError::io(path))? {
        let entry = entry.map_err(TablesError::io(path))?;
        if !entry.file_name().to_string_lossy().starts_with(['.', '_']) {
            entries.push(entry.path());
        }
    }
    entries.sort();
    Ok(entries)
}

fn format(path: &Path) -> Option<Format> {
    let ending = path.extension()?.to_str()?.to_ascii_lowercase();
    ENDINGS
        .into_iter()
        .find(|(known, _)| *known == ending)
        .map(|(_, format)| format)
}

fn endings() -> Message {
    let endings: Vec<&str> = ENDINGS.iter().map(|(ending, _)| *ending).collect();
    let endings = endings.join(", ");
    Message::new(format!("one of: {endings}"), format!("可选：{endings}"))
}
