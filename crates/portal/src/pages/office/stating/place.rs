//! Where a value belongs: a path, with or without the ids of children and the period.

use meed_facts::schema::{EntityId, FactId, FactType, PeriodUnit, Schema};

use crate::pages::mine::form::slot::Slot;
use crate::visit::Visit;

/// A place for a value. Which child and which period it is of may still have to be said.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// The path without ids and period: `/hires/#/annual_pay`.
    pub pattern: String,
    /// What is stated there.
    pub slot: Slot,
    /// Its facts from the applicant on.
    steps: Vec<FactId>,
    /// Lists on the way, each with the id of the child.
    pub children: Vec<(FactId, String)>,
    /// In what it is stated, and for which one.
    pub period: Option<(PeriodUnit, String)>,
}

impl Place {
    /// Reads a path, with or without ids and period; `None` where there is nothing to be stated.
    pub fn read(schema: &Schema, applicant: EntityId, path: &str) -> Option<Self> {
        let mut texts = path.strip_prefix('/')?.split('/');
        let (mut entity, mut pattern) = (applicant, String::new());
        let (mut steps, mut children) = (Vec::new(), Vec::new());
        loop {
            let name = texts.next()?;
            let fact = schema.fact_called(entity, name)?;
            pattern.extend(["/", name]);
            steps.push(fact);
            let slot = match schema.facts[fact].ty {
                FactType::One(inner) => {
                    entity = inner;
                    continue;
                }
                FactType::Many(child) => {
                    let id = texts.next()?.strip_prefix('#')?;
                    pattern.push_str("/#");
                    if texts.clone().next().is_some() {
                        children.push((fact, id.to_owned()));
                        entity = child;
                        continue;
                    }
                    Slot::Whole(fact)
                }
                // Who somebody is, is entered with them.
                _ if schema.entities[entity].key == Some(fact) => return None,
                _ => Slot::Value(fact),
            };
            let unit = schema.facts[fact].period.filter(|_| matches!(slot, Slot::Value(_)));
            let period = unit.map(|unit| (unit, texts.next().unwrap_or_default().to_owned()));
            return Some(Self {
                pattern,
                slot,
                steps,
                children,
                period,
            });
        }
    }

    /// The path, with what has been said of it.
    pub fn path(&self) -> String {
        let mut path = String::new();
        let mut ids = self.children.iter().map(|(_, id)| id);
        for step in self.pattern.split('/').skip(1) {
            let id = if step == "#" {
                ids.next().map_or("", String::as_str)
            } else {
                ""
            };
            path.extend(["/", step, id]);
        }
        if let Some((_, period)) = &self.period {
            path.extend(["/", period]);
        }
        path
    }

    /// What is stated, in words.
    pub fn title(&self, visit: &Visit, schema: &Schema) -> String {
        let name = |fact: &FactId| called(visit, schema, *fact);
        let title = self.steps.iter().map(name).collect::<Vec<_>>().join(" · ");
        match self.slot {
            Slot::Whole(_) => format!("{title}{}", visit.t("fact-whole")),
            _ => title,
        }
    }
}

/// What a fact is called.
pub(super) fn called<'a>(visit: &Visit, schema: &'a Schema, fact: FactId) -> &'a str {
    let named = &schema.facts[fact].named;
    visit.words.label(&named.label, &named.name)
}

#[cfg(test)]
mod tests {
    use meed_facts::check::applicant;
    use meed_facts::date::Date;
    use meed_rules::{Package, check};

    use super::*;

    #[test]
    fn a_path_is_read_with_what_is_still_to_be_said_of_it() {
        let package = Package::open(std::path::Path::new("../../policies/harbin")).unwrap();
        let program = check(&package).program(Date::new(2024, 3, 1).unwrap()).unwrap();
        let kind = applicant(&program.schema, "enterprise").unwrap();
        let path = |text: &str| Place::read(&program.schema, kind, text).map(|place| (place.path(), place.pattern));
        for (text, whole, pattern) in [
            ("/breach", "/breach", "/breach"),
            ("/revenue", "/revenue/", "/revenue"),
            ("/revenue/2022", "/revenue/2022", "/revenue"),
            ("/years_in_niche/months", "/years_in_niche", "/years_in_niche"),
            ("/hires/#", "/hires/#", "/hires/#"),
            ("/hires/#/salary_paid", "/hires/#/salary_paid/", "/hires/#/salary_paid"),
            (
                "/hires/#h1/salary_paid/2022",
                "/hires/#h1/salary_paid/2022",
                "/hires/#/salary_paid",
            ),
        ] {
            assert_eq!(path(text), Some((whole.to_owned(), pattern.to_owned())), "{text}");
        }
        for none in ["", "breach", "/nothing", "/uscc", "/hires", "/hires/#h1/id", "/titles"] {
            assert_eq!(path(none), None, "{none}");
        }
    }
}
