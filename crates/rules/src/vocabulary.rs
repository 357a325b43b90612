//! The vocabulary: entities, facts, enumerations, titles, agencies and units as a schema, and what the rules add to single facts.

mod columns;
mod facts;
mod titles;

pub(crate) use facts::{literal_of, member_of};

use std::sync::Arc;

use la_arena::Arena;
use meed_facts::date::Date;
use meed_facts::label::Label;
use meed_facts::ratio::Ratio;
use meed_facts::schema::{Agency, Entity, EntityId, Enumeration, EnumerationId, FactId, FactType, Named, Schema, Unit};
use meed_facts::value::Scalar;
use meed_syntax::ast::{self, AstNode};
use meed_syntax::diagnostic::{Code, Diagnostic, Message, Span};
use rustc_hash::FxHashMap;

use crate::names::{Names, Rule, Rules};
use crate::place::Place;

/// What the rules say about single facts, beside their type.
#[derive(Clone, Debug, Default)]
pub(crate) struct Vocabulary {
    by_name: FxHashMap<EntityId, FxHashMap<Arc<str>, FactId>>,
    applies: FxHashMap<FactId, (ast::Expr, Place)>,
    presumed: FxHashMap<FactId, Vec<(Scalar, Place)>>,
    places: FxHashMap<FactId, Span>,
}

impl Vocabulary {
    /// The fact called `name`, now or formerly.
    pub(crate) fn fact(&self, schema: &Schema, entity: EntityId, name: &str) -> Option<FactId> {
        let known = self.by_name.get(&entity)?.get(name).copied();
        debug_assert!(known.is_none_or(|fact| schema.facts[fact].entity == entity));
        known
    }

    /// The condition under which a fact applies, and where it stands.
    pub(crate) fn applies(&self, fact: FactId) -> Option<(ast::Expr, Place)> {
        self.applies.get(&fact).cloned()
    }

    /// Where a fact is declared.
    pub(crate) fn place(&self, fact: FactId) -> Option<Span> {
        self.places.get(&fact).copied()
    }

    /// What the law presumes of a fact on a day.
    pub(crate) fn presumed(&self, fact: FactId, day: Date) -> Option<(Scalar, Place)> {
        self.presumed
            .get(&fact)?
            .iter()
            .find(|(_, place)| place.in_force.contains(day))
            .cloned()
    }
}

/// Makes the schema of all names. What cannot be understood is said and left out.
pub(crate) fn build(names: &Names, findings: &mut Vec<Diagnostic>) -> (Schema, Vocabulary) {
    let mut builder = VocabularyBuilder {
        names,
        schema: Schema::default(),
        vocabulary: Vocabulary::default(),
        findings,
    };
    builder.agencies();
    builder.units();
    builder.enumerations();
    builder.entities();
    builder.facts();
    builder.keys();
    builder.titles();
    builder.applicants();
    builder.presumptions();
    builder.awards();
    (builder.schema, builder.vocabulary)
}

struct VocabularyBuilder<'a> {
    names: &'a Names,
    schema: Schema,
    vocabulary: Vocabulary,
    findings: &'a mut Vec<Diagnostic>,
}

impl VocabularyBuilder<'_> {
    fn agencies(&mut self) {
        for rule in single(&self.names.agencies, self.findings) {
            self.schema.agencies.alloc(Agency {
                named: name_of(rule, rule.node.labels(), None),
            });
        }
    }

    fn units(&mut self) {
        let mut derived = Vec::new();
        let rules: Vec<_> = single(&self.names.units, self.findings).collect();
        for rule in rules {
            match (rule.node.factor(), rule.node.base()) {
                (Some(factor), Some(base)) => derived.push((rule, factor, base)),
                _ => {
                    self.schema.units.alloc(Unit {
                        name: rule.name.clone(),
                        label: label(rule.node.labels()),
                        factor: Ratio::ONE,
                        base: None,
                    });
                }
            }
        }
        for (rule, factor, base) in derived {
            let known = self
                .schema
                .units
                .iter()
                .find(|(_, unit)| *unit.name == *base.text() && unit.base.is_none())
                .map(|(id, _)| id);
            let place = rule.place.at(base.syntax().text_range());
            let Some(base_id) = known else {
                let base = base.text();
                self.findings.push(
                    Diagnostic::new(
                        Code::UnknownUnit,
                        place,
                        Message::new(
                            format!("there is no base unit `{base}`"),
                            format!("没有基本单位“{base}”"),
                        ),
                    )
                    .help(Message::new("declare it: `unit NAME`", "请先声明：`计量单位 名称`")),
                );
                continue;
            };
            let factor = factor.value().unwrap_or(Ratio::ONE);
            self.schema.units.alloc(Unit {
                name: rule.name.clone(),
                label: label(rule.node.labels()),
                factor,
                base: Some(base_id),
            });
        }
    }

    fn enumerations(&mut self) {
        let rules: Vec<_> = single(&self.names.enumerations, self.findings).collect();
        for rule in rules {
            let members = match &rule.table {
                Some(table) => self.members_of(table, &rule.place),
                None => rule
                    .node
                    .member()
                    .filter_map(|member| {
                        let name = member.name()?.text().into();
                        Some(Named {
                            name,
                            label: label(member.labels()),
                            formerly: formerly(member.formerly()),
                        })
                    })
                    .collect(),
            };
            self.schema.enumerations.alloc(Enumeration {
                named: name_of(rule, rule.node.labels(), None),
                members,
                ordered: rule.node.is_ordered(),
            });
        }
    }

    fn members_of(&mut self, table: &ast::Table, place: &Place) -> Vec<Named> {
        let columns = columns::Columns::of(table, place, &columns::ENUMERATION, self.findings);
        table
            .row()
            .filter_map(|row| {
                let name = columns.cell(&row, "value")?.name()?.text().into();
                let text = |column| {
                    columns
                        .cell(&row, column)
                        .map(|cell| cell.text())
                        .filter(|text| !text.is_empty())
                };
                let label = Label {
                    zh: text("zh").map(Into::into),
                    en: text("en").map(Into::into),
                };
                let formerly = columns
                    .cell(&row, "formerly")
                    .map(|cell| cell.formerly().map(|name| name.text().into()).collect());
                Some(Named {
                    name,
                    label,
                    formerly: formerly.unwrap_or_default(),
                })
            })
            .collect()
    }

    fn entities(&mut self) {
        let rules: Vec<_> = single(&self.names.entities, self.findings).collect();
        for rule in rules {
            let named = name_of(rule, rule.node.labels(), rule.node.formerly());
            self.schema.entities.alloc(Entity {
                named,
                key: None,
                facts: Vec::new(),
                applicant: false,
            });
        }
    }

    fn keys(&mut self) {
        for rule in self.names.entities.iter() {
            let Some(key) = rule.node.key() else { continue };
            let Some(entity) = self.entity(&rule.name) else {
                continue;
            };
            match self.vocabulary.fact(&self.schema, entity, &key.text()) {
                Some(fact) => self.schema.entities[entity].key = Some(fact),
                None => {
                    let place = rule.place.at(key.syntax().text_range());
                    let names = self.fact_names(entity);
                    self.unknown(Code::UnknownName, &key.text(), place, &names, "fact", "信息");
                }
            }
        }
    }

    /// An entity is an applicant where a measure, service, title or case is for it and no fact holds it.
    fn applicants(&mut self) {
        let held: Vec<EntityId> = self
            .schema
            .facts
            .iter()
            .filter_map(|(_, fact)| match fact.ty {
                FactType::One(entity) | FactType::Many(entity) => Some(entity),
                _ => None,
            })
            .collect();
        let mut asked: Vec<String> = Vec::new();
        asked.extend(
            self.names
                .measures
                .iter()
                .flat_map(|rule| rule.node.entity().map(|entity| entity.text())),
        );
        asked.extend(
            self.names
                .services
                .iter()
                .flat_map(|rule| rule.node.entity().map(|entity| entity.text())),
        );
        asked.extend(
            self.names
                .cases
                .iter()
                .filter_map(|rule| rule.node.entity())
                .map(|entity| entity.text()),
        );
        for (id, entity) in self.schema.entities.iter_mut() {
            entity.applicant = !held.contains(&id) || asked.iter().any(|name| *name == *entity.named.name);
        }
    }

    fn awards(&mut self) {
        for (name, rules) in self.names.measures.by_name() {
            let Some(rule) = rules.last() else { continue };
            let old = rules
                .iter()
                .flat_map(|rule| rule.node.clause())
                .filter_map(|clause| match clause {
                    ast::MeasureClause::Formerly(formerly) => Some(formerly),
                    _ => None,
                });
            let formerly = old
                .flat_map(|formerly| formerly.name().collect::<Vec<_>>())
                .map(|name| name.text().into())
                .collect();
            self.schema.measures.push(Named {
                name: name.clone(),
                label: label(rule.node.labels()),
                formerly,
            });
        }
        for rule in self.names.combines.iter() {
            if let Some(ast::CombineForm::Exclusive(_)) = rule.node.form() {
                self.schema.groups.push(name_of(rule, rule.node.labels(), None));
            }
        }
    }

    fn entity(&self, name: &str) -> Option<EntityId> {
        find(
            self.schema.entities.iter().map(|(id, entity)| (id, &entity.named)),
            name,
        )
    }

    fn entity_of(&mut self, name: &ast::NameRef, place: &Place) -> Option<EntityId> {
        let text = name.text();
        let known = self.entity(&text);
        if known.is_none() {
            let names: Vec<_> = self
                .schema
                .entities
                .iter()
                .map(|(_, entity)| entity.named.name.clone())
                .collect();
            self.unknown(
                Code::UnknownEntity,
                &text,
                place.at(name.syntax().text_range()),
                &names,
                "entity",
                "主体",
            );
        }
        known
    }

    fn enumeration(&self, name: &str) -> Option<EnumerationId> {
        find(
            self.schema.enumerations.iter().map(|(id, known)| (id, &known.named)),
            name,
        )
    }

    fn fact_names(&self, entity: EntityId) -> Vec<Arc<str>> {
        self.schema.entities[entity]
            .facts
            .iter()
            .map(|fact| self.schema.facts[*fact].named.name.clone())
            .collect()
    }

    fn unknown(&mut self, code: Code, name: &str, span: Span, known: &[Arc<str>], en: &str, zh: &str) {
        let known = known.iter().map(|name| &**name);
        let finding = crate::near::unknown(code, name, span, known, (en, zh));
        self.findings.push(finding);
    }
}

/// The thing of a name, now or formerly.
pub(crate) fn find<'a, T>(things: impl Iterator<Item = (T, &'a Named)>, name: &str) -> Option<T> {
    let mut things = things;
    things.find(|(_, named)| named.is_called(name)).map(|(thing, _)| thing)
}

/// Labels as the tree has them.
pub(crate) fn label(labels: Option<ast::Labels>) -> Label {
    let text = |text: Option<ast::Text>| text.map(|text| Arc::from(text.value()));
    labels.map_or_else(Label::default, |labels| Label {
        zh: text(labels.zh()),
        en: text(labels.en()),
    })
}

/// Former names as the tree has them.
pub(crate) fn formerly(formerly: Option<ast::Formerly>) -> Vec<Arc<str>> {
    formerly
        .into_iter()
        .flat_map(|formerly| formerly.name().collect::<Vec<_>>())
        .map(|name| name.text().into())
        .collect()
}

fn name_of<N>(rule: &Rule<N>, labels: Option<ast::Labels>, old: Option<ast::Formerly>) -> Named {
    Named {
        name: rule.name.clone(),
        label: label(labels),
        formerly: formerly(old),
    }
}

/// The vocabulary only grows, so a name of it is declared once, whatever the time.
fn single<'a, N>(
    rules: &'a Rules<N>,
    findings: &mut Vec<Diagnostic>,
) -> impl Iterator<Item = &'a Rule<N>> + use<'a, N> {
    for (name, versions) in rules.by_name() {
        if let [first, others @ ..] = versions {
            for other in others {
                findings.push(
                    Diagnostic::new(
                        Code::DuplicateName,
                        other.place.span,
                        Message::new(format!("`{name}` is declared twice"), format!("“{name}”重复声明")),
                    )
                    .related(first.place.span, Message::new("first here", "首次声明于此")),
                );
            }
        }
    }
    rules.by_name().filter_map(|(_, versions)| versions.first())
}

/// An arena's item by name.
pub(crate) fn by_name<'a, T>(
    arena: &'a Arena<T>,
    named: impl Fn(&'a T) -> &'a Named,
    name: &str,
) -> Option<la_arena::Idx<T>> {
    find(arena.iter().map(|(id, item)| (id, named(item))), name)
}
