//! The population in memory: a vector a column, the hires of one enterprise side by side.

use std::fs::File;
use std::path::Path;

use arrow_array::RecordBatch;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ParquetRecordBatchReaderBuilder};
use rayon::prelude::*;

use crate::cells::{Cell, Level, Role};

/// Rows that are decoded at once.
const BATCH: usize = 8192;

/// A vector for each column that is read from a file.
trait Table: Default + Send {
    const COLUMNS: &[&str];
    fn append_batch(&mut self, batch: &RecordBatch);
    fn append(&mut self, other: Self);
}

macro_rules! table {
    ($(#[$doc:meta])* $table:ident { $($column:ident: $cell:ty),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default)]
        pub struct $table { $(pub $column: Vec<$cell>),* }

        impl Table for $table {
            const COLUMNS: &[&str] = &[$(stringify!($column)),*];

            fn append_batch(&mut self, batch: &RecordBatch) {
                $(Cell::append(&mut self.$column, batch.column_by_name(stringify!($column)).expect("a column that was asked for"));)*
            }

            fn append(&mut self, mut other: Self) {
                $(self.$column.append(&mut other.$column);)*
            }
        }
    };
}

table! {
    /// What the rules read of enterprises; `population.py` tells what the columns are.
    Enterprises {
        revenue_last: i64,
        revenue_prev: i64,
        revenue_prev2: i64,
        rd_expense_last: i64,
        rd_expense_prev: i64,
        main_business_revenue_last: i64,
        liabilities: i64,
        assets: i64,
        equity_financing_2y: i64,
        years_in_niche: i32,
        class1_ip: i32,
        market_share: f64,
        rd_staff_ratio: f64,
        has_rd_institution: bool,
        own_brand: bool,
        info_system: bool,
        listed: bool,
        high_tech: bool,
        tech_centre_level: Level,
        tech_centre_newly_recognised: bool,
        design_centre_municipal_newly: bool,
        innovation_centre_level: Level,
        innovation_centre_newly: bool,
    }
}

table! {
    /// What the rules read of hires, in the order of their enterprises.
    Hires {
        enterprise_id: i64,
        annual_salary: i64,
        full_time: bool,
        role: Role,
        hire_date: i32,
        social_insurance: bool,
    }
}

/// Enterprises and their hires.
#[derive(Clone, Debug)]
pub struct Population {
    /// The enterprises, by number from 0.
    pub enterprises: Enterprises,
    /// Their hires.
    pub hires: Hires,
    /// Where each enterprise's hires begin, and at last where all end.
    pub starts: Vec<u32>,
}

impl Population {
    /// Reads the folder's files, row groups in parallel.
    pub fn read(folder: &Path) -> Self {
        let (enterprises, hires) = rayon::join(
            || read::<Enterprises>(&folder.join("enterprises.parquet")),
            || read::<Hires>(&folder.join("hires.parquet")),
        );
        let starts = starts(&hires.enterprise_id, enterprises.revenue_last.len());
        Self {
            enterprises,
            hires,
            starts,
        }
    }

    /// How many enterprises.
    pub fn len(&self) -> usize {
        self.enterprises.revenue_last.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Where an enterprise's hires are.
    pub fn hires_of(&self, enterprise: usize) -> std::ops::Range<usize> {
        self.starts[enterprise] as usize..self.starts[enterprise + 1] as usize
    }
}

fn starts(enterprise_of_hire: &[i64], enterprises: usize) -> Vec<u32> {
    assert!(
        enterprise_of_hire.is_sorted(),
        "hires stand in the order of their enterprises"
    );
    let mut starts = vec![0; enterprises + 1];
    for &enterprise in enterprise_of_hire {
        starts[enterprise as usize + 1] += 1;
    }
    for at in 0..enterprises {
        starts[at + 1] += starts[at];
    }
    starts
}

fn read<T: Table>(path: &Path) -> T {
    let metadata = ArrowReaderMetadata::load(&open(path), Default::default()).expect("a Parquet file");
    let parts: Vec<T> = (0..metadata.metadata().num_row_groups())
        .into_par_iter()
        .map(|group| read_group(path, &metadata, group))
        .collect();
    let mut whole = T::default();
    parts.into_iter().for_each(|part| whole.append(part));
    whole
}

fn open(path: &Path) -> File {
    File::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn read_group<T: Table>(path: &Path, metadata: &ArrowReaderMetadata, group: usize) -> T {
    let columns = ProjectionMask::columns(
        metadata.metadata().file_metadata().schema_descr(),
        T::COLUMNS.iter().copied(),
    );
    // A file of its own: copies of a handle share the place at which they read.
    let batches = ParquetRecordBatchReaderBuilder::new_with_metadata(open(path), metadata.clone())
        .with_row_groups(vec![group])
        .with_projection(columns)
        .with_batch_size(BATCH)
        .build()
        .expect("columns of this file");
    let mut table = T::default();
    batches.for_each(|batch| table.append_batch(&batch.expect("a batch that can be decoded")));
    table
}
