//! Random records for a random Program, and the same records with less known.

use meed_facts::date::{Date, Days};
use meed_facts::ratio::Ratio;
use meed_facts::record::{List, Record, TitleRecord};
use meed_facts::schema::{FactId, FactType, TitleId};
use meed_facts::value::{Bound, Interval, Missing, Scalar, Stated};

use crate::build::date;
use crate::random::{Case, Picks};

/// A record in which everything is known.
pub fn complete_record(case: &Case, picks: &mut Picks) -> Record {
    let schema = &case.program.schema;
    let mut record = Record::new(case.entity.0);
    for (fact, declared) in schema.facts.iter() {
        let is_child = declared.entity == case.entity.1;
        if is_child || fact == case.facts.list || fact == case.facts.yearly {
            continue;
        }
        record.facts.insert(fact, Stated::Value(scalar(&declared.ty, picks)));
    }
    let years = (2010..=2030).map(|year| {
        let value = Stated::Value(scalar(&FactType::Number(None), picks));
        (meed_facts::date::Period::Year(year), value)
    });
    record.series.insert(case.facts.yearly, years.collect());
    let items = (0..picks.below(4)).map(|_| child(case, picks)).collect();
    record.children.insert(case.facts.list, List { items, complete: true });
    let titles = (0..picks.below(3)).map(|_| title(case.facts.title, picks)).collect();
    record.titles = Some(List {
        items: titles,
        complete: true,
    });
    record
}

fn child(case: &Case, picks: &mut Picks) -> Record {
    let mut record = Record::new(case.entity.1);
    for fact in &case.facts.child {
        let value = scalar(&case.program.schema.facts[*fact].ty, picks);
        record.facts.insert(*fact, Stated::Value(value));
    }
    record
}

fn title(title: TitleId, picks: &mut Picks) -> TitleRecord {
    let granted = day(picks);
    TitleRecord {
        title,
        level: Some(u16::try_from(picks.below(4)).unwrap()),
        held: true,
        granted: Some(granted),
        until: (picks.below(2) == 0).then(|| day(picks)),
        suspended: (picks.below(4) == 0)
            .then(|| (day(picks), Some(day(picks))))
            .into_iter()
            .collect(),
        revoked: (picks.below(3) == 0).then(|| day(picks)),
        object: None,
    }
}

fn day(picks: &mut Picks) -> Date {
    let days = i32::try_from(picks.below(200)).unwrap() * 11;
    date("2018-01-10").plus_days(Days(days)).unwrap()
}

fn scalar(ty: &FactType, picks: &mut Picks) -> Scalar {
    match ty {
        FactType::Bool => Scalar::Bool(picks.below(2) == 0),
        FactType::Date => Scalar::Date(day(picks)),
        FactType::Enumeration(_) => Scalar::Member(u16::try_from(picks.below(4)).unwrap()),
        FactType::Count => Scalar::Number(Ratio::from(i32::try_from(picks.below(6)).unwrap())),
        _ => Scalar::Number(Ratio::from(picks.small())),
    }
}

/// A record of which less is known.
pub fn weaker(record: &Record, picks: &mut Picks) -> Record {
    let mut weak = record.clone();
    for (_, stated) in weak.facts.iter_mut() {
        *stated = weaker_fact(stated, picks);
    }
    for (_, series) in weak.series.iter_mut() {
        for stated in series.values_mut() {
            *stated = weaker_fact(stated, picks);
        }
    }
    let lists: Vec<FactId> = weak.children.iter().map(|(list, _)| list).collect();
    for list in lists {
        if picks.below(4) == 0 {
            weak.children.remove(list);
            continue;
        }
        let children = &mut weak.children[list];
        children.items = children.items.iter().map(|item| weaker(item, picks)).collect();
        if picks.below(3) == 0 {
            children.complete = false;
            let keep = picks.below(children.items.len() + 1);
            children.items.truncate(keep);
        }
    }
    match picks.below(4) {
        0 => weak.titles = None,
        1 => {
            if let Some(titles) = &mut weak.titles {
                titles.complete = false;
                titles.items.truncate(picks.below(3));
            }
        }
        _ => {}
    }
    for title in weak.titles.iter_mut().flat_map(|titles| &mut titles.items) {
        if picks.below(4) == 0 {
            title.level = None;
        }
        // Without a stated end, an unknown first day leaves the end open too.
        if picks.below(6) == 0 {
            title.granted = None;
        }
    }
    weak
}

fn weaker_fact(stated: &Stated, picks: &mut Picks) -> Stated {
    match (picks.below(5), stated) {
        (0, _) => Stated::Missing(Missing::Refused),
        (1 | 2, Stated::Value(Scalar::Number(number))) => {
            let below = number
                .checked_sub(&Ratio::from(i32::try_from(picks.below(3)).unwrap()))
                .unwrap();
            let above = number.checked_add(&Ratio::from(1)).unwrap();
            let bound = |value, closed| {
                Some(Bound {
                    value: Scalar::Number(value),
                    closed,
                })
            };
            Stated::Range(Interval {
                low: (picks.below(4) > 0).then(|| bound(below, true)).flatten(),
                high: bound(above, false),
            })
        }
        (1 | 2, Stated::Value(Scalar::Date(day))) => {
            let bound = |value, closed| {
                Some(Bound {
                    value: Scalar::Date(value),
                    closed,
                })
            };
            Stated::Range(Interval {
                low: bound(day.plus_days(Days(-1)).unwrap(), false),
                high: bound(day.plus_days(Days(400)).unwrap(), true),
            })
        }
        (1, Stated::Value(Scalar::Member(position))) => {
            let mut both = vec![Scalar::Member(0), Scalar::Member(*position)];
            both.dedup();
            Stated::OneOf(both)
        }
        (3, Stated::Range(interval)) => Stated::Range(Interval {
            low: None,
            high: interval.high.clone(),
        }),
        _ => stated.clone(),
    }
}
