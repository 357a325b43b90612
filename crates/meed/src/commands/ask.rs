//! `meed ask`: an interview, the question that settles most money first, and the determination at its end.

use std::io::{BufRead, IsTerminal, Read, StdinLock};
use std::path::PathBuf;

use meed_engine::awards::determine;
use meed_engine::explain::Evaluator;
use meed_engine::questions::{Interview, Question, answer};
use meed_engine::{gap, words};
use meed_facts::date::Date;
use meed_facts::label::Lang;
use meed_facts::record::Record;
use meed_facts::schema::{EntityId, Schema};
use meed_rules::program::Program;
use meed_syntax::diagnostic::Message;

use super::PackagePath;
use crate::answer::{Answer, Result, Unusable, say};
use crate::input;

/// The most bytes of one answer.
const MOST_BYTES: usize = 64 << 10;

/// Asks what it needs to know, one question at a time, and determines (answers may be piped in, one a line)
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    package: PackagePath,
    /// The date of the determination, e.g. 2023-12-01
    #[arg(long, value_parser = input::date)]
    on: Date,
    /// The kind of applicant, where the package has several
    #[arg(long = "for", value_name = "ENTITY")]
    entity: Option<String>,
    /// Facts that are known already, as JSON
    #[arg(long, value_name = "FILE", conflicts_with = "entity")]
    facts: Option<PathBuf>,
    /// Write the facts here at the end, as JSON
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
}

impl Args {
    pub fn run(self, lang: Lang) -> Result {
        let root = &self.package.package;
        let package = input::package(root)?;
        let checked = meed_rules::check(&package);
        let program = input::program(root, &checked, self.on)?;
        let mut person = Person::new();
        let mut record = match &self.facts {
            Some(path) => input::record(path, &program.schema, self.on)?,
            None => Record::new(self.applicant(&program.schema, &mut person, lang)?),
        };
        let ended = interview(&program, &mut record, lang, &mut person);
        // What was answered is kept, whatever ended the interview.
        if let Some(path) = &self.save {
            let facts = format!("{:#}\n", meed_facts::json::write(&program.schema, &record));
            std::fs::write(path, facts).map_err(|error| Unusable::system(path, &error))?;
        }
        ended?;
        let evaluator = Evaluator::new(&program, &record);
        let mut determination = determine::of(&evaluator, &record);
        input::within_limit(&evaluator)?;
        gap::fill(&evaluator, &record, &mut determination);
        Ok(Answer::fine(words::text(&evaluator, &determination, lang)))
    }

    /// Whom it is about: the only kind of applicant, or the one that is named.
    fn applicant(&self, schema: &Schema, person: &mut Person, lang: Lang) -> Result<EntityId> {
        let kinds: Vec<_> = schema.entities.iter().filter(|(_, entity)| entity.applicant).collect();
        let named = |given: &str| {
            let given = given.trim();
            let mut kinds = kinds.iter();
            let known = kinds.find(|(_, entity)| {
                entity.named.name.eq_ignore_ascii_case(given) || entity.named.label.zh.as_deref() == Some(given)
            });
            known.map(|(id, _)| *id)
        };
        let unknown = |given: &str| {
            let names: Vec<&str> = kinds.iter().map(|(_, entity)| &*entity.named.name).collect();
            let (given, names) = (given.trim(), names.join(", "));
            Message::new(
                format!("there is no kind of applicant `{given}` (help: one of {names})"),
                format!("没有 `{given}` 这类申请人（建议：可选 {names}）"),
            )
        };
        match (&self.entity, kinds.as_slice()) {
            (Some(given), _) => return named(given).ok_or_else(|| Unusable::said_in_both(&unknown(given))),
            (None, [(only, _)]) => return Ok(*only),
            (None, _) => {}
        }
        let listed: Vec<String> = kinds
            .iter()
            .map(|(_, entity)| format!("{} ({})", entity.named.name, entity.named.label.text(lang, "")))
            .collect();
        let question = match lang {
            Lang::Zh => format!("申请人是哪一类：{}？ ", listed.join("、")),
            Lang::En => format!("Which kind of applicant: {}? ", listed.join(", ")),
        };
        loop {
            let given = person.asked(&question)?;
            let answer = given.as_deref().unwrap_or_default();
            match named(answer) {
                Some(kind) => return Ok(kind),
                // A person tries again; in a file the next line answers another question.
                None if person.is_at_terminal && given.is_some() => {
                    prompt(&format!("  {}\n", unknown(answer).text(lang)));
                }
                None => return Err(Unusable::said_in_both(&unknown(answer))),
            }
        }
    }
}

/// Asks until nothing is open, the answers end, or somebody says `done`.
fn interview(program: &Program, record: &mut Record, lang: Lang, person: &mut Person) -> Result<()> {
    prompt(match lang {
        Lang::Zh => "直接回车：不知道；“拒绝”：不愿回答；“完成”：结束提问。\n",
        Lang::En => "Enter alone: not known. `refused`: will not say. `done`: no more questions.\n",
    });
    let mut interview = Interview::default();
    while let Some(question) = interview.next(program, record) {
        let asked = words_of(program, &question, lang);
        loop {
            let Some(text) = person.asked(&asked)? else {
                return Ok(());
            };
            let text = text.trim();
            if matches!(text, "done" | "完成") {
                return Ok(());
            }
            if text.is_empty() {
                break;
            }
            match answer(program, record, &question, text) {
                Ok(()) => break,
                // A person tries again; in a file the next line answers another question.
                Err(error) if person.is_at_terminal => prompt(&format!("  {}\n", error.words().text(lang))),
                Err(error) => return Err(person.unusable(&error.words())),
            }
        }
    }
    Ok(())
}

fn words_of(program: &Program, question: &Question, lang: Lang) -> String {
    let evidence: Vec<&str> = question
        .evidence
        .iter()
        .map(|label| label.text(lang, ""))
        .filter(|text| !text.is_empty())
        .collect();
    let proof = match (evidence.is_empty(), lang) {
        (true, _) => String::new(),
        (false, Lang::Zh) => format!("；证明材料：{}", evidence.join("、")),
        (false, Lang::En) => format!("; proof: {}", evidence.join(", ")),
    };
    format!("{} ({}{proof})? ", question.text(lang), question.hint(program, lang))
}

/// Questions go to standard error, so that standard output holds the determination alone.
fn prompt(text: &str) {
    say(&mut std::io::stderr().lock(), text);
}

/// Who answers: a person at a terminal, or a file of answers, one a line.
struct Person {
    input: StdinLock<'static>,
    is_at_terminal: bool,
    line: usize,
}

impl Person {
    fn new() -> Self {
        Person {
            input: std::io::stdin().lock(),
            is_at_terminal: std::io::stdin().is_terminal(),
            line: 0,
        }
    }

    /// The answer to a question; `None` at the end of input.
    fn asked(&mut self, question: &str) -> Result<Option<String>> {
        prompt(question);
        self.line = self.line.saturating_add(1);
        let mut text = String::new();
        let most = u64::try_from(MOST_BYTES).unwrap_or(u64::MAX).saturating_add(1);
        match self.input.by_ref().take(most).read_line(&mut text) {
            Err(error) => Err(self.unusable(&Message::same(&error))),
            Ok(_) if text.len() > MOST_BYTES => Err(self.unusable(&Message::new(
                format!("an answer has at most {MOST_BYTES} bytes"),
                format!("一个回答最多 {MOST_BYTES} 字节"),
            ))),
            Ok(read) => {
                if !self.is_at_terminal {
                    prompt(&format!("{}\n", text.trim_end()));
                }
                Ok((read > 0).then_some(text))
            }
        }
    }

    fn unusable(&self, why: &Message) -> Unusable {
        let line = self.line;
        Unusable::new(
            format!("error: <stdin>:{line}:1: {}", why.en),
            format!("错误：<stdin>:{line}:1：{}", why.zh),
        )
    }
}
