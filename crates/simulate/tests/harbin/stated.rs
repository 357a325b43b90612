//! What records state: all of the vocabulary, in a form that every reader takes.

use std::collections::BTreeSet;

use meed_facts::date::Date;
use meed_facts::json;
use meed_facts::record::Record;

use super::{SCHEMA, population};

#[test]
fn every_record_reads_back_as_what_it_was() {
    let on = Date::parse("2023-02-24").unwrap();
    for (kind, missing) in [("enterprise", 0), ("enterprise", 3300), ("person", 0), ("person", 3300)] {
        for record in population(kind, 11, missing).records(0..300) {
            let written = json::write(&SCHEMA, &record);
            let read = json::read_on(&SCHEMA, &written.to_string(), on).unwrap_or_else(|errors| panic!("{errors:?}"));
            assert_eq!(json::write(&SCHEMA, &read), written);
        }
    }
}

fn add_stated(names: &mut BTreeSet<String>, record: &Record) {
    let entity = &SCHEMA.entities[record.entity].named.name;
    let stated = record.facts.iter().map(|(fact, _)| fact);
    let stated = stated.chain(record.series.iter().map(|(fact, _)| fact));
    let stated = stated.chain(record.children.iter().map(|(fact, _)| fact));
    names.extend(stated.map(|fact| format!("{entity}.{}", SCHEMA.facts[fact].named.name)));
    let children = record.children.values().flat_map(|list| &list.items);
    children.for_each(|child| add_stated(names, child));
}

#[test]
fn every_fact_that_an_applicant_can_state_is_stated_by_somebody() {
    for kind in ["enterprise", "person"] {
        let mut names = BTreeSet::new();
        for record in population(kind, 5, 0).records(0..6000) {
            add_stated(&mut names, &record);
        }
        let kinds: BTreeSet<&str> = names.iter().filter_map(|name| name.split('.').next()).collect();
        for (_, entity) in SCHEMA
            .entities
            .iter()
            .filter(|(_, entity)| kinds.contains(&*entity.named.name))
        {
            for fact in &entity.facts {
                let name = format!("{}.{}", entity.named.name, SCHEMA.facts[*fact].named.name);
                assert!(names.contains(&name), "nobody states {name}");
            }
        }
    }
}
