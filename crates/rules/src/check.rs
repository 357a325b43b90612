//! Checking a package: everything that is wrong with it at any time, and its Program on a date.

mod arguments;
mod clauses;
mod lists;
mod names;
mod references;
mod repeated;
mod rows;
mod shadows;
mod spans;
mod texts;
mod unused;

use std::collections::HashSet;
use std::sync::{Arc, OnceLock};

use la_arena::Arena;
use meed_facts::date::Date;
use meed_facts::schema::Schema;
use meed_syntax::diagnostic::{Code, Diagnostic, Severity, Span};
use meed_syntax::threads;

use crate::lock::is_about_lock;
use crate::lower::{self, Lowered, Source, Wanted};
use crate::names::Names;
use crate::package::Package;
use crate::program::{Document, NodeId, PackageInfo, Program};
use crate::vocabulary::{self, Vocabulary};

/// A thread more must read names again, which takes as long as two days' text does.
const WORTH_A_THREAD: usize = 4;
/// The text of so many days in bytes takes about a millisecond to check.
const BYTES_WORTH_A_THREAD: usize = 400_000;

/// A package whose names and vocabulary are known.
#[derive(Debug)]
pub struct Checked<'a> {
    package: &'a Package,
    names: Names,
    documents: Arena<Document>,
    schema: Arc<Schema>,
    vocabulary: Vocabulary,
    info: PackageInfo,
    turning_points: Vec<Date>,
    value_points: Vec<Date>,
    early: Vec<Diagnostic>,
    found_in_rules: OnceLock<Vec<Diagnostic>>,
    found: OnceLock<Vec<Diagnostic>>,
}

/// What is wrong with the text of one day, and where it is silent.
struct Found {
    findings: Vec<Diagnostic>,
    holes: Vec<Span>,
}

/// Reads a package's names and vocabulary. [`Checked::findings`] tells what is wrong with it.
pub fn check(package: &Package) -> Checked<'_> {
    let mut checked = read(package);
    // Found here, so that a package in which a name or a clause means two things decides nothing on any day.
    let mut found = Vec::new();
    for look in [
        names::check,
        clauses::check,
        arguments::check,
        shadows::check,
        rows::check,
        references::check,
        repeated::check,
        spans::check,
    ] {
        look(&checked, &mut found);
    }
    checked.early.extend(found);
    checked
}

/// Names and vocabulary, and what is wrong with these alone.
fn read(package: &Package) -> Checked<'_> {
    let mut early = package.findings.clone();
    let (names, documents) = crate::names::collect(package, &mut early);
    let (schema, vocabulary) = vocabulary::build(&names, &mut early);
    let turning_points = names.turning_points();
    let value_points = names.value_points();
    let manifest = &package.manifest;
    let info = PackageInfo {
        name: manifest.name.clone(),
        version: manifest.version.clone(),
        title: manifest.title.clone(),
        digest: package.digest.clone(),
        jurisdiction: manifest.jurisdiction.clone(),
        currency: manifest.currency,
    };
    Checked {
        package,
        names,
        documents,
        schema: Arc::new(schema),
        vocabulary,
        info,
        turning_points,
        value_points,
        early,
        found_in_rules: OnceLock::new(),
        found: OnceLock::new(),
    }
}

impl Checked<'_> {
    /// The vocabulary.
    pub fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }

    /// The package's documents.
    pub fn documents(&self) -> &Arena<Document> {
        &self.documents
    }

    /// The package's files and manifest.
    pub fn package(&self) -> &Package {
        self.package
    }

    /// Every rule by name.
    pub(crate) fn names(&self) -> &Names {
        &self.names
    }

    /// Days on which the text may change, in order.
    pub fn turning_points(&self) -> &[Date] {
        &self.turning_points
    }

    /// The Program of a date, or what is wrong with the package.
    ///
    /// # Errors
    /// All findings of the package where one of them stops it, at whatever time.
    pub fn program(&self, date: Date) -> Result<Program, Vec<Diagnostic>> {
        self.sound()?;
        self.lowered(date, &[]).map(|(program, _)| program)
    }

    /// Whether the package decides anything. There is no partial package: a mistake at any time stops every determination.
    ///
    /// # Errors
    /// All findings of the package where one of them stops it.
    pub fn sound(&self) -> Result<(), Vec<Diagnostic>> {
        if self.findings_in_rules().iter().any(stops) {
            Err(self.findings().to_vec())
        } else {
            Ok(())
        }
    }

    /// The Program of a date and a node for each wanted expression; of a package that is [sound](Self::sound).
    pub(crate) fn lowered(
        &self,
        date: Date,
        wanted: &[Wanted],
    ) -> Result<(Program, Vec<Option<NodeId>>), Vec<Diagnostic>> {
        let Lowered {
            program,
            findings,
            wanted,
            ..
        } = lower::lower(&self.source(), date, wanted);
        if findings.iter().any(stops) {
            Err(findings)
        } else {
            Ok((program, wanted))
        }
    }

    /// Everything that is wrong with the package, at whatever time: each version of the text is checked on the days on which it may change.
    pub fn findings(&self) -> &[Diagnostic] {
        self.found.get_or_init(|| self.find())
    }

    /// What is wrong with the rules, in the order in which it is found; all that can stop the package is among it.
    fn findings_in_rules(&self) -> &[Diagnostic] {
        self.found_in_rules.get_or_init(|| self.find_in_rules())
    }

    fn find_in_rules(&self) -> Vec<Diagnostic> {
        let dates = self.dates();
        // Names keep to their thread, so each helper reads those of the package for itself.
        let (package, early) = (self.package, &self.early);
        let helper = || {
            let checked = Checked {
                early: early.clone(),
                ..read(package)
            };
            move |date: &Date| checked.find_on(*date)
        };
        let found = threads::in_order(&dates, self.helpers(dates.len()), helper, |date| self.find_on(*date));
        let mut findings = self.early.clone();
        let mut holes = HashSet::new();
        for found in found {
            findings.extend(found.findings);
            holes.extend(found.holes);
        }
        findings.extend(
            holes
                .into_iter()
                .map(|span| Diagnostic::note(Code::TextMissing, span, Code::TextMissing)),
        );
        findings
    }

    /// What is wrong with the text of one day.
    fn find_on(&self, date: Date) -> Found {
        let Lowered {
            program,
            mut findings,
            holes,
            ..
        } = lower::lower(&self.source(), date, &[]);
        findings.extend(crate::coverage::check(&program));
        findings.extend(crate::analysis::check(&program));
        findings.extend(lists::check(&program));
        Found { findings, holes }
    }

    /// How many more threads are worth having for the text of so many days.
    fn helpers(&self, days: usize) -> usize {
        let bytes = self.package.bytes().saturating_mul(days);
        threads::helpers((days / WORTH_A_THREAD).min(bytes / BYTES_WORTH_A_THREAD))
    }

    fn find(&self) -> Vec<Diagnostic> {
        let mut findings = self.findings_in_rules().to_vec();
        // Unused things are worth a word only where everything else is understood.
        if !findings.iter().any(|finding| finding.severity == Severity::Error) {
            unused::check(self, &mut findings);
        }
        texts::check(self, &mut findings);
        crate::lock::check(self, &mut findings);
        let mut seen = HashSet::new();
        findings.retain(|finding| seen.insert((finding.span, finding.code, finding.message.en.clone())));
        findings.sort_by_key(|finding| (finding.span, finding.code));
        findings
    }

    /// One day of each time between two turning points, the time before the first included where something is in force then.
    fn dates(&self) -> Vec<Date> {
        match self.turning_points.first() {
            Some(_) => self.turning_points.clone(),
            None => Date::new(2000, 1, 1).into_iter().collect(),
        }
    }

    fn source(&self) -> Source<'_> {
        Source {
            package: self.package,
            names: &self.names,
            documents: &self.documents,
            schema: &self.schema,
            vocabulary: &self.vocabulary,
            calendar: &self.package.calendar,
            info: &self.info,
            turning_points: &self.turning_points,
            value_points: &self.value_points,
            has_errors: self.early.iter().any(|finding| finding.severity == Severity::Error),
        }
    }
}

/// Whether a finding stops the package: an error, but not that nobody has confirmed an article yet, which leaves its rules their meaning.
fn stops(finding: &Diagnostic) -> bool {
    finding.severity == Severity::Error && !is_about_lock(finding.code)
}
