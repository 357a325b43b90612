//! Running the cases that stand beside the rules: what came out, where it differs, and which conditions they have shown both ways.
//!
//! | module | idea |
//! |---|---|
//! | `compare` | one expectation against what came out |
//! | `words` | both in the words of the language's cases |
//! | [`coverage`] | conditions made true, made false, and shown to decide |

mod compare;
pub mod coverage;
mod words;

use std::sync::Arc;

use meed_rules::cases::Case;
use meed_rules::diagnostic::{Code, Diagnostic, Message, Span};
use meed_rules::program::Program;

use crate::awards::determine;
use crate::explain::{Evaluator, Layout, MOST_STEPS};
use crate::result::Determination;

/// What a case came to.
#[derive(Clone, Debug)]
pub struct CaseOutcome {
    /// What it shows.
    pub title: Arc<str>,
    /// Where it stands.
    pub span: Span,
    /// Where it does not come out as expected; nothing where the case passes.
    pub differences: Vec<Difference>,
}

/// One part of an expectation that does not come out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Where the expectation stands.
    pub span: Span,
    /// Of what: a measure (with its key), a value, the total.
    pub target: Message,
    /// What was expected of it.
    pub expected: Message,
    /// What was found instead.
    pub found: Message,
}

/// A case with everything that was computed for it.
pub struct Run<'a> {
    case: &'a Case,
    evaluator: Evaluator<'a>,
    determination: Determination,
}

/// Runs a case on the Program it was made with.
pub fn run(program: &Program, layout: &Layout, case: &Case) -> CaseOutcome {
    Run::new(program, layout, case).outcome()
}

impl<'a> Run<'a> {
    /// Computes everything that the case asks for.
    pub fn new(program: &'a Program, layout: &'a Layout, case: &'a Case) -> Self {
        let evaluator = Evaluator::with_layout(program, layout, &case.record);
        let determination = determine::of(&evaluator, &case.record);
        Run {
            case,
            evaluator,
            determination,
        }
    }

    /// A case that was not computed in full shows nothing.
    fn too_much_work(&self) -> Option<Difference> {
        self.evaluator.within_limit().err().map(|_| Difference {
            span: self.case.span,
            target: Message::new("the case", "案例"),
            expected: Message::new(format!("at most {MOST_STEPS} steps"), format!("不超过 {MOST_STEPS} 步")),
            found: Message::new("more", "更多"),
        })
    }

    /// Compares what came out with what was expected.
    pub fn outcome(&self) -> CaseOutcome {
        let expected = self.case.expectations.iter();
        let differences = expected.flat_map(|expectation| compare::differences(self, expectation));
        CaseOutcome {
            title: self.case.title.clone(),
            span: self.case.span,
            differences: self.too_much_work().into_iter().chain(differences).collect(),
        }
    }
}

impl CaseOutcome {
    /// Whether everything came out as expected.
    pub fn passed(&self) -> bool {
        self.differences.is_empty()
    }

    /// A finding for each difference.
    pub fn findings(&self) -> Vec<Diagnostic> {
        self.differences
            .iter()
            .map(|one| {
                let message = Message::new(
                    format!(
                        "case \"{}\": {}: expected `{}`, found `{}`",
                        self.title, one.target.en, one.expected.en, one.found.en
                    ),
                    format!(
                        "案例“{}”：{}：应为“{}”，实为“{}”",
                        self.title, one.target.zh, one.expected.zh, one.found.zh
                    ),
                );
                Diagnostic::error(Code::CaseFailed, one.span, message).label(Message::new(
                    format!("found {}", one.found.en),
                    format!("实为{}", one.found.zh),
                ))
            })
            .collect()
    }
}
