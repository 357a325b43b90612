//! What nodes are for the applicants of a batch: columns, of which a value is made when somebody asks for it.

use std::borrow::Cow;
use std::collections::BTreeMap;

use meed_facts::batch::{Batch, Bits};
use meed_rules::program::{NodeId, Type};

use super::plan::{Constant, Plan};
use super::run::{Operand, ROOT, Run};
use super::vector::{Ordinary, Text, Vector};
use crate::awards::decision::Awards;
use crate::explain::Evaluator;
use crate::value::Value;

/// A node's values without causes, one for each applicant.
#[derive(Clone, Debug)]
pub struct NodeValues {
    rows: usize,
    ty: Type,
    column: Column,
    /// Those of applicants whom the explaining evaluator determined.
    explained: BTreeMap<usize, Value>,
}

#[derive(Clone, Debug)]
enum Column {
    Constant(Box<Constant>),
    Vector(Vector<'static>),
}

impl NodeValues {
    /// A row's value.
    pub fn value(&self, row: usize) -> Value {
        let explained = self.explained.get(&row).cloned();
        explained.unwrap_or_else(|| self.operand().value(row, &self.ty))
    }

    /// The rows that are certainly true.
    pub fn certain(&self) -> Bits {
        let word = |index: usize| {
            let [yes, no, undefined, inapplicable] = self.operand().truth_words(index);
            yes & !no & !undefined & !inapplicable
        };
        let words = (0..self.rows.div_ceil(64)).map(word);
        let mut certain = Bits::of_words(words.collect(), self.rows);
        for (row, value) in &self.explained {
            certain.set(*row, value.as_bool() == Some(true));
        }
        certain
    }

    /// A row's truth, where it is certain.
    pub fn truth(&self, row: usize) -> Option<bool> {
        if let Some(explained) = self.explained.get(&row) {
            return explained.as_bool();
        }
        let truth = self.operand().truth(row).only();
        truth.filter(|(yes, no)| yes != no).map(|(yes, _)| yes)
    }

    fn operand(&self) -> Operand<'_, 'static> {
        match &self.column {
            Column::Constant(constant) => Operand::Constant(constant),
            Column::Vector(vector) => Operand::Vector(vector),
        }
    }
}

impl Plan<'_> {
    /// The values of nodes; those of some applicants by the explaining evaluator.
    pub(super) fn values_of(&self, run: &Run<'_, '_>, batch: &Batch, nodes: &[NodeId]) -> Vec<NodeValues> {
        let of_node = |node: &NodeId| NodeValues {
            rows: batch.rows,
            ty: self.program.nodes[*node].ty.clone(),
            column: match run.operand(*node, ROOT) {
                Operand::Constant(constant) => Column::Constant(Box::new(constant.clone())),
                Operand::Vector(vector) => Column::Vector(vector.owned()),
                operand @ Operand::Direct(_) => {
                    let mut vector = run.empty(*node, ROOT);
                    (0..batch.rows).for_each(|row| vector.copy(row, operand, row));
                    Column::Vector(vector.owned())
                }
            },
            explained: BTreeMap::new(),
        };
        let mut values: Vec<NodeValues> = nodes.iter().map(of_node).collect();
        for row in run.escaped.rows().filter(|_| !nodes.is_empty()) {
            let Some(record) = batch.record(row) else { continue };
            let evaluator = Evaluator::with_layout(self.program, &self.layout, &record);
            // Awards first: a definition may ask which are made.
            Awards::of(&evaluator, &record);
            for (values, node) in values.iter_mut().zip(nodes) {
                let value = evaluator.value(*node, evaluator.root()).without_causes();
                values.explained.insert(row, value);
            }
        }
        values
    }
}

impl Vector<'_> {
    /// The same without the batch.
    fn owned(&self) -> Vector<'static> {
        let ordinary = match &self.ordinary {
            Ordinary::Truths(truths) => Ordinary::Truths(truths.clone()),
            Ordinary::Numbers(numbers) => Ordinary::Numbers(numbers.owned()),
            Ordinary::Members(sets) => Ordinary::Members(sets.clone()),
            Ordinary::Texts(texts) => Ordinary::Texts(texts.iter().map(Text::owned).collect()),
        };
        Vector {
            undefined: self.undefined.clone(),
            inapplicable: self.inapplicable.clone(),
            ordinary,
        }
    }
}

impl Text<'_> {
    fn owned(&self) -> Text<'static> {
        match self {
            Text::None => Text::None,
            Text::Any => Text::Any,
            Text::One(text) => Text::One(Cow::Owned(text.to_string())),
            Text::Shared(text) => Text::Shared(text.clone()),
        }
    }
}
