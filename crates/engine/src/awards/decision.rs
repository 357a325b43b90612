//! What was decided about an applicant: verdicts, amounts and the steps that led to them. Why it was decided so is read from the evaluator's memory for whoever asks.

use std::cell::OnceCell;
use std::sync::Arc;

use meed_facts::record::Record;

use crate::columns::LineOutcome;
use crate::explain::Evaluator;
use crate::result::{AwardLine, Determination, Payable};
use crate::value::Causes;

use super::amount::Amount;
use super::board::Board;
use super::claim::Claim;
use super::combined::Combined;
use super::history::History;
use super::judge::{Draft, DraftKind, Payments};
use super::lines;
use super::obligations::Awarded;
use super::services::{self, Criteria, Offer};
use super::unneeded;

/// What a package's rules decide about an applicant on the Program's date.
pub struct Decision<'e, 'p> {
    evaluator: &'e Evaluator<'p>,
    record: &'e Record,
    awards: Awards<'p>,
    services: Vec<Offer<'p>>,
    titles: Vec<Criteria<'p>>,
    payments: OnceCell<Vec<Payments>>,
}

/// The award lines of a decision.
pub struct Awards<'p> {
    drafts: Vec<Draft<'p>>,
    combined: Combined,
    history: History,
}

/// One award line of a decision: what it came to by itself, and what beside the others.
#[derive(Clone, Copy, Debug)]
pub struct Decided<'d, 'p> {
    /// Its position among the lines.
    pub position: usize,
    /// Its conditions and amount before anything is combined.
    pub draft: &'d Draft<'p>,
    /// The line as it came out.
    pub claim: &'d Claim,
    /// Its amount before lines are combined.
    pub own: Amount,
    /// Its amount before funds.
    pub before_rationing: Amount,
    /// What is due.
    pub due: Amount,
    /// Why its keys, limits, earlier awards or choices are not known.
    pub causes: &'d Causes,
}

impl<'p> Awards<'p> {
    /// Decides. The evaluator must be the record's, and not have been asked anything yet.
    pub fn of(evaluator: &Evaluator<'p>, record: &Record) -> Self {
        let history = History::of(record.awards.as_ref()).until(evaluator.program().date);
        let mut board = Board::new(evaluator, record, &history);
        board.tell_all();
        let drafts = board.into_drafts();
        Self {
            combined: Combined::of(evaluator, record, &history, &drafts),
            drafts,
            history,
        }
    }

    /// The lines, by measure in the package's order of decision, then by key.
    pub fn lines(&self) -> impl Iterator<Item = Decided<'_, 'p>> {
        let combined = &self.combined;
        let lines = self.drafts.iter().zip(&combined.claims).zip(&combined.causes);
        let amounts = combined.own.iter().zip(&combined.before_rationing).zip(&combined.due);
        lines.zip(amounts).enumerate().map(
            |(position, (((draft, claim), causes), ((own, before_rationing), due)))| Decided {
                position,
                draft,
                claim,
                own: *own,
                before_rationing: *before_rationing,
                due: *due,
                causes,
            },
        )
    }

    /// The lines that are or may be paid, and what the eligible ones and all come to together.
    pub(crate) fn outcomes(&self, evaluator: &Evaluator<'_>) -> (Vec<LineOutcome>, (Amount, Amount)) {
        let may_be_paid = |line: &Decided<'_, 'p>| line.draft.verdict.certainty().possible();
        let outcome = |line: Decided<'_, 'p>| LineOutcome {
            measure: line.draft.measure,
            key: line.draft.key.clone(),
            unlisted: matches!(line.draft.kind, DraftKind::Rest(_)),
            verdict: line.draft.verdict,
            gross: line.draft.steps.first().map_or(line.draft.amount, |step| step.after),
            own: line.own,
            combined: line.before_rationing,
            due: line.due,
            unique: line.draft.unique(evaluator),
            contested: !line.claim.marks.is_empty(),
        };
        let lines = self.lines().filter(may_be_paid).map(outcome).collect();
        (lines, (self.combined.sums.eligible, self.combined.sums.all))
    }
}

impl<'e, 'p> Decision<'e, 'p> {
    /// Decides. The evaluator must be the record's, and not have been asked anything yet; afterwards it is the trace.
    pub fn of(evaluator: &'e Evaluator<'p>, record: &'e Record) -> Self {
        Self {
            evaluator,
            record,
            awards: Awards::of(evaluator, record),
            services: services::services(evaluator, record),
            titles: services::titles(evaluator, record),
            payments: OnceCell::new(),
        }
    }

    /// Award lines, by measure in the package's order of decision, then by key.
    pub fn lines(&self) -> impl Iterator<Item = Decided<'_, 'p>> {
        self.awards.lines()
    }

    /// Services, by key.
    pub fn services(&self) -> &[Offer<'p>] {
        &self.services
    }

    /// Titles and whether their criteria are met.
    pub fn titles(&self) -> &[Criteria<'p>] {
        &self.titles
    }

    /// What the lines that are eligible come to together.
    pub fn total(&self) -> Payable {
        self.awards.combined.total
    }

    /// What all lines may come to, those that are undetermined included.
    pub fn possible(&self) -> Payable {
        self.awards.combined.possible
    }

    /// One line with reasons, what is missing, and payments over time.
    pub fn explained(&self, line: Decided<'_, 'p>) -> AwardLine {
        let awarded = Awarded::of(self.evaluator.program(), line, &self.awards.history);
        lines::award(self.evaluator, line, self.payments().get(line.position), awarded)
    }

    /// What each line is paid over time, in their order. It is found for all at once, so that no explanation depends on which line was explained before.
    pub fn payments(&self) -> &[Payments] {
        let of_line = |draft: &Draft<'p>| Payments::of(self.evaluator, draft);
        self.payments
            .get_or_init(|| self.awards.drafts.iter().map(of_line).collect())
    }

    /// Everything written out. `facts` is the record's digest.
    pub fn determination(&self, facts: Arc<str>) -> Determination {
        let program = self.evaluator.program();
        let info = &program.package;
        let mut award_lines: Vec<_> = self.lines().map(|line| self.explained(line)).collect();
        lines::in_order(&mut award_lines);
        Determination {
            package: info.name.clone(),
            version: info.version.clone(),
            digest: info.digest.clone(),
            date: program.date,
            facts,
            applicant: program.schema.entities[self.record.entity].named.name.clone(),
            lines: award_lines,
            services: self
                .services
                .iter()
                .map(|offer| offer.explained(self.evaluator))
                .collect(),
            titles: self
                .titles
                .iter()
                .map(|title| title.explained(self.evaluator))
                .collect(),
            total: self.total(),
            possible: self.possible(),
            unneeded: unneeded::facts(self.evaluator),
        }
    }
}
