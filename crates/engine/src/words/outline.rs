//! A determination as one tree of marked entries, from which terminals and pages are written.

use crate::awards::verdict::Verdict;
use crate::explain::Evaluator;
use crate::result::{AwardLine, Citation, Determination, ReasonKind};
use crate::value::Value;

use meed_facts::label::Lang;

use super::Words;

/// What an entry is marked with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Mark {
    /// It holds.
    Holds,
    /// It does not hold.
    Fails,
    /// It is not known.
    Unknown,
    /// It does not apply.
    Apart,
    /// It is no condition.
    None,
}

impl Mark {
    /// The mark of a condition's value.
    pub fn of(value: &Value) -> Self {
        match value.as_bool() {
            Some(true) => Mark::Holds,
            Some(false) => Mark::Fails,
            None if value.is_inapplicable() => Mark::Apart,
            None => Mark::Unknown,
        }
    }

    /// The mark of a verdict.
    pub fn of_verdict(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Eligible => Mark::Holds,
            Verdict::NotEligible(_) => Mark::Fails,
            Verdict::Undetermined => Mark::Unknown,
        }
    }

    /// The mark of the negation.
    pub fn opposite(self) -> Self {
        match self {
            Mark::Holds => Mark::Fails,
            Mark::Fails => Mark::Holds,
            other => other,
        }
    }

    /// One character; nothing for what is no condition.
    pub fn sign(self) -> &'static str {
        match self {
            Mark::Holds => "✓",
            Mark::Fails => "✗",
            Mark::Unknown => "?",
            Mark::Apart => "–",
            Mark::None => "",
        }
    }
}

/// One entry of an explanation.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// What it is marked with.
    pub mark: Mark,
    /// The rule's own label.
    pub label: Option<String>,
    /// What it says.
    pub text: String,
    /// Values.
    pub detail: Option<String>,
    /// Where it stands.
    pub citation: Option<Citation>,
    /// What is below it.
    pub children: Vec<Entry>,
}

impl Entry {
    /// An entry with nothing but a text.
    pub fn new(mark: Mark, text: impl Into<String>) -> Self {
        Self {
            mark,
            label: None,
            text: text.into(),
            detail: None,
            citation: None,
            children: Vec::new(),
        }
    }
}

/// A determination as text in one language.
#[derive(Clone, Debug, PartialEq)]
pub struct Outline {
    /// The language.
    pub lang: Lang,
    /// The title.
    pub title: String,
    /// Names and values about the whole.
    pub about: Vec<(String, String)>,
    /// One block for each line, services and titles after the awards.
    pub blocks: Vec<Block>,
}

/// One line of a result.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// The verdict.
    pub mark: Mark,
    /// What it is about.
    pub title: String,
    /// Verdict and amount in a few words.
    pub summary: String,
    /// Citation and confidence.
    pub place: Option<String>,
    /// Parts, each with a heading.
    pub parts: Vec<(String, Vec<Entry>)>,
}

/// A determination as a tree. The evaluator must be the one that determined.
pub fn outline(evaluator: &Evaluator<'_>, determination: &Determination, lang: Lang) -> Outline {
    let words = Words::about(evaluator, lang);
    let info = &evaluator.program().package;
    let (others, own): (Vec<_>, Vec<_>) = determination.lines.iter().partition(|line| is_for_others(line));
    let mut blocks: Vec<Block> = own.into_iter().map(|line| words.award(line)).collect();
    // What is paid comes first; inside, the package's order of decision.
    blocks.sort_by_key(|block| match block.mark {
        Mark::Holds => 0_u8,
        Mark::Unknown => 1,
        Mark::Fails | Mark::Apart | Mark::None => 2,
    });
    blocks.extend(determination.services.iter().map(|line| words.service(line)));
    blocks.extend(determination.titles.iter().filter_map(|line| words.title_line(line)));
    let name = |zh: &str, en: &str| words.say(zh, en).to_owned();
    let package = format!(
        "{} {} ({})",
        determination.package, determination.version, determination.digest
    );
    let mut about = vec![
        (name("应付合计", "Total due"), words.payable(determination.total)),
        (name("政策包", "Package"), package),
        (name("事实摘要", "Facts"), determination.facts.to_string()),
    ];
    if determination.possible != determination.total {
        let possible = words.payable(determination.possible);
        about.insert(1, (name("含待定项", "With what is undetermined"), possible));
    }
    if !determination.unneeded.is_empty() {
        let facts = determination.unneeded.iter().map(|one| words.place(&one.place));
        let facts = facts.collect::<Vec<_>>().join(words.say("、", ", "));
        about.push((name("已填报但不适用", "Given, but does not apply"), facts));
    }
    if !others.is_empty() {
        let count = others.len().to_string();
        let text = words.say_with(
            "{0}项（面向其他对象）",
            "{0} measures for other kinds of applicants",
            &[&count],
        );
        about.push((name("未列出", "Not listed"), text));
    }
    Outline {
        lang,
        title: format!(
            "{} · {}",
            words.label(&info.title, &info.name),
            words.date(determination.date)
        ),
        about,
        blocks,
    }
}

fn is_for_others(line: &AwardLine) -> bool {
    line.reasons
        .iter()
        .any(|reason| reason.kind == ReasonKind::OtherApplicants)
}
