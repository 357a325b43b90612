//! Files that have their name only when they are complete.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use arrow_array::RecordBatch;
use arrow_ipc::writer::{DictionaryHandling, FileWriter, IpcWriteOptions};
use arrow_schema::{Schema, SchemaRef};
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::arrow::{ArrowWriter, add_encoded_arrow_schema_to_metadata};
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

use super::Format;
use crate::fault::TablesError;

/// A file or folder under a name that readers pass over, until it is complete. What is dropped before that is removed.
pub(crate) struct Unfinished {
    path: PathBuf,
    name: PathBuf,
}

impl Unfinished {
    /// The place for what is to have this name.
    pub(crate) fn new(name: &Path) -> Self {
        let file = name.file_name().unwrap_or_default().to_string_lossy();
        Self {
            path: name.with_file_name(format!("_{file}")),
            name: name.to_path_buf(),
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn create(&self) -> Result<File, TablesError> {
        File::create(&self.path).map_err(TablesError::io(&self.path))
    }

    /// Gives it its name.
    pub(crate) fn finish(self) -> Result<(), TablesError> {
        std::fs::rename(&self.path, &self.name).map_err(TablesError::io(&self.name))
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        // After the renaming there is nothing left under this name; what cannot be removed is passed over by readers.
        let removed = match self.path.is_dir() {
            true => std::fs::remove_dir_all(&self.path),
            false => std::fs::remove_file(&self.path),
        };
        drop(removed);
    }
}

/// Record batches into a Parquet or Arrow file.
pub(crate) struct Records {
    unfinished: Unfinished,
    schema: SchemaRef,
    writer: Writer,
}

enum Writer {
    Parquet(Box<ArrowWriter<File>>),
    Arrow(Box<FileWriter<BufWriter<File>>>),
}

/// Rows of a row group: enough for good compression, few enough that several threads share a file.
const GROUP_ROWS: usize = 1 << 18;

impl Records {
    /// A file with these columns.
    pub(crate) fn create(name: &Path, format: Format, schema: SchemaRef) -> Result<Self, TablesError> {
        if format != Format::Arrow {
            return Self::parquet(name, schema.clone(), &schema);
        }
        let unfinished = Unfinished::new(name);
        // Names that later batches bring are added to the dictionary.
        let options = IpcWriteOptions::default().with_dictionary_handling(DictionaryHandling::Delta);
        let file = BufWriter::new(unfinished.create()?);
        let writer = FileWriter::try_new_with_options(file, &schema, options).map_err(TablesError::damaged(name))?;
        Ok(Self {
            unfinished,
            schema,
            writer: Writer::Arrow(Box::new(writer)),
        })
    }

    /// A Parquet file of record batches with these columns, which says of itself that it has the columns `told`; both have the same form there.
    pub(crate) fn parquet(name: &Path, schema: SchemaRef, told: &Schema) -> Result<Self, TablesError> {
        let unfinished = Unfinished::new(name);
        let mut properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_max_row_group_row_count(Some(GROUP_ROWS))
            .build();
        add_encoded_arrow_schema_to_metadata(told, &mut properties);
        let options = ArrowWriterOptions::new()
            .with_properties(properties)
            .with_skip_arrow_metadata(true);
        let writer = ArrowWriter::try_new_with_options(unfinished.create()?, schema.clone(), options);
        Ok(Self {
            unfinished,
            schema,
            writer: Writer::Parquet(Box::new(writer.map_err(TablesError::damaged(name))?)),
        })
    }

    pub(crate) fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    pub(crate) fn write(&mut self, record: &RecordBatch) -> Result<(), TablesError> {
        let path = &self.unfinished.name;
        match &mut self.writer {
            Writer::Parquet(writer) => writer.write(record).map_err(TablesError::damaged(path)),
            Writer::Arrow(writer) => writer.write(record).map_err(TablesError::damaged(path)),
        }
    }

    pub(crate) fn finish(self) -> Result<(), TablesError> {
        let path = self.unfinished.path();
        let file = match self.writer {
            Writer::Parquet(writer) => writer.into_inner().map_err(TablesError::damaged(path))?,
            Writer::Arrow(writer) => {
                let file = writer.into_inner().map_err(TablesError::damaged(path))?;
                file.into_inner()
                    .map_err(|error| TablesError::io(path)(error.into_error()))?
            }
        };
        file.sync_all().map_err(TablesError::io(path))?;
        self.unfinished.finish()
    }
}

/// Lines into a file of text.
pub(crate) struct Lines {
    unfinished: Unfinished,
    file: BufWriter<File>,
}

impl Lines {
    pub(crate) fn create(name: &Path) -> Result<Self, TablesError> {
        let unfinished = Unfinished::new(name);
        let file = BufWriter::with_capacity(1 << 18, unfinished.create()?);
        Ok(Self { unfinished, file })
    }

    pub(crate) fn write(&mut self, line: &str) -> Result<(), TablesError> {
        let mut write = || {
            self.file.write_all(line.as_bytes())?;
            self.file.write_all(b"\n")
        };
        write().map_err(TablesError::io(self.unfinished.path()))
    }

    pub(crate) fn finish(self) -> Result<(), TablesError> {
        let path = self.unfinished.path();
        let file = self
            .file
            .into_inner()
            .map_err(|error| TablesError::io(path)(error.into_error()))?;
        file.sync_all().map_err(TablesError::io(path))?;
        self.unfinished.finish()
    }
}

/// Rows of a CSV file (RFC 4180).
pub(crate) struct Rows {
    unfinished: Unfinished,
    writer: csv::Writer<File>,
}

impl Rows {
    /// A file with these columns.
    pub(crate) fn create<S: AsRef<[u8]>>(
        name: &Path,
        header: impl IntoIterator<Item = S>,
    ) -> Result<Self, TablesError> {
        let unfinished = Unfinished::new(name);
        let file = unfinished.create()?;
        let writer = csv::WriterBuilder::new().buffer_capacity(1 << 18).from_writer(file);
        let mut rows = Self { unfinished, writer };
        rows.write(header)?;
        Ok(rows)
    }

    pub(crate) fn write<S: AsRef<[u8]>>(&mut self, cells: impl IntoIterator<Item = S>) -> Result<(), TablesError> {
        let path = &self.unfinished.name;
        self.writer.write_record(cells).map_err(TablesError::damaged(path))
    }

    pub(crate) fn finish(self) -> Result<(), TablesError> {
        let path = self.unfinished.path();
        let file = self
            .writer
            .into_inner()
            .map_err(|error| TablesError::io(path)(error.into_error()))?;
        file.sync_all().map_err(TablesError::io(path))?;
        self.unfinished.finish()
    }
}
