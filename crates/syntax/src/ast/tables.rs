//! Decision tables, score sheets, and the Markdown tables that rules read.

use super::expressions::comparison_of;
use super::{
    AstNode, BinaryOp, Condition, Datum, Expected, ExpectedValue, Expr, Keyword, Labels, Name, NameRef, Params, Path,
    Text, Type, nodes, parts,
};
use crate::kind::SyntaxKind;
use crate::phrases::Phrase;

nodes! {
    TableItem = TABLE_ITEM {
        form: keyword(Table, Score, ScaleMarginal, ScaleStepped); name: child() Name; params: child() Params;
        outcome: each_after(Gives) Name; entity: after(Of) NameRef; labels: child() Labels;
        has_table: has(FromTable); file: after(FromFile) Text; rule: child() TableRule;
    }
    TableRule = TABLE_RULE_CLAUSE {
        kind: keyword(OneRow, RowsAgree, FirstMatch, HighestMatch, LowestMatch, SumOfMatches, CountOfMatches); limit: after(AtMost) Expr;
    }
    Sheet = SHEET { name: child() Name; entity: after(Of) NameRef; labels: child() Labels; group: each() SheetGroup; }
    SheetGroup = SHEET_GROUP { name: child() Name; labels: child() Labels; limit: after(AtMost) Expr; minimum: after(AtLeast) Expr; item: each() Condition; }

    /// A Markdown table, with or without rules.
    Table = TABLE { head: child() Head; row: each() Row; }
    Head = HEAD { cell: each() Cell; }
    Row = ROW { cell: each() Cell; }
    /// A cell: of a table without rules only its words, else one of the other parts, by the column's role.
    Cell = CELL {
        name: child() Name; path: child() Path; ty: child() Type; key: child() KeyCell; source: child() SourceCell; expr: child() Expr;
        datum: child() Datum; expected: child() Expected; formerly: each() NameRef;
    }
    /// What a row's key must be: any of the values (`Range` and comparisons stand among them), anything, or what no other row has.
    KeyCell = KEY_CELL { value: each() Expr; is_otherwise: has(Otherwise); comparison: each() Comparison; }
    /// `>= 5` in a key cell.
    Comparison = COMPARISON { bound: child() Expr; }
    /// Where a fact may come from.
    SourceCell = SOURCE_CELL { kind: keyword(Registry, Declared, JudgedBy); agency: after(JudgedBy) NameRef; }
}

impl Cell {
    /// Its words, without the spaces around them.
    #[must_use]
    pub fn text(&self) -> String {
        self.syntax().text().trim().to_owned()
    }

    /// Whether nothing stands in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text().is_empty()
    }

    /// The keyword in it, as in the head of a table.
    #[must_use]
    pub fn keyword(&self) -> Option<Phrase> {
        parts::child::<Keyword>(self.syntax(), 0).and_then(|keyword| keyword.phrase())
    }

    /// The value expected of something that is no measure.
    #[must_use]
    pub fn expected_value(&self) -> Option<ExpectedValue> {
        self.expected().and_then(|expected| expected.value())
    }
}

impl Comparison {
    /// How the key is compared with the bound.
    #[must_use]
    pub fn op(&self) -> Option<BinaryOp> {
        self.syntax()
            .children_with_tokens()
            .find_map(|element| comparison_of(element.kind()))
    }
}

impl KeyCell {
    /// Whether it is `-`: any key.
    #[must_use]
    pub fn is_any(&self) -> bool {
        self.syntax().children().next().is_none()
            && self
                .syntax()
                .children_with_tokens()
                .any(|element| element.kind() == SyntaxKind::MINUS)
    }
}
