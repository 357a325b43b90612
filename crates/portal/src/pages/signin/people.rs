//! In a demonstration: the people as whom one may look around.

use maud::{Markup, html};
use meed_office::people::{Duty, Person, Role};
use meed_office::store::{Connection, StoreError};
use meed_office::tx::select;

use crate::view::{csrf, role_name};
use crate::visit::Visit;

/// So many of those who speak for an applicant stand on the page at once, the others behind a word.
const AGENTS: usize = 12;
/// The most of them there are at all.
const MOST: &str = "200";

/// Somebody, with what they may do.
pub(super) struct Sample {
    person: Person,
    roles: Vec<Role>,
}

/// Everybody who works in the office, and those who speak for applicants, who have something to do first.
pub(super) fn of(connection: &mut Connection) -> Result<Vec<Sample>, StoreError> {
    let staff = "EXISTS (SELECT 1 FROM duty WHERE person = id AND role <> 'agent') ORDER BY bureau, id";
    let agents = format!(
        "id IN (SELECT person FROM duty WHERE role = 'agent') AND NOT EXISTS (SELECT 1 FROM duty WHERE person = id AND role <> 'agent') \
         ORDER BY (SELECT count(*) FROM duty JOIN \"case\" ON \"case\".subject = duty.scope WHERE duty.person = person.id AND \"case\".state IN \
         ('offered', 'draft', 'correction')) DESC, id LIMIT {MOST}"
    );
    let mut people = select::<Person>(connection, staff, &[])?;
    people.extend(select::<Person>(connection, &agents, &[])?);
    let mut samples = Vec::new();
    for person in people {
        let duties = select::<Duty>(connection, "person = $1 ORDER BY role", &[person.id.as_str().into()])?;
        let mut roles: Vec<Role> = duties.into_iter().map(|duty| duty.role).collect();
        roles.dedup();
        samples.push(Sample { person, roles });
    }
    Ok(samples)
}

/// Whether there is such a person.
pub(super) fn is_known(connection: &mut Connection, person: &str) -> Result<bool, StoreError> {
    Ok(!select::<Person>(connection, "id = $1", &[person.into()])?.is_empty())
}

/// A button for each.
pub(super) fn list(visit: &Visit, samples: &[Sample], target: &str) -> Markup {
    let speaks = |sample: &&Sample| sample.roles.iter().all(|role| *role == Role::Agent);
    let (agents, staff): (Vec<&Sample>, Vec<&Sample>) = samples.iter().partition(speaks);
    let (first, others) = agents.split_at(agents.len().min(AGENTS));
    html! {
        h2 { (visit.t("signin-as")) }
        form method="post" action="/sign-in/as" {
            (csrf(visit))
            input type="hidden" name="next" value=(target);
            (cards(visit, staff.iter().chain(first).copied()))
            @if !others.is_empty() {
                details { summary { (visit.t("signin-as-others")) } (cards(visit, others.iter().copied())) }
            }
        }
    }
}

fn cards<'a>(visit: &Visit, samples: impl Iterator<Item = &'a Sample>) -> Markup {
    html! {
        div.cards { @for sample in samples {
            button.card type="submit" name="person" value=(sample.person.id) {
                strong { (sample.person.name) }
                span { (sample.person.bureau) }
                span { (roles(visit, &sample.roles)) }
            }
        } }
    }
}

/// What roles are called, in a row.
fn roles(visit: &Visit, roles: &[Role]) -> String {
    let named: Vec<String> = roles.iter().map(|role| role_name(visit, *role)).collect();
    named.join(visit.words.pick("、", ", "))
}
