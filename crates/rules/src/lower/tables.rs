//! Decision tables, scores and scales: rows of constants, and the calls that look them up.

use std::sync::Arc;

use meed_facts::schema::{EntityId, Named};
use meed_facts::value::{Bound, Interval, Scalar};
use meed_syntax::ast::{self, AstNode, BinaryOp, Expr};
use meed_syntax::diagnostic::{Code, Diagnostic, Message, Span};
use meed_syntax::phrases::Phrase;

use super::Lower;
use super::env::Env;
use super::typed::Typed;
use crate::names::Rule;
use crate::near::nearest;
use crate::place::Place;
use crate::program::{Cell, Dimension, NodeId, Op, Row, Table, TableId, TableRule, Type};
use crate::vocabulary::{by_name, label};

impl Lower<'_> {
    /// One outcome of a table for its keys.
    pub(super) fn lookup(
        &mut self,
        name: &str,
        args: &[ast::Arg],
        outcome: u16,
        env: &Env,
        span: Span,
    ) -> Option<Typed> {
        let Some(rule) = self.on(&self.names.tables, name, env.text_of).next().cloned() else {
            let day = env.text_of;
            self.say(Diagnostic::new(
                Code::NoValueInForce,
                span,
                Message::new(
                    format!("no version of the table `{name}` is in force on {day}"),
                    format!("表“{name}”在 {day} 没有有效版本"),
                ),
            ));
            return None;
        };
        let id = self.table(&rule, env)?;
        let key_types: Vec<Type> = self.tables[id].keys.iter().map(|(_, ty)| ty.clone()).collect();
        if key_types.len() != args.len() {
            let (wanted, given) = (key_types.len(), args.len());
            self.say(Diagnostic::new(
                Code::WrongArgumentCount,
                span,
                Message::new(
                    format!("`{name}` takes {wanted} keys, {given} are given"),
                    format!("“{name}”需要 {wanted} 个键，给出了 {given} 个"),
                ),
            ));
            return None;
        }
        let mut keys = Vec::new();
        for (arg, ty) in args.iter().zip(&key_types) {
            let key = self.expr(&arg.expr()?, env, Some(ty))?;
            keys.push(self.as_type(&key, ty)?.node);
        }
        let ty = self.outcome_type(id, outcome)?;
        Some(self.node(
            Op::Lookup {
                table: id,
                keys,
                outcome,
            },
            ty,
            env,
            span,
        ))
    }

    /// Names of a table's outcomes that `gives` lists.
    pub(super) fn outcomes(&mut self, name: &str, env: &Env) -> Vec<String> {
        let rule = self.on(&self.names.tables, name, env.text_of).next();
        rule.map(|rule| rule.node.outcome().map(|outcome| outcome.text()).collect())
            .unwrap_or_default()
    }

    fn outcome_type(&self, id: TableId, outcome: u16) -> Option<Type> {
        let table = &self.tables[id];
        let (_, ty) = table.outcomes.get(usize::from(outcome))?;
        Some(match (&table.rule, table.keys.first()) {
            (TableRule::CountOfMatches, _) => Type::Number(Dimension::NONE),
            (TableRule::Marginal, Some((_, key))) => key.clone(),
            _ => ty.clone(),
        })
    }

    /// Tables that no rule looked up are read too: one that a rule will look up some day has no mistakes in it.
    pub(super) fn unused_tables(&mut self) {
        let (names, date) = (self.names, self.date);
        let applicants = self.schema.entities.iter().filter(|(_, entity)| entity.applicant);
        let applicants: Vec<EntityId> = applicants.map(|(id, _)| id).collect();
        for rule in names.tables.iter().filter(|rule| rule.place.in_force.contains(date)) {
            if self.known_tables.keys().any(|(span, _)| *span == rule.place.span) {
                continue;
            }
            let of = rule
                .node
                .entity()
                .and_then(|name| self.entity_named(&name, &rule.place));
            let before = self.findings.len();
            // Without `of` a table is for whichever applicants have the facts that it reads.
            for entity in of.map_or_else(|| applicants.clone(), |of| vec![of]) {
                self.findings.truncate(before);
                let env = self.applicant(entity, &rule.place);
                if self.table(rule, &env).is_some() {
                    break;
                }
            }
        }
    }

    fn table(&mut self, rule: &Rule<ast::TableItem>, env: &Env) -> Option<TableId> {
        let place = (rule.place.span, env.root);
        if let Some(known) = self.known_tables.get(&place) {
            return *known;
        }
        self.known_tables.insert(place, None);
        let made = self.make_table(rule, env).map(|table| self.tables.alloc(table));
        self.known_tables.insert(place, made);
        made
    }

    fn make_table(&mut self, rule: &Rule<ast::TableItem>, env: &Env) -> Option<Table> {
        let inside = Env {
            place: rule.place.clone(),
            locals: Vec::new(),
            ..env.clone()
        };
        let mut keys: Vec<(Arc<str>, Type)> = Vec::new();
        let mut counts = Vec::new();
        for param in rule
            .node
            .params()
            .into_iter()
            .flat_map(|params| params.param().collect::<Vec<_>>())
        {
            let ty = self.param_type(&param.ty()?, &rule.place)?;
            keys.push((param.name()?.text().into(), ty));
            counts.push(param.ty()?.name() == Some(ast::TypeName::Count));
        }
        let from_file = self.source.package.tables.get(&rule.place.span);
        let inside = match from_file {
            // Findings and citations of rows point into the file.
            Some(file) => Env {
                place: Place {
                    cells: Some(file.cells.clone()),
                    ..inside.place.clone()
                },
                ..inside
            },
            None => inside,
        };
        // A file that cannot be read has been said where the package was read.
        let table = rule.table.clone().or_else(|| from_file.and_then(|file| file.table()))?;
        let columns = self.columns(rule, &table, &keys, &inside.place)?;
        let kind = self.table_rule(rule, &inside)?;
        let mut rows = Vec::new();
        let mut types: Vec<Option<Type>> = vec![None; columns.outcomes.len()];
        let mut whole = true;
        for row in table.row() {
            match self.row(&row, &columns, &keys, &mut types, &inside) {
                Some(made) if kind == TableRule::Marginal && !is_band(&made) => {
                    self.no_band(&row, &inside);
                    whole = false;
                }
                Some(made) => rows.push(made),
                None => whole = false,
            }
        }
        if rows.is_empty() && whole {
            self.say(Diagnostic::new(Code::EmptyTable, rule.place.span, Code::EmptyTable));
            return None;
        }
        let outcomes: Option<Vec<_>> = columns
            .outcomes
            .iter()
            .zip(types)
            .map(|((name, _), ty)| Some((name.clone(), ty?)))
            .collect();
        let ordered = ordered(&rows);
        let named = Named {
            name: rule.name.clone(),
            label: label(rule.node.labels()),
            formerly: Vec::new(),
        };
        let origin = self.origin_of(&rule.place, rule.place.span);
        let table = Table {
            named,
            origin,
            keys,
            counts,
            outcomes: outcomes?,
            rule: kind,
            rows,
            ordered,
        };
        whole.then_some(table)
    }

    fn columns(
        &mut self,
        rule: &Rule<ast::TableItem>,
        table: &ast::Table,
        keys: &[(Arc<str>, Type)],
        place: &Place,
    ) -> Option<Columns> {
        let head: Vec<ast::Cell> = table.head()?.cell().collect();
        let names: Vec<String> = head.iter().map(ast::Cell::text).collect();
        let mut positions = Vec::new();
        for (key, _) in keys {
            match names.iter().position(|name| **name == **key) {
                Some(position) => positions.push(position),
                None => {
                    let span = place.at(table.syntax().text_range());
                    let near = nearest(key, names.iter().map(String::as_str)).map(str::to_owned);
                    let mut finding = Diagnostic::new(
                        Code::MissingColumn,
                        span,
                        Message::new(
                            format!("the table needs a column `{key}`"),
                            format!("此表缺少“{key}”列"),
                        ),
                    );
                    if let Some(near) = near {
                        finding =
                            finding.help(Message::new(format!("is `{near}` meant?"), format!("是否指“{near}”？")));
                    }
                    self.say(finding);
                    return None;
                }
            }
        }
        let wanted: Vec<String> = rule.node.outcome().map(|name| name.text()).collect();
        let mut outcomes = Vec::new();
        for (position, name) in names
            .iter()
            .enumerate()
            .filter(|(position, _)| !positions.contains(position))
        {
            if wanted.is_empty() || wanted.contains(name) {
                outcomes.push((Arc::from(name.as_str()), position));
            } else {
                let span = head
                    .get(position)
                    .map_or(rule.place.span, |cell| place.at(cell.syntax().text_range()));
                self.say(Diagnostic::new(
                    Code::UnknownColumn,
                    span,
                    Message::new(
                        format!("`{name}` is neither a key nor an outcome of the table"),
                        format!("“{name}”既不是键也不是结果"),
                    ),
                ));
                return None;
            }
        }
        if let Some(missing) = wanted.iter().find(|name| !names.contains(name)) {
            self.say(Diagnostic::new(
                Code::MissingColumn,
                place.at(table.syntax().text_range()),
                Message::new(
                    format!("the table needs a column `{missing}`"),
                    format!("此表缺少“{missing}”列"),
                ),
            ));
            return None;
        }
        if !wanted.is_empty() {
            outcomes.sort_by_key(|(name, _)| wanted.iter().position(|wanted| **wanted == **name));
        }
        Some(Columns {
            keys: positions,
            outcomes,
        })
    }

    fn table_rule(&mut self, rule: &Rule<ast::TableItem>, env: &Env) -> Option<TableRule> {
        let clause = rule.node.rule();
        let written = clause.as_ref().and_then(|clause| clause.kind());
        Some(match (rule.node.form()?, written) {
            (Phrase::ScaleMarginal, _) => TableRule::Marginal,
            (Phrase::ScaleStepped, _) => TableRule::Stepped,
            (_, Some(Phrase::RowsAgree)) => TableRule::RowsAgree,
            (_, Some(Phrase::FirstMatch)) => TableRule::FirstMatch,
            (_, Some(Phrase::HighestMatch)) => TableRule::HighestMatch,
            (_, Some(Phrase::LowestMatch)) => TableRule::LowestMatch,
            (_, Some(Phrase::CountOfMatches)) => TableRule::CountOfMatches,
            (_, Some(Phrase::SumOfMatches)) => match clause.and_then(|clause| clause.limit()) {
                Some(limit) => TableRule::SumOfMatches(Some(self.expr(&limit, env, None)?.node)),
                None => TableRule::SumOfMatches(None),
            },
            _ => TableRule::OneRow,
        })
    }

    fn row(
        &mut self,
        row: &ast::Row,
        columns: &Columns,
        keys: &[(Arc<str>, Type)],
        types: &mut [Option<Type>],
        env: &Env,
    ) -> Option<Row> {
        let cells: Vec<ast::Cell> = row.cell().collect();
        let mut key_cells = Vec::new();
        let otherwise = cells
            .iter()
            .any(|cell| cell.key().is_some_and(|key| key.is_otherwise()));
        for (position, (_, ty)) in columns.keys.iter().zip(keys) {
            if otherwise {
                key_cells.push(Cell::Any);
                continue;
            }
            let cell = cells.get(*position)?;
            match self.key_cell(cell, ty, env) {
                Some(key) => key_cells.push(key),
                None => {
                    self.bad_cell(cell, env);
                    return None;
                }
            }
        }
        let mut outcomes = Vec::new();
        for ((_, position), ty) in columns.outcomes.iter().zip(types) {
            let cell = cells.get(*position)?;
            let Some(expr) = cell.expr() else {
                self.bad_cell(cell, env);
                return None;
            };
            let value = match ty {
                Some(ty) => self.expr_of(&expr, env, ty)?,
                None => self.expr(&expr, env, None)?,
            };
            ty.get_or_insert(value.ty);
            outcomes.push(value.node);
        }
        let origin = self.origin(env, env.place.at(row.syntax().text_range()));
        Some(Row {
            cells: key_cells,
            otherwise,
            outcomes,
            origin,
        })
    }

    /// That a row of a marginal scale says of no part of the key that its rate is for it.
    fn no_band(&mut self, row: &ast::Row, env: &Env) {
        let message = Message::new(
            "each row of a marginal scale is for a band of the key",
            "累进表的每一行须对应一个区间",
        );
        self.say(
            Diagnostic::new(Code::BadCell, env.place.at(row.syntax().text_range()), message).help(Message::new(
                "write a band, `a ..< b`, or for the rest `>= a`",
                "请写区间 `a ..< b`，其余部分写 `>= a`",
            )),
        );
    }

    fn bad_cell(&mut self, cell: &ast::Cell, env: &Env) {
        self.say(
            Diagnostic::new(Code::BadCell, env.place.at(cell.syntax().text_range()), Code::BadCell).help(Message::new(
                "a key cell is a constant, a list `a, b`, a band `a ..< b`, a comparison `>= a`, `-` or `otherwise`",
                "键单元格为常量、列表 `a, b`、区间 `a ..< b`、比较 `>= a`、`-` 或 `否则`",
            )),
        );
    }

    fn key_cell(&mut self, cell: &ast::Cell, ty: &Type, env: &Env) -> Option<Cell> {
        let key = cell.key()?;
        if key.is_any() {
            return Some(Cell::Any);
        }
        if let Some(comparison) = key.comparison().next() {
            let value = self.constant_of(&comparison.bound()?, ty, env)?;
            let bound = |closed| {
                Some(Bound {
                    value: value.clone(),
                    closed,
                })
            };
            let (low, high) = match comparison.op()? {
                BinaryOp::Less => (None, bound(false)),
                BinaryOp::LessOrEqual => (None, bound(true)),
                BinaryOp::Greater => (bound(false), None),
                BinaryOp::GreaterOrEqual => (bound(true), None),
                BinaryOp::Equal => return Some(Cell::OneOf(vec![value])),
                _ => return None,
            };
            return Some(Cell::Band(Interval { low, high }));
        }
        let values: Vec<Expr> = key.value().collect();
        if let [Expr::Range(range)] = values.as_slice() {
            let mut end = |expr: Option<Expr>, closed| match expr {
                Some(expr) => self
                    .constant_of(&expr, ty, env)
                    .map(|value| Some(Bound { value, closed })),
                None => Some(None),
            };
            let low = end(range.low(), range.is_low_closed())?;
            let high = end(range.high(), range.is_high_closed())?;
            return Some(Cell::Band(Interval { low, high }));
        }
        let values: Option<Vec<Scalar>> = values.iter().map(|value| self.constant_of(value, ty, env)).collect();
        values.filter(|values| !values.is_empty()).map(Cell::OneOf)
    }

    /// A constant of a type.
    pub(super) fn constant_of(&mut self, expr: &Expr, ty: &Type, env: &Env) -> Option<Scalar> {
        let typed = self.expr(expr, env, Some(ty))?;
        let typed = self.as_type(&typed, ty)?;
        self.folded(typed.node)
    }

    /// The value of a node that is a constant.
    pub(super) fn folded(&self, node: NodeId) -> Option<Scalar> {
        match &self.builder.nodes[node].op {
            Op::Const(scalar) => Some(scalar.clone()),
            Op::Named { body, .. } => self.folded(*body),
            Op::Neg(inner) => match self.folded(*inner)? {
                Scalar::Number(value) => Some(Scalar::Number(-&value)),
                Scalar::Months(months) => months.checked_neg().map(Scalar::Months),
                Scalar::Days(days) => days.checked_neg().map(Scalar::Days),
                _ => None,
            },
            _ => None,
        }
    }

    /// The type of a parameter of a table or definition.
    pub(super) fn param_type(&mut self, ty: &ast::Type, place: &Place) -> Option<Type> {
        use ast::TypeName;
        let span = place.at(ty.syntax().text_range());
        if let Some(range) = ty.range() {
            let message = Message::new("a parameter has no bounds of its own", "形参没有自己的界限");
            self.say(
                Diagnostic::new(Code::WrongType, place.at(range.range()), message)
                    .why(Message::new(
                        "nothing keeps what is passed within them: bounds belong to facts",
                        "传入的值并不受其约束：界限属于信息项",
                    ))
                    .help(Message::new(
                        "remove them, and cover the other values with a row `otherwise`",
                        "请删去界限，并用 `否则` 行涵盖其余取值",
                    )),
            );
            return None;
        }
        Some(match ty.name()? {
            TypeName::Bool => Type::Bool,
            TypeName::Year => Type::Year,
            TypeName::Month => Type::Month,
            TypeName::Count => Type::Number(Dimension::NONE),
            TypeName::Number => match ty.unit().map(|unit| unit.name()) {
                Some(ast::UnitName::Declared(name) | ast::UnitName::Currency(name)) => {
                    Type::Number(self.unit(&name, span)?.1)
                }
                _ => Type::Number(Dimension::NONE),
            },
            TypeName::Money(code) => Type::Number(self.unit(&code, span)?.1),
            TypeName::Date => Type::Date,
            TypeName::Months => Type::Months,
            TypeName::Days => Type::Days,
            TypeName::Text => Type::Text,
            TypeName::CreditCode => Type::Identifier(meed_facts::identifier::Kind::CreditCode),
            TypeName::CitizenId => Type::Identifier(meed_facts::identifier::Kind::CitizenId),
            TypeName::Division => Type::Identifier(meed_facts::identifier::Kind::Division),
            TypeName::Industry => Type::Identifier(meed_facts::identifier::Kind::Industry),
            TypeName::Named(name) => {
                let text = name.text();
                match by_name(&self.schema.enumerations, |known| &known.named, &text) {
                    Some(enumeration) => Type::Enumeration(enumeration),
                    None => {
                        let known: Vec<&str> = self
                            .schema
                            .enumerations
                            .iter()
                            .map(|(_, known)| &*known.named.name)
                            .collect();
                        self.unknown(Code::UnknownType, &text, span, &known, "type", "类型");
                        return None;
                    }
                }
            }
            TypeName::OneOf | TypeName::Many(_) | TypeName::One(_) => {
                self.say(Diagnostic::new(
                    Code::UnknownType,
                    span,
                    Message::new("a parameter is one value of a named type", "参数须为具名类型的单个值"),
                ));
                return None;
            }
        })
    }

    /// The operand as a type: a bare number is a year where one is wanted.
    pub(super) fn as_type(&mut self, typed: &Typed, ty: &Type) -> Option<Typed> {
        if *ty == Type::Year && typed.ty == Type::Number(Dimension::NONE) {
            return Some(Typed {
                ty: Type::Year,
                ..typed.clone()
            });
        }
        match super::typed::require(typed, ty, self.schema) {
            Ok(()) => Some(typed.clone()),
            Err(finding) => {
                self.say(*finding);
                None
            }
        }
    }
}

fn is_band(row: &Row) -> bool {
    matches!(row.cells.first(), Some(Cell::Band(_)))
}

/// Which cells are what.
struct Columns {
    keys: Vec<usize>,
    outcomes: Vec<(Arc<str>, usize)>,
}

/// The rows by ascending band, where they have one key and their bands are disjoint.
fn ordered(rows: &[Row]) -> Option<Vec<u32>> {
    let mut bands = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        let [Cell::Band(band)] = row.cells.as_slice() else {
            return None;
        };
        bands.push((band, u32::try_from(index).ok()?));
    }
    bands.sort_by(|(a, _), (b, _)| crate::bands::by_low(a, b));
    let disjoint = bands.windows(2).all(|pair| match pair {
        [(a, _), (b, _)] => crate::bands::ends_before(a, b),
        _ => true,
    });
    disjoint.then(|| bands.into_iter().map(|(_, index)| index).collect())
}
