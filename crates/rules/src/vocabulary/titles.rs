//! Titles: whose they are, at which levels, and how long a grant lasts under each rule book.

use std::sync::Arc;

use meed_facts::date::{Date, Months};
use meed_facts::schema::{EnumerationId, Named, Title};
use meed_facts::value::Scalar;
use meed_syntax::ast::{self, AstNode, TitleClause};
use meed_syntax::diagnostic::{Code, Diagnostic, Message};

use super::facts::{literal_of, member_of};
use super::{VocabularyBuilder, formerly, label};
use crate::place::Place;

impl VocabularyBuilder<'_> {
    pub(super) fn titles(&mut self) {
        for (name, versions) in self.names.titles.by_name() {
            let Some(latest) = versions.last() else { continue };
            let Some(entity) = latest
                .node
                .entity()
                .and_then(|entity| self.entity_of(&entity, &latest.place))
            else {
                continue;
            };
            let mut old: Vec<Arc<str>> = Vec::new();
            let mut validity: Vec<(Date, Option<Months>)> = Vec::new();
            let mut levels: Vec<u16> = Vec::new();
            let mut has_levels = false;
            for version in versions {
                let mut valid = None;
                for (clause, place) in version.clauses() {
                    match clause {
                        TitleClause::Formerly(names) => old.extend(formerly(Some(names))),
                        TitleClause::Valid(clause) => valid = self.months(clause.duration().as_ref(), place),
                        TitleClause::Level(clause) => {
                            has_levels = true;
                            levels.extend(clause.level().and_then(|level| self.level(&level, place)));
                        }
                        TitleClause::Levels(clause) => {
                            has_levels = true;
                            let members: Vec<_> = clause.level().collect();
                            levels.extend(members.iter().filter_map(|level| self.level(level, place)));
                        }
                        _ => {}
                    }
                }
                // A rule book without a beginning has always been in force.
                validity.extend(
                    version
                        .place
                        .in_force
                        .from
                        .or_else(|| Date::new(1, 1, 1))
                        .map(|from| (from, valid)),
                );
            }
            levels.sort_unstable();
            levels.dedup();
            let only = match levels.as_slice() {
                [level] => Some(*level),
                _ => None,
            };
            let named = Named {
                name: name.clone(),
                label: label(latest.node.labels()),
                formerly: old,
            };
            let enumeration = if has_levels { self.level_enumeration() } else { None };
            self.schema.titles.alloc(Title {
                named,
                entity,
                levels: enumeration,
                level: only,
                validity,
            });
        }
    }

    fn level_enumeration(&self) -> Option<EnumerationId> {
        self.enumeration("level")
    }

    fn level(&mut self, name: &ast::NameRef, place: &Place) -> Option<u16> {
        let span = place.at(name.syntax().text_range());
        let Some(enumeration) = self.level_enumeration() else {
            self.findings.push(
                Diagnostic::new(
                    Code::UnknownType,
                    span,
                    Message::new(
                        "levels are members of the enumeration `level`, and there is none",
                        "级别取自枚举 `level`，但没有此枚举",
                    ),
                )
                .help(Message::new(
                    "declare `enumeration level ordered { municipal provincial national }`",
                    "请声明 `枚举 level 有序 { … }`",
                )),
            );
            return None;
        };
        match member_of(&name.text(), enumeration, &self.schema) {
            Some(Scalar::Member(position)) => Some(position),
            _ => {
                let names: Vec<_> = self.schema.enumerations[enumeration]
                    .members
                    .iter()
                    .map(|member| member.name.clone())
                    .collect();
                self.unknown(Code::UnknownMember, &name.text(), span, &names, "level", "级别");
                None
            }
        }
    }

    fn months(&mut self, duration: Option<&ast::Expr>, place: &Place) -> Option<Months> {
        let duration = duration?;
        if let ast::Expr::Literal(literal) = duration
            && let Some(Scalar::Months(months)) =
                literal_of(literal, &meed_facts::schema::FactType::Months, &self.schema)
        {
            return Some(Months(months));
        }
        if !matches!(duration, ast::Expr::Hole(_)) {
            self.findings.push(Diagnostic::new(
                Code::NotConstant,
                place.at(duration.syntax().text_range()),
                Message::new(
                    "a validity is a number of years or months",
                    "有效期须为若干年或若干个月",
                ),
            ));
        }
        None
    }
}
