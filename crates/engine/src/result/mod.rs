//! What a determination says: plain data, complete in itself, with the ids of the Program for whoever explains it further.

mod amounts;
mod application;
mod json;
mod sources;

use std::sync::Arc;

use meed_facts::date::Date;
use meed_facts::label::Label;
use meed_facts::money::Money;
use meed_facts::schema::TitleId;
use meed_rules::program::{CombineId, Confidence, MeasureId, NodeId, OriginId};

use crate::awards::certainty::Certainty;
use crate::awards::claim::StepKind;
use crate::awards::verdict::Verdict;
use crate::explain::Frame;
use crate::value::{CauseKind, CausePlace, Value};

pub use crate::gap::{Gap, GapCondition, Move};
pub use amounts::{AmountKind, Payable};
pub use application::Application;

/// What a package's rules make of an applicant's facts on a date.
#[derive(Clone, Debug)]
pub struct Determination {
    /// The package's name.
    pub package: Arc<str>,
    /// Its version.
    pub version: Arc<str>,
    /// `sha256:…` over its files.
    pub digest: Arc<str>,
    /// The date for which it holds.
    pub date: Date,
    /// `sha256:…` over the facts.
    pub facts: Arc<str>,
    /// The kind of applicant.
    pub applicant: Arc<str>,
    /// Award lines, by measure in the package's order of decision, then by key.
    pub lines: Vec<AwardLine>,
    /// Services.
    pub services: Vec<ServiceLine>,
    /// Titles.
    pub titles: Vec<TitleLine>,
    /// What the lines that are eligible come to together.
    pub total: Payable,
    /// What all lines may come to, those that are undetermined included.
    pub possible: Payable,
    /// Facts that were given although they do not apply.
    pub unneeded: Vec<Unneeded>,
}

/// A fact that was given although it does not apply.
#[derive(Clone, Debug, PartialEq)]
pub struct Unneeded {
    /// Where it is.
    pub place: CausePlace,
    /// Its name, with its record.
    pub name: String,
}

/// One award line.
#[derive(Clone, Debug)]
pub struct AwardLine {
    /// The measure.
    pub measure: MeasureId,
    /// Its name.
    pub name: Arc<str>,
    /// What people call it.
    pub label: Label,
    /// The child's key, where the line is for one and it is known.
    pub key: Option<Arc<str>>,
    /// Whether it stands for children that are not listed.
    pub unlisted: bool,
    /// What the conditions come to.
    pub verdict: Verdict,
    /// What the formula gives with floor, cap and rounding, and what `once` leaves of it: before other lines and funds come in.
    pub own: Payable,
    /// What is due now.
    pub amount: Payable,
    /// What is due now before a fund is shared out among applicants; the same where no fund pays.
    pub before_rationing: Payable,
    /// What all periods come to, before combination; the gross amount where it is paid once.
    pub over_time: Payable,
    /// Each step that changed the amount.
    pub steps: Vec<StepLine>,
    /// Payments over time.
    pub instalments: Vec<InstalmentLine>,
    /// Who pays which part.
    pub payers: Vec<PayerLine>,
    /// Whether none of them pays its part before the others can pay theirs.
    pub together: bool,
    /// Who is paid.
    pub payee: Payee,
    /// Who leads; `None` where the text at hand does not say.
    pub lead: Option<Arc<str>>,
    /// How it is had, where the rules say.
    pub application: Option<Application>,
    /// What decided the verdict.
    pub reasons: Vec<Reason>,
    /// What could still change the line.
    pub missing: Vec<MissingLine>,
    /// Presumptions that it rests on.
    pub presumptions: Vec<Presumption>,
    /// The weakest source among the rules that decided.
    pub source: Option<Confidence>,
    /// Where the measure stands; `None` where the package never had it for this applicant.
    pub citation: Option<Citation>,
    /// How far the facts are from fulfilling the conditions, once `gap::fill` has looked.
    pub gap: Vec<Gap>,
    /// What a person has to decide or the applicant to choose.
    pub marks: Vec<MarkLine>,
    /// What must be kept up.
    pub obligations: Vec<ObligationLine>,
    /// Values that nobody else may claim: a condition of payment.
    pub unique: Vec<String>,
    /// Where its nodes were evaluated: conditions of entering, conditions of staying and amount.
    pub frames: Option<(Frame, Frame)>,
}

/// To whom money goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Payee {
    /// The applicant.
    Applicant,
    /// Somebody else.
    Other(String),
    /// It is not known.
    Unknown,
}

/// One step of the money pipeline.
#[derive(Clone, Debug)]
pub struct StepLine {
    /// Which.
    pub kind: StepKind,
    /// The amount before.
    pub before: Payable,
    /// The amount after.
    pub after: Payable,
    /// The exact amount after in main units, where it was not rounded to whole smallest units yet, or is below nothing.
    pub exact: Option<String>,
    /// The clause or rule that did it, with its name where it has one.
    pub clause: Option<(Arc<str>, Citation)>,
    /// The line that bears the amount instead: measure and key.
    pub instead: Option<(Arc<str>, Option<Arc<str>>)>,
    /// What was received before and is taken off.
    pub received: Option<Payable>,
}

/// A payment over time.
#[derive(Clone, Debug)]
pub struct InstalmentLine {
    /// Its number, from 1.
    pub number: u32,
    /// The first day of its period.
    pub from: Option<Date>,
    /// The day after its last.
    pub until: Option<Date>,
    /// The day on which it is paid.
    pub due: Option<Date>,
    /// Whether its conditions hold.
    pub verdict: Verdict,
    /// What is paid.
    pub amount: Payable,
    /// Whether it is the one that the line's amount is.
    pub current: Certainty,
}

/// A payer's part.
#[derive(Clone, Debug)]
pub struct PayerLine {
    /// The agency's name.
    pub agency: Arc<str>,
    /// What it pays.
    pub amount: Payable,
    /// When, where it has a moment of its own.
    pub on: Option<Date>,
}

/// A place in a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Citation {
    /// The place in the Program.
    pub origin: OriginId,
    /// The document's path in the package.
    pub document: Arc<str>,
    /// The document's number.
    pub number: Option<Arc<str>>,
    /// The headings above, outermost first.
    pub headings: Arc<[Arc<str>]>,
    /// A second citation.
    pub basis: Option<Arc<str>>,
    /// How sure we are of the text.
    pub source: Confidence,
    /// Where its amendments stand that are in force with it.
    pub amended_by: Vec<Citation>,
}

/// A condition that decided.
#[derive(Clone, Debug)]
pub struct Reason {
    /// What kind of reason it is.
    pub kind: ReasonKind,
    /// Labels from the measure's condition down to the one that decided.
    pub path: Vec<Arc<str>>,
    /// Where it stands.
    pub citation: Option<Citation>,
    /// The condition and where it was evaluated.
    pub node: Option<(NodeId, Frame)>,
    /// The values it read.
    pub values: Vec<Reading>,
}

impl Reason {
    /// Whether these labels, one inside the other, are on the way to the condition.
    pub fn is_about(&self, labels: &[Arc<str>]) -> bool {
        labels.is_empty() || self.path.windows(labels.len()).any(|part| part == labels)
    }
}

/// What kind of reason it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ReasonKind {
    /// A condition that holds.
    Holds,
    /// A condition that fails.
    Fails,
    /// A condition that does not apply.
    DoesNotApply,
    /// The list that the measure has a line for each item of is empty.
    EmptyList,
    /// No version is in force.
    NotInForce,
    /// The measure is for other kinds of applicants.
    OtherApplicants,
}

/// A value that a condition read.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// The fact with its record and period, or the name of a definition or parameter.
    pub name: String,
    /// Its value.
    pub value: Value,
    /// The value as in files of facts.
    pub json: serde_json::Value,
}

/// Something that is not known and could change a line.
#[derive(Clone, Debug, PartialEq)]
pub struct MissingLine {
    /// What kind of gap it is.
    pub kind: CauseKind,
    /// Where it is.
    pub place: CausePlace,
    /// Its name: a fact with its record and period, a list, a title, `awards`, or the place in the text.
    pub name: String,
    /// Who can say it: `registry`, `declared`, or the role that judges.
    pub source: Option<Arc<str>>,
    /// Documents that prove it.
    pub evidence: Vec<Label>,
    /// For what the text leaves open or gives no value, where it was read.
    pub citation: Option<Citation>,
    /// The frame in which it was read, for words about it.
    pub frame: Option<Frame>,
    /// Where the text can be read in several ways, what each reading gives, by its label.
    pub readings: Vec<Reading>,
}

/// A presumption that a line rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct Presumption {
    /// The fact.
    pub name: String,
    /// What is presumed of it.
    pub value: serde_json::Value,
    /// Where the law presumes it.
    pub citation: Citation,
}

/// What a person has to decide, or the applicant to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MarkLine {
    /// The text does not say how the clause combines these awards.
    Unresolved(CombineId, Arc<str>, Citation),
    /// Only one award of the group is paid.
    Alternative(CombineId, Arc<str>, Citation),
    /// A fund pays in a round over all applicants.
    Fund(Arc<str>, Citation),
}

/// An obligation.
#[derive(Clone, Debug)]
pub struct ObligationLine {
    /// Whether it is kept on the date.
    pub holds: Certainty,
    /// The first day.
    pub from: Option<Date>,
    /// The day after the last.
    pub until: Option<Date>,
    /// What is recovered if it ends on the date.
    pub recover: Option<Payable>,
    /// The condition and where it stands.
    pub node: (NodeId, Frame),
    /// Where it stands.
    pub citation: Citation,
}

/// A service.
#[derive(Clone, Debug)]
pub struct ServiceLine {
    /// Its name.
    pub name: Arc<str>,
    /// What people call it.
    pub label: Label,
    /// The child's key.
    pub key: Option<Arc<str>>,
    /// Whether it is for the applicant.
    pub verdict: Verdict,
    /// How it is had.
    pub channel: Label,
    /// Who leads.
    pub lead: Option<Arc<str>>,
    /// What decided.
    pub reasons: Vec<Reason>,
    /// What could still change it.
    pub missing: Vec<MissingLine>,
    /// The weakest source among the rules that decided.
    pub source: Confidence,
    /// Where it stands.
    pub citation: Citation,
}

/// A title.
#[derive(Clone, Debug)]
pub struct TitleLine {
    /// Which.
    pub title: TitleId,
    /// Its name.
    pub name: Arc<str>,
    /// What people call it.
    pub label: Label,
    /// Whether its criteria are met; `None` where no document states them.
    pub met: Option<Verdict>,
    /// What decided that.
    pub reasons: Vec<Reason>,
    /// What could still change it.
    pub missing: Vec<MissingLine>,
    /// Where the criteria stand.
    pub citation: Citation,
}

impl Determination {
    /// The lines of a measure.
    pub fn lines_of<'a>(&'a self, measure: &'a str) -> impl Iterator<Item = &'a AwardLine> {
        self.lines.iter().filter(move |line| &*line.name == measure)
    }

    /// Leaves out everything but the lines of one measure or service; the totals become those of its lines.
    pub fn keep_only(&mut self, name: &str) {
        self.lines.retain(|line| &*line.name == name);
        self.services.retain(|line| &*line.name == name);
        self.titles.clear();
        let sum = |counts: fn(Certainty) -> bool| {
            let lines = self.lines.iter().filter(|line| counts(line.verdict.certainty()));
            Payable::sum(lines.map(|line| line.amount), self.total.low.currency())
        };
        (self.total, self.possible) = (sum(Certainty::certain), sum(Certainty::possible));
    }

    /// The result as canonical JSON (RFC 8785): equal results are equal bytes.
    pub fn to_canonical_json(&self) -> String {
        meed_facts::json::canonical(&self.to_json())
    }
}

/// An amount in main units with all digits.
fn decimal(money: Money) -> String {
    money.to_decimal()
}
