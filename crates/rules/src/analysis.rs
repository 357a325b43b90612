//! What can be shown of a Program's rules without any facts: conditions that contradict or repeat each other, rows and exceptions that
//! leave a gap or disagree, and amounts that are out of their bounds.
//!
//! Only what is certain is said: conditions are compared where they set one number against constants of the text. Parameters are no
//! constants here, because another year's value may make a condition meaningful.

mod band;
mod cases;
mod conditions;
mod definitions;
mod exceptions;
mod money;
mod samples;

use meed_syntax::diagnostic::{Diagnostic, Span};

use crate::program::{NodeId, Program};

/// What is certainly wrong with the rules of a Program.
pub(crate) fn check(program: &Program) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    cases::check(program, &mut findings);
    conditions::check(program, &mut findings);
    definitions::check(program, &mut findings);
    exceptions::check(program, &mut findings);
    money::check(program, &mut findings);
    findings
}

fn place(program: &Program, node: NodeId) -> Span {
    program.origins[program.nodes[node].origin].span
}

/// The place of a part: nodes that are written alike share the first place, which may lie elsewhere; then the whole is the place.
fn place_within(program: &Program, part: NodeId, whole: NodeId) -> Span {
    let (inner, outer) = (place(program, part), place(program, whole));
    let is_inside = inner.file == outer.file && inner.start >= outer.start && inner.end <= outer.end;
    if is_inside { inner } else { outer }
}
