//! What the portal says, in Chinese and English: Fluent files under `words/`, one a topic, the same in both languages.

use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use meed_facts::label::{Label, Lang};
use unic_langid::LanguageIdentifier;

/// The files of a language, by topic.
macro_rules! files {
    ($($topic:literal),+ $(,)?) => {
        &[$(($topic, [
            include_str!(concat!("../../words/zh/", $topic, ".ftl")),
            include_str!(concat!("../../words/en/", $topic, ".ftl")),
        ])),+]
    };
}

/// Topic → text in Chinese and in English.
const FILES: &[(&str, [&str; 2])] = files![
    "acts",
    "audit",
    "finance",
    "frame",
    "letters",
    "mine",
    "office",
    "public",
    "signin",
    "states",
    "workbench",
];

type Bundle = FluentBundle<FluentResource>;

/// What the portal says in one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words {
    /// The language.
    pub lang: Lang,
}

impl Words {
    /// The words of a language.
    pub const fn new(lang: Lang) -> Self {
        Self { lang }
    }

    /// The language's tag: `zh-CN` or `en`.
    pub const fn tag(self) -> &'static str {
        match self.lang {
            Lang::Zh => "zh-CN",
            Lang::En => "en",
        }
    }

    /// What a key says. A key that nobody wrote shows itself; a test looks for such.
    pub fn t(self, key: &str) -> String {
        self.say(key, None)
    }

    /// What a key says with values in it: `words.with("cases-found", &[("count", 3.into())])`.
    pub fn with(self, key: &str, values: &[(&str, FluentValue<'_>)]) -> String {
        let mut args = FluentArgs::new();
        for (name, value) in values {
            args.set(*name, value.clone());
        }
        self.say(key, Some(&args))
    }

    /// What a key says, or nothing where nobody wrote it: for names that come from rules and tables.
    pub fn known(self, key: &str) -> Option<String> {
        bundle(self.lang).has_message(key).then(|| self.t(key))
    }

    /// A text that exists in both languages.
    pub fn pick<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self.lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    /// What a policy calls something.
    pub fn label<'a>(self, label: &'a Label, name: &'a str) -> &'a str {
        label.text(self.lang, name)
    }

    fn say(self, key: &str, args: Option<&FluentArgs<'_>>) -> String {
        let bundle = bundle(self.lang);
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            tracing::error!(key, "nobody wrote this key");
            return key.to_owned();
        };
        bundle.format_pattern(pattern, args, &mut Vec::new()).into_owned()
    }
}

fn bundle(lang: Lang) -> &'static Bundle {
    static BUNDLES: OnceLock<[Bundle; 2]> = OnceLock::new();
    let [zh, en] = BUNDLES.get_or_init(|| [read(0), read(1)]);
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}

fn read(column: usize) -> Bundle {
    let tag: LanguageIdentifier = if column == 0 { "zh-CN" } else { "en" }.parse().unwrap_or_default();
    let mut bundle = Bundle::new_concurrent(vec![tag]);
    // The marks around values are for languages that are written in two directions.
    bundle.set_use_isolating(false);
    for (topic, texts) in FILES {
        let text = texts.get(column).copied().unwrap_or_default().to_owned();
        let resource = FluentResource::try_new(text).unwrap_or_else(|(resource, errors)| {
            tracing::error!(topic, ?errors, "the words cannot be read");
            resource
        });
        if let Err(errors) = bundle.add_resource(resource) {
            tracing::error!(topic, ?errors, "a key stands twice");
        }
    }
    bundle
}

#[cfg(test)]
mod tests;
