//! `meed.toml`: what a package is called, where it holds, and in which currency it pays.

use std::sync::Arc;

use meed_facts::label::Label;
use meed_facts::money::Currency;
use meed_syntax::diagnostic::{Code, Diagnostic, FileId, Message, Span};
use serde::Deserialize;
use toml::Spanned;

/// What `meed.toml` says.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// The package's name.
    pub name: Arc<str>,
    /// Its version.
    pub version: Arc<str>,
    /// Its title.
    pub title: Label,
    /// Where it holds, as ISO 3166-1 and a national division code: `CN-230100`.
    pub jurisdiction: Arc<str>,
    /// The currency of its amounts.
    pub currency: Currency,
    /// The data file of the jurisdiction's working days, and where the manifest names it.
    pub calendar: Option<(Arc<str>, Span)>,
    /// Whether it is meant for publication, so that secondary sources are worth a warning.
    pub publication: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    name: String,
    version: String,
    title: Title,
    jurisdiction: String,
    currency: Spanned<String>,
    #[serde(default)]
    languages: Vec<Spanned<String>>,
    calendar: Option<Spanned<String>>,
    #[serde(default)]
    publication: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Title {
    zh: Option<String>,
    en: Option<String>,
}

/// Reads `meed.toml`; what is wrong goes to `findings`, and a manifest with a stand-in comes back so that checking goes on.
pub(super) fn read(text: &str, file: FileId, findings: &mut Vec<Diagnostic>) -> Manifest {
    let place = |range: std::ops::Range<usize>| {
        Span::new(
            file,
            u32::try_from(range.start).unwrap_or(0),
            u32::try_from(range.end).unwrap_or(0),
        )
    };
    let raw = match toml::from_str::<Raw>(text) {
        Ok(raw) => raw,
        Err(error) => {
            let message = error.message().to_owned();
            findings.push(
                Diagnostic::error(
                    Code::BadManifest,
                    place(error.span().unwrap_or(0..0)),
                    Message::new(format!("meed.toml cannot be read: {message}"), format!("meed.toml 无法读取：{message}")),
                )
                .help(Message::new(
                    "it needs name, version, title = { zh, en }, jurisdiction and currency; languages, calendar and publication may follow",
                    "必填 name、version、title = { zh, en }、jurisdiction、currency；可填 languages、calendar、publication",
                )),
            );
            return stand_in();
        }
    };
    let currency = Currency::parse(raw.currency.get_ref()).unwrap_or_else(|| {
        let code = raw.currency.get_ref();
        findings.push(Diagnostic::error(
            Code::BadManifest,
            place(raw.currency.span()),
            Message::new(
                format!("`{code}` is not a currency known here"),
                format!("不支持的货币“{code}”"),
            ),
        ));
        Currency::CNY
    });
    for language in raw
        .languages
        .iter()
        .filter(|language| !matches!(language.get_ref().as_str(), "zh" | "en"))
    {
        findings.push(Diagnostic::error(
            Code::BadManifest,
            place(language.span()),
            Message::new("languages are `zh` and `en`", "语言只有 `zh` 与 `en`"),
        ));
    }
    Manifest {
        name: raw.name.into(),
        version: raw.version.into(),
        title: Label {
            zh: raw.title.zh.map(Into::into),
            en: raw.title.en.map(Into::into),
        },
        jurisdiction: raw.jurisdiction.into(),
        currency,
        calendar: raw
            .calendar
            .map(|path| (path.get_ref().as_str().into(), place(path.span()))),
        publication: raw.publication,
    }
}

fn stand_in() -> Manifest {
    Manifest {
        name: "unnamed".into(),
        version: "0".into(),
        title: Label::default(),
        jurisdiction: "".into(),
        currency: Currency::CNY,
        calendar: None,
        publication: false,
    }
}
