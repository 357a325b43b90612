//! What a package holds: which rules are in force when and on whose authority, how far its articles have rules, and where the text at hand has holes.
//!
//! | module | idea |
//! |---|---|
//! | `articles` | documents, their articles, coverage, holes |
//! | `rules` | rules with their versions, leads and citations |

mod articles;
mod rules;

use std::sync::Arc;

use meed_facts::date::{Date, Span as Dates};
use meed_facts::label::Label;

use crate::check::Checked;
use crate::program::{Confidence, Document};

/// What a package holds.
#[derive(Clone, Debug)]
pub struct Overview {
    /// Its documents, in the package's order.
    pub documents: Vec<DocumentView>,
    /// Its rules, by kind, then by name, then by time.
    pub rules: Vec<RuleView>,
}

/// A document with its articles.
#[derive(Clone, Debug)]
pub struct DocumentView {
    /// What its front matter says.
    pub document: Document,
    /// Its articles that have no articles below them; none in a vocabulary page.
    pub articles: Vec<ArticleView>,
    /// Places in rules where the text at hand is silent.
    pub holes: Vec<Hole>,
}

/// An article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArticleView {
    /// Its heading with those above, outermost first.
    pub headings: Vec<String>,
    /// The line of its heading, from 1.
    pub line: u32,
    /// What has been made of it.
    pub state: ArticleState,
}

/// What has been made of an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ArticleState {
    /// It has rules.
    Rules,
    /// It says a principle.
    Principle,
    /// It is about organisation.
    Organisational,
    /// Its rules stand elsewhere.
    Elsewhere,
    /// It has been superseded.
    Superseded,
    /// Its text is not at hand.
    TextMissing,
    /// Nothing is said of it.
    Silent,
}

/// How many articles are in which state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ArticleCount {
    /// All.
    pub all: usize,
    /// With rules.
    pub rules: usize,
    /// Without rules for a stated reason other than missing text.
    pub reasoned: usize,
    /// Whose text is not at hand.
    pub missing: usize,
    /// Without rules or reason.
    pub silent: usize,
}

/// A place in a rule where the text at hand is silent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hole {
    /// The headings above.
    pub headings: Vec<String>,
    /// The line, from 1.
    pub line: u32,
    /// What is written there.
    pub text: String,
}

/// The kinds of rules that are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RuleKind {
    /// Something that pays.
    Measure,
    /// Something given without money.
    Service,
    /// A recognition.
    Title,
    /// How awards combine.
    Combine,
    /// A sum of money that measures share.
    Fund,
    /// A value by time.
    Parameter,
    /// A named expression.
    Definition,
    /// A decision table, score or scale.
    Table,
    /// A score sheet.
    Sheet,
}

/// One version of a rule.
#[derive(Clone, Debug)]
pub struct RuleView {
    /// What it is.
    pub kind: RuleKind,
    /// Its name.
    pub name: Arc<str>,
    /// What people call it.
    pub label: Label,
    /// When this version is in force.
    pub in_force: Dates,
    /// Where it stands.
    pub cited: Cited,
    /// How sure we are of its text.
    pub source: Confidence,
    /// A second citation.
    pub basis: Option<Arc<str>>,
    /// Who leads or grants, where a rule of this kind says so.
    pub lead: Option<LeadView>,
    /// Who else is responsible.
    pub with: Vec<AgencyView>,
    /// The clauses that are conditions, as they are written: `when`, `while`, `criteria`.
    pub conditions: Vec<String>,
    /// The whole rule as it is written.
    pub text: String,
    /// Later texts that change it.
    pub amended_by: Vec<Cited>,
}

/// Who leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LeadView {
    /// An agency.
    Agency(AgencyView),
    /// The text at hand does not say.
    TextMissing,
}

/// An agency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgencyView {
    /// Its name in the package.
    pub name: Arc<str>,
    /// What people call it.
    pub label: Label,
}

/// A citation with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cited {
    /// The document's path inside the package.
    pub path: Arc<str>,
    /// The document's number.
    pub number: Option<Arc<str>>,
    /// The headings above, outermost first.
    pub headings: Arc<[Arc<str>]>,
    /// The line, from 1.
    pub line: u32,
}

/// What a package holds on a day, or at any time.
pub fn show(checked: &Checked<'_>, on: Option<Date>) -> Overview {
    Overview {
        documents: articles::documents(checked, on),
        rules: rules::rules(checked, on),
    }
}

impl Overview {
    /// All versions of the rules of a name.
    pub fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a RuleView> {
        self.rules.iter().filter(move |rule| &*rule.name == name)
    }
}

impl DocumentView {
    /// How far its articles have rules.
    pub fn count(&self) -> ArticleCount {
        let count = |fits: fn(ArticleState) -> bool| self.articles.iter().filter(|article| fits(article.state)).count();
        ArticleCount {
            all: self.articles.len(),
            rules: count(|state| state == ArticleState::Rules),
            reasoned: count(ArticleState::is_reasoned),
            missing: count(|state| state == ArticleState::TextMissing),
            silent: count(|state| state == ArticleState::Silent),
        }
    }
}

impl ArticleCount {
    /// Articles with rules or a reason for having none, in whole percent of all, rounded down; `None` without articles.
    pub fn percent(self) -> Option<usize> {
        let covered = self.rules.saturating_add(self.reasoned);
        covered.saturating_mul(100).checked_div(self.all)
    }
}

impl ArticleState {
    /// Whether it has no rules for a reason that lies in the text.
    pub fn is_reasoned(self) -> bool {
        matches!(
            self,
            Self::Principle | Self::Organisational | Self::Elsewhere | Self::Superseded
        )
    }

    /// Its name, as documents write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rules => "rules",
            Self::Principle => "principle",
            Self::Organisational => "organisational",
            Self::Elsewhere => "elsewhere",
            Self::Superseded => "superseded",
            Self::TextMissing => "text missing",
            Self::Silent => "no rule and no reason",
        }
    }
}

impl RuleKind {
    /// Its name, as documents write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Measure => "measure",
            Self::Service => "service",
            Self::Title => "title",
            Self::Combine => "combine",
            Self::Fund => "fund",
            Self::Parameter => "parameter",
            Self::Definition => "define",
            Self::Table => "table",
            Self::Sheet => "sheet",
        }
    }
}
