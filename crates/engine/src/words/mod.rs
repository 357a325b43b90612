//! Words: nodes, values and determinations as text for people, in Chinese and English.
//!
//! A condition is rendered from the Program itself, never from a text kept beside it, so what is shown is what was computed.
//!
//! | module | idea |
//! |---|---|
//! | `numbers` | amounts, percentages, dates, durations |
//! | `values` | what a value may still be |
//! | `operators`, `lists` | a node as a readable condition |
//! | `names` | facts, records, titles, enumeration members by their labels |
//! | `missing` | what is missing, and why an expression has no value |
//! | `trace` | a condition with the conditions that decided it, and the values they read |
//! | `outline` | a determination as one tree of marked entries |
//! | `text`, `html`, `json` | the tree for terminals, as a page, and conditions' words inside a result |

mod html;
mod json;
mod line;
mod lists;
mod missing;
mod names;
mod numbers;
mod operators;
mod outline;
mod text;
mod trace;
mod values;

use meed_facts::label::{Label, Lang};
use meed_facts::schema::Named;
use meed_rules::program::Program;

use crate::explain::{Evaluator, Frame};

pub use html::html;
pub use json::to_json;
pub(crate) use operators::period;
pub use outline::{Block, Entry, Mark, Outline, outline};
pub use text::text;

/// Renders parts of a Program in one language; with an evaluator, with the values of one applicant's periods and records.
#[derive(Clone, Copy)]
pub struct Words<'e, 'p> {
    program: &'p Program,
    lang: Lang,
    evaluator: Option<&'e Evaluator<'p>>,
}

impl<'p> Words<'_, 'p> {
    /// Words for the text alone.
    pub fn of(program: &'p Program, lang: Lang) -> Self {
        Words {
            program,
            lang,
            evaluator: None,
        }
    }
}

impl<'e, 'p> Words<'e, 'p> {
    /// Words for what an evaluator found.
    pub fn about(evaluator: &'e Evaluator<'p>, lang: Lang) -> Self {
        Self {
            program: evaluator.program(),
            lang,
            evaluator: Some(evaluator),
        }
    }

    /// The language.
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// Chooses between two fixed texts.
    pub(crate) fn say<'t>(&self, zh: &'t str, en: &'t str) -> &'t str {
        match self.lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    /// A label in the language; without one, the name.
    pub(crate) fn label<'t>(&self, label: &'t Label, name: &'t str) -> &'t str {
        label.text(self.lang, name)
    }

    pub(crate) fn named<'t>(&self, named: &'t Named) -> &'t str {
        self.label(&named.label, &named.name)
    }

    /// The value of a node where there is an evaluator to ask.
    fn value(&self, node: meed_rules::program::NodeId, frame: Option<Frame>) -> Option<&'e crate::value::Value> {
        let evaluator = self.evaluator?;
        let frame = frame?;
        evaluator.visible(self.program.nodes[node].scope, frame)?;
        Some(evaluator.value(node, frame))
    }
}
