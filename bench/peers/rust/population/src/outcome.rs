//! What a program makes of the population, and where it differs from the reference.

use std::fs::File;
use std::path::Path;

use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::{Value, json};

/// A value for each enterprise; amounts in yuan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "named after the rules")]
pub struct Outcome {
    pub specialised_new: Vec<bool>,
    pub little_giant: Vec<bool>,
    pub talent: Vec<i64>,
    pub total: Vec<i64>,
}

impl Outcome {
    /// Makes room for that many enterprises.
    pub fn resize(&mut self, enterprises: usize) {
        self.specialised_new.resize(enterprises, false);
        self.little_giant.resize(enterprises, false);
        self.talent.resize(enterprises, 0);
        self.total.resize(enterprises, 0);
    }

    /// The folder's reference.
    pub fn reference(folder: &Path) -> Self {
        let file = File::open(folder.join("reference.parquet")).expect("a reference");
        let batches = ParquetRecordBatchReaderBuilder::try_new(file)
            .and_then(|reader| reader.build())
            .expect("a Parquet file");
        let mut outcome = Self::default();
        for batch in batches {
            let batch = batch.expect("a batch that can be decoded");
            let column = |name| batch.column_by_name(name).expect("a column of the reference");
            outcome
                .specialised_new
                .extend(column("specialised_new").as_boolean().values());
            outcome
                .little_giant
                .extend(column("little_giant").as_boolean().values());
            outcome
                .talent
                .extend(column("talent").as_primitive::<Int64Type>().values());
            outcome
                .total
                .extend(column("total").as_primitive::<Int64Type>().values());
        }
        outcome
    }

    /// How many of these enterprises, the first of the reference, come out otherwise there.
    pub fn mismatches(&self, reference: &Self) -> Value {
        json!({
            "specialised_new": differing(&self.specialised_new, &reference.specialised_new),
            "little_giant": differing(&self.little_giant, &reference.little_giant),
            "talent": differing(&self.talent, &reference.talent),
            "total": differing(&self.total, &reference.total),
        })
    }
}

fn differing<T: PartialEq>(ours: &[T], theirs: &[T]) -> usize {
    assert!(ours.len() <= theirs.len(), "no more enterprises than the reference has");
    ours.iter().zip(theirs).filter(|(one, other)| one != other).count()
}
