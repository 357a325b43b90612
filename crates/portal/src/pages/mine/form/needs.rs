//! Which facts a rule reads: found in the Program, so that a form asks for these and nothing else.

use std::collections::BTreeSet;

use meed_facts::schema::{FactId, TitleId};
use meed_rules::program::{NodeId, Op, Program, ScopeId, ScopeKind};

/// What a rule reads.
#[derive(Clone, Debug, Default)]
pub struct Needs {
    /// Facts with values, of the applicant and of children.
    pub facts: BTreeSet<FactId>,
    /// Lists of children.
    pub lists: BTreeSet<FactId>,
}

/// What the rules of a measure or title read.
pub fn of(program: &Program, kind: &str, name: &str) -> Needs {
    let mut search = Search {
        program,
        seen: BTreeSet::new(),
        found: Needs::default(),
    };
    if kind == "title" {
        let called = |title: TitleId| program.schema.titles[title].named.is_called(name);
        for rules in program.titles.iter().filter(|rules| called(rules.title)) {
            rules.meets.into_iter().for_each(|node| search.below(node));
        }
        return search.found;
    }
    let measures = program.measures.iter().map(|(_, measure)| measure);
    for rules in measures
        .filter(|measure| measure.named.is_called(name))
        .flat_map(|measure| &measure.rules)
    {
        let series = rules.series.as_ref().map(|series| series.start);
        let pay = [rules.pay.amount, rules.pay.floor, rules.pay.cap];
        let roots = [rules.anchor, rules.when, rules.while_, rules.payee, series];
        roots
            .into_iter()
            .chain(pay)
            .flatten()
            .for_each(|node| search.below(node));
        rules.unique.iter().for_each(|node| search.below(*node));
        search.scope(rules.line.scope);
    }
    search.found
}

struct Search<'p> {
    program: &'p Program,
    seen: BTreeSet<NodeId>,
    found: Needs,
}

impl Search<'_> {
    fn below(&mut self, node: NodeId) {
        if !self.seen.insert(node) {
            return;
        }
        match &self.program.nodes[node].op {
            Op::Fact { of, fact, .. } | Op::FactAt { of, fact, .. } => {
                self.found.facts.insert(*fact);
                self.scope(*of);
            }
            Op::Aggregate { over, .. } => self.scope(*over),
            _ => {}
        }
        let mut operands = Vec::new();
        self.program.reads(node, &mut |operand| operands.push(operand));
        operands.into_iter().for_each(|operand| self.below(operand));
    }

    fn scope(&mut self, scope: ScopeId) {
        let mut next = Some(scope);
        while let Some(scope) = next {
            if let ScopeKind::Children { list, .. } = self.program.scopes[scope].kind {
                self.found.lists.insert(list);
            }
            next = self.program.scopes[scope].parent;
        }
    }
}
