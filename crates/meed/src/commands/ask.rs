//! `meed ask`: an interview, the question that settles most money first, and the determination at its end.

use std::io::{BufRead, Write};
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

use super::PackagePath;
use crate::answer::{Answer, Result, Unusable, say};
use crate::input;

/// The most tries for one question, so that a wrong file piped in comes to an end.
const MOST_TRIES: u32 = 3;

/// Asks what it needs to know, one question at a time, and determines (answers may be piped in)
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    package: PackagePath,
    /// The date of the determination, e.g. 2023-12-01
    #[arg(long, value_parser = input::date)]
    on: Date,
    /// Facts that are known already, as JSON
    #[arg(long, value_name = "FILE")]
    facts: Option<PathBuf>,
    /// The language of questions and explanations
    #[arg(long, value_enum, default_value_t = input::Lang::En)]
    lang: input::Lang,
}

impl Args {
    pub fn run(self) -> Result {
        let root = &self.package.package;
        let package = input::package(root)?;
        let checked = meed_rules::check(&package);
        let program = input::program(root, &checked, self.on)?;
        let lang = self.lang.into();
        let mut answers = std::io::stdin().lock().lines();
        let mut next = || answers.next().and_then(std::result::Result::ok);
        let mut record = match &self.facts {
            Some(facts) => input::record(facts, &program.schema, self.on)?,
            None => Record::new(applicant(&program.schema, lang, &mut next)?),
        };
        interview(&program, &mut record, lang, &mut next);
        let evaluator = Evaluator::new(&program, &record);
        let mut determination = determine::of(&evaluator, &record);
        gap::fill(&evaluator, &record, &mut determination);
        Ok(Answer::fine(words::text(&evaluator, &determination, lang)))
    }
}

/// Asks until nothing is open, the answers end, or somebody says `done`.
fn interview(program: &Program, record: &mut Record, lang: Lang, next: &mut dyn FnMut() -> Option<String>) {
    prompt(match lang {
        Lang::Zh => "直接回车：不知道；“拒绝”：不愿回答；“完成”：结束提问。\n",
        Lang::En => "Enter alone: not known. `refused`: will not say. `done`: no more questions.\n",
    });
    let mut interview = Interview::default();
    while let Some(question) = interview.next(program, record) {
        for _ in 0..MOST_TRIES {
            ask(program, &question, lang);
            let Some(text) = next() else { return };
            let text = text.trim();
            if matches!(text, "done" | "完成") {
                return;
            }
            if text.is_empty() {
                break;
            }
            match answer(program, record, &question, text) {
                Ok(()) => break,
                Err(error) => prompt(&format!("  {error}\n")),
            }
        }
    }
}

fn ask(program: &Program, question: &Question, lang: Lang) {
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
    prompt(&format!(
        "{} ({}{proof})? ",
        question.text(lang),
        question.hint(program, lang)
    ));
}

/// Who is asking: the only kind of applicant, or the one that is named.
fn applicant(schema: &Schema, lang: Lang, next: &mut dyn FnMut() -> Option<String>) -> Result<EntityId> {
    let kinds: Vec<_> = schema.entities.iter().filter(|(_, entity)| entity.applicant).collect();
    if let [(only, _)] = kinds.as_slice() {
        return Ok(*only);
    }
    let names: Vec<&str> = kinds.iter().map(|(_, entity)| &*entity.named.name).collect();
    let listed: Vec<String> = kinds
        .iter()
        .map(|(_, entity)| {
            format!(
                "{} ({})",
                entity.named.name,
                entity.named.label.text(lang, &entity.named.name)
            )
        })
        .collect();
    prompt(&match lang {
        Lang::Zh => format!("申请人是哪一类：{}？ ", listed.join("、")),
        Lang::En => format!("Which kind of applicant: {}? ", listed.join(", ")),
    });
    let given = next().unwrap_or_default();
    let given = given.trim();
    let known = kinds.iter().find(|(_, entity)| {
        entity.named.name.eq_ignore_ascii_case(given) || entity.named.label.zh.as_deref() == Some(given)
    });
    known.map(|(id, _)| *id).ok_or_else(|| {
        Unusable(format!(
            "error: there is no kind of applicant `{given}` (help: one of {})",
            names.join(", ")
        ))
    })
}

/// Questions go to standard error, so that standard output holds the determination alone.
fn prompt(text: &str) {
    let mut out = std::io::stderr().lock();
    say(&mut out as &mut dyn Write, text);
}
