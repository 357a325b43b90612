//! The order in which clauses apply: `after` before everything else, then by stage, then the narrower key first.

use std::collections::BTreeSet;
use std::sync::Arc;

use la_arena::Arena;
use meed_syntax::ast::{self, AstNode};
use meed_syntax::diagnostic::{Code, Diagnostic, Message};

use crate::lower::Lower;
use crate::place::Place;
use crate::program::{Combine, CombineForm, Member};

fn stage(form: &CombineForm) -> u8 {
    match form {
        CombineForm::Exclusive { .. } => 0,
        CombineForm::HighestOf => 1,
        CombineForm::TopUp => 2,
        CombineForm::AtMost(_) => 3,
        CombineForm::Unresolved => 4,
    }
}

/// How wide the lines are that a ceiling takes together; the narrower first.
fn width(combine: &Combine) -> u8 {
    match combine.members.first() {
        Some(member) if !member.keys.is_empty() => 0,
        _ => 1,
    }
}

/// Whether the two would give different amounts in another order, which nothing but `after` tells: of ceilings the narrower key goes first.
fn needs_order(first: &Combine, second: &Combine) -> bool {
    let is_group = |form: &CombineForm| matches!(form, CombineForm::HighestOf | CombineForm::Exclusive { .. });
    match (&first.form, &second.form) {
        (CombineForm::TopUp, CombineForm::TopUp) => true,
        (CombineForm::AtMost(_), CombineForm::AtMost(_)) => width(first) == width(second),
        (first, second) => is_group(first) && is_group(second),
    }
}

impl Lower<'_> {
    /// Puts clauses into the order in which they apply.
    pub(super) fn order_of_combines(&mut self, mut made: Vec<Combine>) -> Arena<Combine> {
        let before: Vec<BTreeSet<Arc<str>>> = made.iter().map(|one| self.before(&one.named.name)).collect();
        let mut waiting: Vec<(Combine, BTreeSet<Arc<str>>)> = made.drain(..).zip(before).collect();
        waiting.sort_by_key(|(one, before)| (stage(&one.form), width(one), !before.is_empty()));
        let mut arena: Arena<Combine> = Arena::new();
        while !waiting.is_empty() {
            let is_ready =
                |before: &BTreeSet<Arc<str>>| !waiting.iter().any(|(one, _)| before.contains(&one.named.name));
            let Some(ready) = waiting.iter().position(|(_, before)| is_ready(before)) else {
                self.combines_in_a_circle(&waiting);
                break;
            };
            let (mut combine, before) = waiting.remove(ready);
            let ids = arena.iter().filter(|(_, one)| before.contains(&one.named.name));
            combine.after = ids.map(|(id, _)| id).collect();
            arena.alloc(combine);
        }
        self.check_overlaps(&arena);
        arena
    }

    /// The clauses that come before one, directly or through others; one that is not in force today still orders those around it.
    fn before(&mut self, name: &str) -> BTreeSet<Arc<str>> {
        let mut before = BTreeSet::new();
        let mut todo: Vec<Arc<str>> = vec![name.into()];
        while let Some(name) = todo.pop() {
            let versions: Vec<_> = self.names.combines.all(&name).to_vec();
            for version in versions {
                let Some(after) = version.node.after() else { continue };
                let first: Arc<str> = after.text().into();
                if !self.names.combines.has(&first) {
                    self.unknown_combine(&after, &version.place);
                } else if before.insert(first.clone()) {
                    todo.push(first);
                }
            }
        }
        before
    }

    fn unknown_combine(&mut self, name: &ast::NameRef, place: &Place) {
        let known: Vec<Arc<str>> = self.names.combines.names().cloned().collect();
        let known: Vec<&str> = known.iter().map(|name| &**name).collect();
        let span = place.at(name.syntax().text_range());
        self.unknown(Code::UnknownRule, &name.text(), span, &known, "combination", "组合规则");
    }

    fn combines_in_a_circle(&mut self, waiting: &[(Combine, BTreeSet<Arc<str>>)]) {
        let Some((first, _)) = waiting.first() else { return };
        let names: Vec<&str> = waiting.iter().map(|(one, _)| &*one.named.name).collect();
        let names = names.join(" → ");
        let span = self.origins[first.origin].span;
        self.say(Diagnostic::new(
            Code::Cycle,
            span,
            Message::new(
                format!("combinations come after each other in a circle: {names}"),
                format!("组合规则先后成环：{names}"),
            ),
        ));
    }

    /// Two groups, ladders or ceilings with a measure in common need an order between the two: one that either has with a third says nothing about them.
    fn check_overlaps(&mut self, combines: &Arena<Combine>) {
        let mut findings = Vec::new();
        for (second_id, second) in combines.iter() {
            for (first_id, first) in combines.iter().take_while(|(id, _)| *id != second_id) {
                if second.after.contains(&first_id) || !needs_order(first, second) {
                    continue;
                }
                let is_shared = |of: &&Member| second.members.iter().any(|one| one.measure == of.measure);
                if let Some(shared) = first.members.iter().find(is_shared) {
                    let measure = &self.measures[shared.measure].named.name;
                    findings.push(self.overlap(first, second, measure));
                }
            }
        }
        self.findings.extend(findings);
    }

    fn overlap(&self, first: &Combine, second: &Combine, measure: &str) -> Diagnostic {
        let (a, b) = (&first.named.name, &second.named.name);
        Diagnostic::new(
            Code::OverlappingGroups,
            self.origins[second.origin].span,
            Message::new(
                format!("`{measure}` is in both `{a}` and `{b}`, and neither comes first"),
                format!("“{measure}”同时在“{a}”与“{b}”中，而未定先后"),
            ),
        )
        .related(
            self.origins[first.origin].span,
            Message::new("the other group", "另一组"),
        )
        .help(Message::new(
            format!("say which comes first: `after {a}`"),
            format!("请写明先后：`后于 {a}`"),
        ))
    }
}
