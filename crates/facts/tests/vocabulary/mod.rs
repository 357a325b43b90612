//! A small vocabulary with every type of fact, for the tests of reading.

use meed_facts::identifier::Kind;
use meed_facts::label::Label;
use meed_facts::money::Currency;
use meed_facts::ratio::Ratio;
use meed_facts::schema::{
    Agency, Entity, EntityId, Enumeration, Fact, FactId, FactType, Named, PeriodUnit, Schema, Source, Title,
};
use meed_facts::value::{Bound, Interval, Scalar};

pub fn named(name: &str, formerly: &[&str]) -> Named {
    Named {
        name: name.into(),
        label: Label::default(),
        formerly: formerly.iter().map(|name| (*name).into()).collect(),
    }
}

fn entity(schema: &mut Schema, name: &str, applicant: bool) -> EntityId {
    schema.entities.alloc(Entity {
        named: named(name, &[]),
        key: None,
        facts: Vec::new(),
        applicant,
    })
}

fn fact(schema: &mut Schema, entity: EntityId, name: &str, ty: FactType) -> FactId {
    let fact = Fact {
        named: named(name, &[]),
        entity,
        ty,
        period: None,
        bounds: None,
        until: None,
        source: Source::Declared,
        evidence: Vec::new(),
    };
    let id = schema.facts.alloc(fact);
    schema.entities[entity].facts.push(id);
    id
}

fn bound(value: i128) -> Option<Bound> {
    Some(Bound {
        value: Scalar::Number(Ratio::from_int(value)),
        closed: true,
    })
}

fn enumeration(schema: &mut Schema, name: &str, members: &[&str], ordered: bool) -> FactType {
    let members = members.iter().map(|member| named(member, &[])).collect();
    FactType::Enumeration(schema.enumerations.alloc(Enumeration {
        named: named(name, &[]),
        members,
        ordered,
    }))
}

/// `Enterprise` with facts of all types, its `hires` of `Hire`, its `owner` of `Person`.
pub fn schema() -> Schema {
    let mut schema = Schema::default();
    let panel = schema.agencies.alloc(Agency {
        named: named("panel", &[]),
    });
    let enterprise = entity(&mut schema, "Enterprise", true);
    let hire = entity(&mut schema, "Hire", false);
    let person = entity(&mut schema, "Person", true);
    let level = enumeration(
        &mut schema,
        "level",
        &["none", "municipal", "provincial", "national"],
        true,
    );
    let sector = enumeration(&mut schema, "sector", &["industry", "services"], false);
    let cny = || FactType::Money(Currency::CNY);

    let uscc = fact(&mut schema, enterprise, "uscc", FactType::Identifier(Kind::CreditCode));
    schema.entities[enterprise].key = Some(uscc);
    fact(&mut schema, enterprise, "founded", FactType::Date);
    fact(&mut schema, enterprise, "employees", FactType::Count);
    fact(&mut schema, enterprise, "capital", cny());
    fact(&mut schema, enterprise, "listed", FactType::Bool);
    fact(&mut schema, enterprise, "name", FactType::Text);
    fact(&mut schema, enterprise, "level", level.clone());
    fact(&mut schema, enterprise, "sector", sector);
    fact(&mut schema, enterprise, "in_niche", FactType::Months);
    fact(&mut schema, enterprise, "late", FactType::Days);
    let share = fact(&mut schema, enterprise, "rd_staff_share", FactType::Number(None));
    schema.facts[share].bounds = Some(Interval {
        low: bound(0),
        high: bound(1),
    });
    let revenue = fact(&mut schema, enterprise, "revenue", cny());
    schema.facts[revenue].period = Some(PeriodUnit::Year);
    schema.facts[revenue].named.formerly.push("turnover".into());
    let power = fact(&mut schema, enterprise, "power", FactType::Number(None));
    schema.facts[power].period = Some(PeriodUnit::Month);
    let leading = fact(&mut schema, enterprise, "leading", FactType::Bool);
    schema.facts[leading].source = Source::Judged(panel);
    fact(&mut schema, enterprise, "hires", FactType::Many(hire));
    fact(&mut schema, enterprise, "owner", FactType::One(person));

    let id = fact(&mut schema, hire, "id", FactType::Text);
    schema.entities[hire].key = Some(id);
    let salary = fact(&mut schema, hire, "salary_paid", cny());
    schema.facts[salary].period = Some(PeriodUnit::Year);
    fact(&mut schema, person, "citizen", FactType::Identifier(Kind::CitizenId));

    let FactType::Enumeration(levels) = level else {
        panic!("a level is an enumeration")
    };
    for (name, levels, level) in [
        ("tech_centre", Some(levels), None),
        ("little_giant", Some(levels), Some(3)),
        ("unicorn", None, None),
    ] {
        let title = Title {
            named: named(name, &[]),
            entity: enterprise,
            levels,
            level,
            validity: Vec::new(),
        };
        schema.titles.alloc(title);
    }
    schema.measures = vec![named("tech_centre_reward", &["centre_bonus"]), named("hiring", &[])];
    schema.groups = vec![named("carriers", &[])];
    schema
}
