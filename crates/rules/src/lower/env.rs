//! Where an expression stands: whose facts its bare names mean, which period, which version of the text.

use std::sync::Arc;

use meed_facts::date::Date;
use meed_facts::schema::EntityId;
use meed_syntax::ast;

use super::typed::Typed;
use crate::names::Rule;
use crate::place::Place;
use crate::program::ScopeId;

/// What `year`, `month` and `due` mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Period {
    /// The calendar year of the determination, or the one before.
    Judged(i16),
    /// The period of an instalment.
    Instalment(ScopeId),
    /// A period on whose first day conditions are judged, so that it is `today`: the first one of a series, a day of an obligation.
    Judging(ScopeId),
}

/// What a local name stands for.
#[derive(Clone, Debug)]
pub(super) enum Local {
    /// A record: a child, or a single record held inside.
    Record { scope: ScopeId, entity: EntityId },
    /// A value: an argument or a year.
    Value(Typed),
}

/// Where an expression stands.
#[derive(Clone, Debug)]
pub(super) struct Env {
    /// The applicant's scope.
    pub(super) root: ScopeId,
    /// The innermost scope: new ones go inside it.
    pub(super) scope: ScopeId,
    /// The scope of the record that bare names mean.
    pub(super) record: ScopeId,
    /// What that record is.
    pub(super) entity: EntityId,
    /// Local names, innermost last.
    pub(super) locals: Vec<(Arc<str>, Local)>,
    /// What `year` means.
    pub(super) period: Period,
    /// What `base` means, inside an exception.
    pub(super) base: Option<Typed>,
    /// The date whose versions of the text are read.
    pub(super) text_of: Date,
    /// Where the rule stands.
    pub(super) place: Place,
    /// Conditions that amendments put in place of those with their labels.
    pub(super) amended: Arc<[(Arc<str>, ast::Expr, Place)]>,
}

impl Env {
    /// Where conditions of entering stand: on the first day of a series' first period.
    pub(super) fn entering(&self) -> Self {
        let period = match self.period {
            Period::Instalment(scope) => Period::Judging(scope),
            other => other,
        };
        Self { period, ..self.clone() }
    }

    /// The local `name`, the innermost where several have it.
    pub(super) fn local(&self, name: &str) -> Option<&Local> {
        self.locals
            .iter()
            .rev()
            .find(|(known, _)| &**known == name)
            .map(|(_, local)| local)
    }

    /// The same place with one more local name.
    pub(super) fn with(&self, name: Arc<str>, local: Local) -> Self {
        let mut inner = self.clone();
        inner.locals.push((name, local));
        inner
    }
}

/// The conditions that amendments replace by label in a clause that stands at `clause`: where an amendment wrote the clause, those that came after it.
pub(super) fn amended_conditions(
    amendments: &[Rule<ast::Amend>],
    clause: &Place,
) -> Arc<[(Arc<str>, ast::Expr, Place)]> {
    if amendments.is_empty() {
        return Arc::default();
    }
    let own = amendments
        .iter()
        .position(|amendment| amendment.place.span == clause.span);
    let later = amendments.iter().skip(own.map_or(0, |own| own.saturating_add(1)));
    let conditions = later.flat_map(|amendment| {
        let place = &amendment.place;
        amendment
            .node
            .condition()
            .filter_map(|condition| Some((condition.label()?.text().into(), condition.expr()?, place.clone())))
            .collect::<Vec<_>>()
    });
    conditions.collect()
}
