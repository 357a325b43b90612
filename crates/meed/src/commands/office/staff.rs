//! `meed office staff`: who works here, and whether every measure can be decided and paid, and every title decided, by enough persons.

use meed_facts::date::Date;
use meed_facts::label::Lang;
use meed_office::office::Office;
use meed_office::people::{Member, Need, Needs, Role, members, needs};
use meed_office::stop::Stop;
use meed_office::tx::Tx;
use serde_json::{Value, json};

use super::{Format, shown, unusable};
use crate::answer::{Answer, Outcome, Result};

/// Lists people, and proves for each measure and title that it has its persons, also with any one of them absent.
pub fn run(office: &Office, format: Format, lang: Lang) -> Result {
    let (members, needs) = read(office)?;
    let text = match format {
        Format::Json => {
            let people: Vec<Value> = members.iter().map(of_member).collect();
            let of = |what: &str, needs: &[Need]| needs.iter().map(|need| of_need(what, need)).collect::<Vec<_>>();
            let (measures, titles) = (of("measure", &needs.measures), of("title", &needs.titles));
            shown(
                &json!({"people": people, "measures": measures, "titles": titles}),
                format,
            )
        }
        Format::Text => members.iter().map(line).collect(),
    };
    Ok(Answer {
        text,
        remarks: needs.all().map(|need| remark(need, lang)).collect(),
        outcome: if needs.all().all(|need| need.assignment.is_some()) {
            Outcome::Fine
        } else {
            Outcome::Findings
        },
    })
}

/// That every measure and title of an office that pays real money has an assignment of persons.
pub fn must_be_enough(office: &Office, lang: Lang) -> Result<()> {
    let (_, needs) = read(office)?;
    let missing = needs.all().filter(|need| need.assignment.is_none());
    let told: String = missing.map(|need| remark(need, lang)).collect();
    if told.is_empty() { Ok(()) } else { Err(unusable(&told)) }
}

fn read(office: &Office) -> Result<(Vec<Member>, Needs)> {
    let mut reader = office.reader().map_err(|error| unusable(&error))?;
    let found = Tx::snapshot(&mut reader, office.setup(), |tx| Ok((members(tx)?, needs(tx)?)));
    found.map_err(|stop| match stop {
        Stop::Store(error) => unusable(&error),
        Stop::Denied(reason) | Stop::Undecided(reason) => unusable(&reason.message.en),
    })
}

fn days(since: Date, until: Option<Date>) -> String {
    until.map_or_else(|| format!("{since}.."), |until| format!("{since}..{until}"))
}

fn line(member: &Member) -> String {
    let scoped = |role: &str, scope: &str| match scope {
        "" => role.to_owned(),
        scope => format!("{role}({scope})"),
    };
    let duties = member.duties.iter().map(|duty| {
        format!(
            "{} {}",
            scoped(duty.role.name(), &duty.scope),
            days(duty.since, duty.until)
        )
    });
    let substitutes = member.substitutes.iter().map(|one| {
        let role = scoped(one.role.name(), &one.scope);
        format!("substitute {role} {}", days(one.since, one.until))
    });
    let told: Vec<String> = duties.chain(substitutes).collect();
    let person = &member.person;
    format!(
        "{}\t{}\t{}\t{}\n",
        person.id,
        person.name,
        person.bureau,
        told.join(", ")
    )
}

fn of_member(member: &Member) -> Value {
    let until = |day: Option<Date>| day.map(|day| day.to_string());
    let duties = member.duties.iter().map(
        |duty| json!({"role": duty.role.name(), "scope": duty.scope, "since": duty.since.to_string(), "until": until(duty.until)}),
    );
    let substitutes = member.substitutes.iter().map(
        |one| json!({"role": one.role.name(), "scope": one.scope, "since": one.since.to_string(), "until": until(one.until)}),
    );
    let person = &member.person;
    json!({
        "person": person.id, "name": person.name, "bureau": person.bureau,
        "duties": duties.collect::<Vec<_>>(), "substitutes": substitutes.collect::<Vec<_>>(),
    })
}

fn of_need(what: &str, need: &Need) -> Value {
    let by_role = |people: &Vec<(Role, String)>| -> Value {
        let pairs = people
            .iter()
            .map(|(role, person)| (role.name().to_owned(), json!(person)));
        Value::Object(pairs.collect())
    };
    let vacant: Vec<&str> = need.vacant.iter().map(|role| role.name()).collect();
    json!({
        what: need.name, "assignment": need.assignment.as_ref().map(by_role), "vacant": vacant, "depends_on": need.depends_on,
    })
}

/// What is wrong with the persons of a measure or title; nothing where there are enough of them.
fn remark(need: &Need, lang: Lang) -> String {
    let name = &need.name;
    let vacant = need
        .vacant
        .iter()
        .map(|role| role.name())
        .collect::<Vec<_>>()
        .join(", ");
    let needed = need.depends_on.join(", ");
    match (need.assignment.is_some(), lang) {
        (true, _) if needed.is_empty() => String::new(),
        (true, Lang::En) => {
            format!("warning: nobody could take the place of any one of these for {name}: {needed}\n")
        }
        (true, Lang::Zh) => format!("警告：{name} 缺少以下任一人员时将无人可替：{needed}\n"),
        (false, Lang::En) if vacant.is_empty() => {
            format!(
                "{name}: there are not enough different persons for its roles; give one of the roles to somebody more\n"
            )
        }
        (false, Lang::Zh) if vacant.is_empty() => format!("{name}：各项职责没有足够的不同人员，请增派人员\n"),
        (false, Lang::En) => format!("{name}: nobody has these roles: {vacant}; give them to somebody\n"),
        (false, Lang::Zh) => format!("{name}：以下职责无人担任：{vacant}，请指派人员\n"),
    }
}
