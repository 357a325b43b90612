//! Values that somebody asks for: a name, or an expression such as `rd_ratio(2023)`, read as a case would read it.

use std::sync::Arc;

use meed_facts::date::{Date, Span as Dates};
use meed_facts::schema::EntityId;
use meed_syntax::ast::{Expr, Item};
use meed_syntax::diagnostic::{Diagnostic, FileId, Severity, Span};

use crate::check::Checked;
use crate::lower::{Wanted, WantedType, WantedValue};
use crate::place::Place;
use crate::program::{Confidence, NodeId, Program};

/// Something that was asked for and cannot be understood.
#[derive(Clone, Debug)]
pub struct NotUnderstood {
    /// Which of those asked for, from 0.
    pub index: usize,
    /// What is wrong with it.
    pub finding: Diagnostic,
}

/// The Program of a date with a node for each of the values that are asked for, of an applicant of this kind. The package must be [sound](Checked::sound).
///
/// # Errors
/// The first that cannot be understood.
pub fn asked(
    checked: &Checked<'_>,
    date: Date,
    entity: EntityId,
    wanted: &[&str],
) -> Result<(Program, Vec<NodeId>), Vec<NotUnderstood>> {
    let mut readable = Vec::new();
    for (index, text) in wanted.iter().enumerate() {
        let what = read(checked, text).map_err(|finding| {
            vec![NotUnderstood {
                index,
                finding: *finding,
            }]
        })?;
        let Some(place) = place(checked, date) else { continue };
        readable.push(Wanted {
            what,
            entity,
            place,
            ty: WantedType::Any,
        });
    }
    // One after the other, so that what is wrong is said of what it is about.
    for (index, one) in readable.iter().enumerate() {
        checked
            .lowered(date, std::slice::from_ref(one))
            .map_err(|found| not_understood(index, found))?;
    }
    let (program, nodes) = checked
        .lowered(date, &readable)
        .map_err(|found| not_understood(0, found))?;
    Ok((program, nodes.into_iter().flatten().collect()))
}

fn not_understood(index: usize, found: Vec<Diagnostic>) -> Vec<NotUnderstood> {
    let errors = found.into_iter().filter(|finding| finding.severity == Severity::Error);
    errors.map(|finding| NotUnderstood { index, finding }).collect()
}

/// The expression in a text, in the keywords of either language.
fn read(checked: &Checked<'_>, text: &str) -> Result<WantedValue, Box<Diagnostic>> {
    // What is wrong is told in words alone: the place lies in no file.
    let file = checked
        .package()
        .documents
        .first()
        .map_or(FileId(0), |document| document.file);
    let written = [
        format!("```meed\ndefine asked_for = {text}\n```\n"),
        format!("---\nrules: zh\n---\n```meed\n定义 asked_for = {text}\n```\n"),
    ];
    let mut first = None;
    for document in written {
        let parse = meed_syntax::parse(&document);
        if let Some(error) = parse.diagnostics(file).into_iter().next() {
            first.get_or_insert(error);
            continue;
        }
        let item = parse.document().block().find_map(|block| block.item().next());
        let value = match item {
            Some(Item::Define(define)) => define.value(),
            _ => None,
        };
        match value {
            Some(Expr::NameExpr(name)) => return Ok(WantedValue::Path(name.name().into_iter().collect())),
            Some(expr) => return Ok(WantedValue::Expr(expr)),
            None => {}
        }
    }
    Err(Box::new(first.unwrap_or_else(|| {
        let code = meed_syntax::diagnostic::Code::MissingExpression;
        Diagnostic::new(code, Span::new(file, 0, 0), code)
    })))
}

/// A place in no article, in force on the day.
fn place(checked: &Checked<'_>, date: Date) -> Option<Place> {
    let (document, _) = checked.documents().iter().next()?;
    let file = checked.package().documents.first()?.file;
    Some(Place {
        document,
        file,
        headings: Arc::default(),
        span: Span::new(file, 0, 0),
        source: Confidence::Official,
        basis: None,
        in_force: Dates::new(Some(date), date.tomorrow()),
        amended_by: Vec::new(),
        cells: None,
    })
}
