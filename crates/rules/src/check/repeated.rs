//! Names that stand twice in one list, where the second would be lost or read in the first one's place.

use std::collections::HashMap;

use meed_syntax::ast::{self, AstNode, Ceiling, Cell, Name, NameRef};
use meed_syntax::diagnostic::{Code, Diagnostic, FileId, Message, Span};
use meed_syntax::phrases::Phrase;
use meed_syntax::{SyntaxKind, TextRange};

use super::Checked;

/// Finds labels, members and parameters that their list has already.
pub(super) fn check(checked: &Checked<'_>, findings: &mut Vec<Diagnostic>) {
    for document in &checked.package.documents {
        for node in document.document().syntax().descendants() {
            let (kind, names): ((&str, &str), Vec<Name>) = match node.kind() {
                SyntaxKind::HIGHEST_OF
                | SyntaxKind::EXCLUSIVE
                | SyntaxKind::TOP_UP
                | SyntaxKind::UNRESOLVED
                | SyntaxKind::COVERS
                | SyntaxKind::CATEGORY
                | SyntaxKind::EXCEPTION_GROUP => {
                    let members = node.children().filter_map(NameRef::cast);
                    let members = members.map(|name| (name.text(), name.range()));
                    repeated(MEMBER, members, document.file, findings);
                    continue;
                }
                SyntaxKind::CEILING => {
                    let members = Ceiling::cast(node).into_iter().flat_map(|ceiling| ceiling.member());
                    let members = members.map(|name| (name.text(), name.range()));
                    repeated(MEMBER, members, document.file, findings);
                    continue;
                }
                SyntaxKind::OBJECT => {
                    let fields = node.children().filter_map(ast::Field::cast);
                    repeated(("a field", "字段"), fields.filter_map(key), document.file, findings);
                    continue;
                }
                SyntaxKind::FUND => {
                    let years = node.children().filter_map(ast::FundYear::cast);
                    let years = years.filter_map(|one| one.year());
                    let years = years.map(|year| (year.digits(), year.syntax().text_range()));
                    repeated(("a year", "年度"), years, document.file, findings);
                    continue;
                }
                SyntaxKind::CONDITIONS | SyntaxKind::UNCLEAR | SyntaxKind::SHEET_GROUP | SyntaxKind::AMEND => {
                    let conditions = node.children().filter_map(ast::Condition::cast);
                    (
                        ("a condition", "条件"),
                        conditions.filter_map(|one| one.label()).collect(),
                    )
                }
                SyntaxKind::SHEET => {
                    let groups = node.children().filter_map(ast::SheetGroup::cast);
                    (("a group", "组"), groups.filter_map(|one| one.name()).collect())
                }
                SyntaxKind::ENUMERATION => {
                    let members = node.children().filter_map(ast::Member::cast);
                    (MEMBER, members.filter_map(|one| one.name()).collect())
                }
                SyntaxKind::TYPE => {
                    let ty = ast::Type::cast(node);
                    (MEMBER, ty.into_iter().flat_map(|ty| ty.member()).collect())
                }
                SyntaxKind::PARAMS => {
                    let params = node.children().filter_map(ast::Param::cast);
                    (("a parameter", "形参"), params.filter_map(|one| one.name()).collect())
                }
                SyntaxKind::DEFINE => {
                    let exceptions = node.children().filter_map(ast::InnerException::cast);
                    (
                        ("an exception", "例外"),
                        exceptions.filter_map(|one| one.name()).collect(),
                    )
                }
                _ => continue,
            };
            repeated(
                kind,
                names.iter().map(|name| (name.text(), name.range())),
                document.file,
                findings,
            );
        }
    }
    for rule in checked.names.enumerations.iter() {
        let names = rule.table.iter().flat_map(values);
        repeated(
            MEMBER,
            names.map(|name| (name.text(), name.range())),
            rule.place.file,
            findings,
        );
    }
}

/// What a field of a case's object is about: a fact, a year or a month.
fn key(field: ast::Field) -> Option<(String, TextRange)> {
    let name = field.name().map(|name| (name.text(), name.range()));
    let year = field.period().map(|year| (year.digits(), year.range()));
    let month = || {
        field
            .month()
            .map(|month| (month.syntax().text().to_owned(), month.range()))
    };
    name.or(year).or_else(month)
}

const MEMBER: (&str, &str) = ("a member", "成员");

/// The names in the column of an enumeration's values.
fn values(table: &ast::Table) -> Vec<Name> {
    let is_value = |cell: &Cell| cell.keyword() == Some(Phrase::Value);
    let column = table
        .head()
        .and_then(|head| head.cell().position(|cell| is_value(&cell)));
    let cells = table.row().filter_map(|row| row.cell().nth(column?));
    cells.filter_map(|cell| cell.name()).collect()
}

fn repeated(
    (en, zh): (&str, &str),
    names: impl Iterator<Item = (String, TextRange)>,
    file: FileId,
    findings: &mut Vec<Diagnostic>,
) {
    let mut seen: HashMap<String, Span> = HashMap::new();
    for (text, range) in names {
        let span = Span::new(file, range.start().into(), range.end().into());
        let Some(first) = seen.get(&text) else {
            seen.insert(text, span);
            continue;
        };
        let message = Message::new(
            format!("`{text}` is already {en} of this list"),
            format!("此处已有名为“{text}”的{zh}"),
        );
        findings.push(
            Diagnostic::new(Code::DuplicateName, span, message)
                .related(*first, Message::new("the first one", "第一个"))
                .help(Message::new(
                    "remove one of them, or give it another name",
                    "请删去其中一个，或另取名称",
                )),
        );
    }
}
