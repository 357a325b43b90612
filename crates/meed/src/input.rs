//! Packages, facts and names as people type them: read, or refused with place, reason and likely fix.

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use meed_engine::explain::Evaluator;
use meed_facts::date::Date;
use meed_facts::label::Lang as Language;
use meed_facts::record::Record;
use meed_facts::schema::Schema;
use meed_rules::lock::is_about_lock;
use meed_rules::program::Program;
use meed_rules::{Checked, Package};
use meed_syntax::diagnostic::{Diagnostic, Message, Severity, Sources, text};
use tempfile::TempDir;

use crate::answer::{Result, Unusable, called, colour};

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

impl Lang {
    /// The language that the environment asks for, as other programs read it; English unless it is Chinese.
    pub fn of_environment() -> Self {
        let named = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(|name| {
            let value = std::env::var(name).ok()?;
            (!value.is_empty()).then_some(value)
        });
        match named {
            Some(name) if name.starts_with("zh") => Lang::Zh,
            _ => Lang::En,
        }
    }
}

/// Reads the package in a folder.
pub fn package(root: &Path) -> Result<Package> {
    Package::open(root).map_err(|error| Unusable::at(error.path(), &error.words()))
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
    let told = |lang| text(&errors, &files, lang, colour(&std::io::stderr()));
    let root = root.display();
    let (en, zh) = (told(Language::En), told(Language::Zh));
    Unusable::new(
        format!("{en}\nerror: the package {root} has errors, so it decides nothing; `meed check` shows all findings"),
        format!("{zh}\n错误：规则包 {root} 有错误，不能据以作出决定；用 `meed check` 查看全部问题"),
    )
}

/// The text of a file, or of standard input where the path is `-`.
pub fn read(path: &Path) -> Result<String> {
    let mut bytes = Vec::new();
    let mut take = |from: &mut dyn Read| from.take(MOST_BYTES.saturating_add(1)).read_to_end(&mut bytes);
    let result = if path == Path::new("-") {
        take(&mut std::io::stdin().lock())
    } else {
        std::fs::File::open(path).and_then(|mut file| take(&mut file))
    };
    result.map_err(|error| Unusable::system(path, &error))?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > MOST_BYTES) {
        let en = format!("more than {MOST_BYTES} bytes of facts; split them");
        let zh = format!("信息超过 {MOST_BYTES} 字节，请拆分");
        return Err(Unusable::at(path, &Message::new(en, zh)));
    }
    meed_rules::package::text_of(bytes).map_err(|why| Unusable::at(path, &why))
}

/// The path of a population; standard input (`-`) becomes a file of JSON lines, since it is read more than once. The file goes with the second value.
pub fn population(path: &Path) -> Result<(PathBuf, Option<TempDir>)> {
    if path != Path::new("-") {
        return Ok((path.to_path_buf(), None));
    }
    let spool = || {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("stdin.jsonl");
        std::io::copy(&mut std::io::stdin().lock(), &mut std::fs::File::create(&file)?)?;
        Ok((file, Some(folder)))
    };
    spool().map_err(|error| Unusable::system(path, &error))
}

/// The facts of one applicant for a determination on a day.
pub fn record(path: &Path, schema: &Schema, on: Date) -> Result<Record> {
    let text = read(path)?;
    meed_facts::json::read_on(schema, &text, on).map_err(|errors| {
        let name = called(path);
        let lines = |lead: &str, lang| {
            let told = errors.iter().map(|error| error.text(lang));
            let lines: Vec<String> = told.map(|told| format!("{lead}{name}:{told}")).collect();
            lines.join("\n")
        };
        Unusable::new(lines("error: ", Language::En), lines("错误：", Language::Zh))
    })
}

/// That a name of some kind is unknown, with the nearest known one.
pub fn unknown<'a>(what: &Message, name: &str, known: impl IntoIterator<Item = &'a str>) -> Unusable {
    let near = meed_rules::near::nearest(name, known);
    let help = near.map_or_else(
        || {
            Message::new(
                "`meed show PACKAGE` lists a package's names, `meed office show` the tables of an office",
                "用 `meed show 规则包` 查看规则包的名称，用 `meed office show` 查看系统的表",
            )
        },
        |near| Message::new(format!("did you mean `{near}`?"), format!("是否指 `{near}`？")),
    );
    Unusable::new(
        format!("error: there is no {} `{name}` (help: {})", what.en, help.en),
        format!("错误：没有名为 `{name}` 的{}（建议：{}）", what.zh, help.zh),
    )
}

/// That a determination was computed in full.
pub fn within_limit(evaluator: &Evaluator<'_>) -> Result<()> {
    evaluator.within_limit().map_err(|error| {
        let zh = "错误：所需步数超过单个申请人的上限：列表之内再查列表的条件，其步数随各列表长度之积增长；请缩短列表，或减少相互嵌套的列表条件";
        Unusable::new(format!("error: {error}"), zh)
    })
}
