//! Everybody who works here, and whether every measure can be decided and paid, and every title decided, by as many persons as that takes.

use std::collections::BTreeSet;

use super::{Duty, OF_A_TITLE, OF_AN_AWARD, Person, Role, Substitute};
use crate::policies::{program, published};
use crate::stop::Answer;
use crate::store::Cell;
use crate::tx::Tx;

/// Somebody, with what they may do today or later.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// Who.
    pub person: Person,
    /// Their roles.
    pub duties: Vec<Duty>,
    /// For what they are named as a substitute.
    pub substitutes: Vec<Substitute>,
}

/// Which persons measures and titles need, and have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// Those of each measure.
    pub measures: Vec<Need>,
    /// Those of each title.
    pub titles: Vec<Need>,
}

impl Needs {
    /// Those of measures, then those of titles.
    pub fn all(&self) -> impl Iterator<Item = &Need> {
        self.measures.iter().chain(&self.titles)
    }
}

/// Whether a measure or a title has the persons that it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// The name of the measure or title.
    pub name: String,
    /// Who could act in each role, all different; nothing where there is no such assignment.
    pub assignment: Option<Vec<(Role, String)>>,
    /// Roles that nobody has, where there is none.
    pub vacant: Vec<Role>,
    /// Without whom there would be none.
    pub depends_on: Vec<String>,
}

/// Everybody who has a role, or is a substitute, today or later, by bureau. Who only speaks for an applicant is left out.
///
/// # Errors
/// Where the database fails.
pub fn members(tx: &mut Tx<'_>) -> Answer<Vec<Member>> {
    let today = Cell::from(&tx.today);
    let current = "person = $1 AND (until IS NULL OR until > $2) ORDER BY role, scope, since";
    let mut members = Vec::new();
    for person in tx.rows::<Person>("1 = 1 ORDER BY bureau, id", &[])? {
        let place = [Cell::from(&person.id), today.clone()];
        let mut duties = tx.rows::<Duty>(current, &place)?;
        duties.retain(|duty| duty.role != Role::Agent);
        let substitutes = tx.rows::<Substitute>(current, &place)?;
        if !duties.is_empty() || !substitutes.is_empty() {
            members.push(Member {
                person,
                duties,
                substitutes,
            });
        }
    }
    Ok(members)
}

/// What each measure that is in force today, and each title with criteria in force, needs and has.
///
/// # Errors
/// Where the database fails, or a published package does not check.
pub fn needs(tx: &mut Tx<'_>) -> Answer<Needs> {
    let today = tx.today;
    let duties = tx.rows::<Duty>(
        "since <= $1 AND (until IS NULL OR until > $1) ORDER BY person",
        &[Cell::from(&today)],
    )?;
    let payer = tx.setup.config.payer.clone();
    let (mut measures, mut titles) = (BTreeSet::new(), BTreeSet::new());
    for policy in published(tx)? {
        let program = program(tx, &policy, today)?;
        let in_force = program.measures.iter().filter(|(_, measure)| !measure.rules.is_empty());
        measures.extend(in_force.map(|(_, measure)| measure.named.name.to_string()));
        let stated = program.titles.iter().filter(|rules| rules.meets.is_some());
        titles.extend(stated.map(|rules| program.schema.titles[rules.title].named.name.to_string()));
    }
    let each = |names: BTreeSet<String>, roles: &[Role]| -> Vec<Need> {
        names
            .into_iter()
            .map(|name| need(name, roles, &payer, &duties))
            .collect()
    };
    Ok(Needs {
        measures: each(measures, &OF_AN_AWARD),
        titles: each(titles, &OF_A_TITLE),
    })
}

fn need(name: String, roles: &[Role], payer: &str, duties: &[Duty]) -> Need {
    let candidates: Vec<BTreeSet<&str>> = roles
        .iter()
        .map(|role| {
            let scope = match role {
                Role::Preparer | Role::Releaser => payer,
                _ => name.as_str(),
            };
            let may = |duty: &&Duty| duty.role == *role && (duty.scope.is_empty() || duty.scope == scope);
            duties.iter().filter(may).map(|duty| duty.person.as_str()).collect()
        })
        .collect();
    let assignment = assigned(&candidates, None, &mut Vec::new());
    let vacant = roles.iter().zip(&candidates).filter(|(_, people)| people.is_empty());
    let vacant = vacant.map(|(role, _)| *role).collect();
    let everybody: BTreeSet<&str> = assignment.iter().flatten().copied().collect();
    let without = |person: &&&str| assigned(&candidates, Some(person), &mut Vec::new()).is_none();
    let depends_on = everybody
        .iter()
        .filter(without)
        .map(|person| (*person).to_owned())
        .collect();
    Need {
        assignment: assignment.map(|people| {
            let people = people.into_iter().map(str::to_owned);
            roles.iter().copied().zip(people).collect()
        }),
        name,
        vacant,
        depends_on,
    }
}

/// One person for each role, all different and none the one who is absent: the first such assignment.
fn assigned<'p>(
    candidates: &[BTreeSet<&'p str>],
    absent: Option<&str>,
    taken: &mut Vec<&'p str>,
) -> Option<Vec<&'p str>> {
    let Some((first, rest)) = candidates.split_first() else {
        return Some(taken.clone());
    };
    for person in first {
        if taken.contains(person) || absent == Some(*person) {
            continue;
        }
        taken.push(person);
        let found = assigned(rest, absent, taken);
        taken.pop();
        if found.is_some() {
            return found;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn duty(person: &str, role: Role) -> Duty {
        Duty {
            person: person.to_owned(),
            role,
            scope: String::new(),
            since: meed_facts::date::Date::parse("2023-01-01").unwrap(),
            until: None,
        }
    }

    #[test]
    fn persons_count_and_not_roles() {
        // Four persons have all five roles between them: no award can be paid.
        let mut duties: Vec<Duty> = OF_AN_AWARD
            .iter()
            .flat_map(|role| ["a", "b", "c", "d"].map(|who| duty(who, *role)))
            .collect();
        let few = need("m".to_owned(), &OF_AN_AWARD, "p", &duties);
        assert_eq!((few.assignment, few.vacant), (None, Vec::new()));
        duties.push(duty("e", Role::Releaser));
        let enough = need("m".to_owned(), &OF_AN_AWARD, "p", &duties);
        assert_eq!(
            enough.assignment.unwrap().last().unwrap(),
            &(Role::Releaser, "e".to_owned())
        );
        assert_eq!(enough.depends_on, ["a", "b", "c", "d", "e"]);
        duties.push(duty("f", Role::Examiner));
        assert_eq!(need("m".to_owned(), &OF_AN_AWARD, "p", &duties).depends_on, [""; 0]);
    }

    #[test]
    fn a_title_takes_three_persons() {
        let roles = [Role::Officer, Role::Examiner, Role::Approver];
        let mut duties: Vec<Duty> = roles
            .iter()
            .flat_map(|role| ["a", "b"].map(|who| duty(who, *role)))
            .collect();
        assert_eq!(need("t".to_owned(), &OF_A_TITLE, "p", &duties).assignment, None);
        duties.push(duty("c", Role::Examiner));
        let enough = need("t".to_owned(), &OF_A_TITLE, "p", &duties);
        assert_eq!(enough.assignment.unwrap().len(), 3);
        assert_eq!(enough.depends_on, ["a", "b", "c"]);
    }

    #[test]
    fn a_role_that_nobody_has_is_named() {
        let duties: Vec<Duty> = OF_AN_AWARD
            .iter()
            .skip(1)
            .map(|role| duty(role.name(), *role))
            .collect();
        assert_eq!(need("m".to_owned(), &OF_AN_AWARD, "p", &duties).vacant, [Role::Officer]);
    }
}
