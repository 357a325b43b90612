//! Packages, facts and names as people type them: read, or refused with place, reason and likely fix.

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use meed_facts::date::Date;
use meed_facts::record::Record;
use meed_facts::schema::Schema;
use meed_rules::lock::is_about_lock;
use meed_rules::program::Program;
use meed_rules::{Checked, Package};
use meed_syntax::diagnostic::{Diagnostic, Severity, Sources, text};

use crate::answer::{Result, Unusable, colour};

/// The most bytes of facts that are read.
const MOST_BYTES: u64 = 64 << 20;

/// The language of sentences.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Lang {
    /// Chinese
    Zh,
    /// English
    En,
}

impl From<Lang> for meed_facts::label::Lang {
    fn from(lang: Lang) -> Self {
        match lang {
            Lang::Zh => Self::Zh,
            Lang::En => Self::En,
        }
    }
}

/// A date for the command line: `2023-12-01`.
pub fn date(text: &str) -> std::result::Result<Date, String> {
    Date::parse(text).map_err(|error| format!("{error}; write a date like 2023-12-01"))
}

/// Reads the package in a folder.
pub fn package(root: &Path) -> Result<Package> {
    Package::open(root).map_err(|error| Unusable(format!("error: {error}")))
}

/// The package's files under the names that a person at the command line can open.
pub fn sources(root: &Path, package: &Package) -> Sources {
    let mut renamed = Sources::new();
    for (_, file) in package.sources.iter() {
        let path = root.join(file.path()).to_string_lossy().replace('\\', "/");
        renamed.add(path, file.text());
    }
    renamed
}

/// The Program of a date; what is wrong with the package makes it unusable.
pub fn program(root: &Path, checked: &Checked<'_>, on: Date) -> Result<Program> {
    checked.program(on).map_err(|found| refused(root, checked, &found))
}

/// That a package with these findings cannot be used.
pub fn refused(root: &Path, checked: &Checked<'_>, found: &[Diagnostic]) -> Unusable {
    let errors: Vec<Diagnostic> = found
        .iter()
        .filter(|one| one.severity == Severity::Error && !is_about_lock(one.code))
        .cloned()
        .collect();
    let files = sources(root, checked.package());
    let lang = meed_facts::label::Lang::En;
    let told = text(&errors, &files, lang, colour(&std::io::stderr()));
    Unusable(format!(
        "{told}\nerror: the package {} has errors, so it decides nothing; `meed check` shows all findings",
        root.display()
    ))
}

/// The text of a file, or of standard input where the path is `-`.
pub fn read(path: &Path) -> Result<String> {
    let unreadable = |reason: String| Unusable(format!("error: {}: {reason}", path.display()));
    let mut text = String::new();
    let mut take = |from: &mut dyn Read| from.take(MOST_BYTES.saturating_add(1)).read_to_string(&mut text);
    let result = if path == Path::new("-") {
        take(&mut std::io::stdin().lock())
    } else {
        std::fs::File::open(path).and_then(|mut file| take(&mut file))
    };
    result.map_err(|error| match error.kind() {
        std::io::ErrorKind::InvalidData => unreadable("the text is not UTF-8; save it as UTF-8".to_owned()),
        _ => unreadable(error.to_string()),
    })?;
    if u64::try_from(text.len()).is_ok_and(|length| length > MOST_BYTES) {
        return Err(unreadable(format!("more than {MOST_BYTES} bytes of facts; split them")));
    }
    Ok(text)
}

/// The facts of one applicant for a determination on a day.
pub fn record(path: &PathBuf, schema: &Schema, on: Date) -> Result<Record> {
    let text = read(path)?;
    meed_facts::json::read_on(schema, &text, on).map_err(|errors| {
        let name = if path == Path::new("-") {
            "<stdin>".into()
        } else {
            path.to_string_lossy()
        };
        let lines: Vec<String> = errors.iter().map(|error| format!("error: {name}:{error}")).collect();
        Unusable(lines.join("\n"))
    })
}

/// That a name is unknown, with the nearest known one.
pub fn unknown<'a>(what: &str, name: &str, known: impl IntoIterator<Item = &'a str>) -> Unusable {
    let near = meed_rules::near::nearest(name, known);
    let help = near.map_or_else(
        || "`meed show PACKAGE` lists all names".to_owned(),
        |near| format!("did you mean `{near}`?"),
    );
    Unusable(format!("error: there is no {what} `{name}` (help: {help})"))
}
