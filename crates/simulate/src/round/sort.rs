//! Records of any number, sorted in bounded memory: sorted runs in files, merged when they are read, as often as wanted.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Lines, Write};
use std::path::{Path, PathBuf};

use crate::run::RunError;

/// Records that a run holds in memory.
const RUN: usize = 200_000;

/// A record as a line of text.
pub trait Line: Sized {
    /// The line, without its end.
    fn line(&self) -> String;
    /// The record of a line.
    fn read(line: &str) -> Option<Self>;
}

/// The records of a file, a line each.
pub fn read<T: Line>(path: &Path) -> Result<impl Iterator<Item = Result<T, RunError>> + use<T>, RunError> {
    let lines = BufReader::new(File::open(path).map_err(RunError::file(path))?).lines();
    Ok(Read {
        path: path.to_owned(),
        lines,
        kind: std::marker::PhantomData,
    })
}

struct Read<T> {
    path: PathBuf,
    lines: Lines<BufReader<File>>,
    kind: std::marker::PhantomData<T>,
}

impl<T: Line> Iterator for Read<T> {
    type Item = Result<T, RunError>;

    fn next(&mut self) -> Option<Self::Item> {
        let line = match self.lines.next()? {
            Ok(line) => line,
            Err(error) => return Some(Err(RunError::file(&self.path)(error))),
        };
        Some(T::read(&line).ok_or_else(|| RunError::Damaged {
            path: self.path.clone(),
            reason: "a line is no record".to_owned(),
        }))
    }
}

/// Takes records in any order.
pub struct Sorter<'k, T, K> {
    folder: PathBuf,
    name: String,
    key: Box<dyn Fn(&T) -> K + 'k>,
    run: Vec<T>,
    runs: Vec<PathBuf>,
    most: usize,
}

impl<'k, T: Line + Clone, K: Ord> Sorter<'k, T, K> {
    /// Records by ascending key; runs that memory does not hold are files of that name in the folder.
    pub fn new(folder: &Path, name: &str, key: impl Fn(&T) -> K + 'k) -> Self {
        Self::with_runs_of(folder, name, RUN, key)
    }

    fn with_runs_of(folder: &Path, name: &str, most: usize, key: impl Fn(&T) -> K + 'k) -> Self {
        Self {
            folder: folder.to_owned(),
            name: name.to_owned(),
            key: Box::new(key),
            run: Vec::new(),
            runs: Vec::new(),
            most,
        }
    }

    pub fn push(&mut self, record: T) -> Result<(), RunError> {
        self.run.push(record);
        if self.run.len() >= self.most {
            self.store()
        } else {
            Ok(())
        }
    }

    fn store(&mut self) -> Result<(), RunError> {
        let path = self.folder.join(format!("{}-{}", self.name, self.runs.len()));
        self.run.sort_by_cached_key(&self.key);
        let write = || {
            let mut file = BufWriter::new(File::create(&path)?);
            for record in &self.run {
                writeln!(file, "{}", record.line())?;
            }
            file.flush()
        };
        write().map_err(RunError::file(&path))?;
        self.run.clear();
        self.runs.push(path);
        Ok(())
    }

    /// No more records.
    pub fn sorted(mut self) -> Sorted<'k, T, K> {
        self.run.sort_by_cached_key(&self.key);
        Sorted {
            key: self.key,
            last: self.run,
            runs: self.runs,
        }
    }
}

/// Records in order.
pub struct Sorted<'k, T, K> {
    key: Box<dyn Fn(&T) -> K + 'k>,
    last: Vec<T>,
    runs: Vec<PathBuf>,
}

impl<T: Line + Clone, K: Ord> Sorted<'_, T, K> {
    /// The records by ascending key. Equal ones come in no certain order.
    pub fn iter(&self) -> Result<impl Iterator<Item = Result<T, RunError>>, RunError> {
        let last = self.last.iter().cloned().map(Ok);
        let mut sources: Vec<Box<dyn Iterator<Item = Result<T, RunError>> + '_>> = vec![Box::new(last)];
        for run in &self.runs {
            sources.push(Box::new(read::<T>(run)?));
        }
        let mut merge = Merge {
            key: &self.key,
            heads: BinaryHeap::new(),
            waiting: sources.iter().map(|_| None).collect(),
            sources,
        };
        for source in 0..merge.sources.len() {
            merge.fetch(source)?;
        }
        Ok(merge)
    }

    /// Deletes the files.
    pub fn remove(self) -> Result<(), RunError> {
        let mut runs = self.runs.iter();
        runs.try_for_each(|run| std::fs::remove_file(run).map_err(RunError::file(run)))
    }
}

struct Merge<'s, T, K> {
    key: &'s dyn Fn(&T) -> K,
    sources: Vec<Box<dyn Iterator<Item = Result<T, RunError>> + 's>>,
    heads: BinaryHeap<Reverse<(K, usize)>>,
    waiting: Vec<Option<T>>,
}

impl<T, K: Ord> Merge<'_, T, K> {
    fn fetch(&mut self, source: usize) -> Result<(), RunError> {
        let next = self
            .sources
            .get_mut(source)
            .and_then(|source| source.next())
            .transpose()?;
        if let Some(record) = &next {
            self.heads.push(Reverse(((self.key)(record), source)));
        }
        if let Some(place) = self.waiting.get_mut(source) {
            *place = next;
        }
        Ok(())
    }
}

impl<T, K: Ord> Iterator for Merge<'_, T, K> {
    type Item = Result<T, RunError>;

    fn next(&mut self) -> Option<Self::Item> {
        let Reverse((_, source)) = self.heads.pop()?;
        let record = self.waiting.get_mut(source)?.take()?;
        match self.fetch(source) {
            Ok(()) => Some(Ok(record)),
            Err(error) => {
                // Nothing after a record that cannot be read is in order.
                self.heads.clear();
                Some(Err(error))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Line for u32 {
        fn line(&self) -> String {
            self.to_string()
        }

        fn read(line: &str) -> Option<Self> {
            line.parse().ok()
        }
    }

    fn sorter(folder: &Path, most: usize) -> Sorter<'static, u32, Reverse<u32>> {
        let mut sorter = Sorter::with_runs_of(folder, "numbers", most, |number| Reverse(*number));
        for number in [4, 1, 9, 9, 0, 7, 3] {
            sorter.push(number).unwrap();
        }
        sorter
    }

    #[test]
    fn runs_in_files_and_in_memory_are_one_order_as_often_as_they_are_read() {
        let folder = tempfile::tempdir().unwrap();
        for most in [1, 2, 3, 100] {
            let sorted = sorter(folder.path(), most).sorted();
            for _ in 0..2 {
                let read: Vec<u32> = sorted.iter().unwrap().map(Result::unwrap).collect();
                assert_eq!(read, [9, 9, 7, 4, 3, 1, 0], "{most}");
            }
            sorted.remove().unwrap();
            assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        }
    }

    #[test]
    fn a_line_that_is_no_record_is_told_with_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let sorted = sorter(folder.path(), 3).sorted();
        std::fs::write(folder.path().join("numbers-0"), "9\nx\n").unwrap();
        let error = sorted.iter().unwrap().find_map(Result::err).unwrap();
        assert!(error.to_string().contains("numbers-0"), "{error}");
    }
}
