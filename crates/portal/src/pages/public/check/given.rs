//! What was answered: read from a form, and put into a record by asking the same questions again.

use std::collections::BTreeMap;

use meed_engine::questions::{AnswerKind, Question, all, answer};
use meed_facts::date::Date;
use meed_facts::identifier::{Kind, division};
use meed_facts::label::{Label, Lang};
use meed_facts::record::Record;
use meed_facts::schema::{EntityId, FactType, Source};
use meed_rules::program::Program;

use crate::fault::Fault;
use crate::pages::public::asked::bad;

/// The most answers of one interview.
const MOST: usize = 200;
/// The most characters of one answer.
const LONGEST: usize = 4_000;
/// How many questions stand on one page at most.
const SEVERAL: usize = 8;

/// What a form brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// The kind of applicant.
    pub kind: String,
    /// For which day.
    pub on: Date,
    /// Names of questions with their answers, in the order in which they were given; empty where one does not know.
    pub answers: Vec<(String, String)>,
    /// How many of them came with this form, at the end.
    pub fresh: usize,
    /// Whether several questions stand on a page.
    pub several: bool,
}

/// How an answer was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It is in the record.
    Used,
    /// One does not know.
    Skipped,
    /// The answers before it have settled what it was about.
    Unneeded,
    /// It could not be read.
    Wrong,
}

/// An answer as it was taken.
#[derive(Clone, Debug)]
pub struct Step {
    /// Where it stands among the answers.
    pub index: usize,
    /// What was asked.
    pub label: String,
    /// What was answered.
    pub text: String,
    /// How it was taken.
    pub taken: Taken,
}

/// Something to ask.
#[derive(Clone, Debug)]
pub struct Open {
    /// Its name in forms.
    pub name: String,
    /// What is asked.
    pub label: String,
    /// How to answer.
    pub hint: String,
    /// With what.
    pub input: Input,
    /// Key of the words for who can say it.
    pub source: &'static str,
    /// Documents that prove it.
    pub evidence: Vec<String>,
    /// How much money it can settle.
    pub at_stake: Option<meed_facts::money::Money>,
    /// What was answered before and could not be read.
    pub wrong: Option<String>,
}

/// With what an answer is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// Yes or no.
    Truth,
    /// One of some: value and label.
    OneOf(Vec<(String, String)>),
    /// A day.
    Day,
    /// A whole number from 0.
    Count,
    /// Yes or no, and with yes a day and one of some levels.
    Title(Vec<(String, String)>),
    /// None, or a text.
    NoneOrText,
    /// A text.
    Text,
}

/// Where an interview stands.
#[derive(Clone, Debug)]
pub struct Interviewed {
    /// The answers.
    pub steps: Vec<Step>,
    /// What is asked now.
    pub open: Vec<Open>,
    /// How many questions there still are.
    pub left: usize,
}

impl Given {
    /// Nothing answered yet.
    pub fn new(kind: &str, on: Date) -> Self {
        Self {
            kind: kind.to_owned(),
            on,
            answers: Vec::new(),
            fresh: 0,
            several: false,
        }
    }

    /// Reads a form: `name` and `answer` in pairs are what was answered before, `q0`, `v0`, `d0`, `l0`… what is answered now.
    ///
    /// # Errors
    /// Where it is none of this portal's.
    pub fn read(fields: Vec<(String, String)>) -> Result<Self, Fault> {
        let find = |name: &str| {
            fields
                .iter()
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.as_str())
        };
        let on = find("on")
            .and_then(|text| Date::parse(text).ok())
            .ok_or_else(|| bad("asked-no-day"))?;
        let mut given = Given::new(find("for").ok_or_else(|| bad("check-unreadable"))?, on);
        given.several = match find("do") {
            Some("several") => true,
            Some("single") => false,
            _ => find("several").is_some(),
        };
        let mut name = None;
        for (key, value) in &fields {
            match key.as_str() {
                "name" => name = Some(value.clone()),
                "answer" => given.answers.extend(name.take().map(|name| (name, value.clone()))),
                _ => {}
            }
        }
        if let Some(index) = find("undo").and_then(|text| text.parse::<usize>().ok()) {
            if index < given.answers.len() {
                given.answers.remove(index);
            }
        } else if !matches!(find("do"), Some("several" | "single" | "same")) {
            let fresh = (0..SEVERAL).filter_map(|index| {
                let field = |letter: &str| find(&format!("{letter}{index}")).map(str::trim).unwrap_or_default();
                let name = find(&format!("q{index}"))?;
                Some((name.to_owned(), composed(field("v"), field("d"), field("l"))))
            });
            let before = given.answers.len();
            given.answers.extend(fresh.collect::<Vec<_>>());
            given.fresh = given.answers.len().saturating_sub(before);
        }
        let long = |(name, text): &(String, String)| name.chars().count() > LONGEST || text.chars().count() > LONGEST;
        if given.answers.len() > MOST || given.answers.iter().any(long) {
            return Err(bad("check-too-much"));
        }
        Ok(given)
    }

    /// Puts the answers into a record, one after the other, and tells what is still open.
    pub fn answered(&self, program: &Program, entity: EntityId, lang: Lang) -> (Record, Interviewed) {
        let mut record = Record::new(entity);
        let mut open = all(program, &record);
        let old = self.answers.len().saturating_sub(self.fresh);
        let mut steps: Vec<Step> = Vec::new();
        let mut wrong: Vec<(String, String)> = Vec::new();
        let mut labels = BTreeMap::new();
        for (index, (name, text)) in self.answers.iter().enumerate() {
            labels.extend(
                open.iter()
                    .map(|question| (question.name.clone(), question.text(lang).to_owned())),
            );
            let question = open.iter().find(|question| question.name == *name).cloned();
            let taken = match &question {
                None => Taken::Unneeded,
                Some(_) if text.is_empty() => Taken::Skipped,
                Some(question) => match answer(program, &mut record, question, &code_of(program, question, text)) {
                    Ok(()) => Taken::Used,
                    Err(_) => Taken::Wrong,
                },
            };
            if taken == Taken::Used {
                open = all(program, &record);
            }
            // What cannot be read is asked again.
            if taken == Taken::Wrong && index >= old {
                wrong.push((name.clone(), text.clone()));
                continue;
            }
            let label = labels.get(name).unwrap_or(name).clone();
            let text = text.clone();
            steps.push(Step {
                index,
                label,
                text,
                taken,
            });
        }
        let asked = |question: &&Question| {
            let given = self.answers.iter().any(|(name, _)| *name == question.name);
            !given || wrong.iter().any(|(name, _)| *name == question.name)
        };
        let left: Vec<&Question> = open.iter().filter(asked).collect();
        let most = if self.several { SEVERAL } else { 1 };
        let shown = left.iter().take(most.max(wrong.len()));
        let interviewed = Interviewed {
            left: left.len(),
            open: shown
                .map(|question| asked_as(program, question, lang, &wrong))
                .collect(),
            steps,
        };
        (record, interviewed)
    }
}

/// The code of a place that somebody wrote by its name: `道里区`. Where several have the name, the one in the package's own city.
fn code_of(program: &Program, question: &Question, text: &str) -> String {
    let name = text.trim();
    let asks = matches!(question.answer, AnswerKind::Value(FactType::Identifier(Kind::Division)));
    if !asks || name.is_empty() || name.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.to_owned();
    }
    let is = |label: &Label| {
        [Lang::Zh, Lang::En]
            .iter()
            .any(|lang| label.text(*lang, "").eq_ignore_ascii_case(name))
    };
    let found = || division::all().filter(|one| one.span.contains(program.date) && is(&one.label));
    let city = program
        .package
        .jurisdiction
        .trim_start_matches("CN-")
        .trim_end_matches("00");
    let own = found().find(|one| one.code.starts_with(city));
    let only = || found().next().filter(|_| found().nth(1).is_none());
    own.or_else(only)
        .map_or_else(|| text.to_owned(), |one| one.code.to_owned())
}

/// One answer of its parts: a choice, a day or text, a level.
fn composed(choice: &str, detail: &str, level: &str) -> String {
    match (choice, detail) {
        ("yes", "") | ("no", _) => choice.to_owned(),
        ("yes", detail) => format!("{detail} {level}").trim().to_owned(),
        ("", detail) => detail.to_owned(),
        (choice, _) => choice.to_owned(),
    }
}

fn asked_as(program: &Program, question: &Question, lang: Lang, wrong: &[(String, String)]) -> Open {
    let members = |id: meed_facts::schema::EnumerationId| {
        let members = program.schema.enumerations[id].members.iter();
        members
            .map(|one| (one.name.to_string(), one.label.text(lang, &one.name).to_owned()))
            .collect::<Vec<_>>()
    };
    let input = match &question.answer {
        AnswerKind::Value(FactType::Bool) => Input::Truth,
        AnswerKind::Value(FactType::Enumeration(id)) => Input::OneOf(members(*id)),
        AnswerKind::Value(FactType::Date) => Input::Day,
        AnswerKind::Value(FactType::Count) | AnswerKind::Items => Input::Count,
        AnswerKind::Value(_) => Input::Text,
        AnswerKind::Title(levels) => Input::Title(levels.map(members).unwrap_or_default()),
        AnswerKind::Awards => Input::NoneOrText,
        AnswerKind::Choice(options) => Input::OneOf(options.iter().map(|name| option(program, name, lang)).collect()),
    };
    let label = |one: &meed_facts::label::Label| one.text(lang, "").to_owned();
    Open {
        name: question.name.clone(),
        label: question.text(lang).to_owned(),
        hint: question.hint(program, lang),
        input,
        source: match &question.source {
            Source::Registry => "check-source-registry",
            Source::Declared => "check-source-declared",
            Source::Judged(_) => "check-source-judged",
        },
        evidence: question
            .evidence
            .iter()
            .map(label)
            .filter(|text| !text.is_empty())
            .collect(),
        at_stake: question.at_stake.filter(|money| !money.is_zero()),
        wrong: wrong
            .iter()
            .find(|(name, _)| *name == question.name)
            .map(|(_, text)| text.clone()),
    }
}

/// A measure that may be chosen, by what people call it.
fn option(program: &Program, name: &str, lang: Lang) -> (String, String) {
    let found = program
        .measures
        .iter()
        .find(|(_, measure)| *measure.named.name == *name);
    let label = found.map_or(name, |(_, measure)| measure.named.label.text(lang, name));
    (name.to_owned(), label.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(fields: &[(&str, &str)]) -> Result<Given, Fault> {
        let both = [("for", "Enterprise"), ("on", "2023-02-23")];
        let all = both.iter().chain(fields);
        Given::read(
            all.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
        )
    }

    fn answers(given: &Given) -> Vec<(&str, &str)> {
        given
            .answers
            .iter()
            .map(|(name, text)| (name.as_str(), text.as_str()))
            .collect()
    }

    #[test]
    fn what_was_answered_before_stands_before_what_is_answered_now() {
        let given = form(&[
            ("name", "a"),
            ("answer", "1"),
            ("q0", "b"),
            ("v0", "yes"),
            ("d0", "2022-01-01"),
            ("l0", "city"),
        ]);
        let given = given.unwrap();
        assert_eq!(answers(&given), [("a", "1"), ("b", "2022-01-01 city")]);
        assert_eq!(given.fresh, 1);
    }

    #[test]
    fn an_answer_can_be_taken_back() {
        let given = form(&[
            ("name", "a"),
            ("answer", "1"),
            ("name", "b"),
            ("answer", "2"),
            ("undo", "0"),
            ("q0", "c"),
            ("v0", "3"),
        ]);
        assert_eq!(answers(&given.unwrap()), [("b", "2")]);
    }

    #[test]
    fn a_place_is_found_by_its_name() {
        use meed_rules::{Package, check};
        let package = Package::open(std::path::Path::new("../../policies/harbin")).unwrap();
        let program = check(&package).program(Date::new(2023, 3, 1).unwrap()).unwrap();
        let entity = meed_facts::check::applicant(&program.schema, "enterprise").unwrap();
        let open = all(&program, &Record::new(entity));
        let asks = |one: &&Question| matches!(one.answer, AnswerKind::Value(FactType::Identifier(Kind::Division)));
        let question = open.iter().find(asks).unwrap();
        assert_eq!(code_of(&program, question, "道里区"), "230102");
        assert_eq!(code_of(&program, question, "230102"), "230102");
        assert_eq!(code_of(&program, question, "某某区"), "某某区");
    }

    #[test]
    fn no_is_no_whatever_stands_beside_it() {
        assert_eq!(composed("no", "2022-01-01", "city"), "no");
        assert_eq!(composed("yes", "", ""), "yes");
        assert_eq!(composed("", "12万", ""), "12万");
    }

    #[test]
    fn a_form_without_end_is_refused() {
        let many: Vec<(&str, &str)> = (0..=MOST).flat_map(|_| [("name", "a"), ("answer", "1")]).collect();
        assert!(matches!(form(&many), Err(Fault::Bad(_))));
        assert!(matches!(
            form(&[("name", "a"), ("answer", &"1".repeat(LONGEST + 1))]),
            Err(Fault::Bad(_))
        ));
    }
}
