//! What a command answers: a text for standard output, remarks for standard error, and an exit code.

use std::borrow::Cow;
use std::io::{ErrorKind, IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;

use meed_facts::label::Lang;
use meed_office::file::OpenError;
use meed_syntax::diagnostic::{Colour, Message};

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing to complain of.
    Fine,
    /// Findings, failing cases, or files that would change.
    Findings,
}

/// What a command has to say.
#[derive(Debug)]
pub struct Answer {
    /// For standard output.
    pub text: String,
    /// For standard error.
    pub remarks: String,
    /// How it ended.
    pub outcome: Outcome,
}

/// The input cannot be used: what is wrong with it, where, and the likely fix.
#[derive(Debug)]
pub struct Unusable(Message);

impl Unusable {
    /// In both languages.
    pub fn new(en: impl Into<String>, zh: impl Into<String>) -> Self {
        Unusable(Message::new(en, zh))
    }

    /// What is wrong, without a place.
    pub fn said_in_both(why: &Message) -> Self {
        Self::new(format!("error: {}", why.en), format!("错误：{}", why.zh))
    }

    /// What is wrong with a file or a folder.
    pub fn at(path: &Path, why: &Message) -> Self {
        let path = called(path);
        Self::new(
            format!("error: {path}: {}", why.en),
            format!("错误：{path}：{}", why.zh),
        )
    }

    /// What a library says of a file or a folder, in the one language that it has.
    pub fn said(path: &Path, error: &impl std::fmt::Display) -> Self {
        Self::at(path, &Message::new(error.to_string(), error.to_string()))
    }

    /// Why an office cannot be opened; `file` describes it.
    pub fn office(file: &Path, error: &OpenError) -> Self {
        match error {
            OpenError::File { path, reason } => Self::at(path, reason),
            OpenError::Store(error) => Self::said(file, error),
        }
    }

    /// What the system says of a file or a folder.
    pub fn system(path: &Path, error: &std::io::Error) -> Self {
        let zh = match error.kind() {
            ErrorKind::NotFound => "文件不存在".to_owned(),
            ErrorKind::PermissionDenied => "没有访问权限".to_owned(),
            ErrorKind::InvalidData => "文本不是 UTF-8 编码，请另存为 UTF-8".to_owned(),
            _ => error.to_string(),
        };
        let en = match error.kind() {
            ErrorKind::InvalidData => "the text is not UTF-8; save it as UTF-8".to_owned(),
            _ => error.to_string(),
        };
        Self::at(path, &Message::new(en, zh))
    }
}

/// A path as messages name it.
pub fn called(path: &Path) -> Cow<'_, str> {
    if path == Path::new("-") {
        return "<stdin>".into();
    }
    path.to_string_lossy()
}

/// What a command comes to.
pub type Result<T = Answer> = std::result::Result<T, Unusable>;

impl Answer {
    /// A text, and nothing to complain of.
    pub fn fine(text: impl Into<String>) -> Self {
        Answer {
            text: text.into(),
            remarks: String::new(),
            outcome: Outcome::Fine,
        }
    }
}

/// Says what there is to say and gives the exit code.
pub fn finish(result: Result, lang: Lang) -> ExitCode {
    match result {
        Ok(answer) => {
            say(&mut std::io::stderr().lock(), &answer.remarks);
            if !say(&mut std::io::stdout().lock(), &answer.text) {
                return ExitCode::from(2);
            }
            match answer.outcome {
                Outcome::Fine => ExitCode::SUCCESS,
                Outcome::Findings => ExitCode::from(1),
            }
        }
        Err(Unusable(why)) => {
            say(
                &mut std::io::stderr().lock(),
                &format!("{}\n", why.text(lang).trim_end()),
            );
            ExitCode::from(2)
        }
    }
}

/// Writes a text; `false` where that fails. A reader who has gone away (`meed … | head`) has read enough.
pub fn say(out: &mut dyn Write, text: &str) -> bool {
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => true,
        Err(error) => error.kind() == ErrorKind::BrokenPipe,
    }
}

/// Colours for a person at a terminal who does not object (<https://no-color.org>).
pub fn colour(stream: &impl IsTerminal) -> Colour {
    let objects = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    if stream.is_terminal() && !objects {
        Colour::Ansi
    } else {
        Colour::Plain
    }
}
