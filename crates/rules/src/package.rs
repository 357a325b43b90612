//! A package as files: its manifest, its documents and the data files that tables are read from.

mod calendar;
mod files;
mod manifest;
mod revised;
mod tables;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use meed_facts::calendar::Calendar;
use meed_syntax::Parse;
use meed_syntax::ast;
use meed_syntax::diagnostic::{Code, Diagnostic, FileId, Message, Sources, Span};
use sha2::{Digest, Sha256};

pub use files::{OpenError, text_of};
pub use manifest::Manifest;
pub use revised::revised;
pub use tables::{Cells, FileTable};

/// A package, read and parsed. It may hold mistakes: [`Package::findings`] are those of its files, [`crate::check`] finds the rest.
#[derive(Debug)]
pub struct Package {
    /// What `meed.toml` says.
    pub manifest: Manifest,
    /// Every file that a finding can point into.
    pub sources: Sources,
    /// Its documents, by path.
    pub documents: Vec<PolicyDocument>,
    /// Data files (`*.csv`) by path.
    pub data: BTreeMap<String, FileId>,
    /// Tables whose rows stand in data files, by the place of the item that reads them.
    pub tables: BTreeMap<Span, FileTable>,
    /// The jurisdiction's working days; of no year where the manifest names no file of them.
    pub calendar: Arc<Calendar>,
    /// The lock file, where there is one.
    pub lock: Option<FileId>,
    /// `sha256:…` over the manifest, the documents and the data files: path, length and bytes of each, by path.
    pub digest: Arc<str>,
    /// What is wrong with the files themselves.
    pub findings: Vec<Diagnostic>,
}

/// One document of a package.
#[derive(Debug)]
pub struct PolicyDocument {
    /// Its path inside the package, with `/`.
    pub path: Arc<str>,
    /// Its file.
    pub file: FileId,
    tree: Parse,
}

impl PolicyDocument {
    /// Its tree, for this thread.
    #[must_use]
    pub fn document(&self) -> ast::Document {
        self.tree.document()
    }
}

/// The file of the figures that are told to the public. It goes with a package, and no rule depends on it.
pub const FIGURES: &str = "briefing.toml";

/// The file of the distributions that synthetic applicants are drawn from. It goes with a package, and no rule depends on it.
pub const POPULATION: &str = "population.toml";

/// The files of a package: paths inside it, with `/`, and their texts.
pub type Files = BTreeMap<String, String>;

impl Package {
    /// Reads the package in the folder `root`.
    ///
    /// # Errors
    /// When the folder, `meed.toml` or a document cannot be read at all. What is wrong *inside* the files is in [`Package::findings`].
    pub fn open(root: &Path) -> Result<Self, OpenError> {
        let files = files::read(root)?;
        Self::from_files(files).map_err(|file| OpenError::no_manifest(root, &file))
    }

    /// The files of the package in the folder `root`.
    ///
    /// # Errors
    /// When the folder or a document cannot be read.
    pub fn files(root: &Path) -> Result<Files, OpenError> {
        files::read(root)
    }

    /// How much its documents have to read.
    pub(crate) fn bytes(&self) -> usize {
        let files = self
            .documents
            .iter()
            .filter_map(|document| self.sources.get(document.file));
        files.map(|file| file.text().len()).sum()
    }

    /// Makes a package of files in memory.
    ///
    /// # Errors
    /// The name of the manifest, where there is none.
    pub fn from_files(mut files: Files) -> Result<Self, String> {
        let lock = files.remove("meed.lock");
        files.remove(FIGURES);
        files.remove(POPULATION);
        let Some(toml) = files.get("meed.toml") else {
            return Err("meed.toml".to_owned());
        };
        let digest = digest(&files);
        let mut sources = Sources::new();
        let mut findings = Vec::new();
        let toml_file = sources.add("meed.toml", toml.clone());
        let manifest = manifest::read(toml, toml_file, &mut findings);
        let mut written = Vec::new();
        let mut data = BTreeMap::new();
        for (path, text) in files {
            let is = |end: &str| path.to_ascii_lowercase().ends_with(end);
            if is(".md") {
                written.push((Arc::from(path.as_str()), sources.add(path, text)));
            } else if is(".csv") {
                data.insert(path.clone(), sources.add(path, text));
            }
        }
        let documents = parse(written, &sources, &mut findings);
        if documents.is_empty() {
            findings.push(
                Diagnostic::error(
                    Code::BadManifest,
                    Span::new(toml_file, 0, 0),
                    Message::new("the package has no documents", "规则包中没有文件"),
                )
                .help(Message::new(
                    "put Markdown documents (*.md) beside meed.toml",
                    "请在 meed.toml 旁放入 Markdown 文件（*.md）",
                )),
            );
        }
        let lock = lock.map(|text| sources.add("meed.lock", text));
        let calendar = calendar::read(manifest.calendar.as_ref(), &data, &sources, &mut findings);
        let tables = tables::read(&documents, &data, &sources, &mut findings);
        Ok(Package {
            manifest,
            sources,
            documents,
            data,
            tables,
            calendar: calendar.into(),
            lock,
            digest: digest.into(),
            findings,
        })
    }
}

fn parse(written: Vec<(Arc<str>, FileId)>, sources: &Sources, findings: &mut Vec<Diagnostic>) -> Vec<PolicyDocument> {
    let text = |file: FileId| sources.get(file).map_or("", |file| file.text());
    let texts: Vec<&str> = written.iter().map(|(_, file)| text(*file)).collect();
    let parsed = meed_syntax::parse_all(&texts);
    let documents = written.into_iter().zip(parsed).map(|((path, file), parse)| {
        findings.extend(parse.diagnostics(file));
        PolicyDocument {
            path,
            file,
            tree: parse,
        }
    });
    documents.collect()
}

fn digest(files: &Files) -> String {
    let mut hash = Sha256::new();
    for (path, text) in files {
        for part in [path.as_bytes(), text.as_bytes()] {
            let length = u64::try_from(part.len()).unwrap_or(u64::MAX);
            hash.update(length.to_be_bytes());
            hash.update(part);
        }
    }
    format!("sha256:{}", hex::encode(hash.finalize()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_figures_that_are_told_go_with_a_package_and_change_none_of_its_rules() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies/harbin");
        let files = Package::files(&root).unwrap();
        assert!(files.contains_key(FIGURES));
        let mut without = files.clone();
        without.remove(FIGURES);
        let digest = |files| Package::from_files(files).unwrap().digest;
        assert_eq!(digest(files), digest(without));
    }
}
