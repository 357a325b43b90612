//! The same place in another evaluator: what would be if a record stated something else.

use meed_facts::record::Record;
use meed_rules::program::{NodeId, ScopeId};

use std::borrow::Cow;

use super::frame::Binding;
use super::{Evaluator, Frame, Instalment};
use crate::value::Value;

/// One step from a frame to one inside it.
#[derive(Clone, Debug)]
pub enum Hop {
    /// The instance of a scope at this position.
    Instance(ScopeId, usize),
    /// An instalment.
    Instalment(ScopeId, Box<Instalment>),
}

impl<'a> Evaluator<'a> {
    /// An evaluator of the same Program for another record, told the same about other awards.
    pub fn retry<'b>(&'b self, record: &'b Record) -> Evaluator<'b> {
        let other = Evaluator::build(self.program, Cow::Borrowed(&*self.layout), record);
        for (measure, gets) in self.awards.iter() {
            if let Some(gets) = gets.get() {
                other.settle(measure, gets.clone());
            }
        }
        other
    }

    /// Takes a node's value for given, whatever the facts say. What has been computed before stays as it is.
    pub(crate) fn suppose(&self, node: NodeId, frame: Frame, value: Value) {
        if let Some((cell, _)) = self.cell(node, frame) {
            cell.get_or_init(|| value);
        }
    }

    /// The way from the applicant's frame to this one; `None` where it stands for what a list does not name.
    pub fn route(&self, frame: Frame) -> Option<Vec<Hop>> {
        let mut hops = Vec::new();
        let mut frame = frame;
        while let Some(parent) = self.parent_of(frame) {
            let data = self.frame(frame);
            hops.push(match &data.binding {
                Binding::Instalment(instalment) => Hop::Instalment(data.scope, Box::new(instalment.clone())),
                Binding::Record | Binding::Year(_) => {
                    let items = &self.instances(data.scope, parent).items;
                    let position = items.iter().position(|instance| instance.frame == frame)?;
                    Hop::Instance(data.scope, position)
                }
            });
            frame = parent;
        }
        hops.reverse();
        Some(hops)
    }

    /// The frame at the end of a way.
    pub fn follow(&self, hops: &[Hop]) -> Option<Frame> {
        let mut frame = self.root();
        for hop in hops {
            frame = match hop {
                Hop::Instance(scope, position) => self.instances(*scope, frame).items.get(*position)?.frame,
                Hop::Instalment(scope, instalment) => self.instalment(*scope, frame, (**instalment).clone()),
            };
        }
        Some(frame)
    }
}
