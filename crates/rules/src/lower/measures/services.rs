//! Services: what is given without money.

use meed_facts::label::Label;
use meed_facts::schema::{EntityId, Named};
use meed_syntax::ast::{self, AstNode, ServiceClause};

use crate::lower::Lower;
use crate::names::Rule;
use crate::program::Service;
use crate::vocabulary::label;

impl Lower<'_> {
    /// Services in force on the date.
    pub(in crate::lower) fn services(&mut self) -> Vec<Service> {
        let rules: Vec<Rule<ast::Service>> = self
            .names
            .services
            .iter()
            .filter(|rule| rule.place.in_force.contains(self.date))
            .cloned()
            .collect();
        let mut services = Vec::new();
        for rule in &rules {
            let names: Vec<ast::NameRef> = rule.node.entity().collect();
            for name in names {
                if let Some(entity) = self.entity_named(&name, &rule.place) {
                    services.extend(self.service(rule, entity));
                }
            }
        }
        services
    }

    pub(in crate::lower) fn service(&mut self, rule: &Rule<ast::Service>, entity: EntityId) -> Option<Service> {
        let mut env = self.applicant(entity, &rule.place);
        let line = self.line(rule.node.child(), &mut env)?;
        let named = Named {
            name: rule.name.clone(),
            label: label(rule.node.labels()),
            formerly: Vec::new(),
        };
        let origin = self.origin_of(&rule.place, rule.place.span);
        let mut made = Service {
            named,
            entity,
            origin,
            line,
            when: None,
            channel: Label::default(),
            lead: None,
            with: Vec::new(),
        };
        for clause in rule.node.clause() {
            let span = env.place.at(clause.syntax().text_range());
            match clause {
                ServiceClause::When(when) => {
                    made.when = Some(match (when.conditions(), when.expr()) {
                        (Some(conditions), _) => self.conditions(&conditions, &env, span)?.node,
                        (None, expr) => self.condition(&expr?, &env)?.node,
                    });
                }
                ServiceClause::Channel(channel) => made.channel = label(channel.labels()),
                ServiceClause::LedBy(led) => made.lead = self.lead(&led, &env.place),
                ServiceClause::With(with) => {
                    let names: Vec<ast::NameRef> = with.agency().collect();
                    made.with
                        .extend(names.iter().filter_map(|name| self.agency(name, &env.place)));
                }
                ServiceClause::Formerly(_)
                | ServiceClause::SourceClause(_)
                | ServiceClause::BasisClause(_)
                | ServiceClause::InForceClause(_) => {}
            }
        }
        Some(made)
    }
}
