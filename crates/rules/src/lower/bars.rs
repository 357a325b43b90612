//! Bars: how long after an event, such as a fraud, nobody may apply for a title or for money.

use meed_facts::value::Scalar;
use meed_syntax::ast::{self, AstNode};

use super::Lower;
use super::env::Env;
use crate::program::{Cmp, Condition, Node, NodeId, Op, Type};

impl Lower<'_> {
    /// `barred 4 years after EVENT`: a condition that fails from the event's day until the time is over. What is to
    /// happen later bars nobody yet.
    pub(super) fn bar(&mut self, barred: &ast::Barred, env: &Env) -> Option<Condition> {
        let span = env.place.at(barred.syntax().text_range());
        let event = self.expr_of(&barred.after()?, env, &Type::Date)?.node;
        let duration = self.expr_of(&barred.duration()?, env, &Type::Months)?;
        let end = self.node(Op::AddMonths(event, duration.node), Type::Date, env, span);
        let today = self.today(env, span).node;
        let mut truth = |op| self.node(op, Type::Bool, env, span).node;
        let over = truth(Op::Compare(Cmp::Ge, today, end.node));
        let ahead = truth(Op::Compare(Cmp::Lt, today, event));
        let free = truth(Op::Const(Scalar::Bool(true)));
        let node = truth(Op::Cases {
            rows: vec![(ahead, free)],
            otherwise: Some(over),
        });
        let origin = self.origin(env, span);
        Some(Condition {
            label: Some("barred".into()),
            node,
            origin,
        })
    }

    /// What `when` asks, if anything, and that the bar is over.
    pub(super) fn and_not_barred(&mut self, when: Option<NodeId>, bar: Condition, env: &Env) -> NodeId {
        let mut all = match when.map(|when| (when, &self.builder.nodes[when])) {
            Some((_, Node { op: Op::All(asked), .. })) => asked.clone(),
            Some((node, Node { origin, .. })) => vec![Condition {
                label: None,
                node,
                origin: *origin,
            }],
            None => Vec::new(),
        };
        all.push(bar);
        self.node(Op::All(all), Type::Bool, env, env.place.span).node
    }
}
