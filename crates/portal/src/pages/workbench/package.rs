//! A version of a package as its drafter looks at it: its files, what the checker finds, what its cases show.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use meed_engine::cases::coverage::Coverage;
use meed_engine::cases::{CaseOutcome, Run};
use meed_engine::explain::Layout;
use meed_facts::label::{Label, Lang};
use meed_office::policies::{Document, Policy};
use meed_office::programs::Files;
use meed_office::tx::Tx;
use meed_rules::cases::cases;
use meed_rules::lock::is_about_lock;
use meed_rules::show::{DocumentView, RuleView, show};
use meed_rules::{Checked, Package, check};
use meed_syntax::diagnostic::{Diagnostic, Message, Severity, Sources, Span, in_order};

use crate::fault::Fault;

/// How many examined versions are kept.
const MOST: usize = 8;

/// The files of a version.
///
/// # Errors
/// Where they are not there any more.
pub(super) fn files(tx: &mut Tx<'_>, policy: &Policy) -> Result<Files, Fault> {
    let body = tx.get::<Document>(&policy.files)?.body;
    let files = body.and_then(|body| serde_json::from_str(&body).ok());
    files.ok_or_else(|| Fault::Broken(format!("the files of {} cannot be read", policy.id)))
}

/// One finding with its place as people look it up.
#[derive(Clone, Debug)]
pub(super) struct Finding {
    pub severity: Severity,
    pub code: String,
    pub path: String,
    pub line: u32,
    pub column: u32,
    /// The line that it is about.
    pub text: String,
    pub message: Message,
    pub label: Option<Message>,
    pub reason: Option<Message>,
    pub help: Option<Message>,
    /// Whether somebody settles it by reading words and rules against each other.
    pub is_about_lock: bool,
    /// The line of a replacement, and what to put there.
    pub fix: Option<(u32, String)>,
}

impl Finding {
    fn of(found: &Diagnostic, sources: &Sources) -> Self {
        let (path, line, column) = place(sources, found.span);
        let file = sources.get(found.span.file);
        let number = usize::try_from(line).unwrap_or(0).saturating_sub(1);
        let text = file
            .and_then(|file| file.text().lines().nth(number))
            .unwrap_or_default();
        let reason = found.reason(Lang::En).zip(found.reason(Lang::Zh));
        let fix = found.fix.as_ref();
        Self {
            severity: found.severity,
            is_about_lock: is_about_lock(found.code),
            code: found.code.to_string(),
            path,
            line,
            column,
            text: text.to_owned(),
            message: found.message.clone(),
            label: found.label.clone(),
            reason: reason.map(|(en, zh)| Message::new(en, zh)),
            help: found.help.clone(),
            fix: fix.map(|fix| (place(sources, fix.span).1, fix.replacement.clone())),
        }
    }

    fn all(found: &[Diagnostic], sources: &Sources) -> Vec<Self> {
        let ordered = in_order(found, sources);
        ordered.into_iter().map(|one| Self::of(one, sources)).collect()
    }
}

fn place(sources: &Sources, span: Span) -> (String, u32, u32) {
    sources.get(span.file).map_or_else(
        || (String::new(), 0, 0),
        |file| {
            let at = file.location(span.start);
            (file.path().to_owned(), at.line, at.column)
        },
    )
}

/// A case that was run.
#[derive(Clone, Debug)]
pub(super) struct Tried {
    pub title: Arc<str>,
    pub path: String,
    pub line: u32,
    /// Of what, expected, found; nothing where the case passes.
    pub differences: Vec<[Message; 3]>,
}

/// What the cases of a package show.
#[derive(Clone, Debug, Default)]
pub(super) struct Trial {
    pub cases: Vec<Tried>,
    /// Conditions: all, made both true and false, shown to decide alone.
    pub covered: (usize, usize, usize),
    /// Conditions of which the cases do not show everything.
    pub gaps: Vec<Finding>,
}

/// A package, looked at from all sides.
#[derive(Clone, Debug)]
pub(super) struct Examined {
    pub name: String,
    pub title: Label,
    /// The digest of its files, as determinations name it.
    pub digest: Arc<str>,
    pub documents: Vec<DocumentView>,
    pub rules: Vec<RuleView>,
    pub findings: Vec<Finding>,
    /// Nothing, where a finding stops the package.
    pub trial: Option<Trial>,
}

impl Examined {
    /// Checks a package and runs its cases.
    ///
    /// # Errors
    /// Where it has no manifest.
    pub fn of(files: Files) -> Result<Self, Fault> {
        let package = Package::from_files(files).map_err(|file| {
            let (en, zh) = (format!("the package has no {file}"), format!("规则包缺少 {file}"));
            Fault::Bad(Message::new(en, zh))
        })?;
        let checked = check(&package);
        let mut found = checked.findings().to_vec();
        let trial = match checked.sound().map(|()| cases(&checked)) {
            Ok(Ok(dates)) => Some(trial(&checked, dates.values())),
            Ok(Err(of_cases)) => {
                found.extend(of_cases);
                None
            }
            Err(_) => None,
        };
        let overview = show(&checked, None);
        let manifest = &package.manifest;
        Ok(Self {
            name: manifest.name.to_string(),
            title: manifest.title.clone(),
            digest: Arc::clone(&package.digest),
            documents: overview.documents,
            rules: overview.rules,
            findings: Finding::all(&found, &package.sources),
            trial,
        })
    }

    /// How many findings there are of a gravity.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|one| one.severity == severity).count()
    }
}

fn trial<'a>(checked: &Checked<'_>, dates: impl Iterator<Item = &'a meed_rules::cases::CasesOn>) -> Trial {
    let sources = &checked.package().sources;
    let mut coverage = Coverage::default();
    let mut tried = Vec::new();
    for on in dates {
        coverage.expect(&on.program);
        let layout = Layout::new(&on.program);
        for case in &on.cases {
            let run = Run::new(&on.program, &layout, case);
            coverage.observe(&run);
            tried.push(of_case(&run.outcome(), sources));
        }
    }
    for date in checked.turning_points() {
        if let Ok(program) = checked.program(*date) {
            coverage.expect(&program);
        }
    }
    Trial {
        cases: tried,
        covered: coverage.tally(),
        gaps: Finding::all(&coverage.findings(), sources),
    }
}

fn of_case(outcome: &CaseOutcome, sources: &Sources) -> Tried {
    let (path, line, _) = place(sources, outcome.span);
    let differences = outcome.differences.iter();
    Tried {
        title: Arc::clone(&outcome.title),
        path,
        line,
        differences: differences
            .map(|one| [one.target.clone(), one.expected.clone(), one.found.clone()])
            .collect(),
    }
}

/// Versions that were examined, by the digest of their files: what is entered never changes.
#[derive(Debug, Default)]
pub struct Shelf {
    known: Mutex<BTreeMap<String, Arc<Examined>>>,
}

impl Shelf {
    /// A version, examined when it is first looked at.
    ///
    /// # Errors
    /// Where its files are no package.
    pub(super) fn examined(&self, tx: &mut Tx<'_>, policy: &Policy) -> Result<Arc<Examined>, Fault> {
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(examined) = known().get(&policy.files) {
            return Ok(Arc::clone(examined));
        }
        let examined = Arc::new(Examined::of(files(tx, policy)?)?);
        let mut known = known();
        if known.len() >= MOST {
            known.pop_first();
        }
        known.insert(policy.files.clone(), Arc::clone(&examined));
        Ok(examined)
    }
}
