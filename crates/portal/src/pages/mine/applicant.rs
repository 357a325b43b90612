//! For whom somebody speaks on a page: the applicant that `?for=` names, else the first of theirs.

use maud::{Markup, html};
use meed_facts::identifier::Kind;
use meed_facts::schema::FactType;
use meed_office::register::Subject;
use meed_office::setup::Setup;
use meed_office::store::Connection;
use meed_office::tx::Tx;

use crate::access::sees;
use crate::determined::Names;
use crate::fault::Fault;
use crate::posted::query;
use crate::view::encoded;
use crate::visit::Visit;

/// An applicant, and the others for whom the visitor speaks too.
#[derive(Clone, Debug)]
pub struct Applicant {
    /// Who it is.
    pub subject: Subject,
    /// Whether it is a person.
    person: bool,
    /// All for whom the visitor speaks: id and name.
    all: Vec<(String, String)>,
}

impl Applicant {
    /// The applicant of a request.
    ///
    /// # Errors
    /// Absent, where the visitor does not speak for whom the address names.
    pub fn of(connection: &mut Connection, setup: &Setup, visit: &Visit) -> Result<Self, Fault> {
        let asked = query(visit.uri.query()).remove("for");
        let asked = asked.and_then(|values| values.into_iter().next());
        let id = asked
            .or_else(|| visit.viewer.applicants().next().map(str::to_owned))
            .ok_or(Fault::NotYours)?;
        Self::named(connection, setup, visit, &id)
    }

    /// The applicant with an id, if the visitor speaks for it: an officer who sees everybody does not.
    ///
    /// # Errors
    /// Absent, where they do not.
    pub fn named(connection: &mut Connection, setup: &Setup, visit: &Visit, id: &str) -> Result<Self, Fault> {
        let speaks = visit.viewer.applicants().any(|one| one == id);
        if !speaks || !sees(connection, &visit.viewer, "subject", id)? {
            return Err(Fault::Absent);
        }
        let mut tx = Tx::reading(connection, setup)?;
        let mut all = Vec::new();
        for one in visit.viewer.applicants() {
            if let Some(subject) = tx.find::<Subject>(one)? {
                all.push((subject.id.clone(), subject.name.unwrap_or(subject.id)));
            }
        }
        let subject: Subject = tx.get(id)?;
        Ok(Self {
            person: is_person(&Names::read(&mut tx)?, &subject.kind),
            subject,
            all,
        })
    }

    /// What it is called.
    pub fn name(&self) -> &str {
        self.subject.name.as_deref().unwrap_or(&self.subject.id)
    }

    /// Whether it is a person: pages speak to people in other words.
    pub fn is_person(&self) -> bool {
        self.person
    }

    /// What a key says to this kind of applicant: `mine-lead`, or `mine-lead-person` where there is such.
    pub fn say(&self, visit: &Visit, key: &str) -> String {
        let own = self
            .is_person()
            .then(|| visit.words.known(&format!("{key}-person")))
            .flatten();
        own.unwrap_or_else(|| visit.t(key))
    }

    /// An address for this applicant.
    pub fn at(&self, path: &str) -> String {
        if self.all.len() < 2 {
            return path.to_owned();
        }
        let join = if path.contains('?') { '&' } else { '?' };
        format!("{path}{join}for={}", encoded(&self.subject.id))
    }

    /// Who it is, and where there are several, the choice among them.
    pub fn choice(&self, visit: &Visit) -> Markup {
        html! {
            @if self.all.len() < 2 { p.faint { (self.name()) } }
            @else {
                form.actions method="get" {
                    label for="for" { (visit.t("mine-for")) }
                    select id="for" name="for" {
                        @for (id, name) in &self.all { option value=(id) selected[*id == self.subject.id] { (name) } }
                    }
                    button.second type="submit" { (visit.t("mine-for-go")) }
                }
            }
        }
    }
}

/// Whether a kind of applicant is known by citizens' numbers.
fn is_person(names: &Names, kind: &str) -> bool {
    names.programs().iter().any(|program| {
        let schema = &program.schema;
        let mut entities = schema.entities.iter().map(|(_, entity)| entity);
        let entity = entities.find(|entity| entity.named.name.to_lowercase() == kind);
        let key = entity.and_then(|entity| entity.key);
        key.is_some_and(|key| schema.facts[key].ty == FactType::Identifier(Kind::CitizenId))
    })
}
