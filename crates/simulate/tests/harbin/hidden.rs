//! A population with missing facts is the complete one seen less well.

use meed_facts::record::{List, Record};
use meed_facts::value::Stated;

use super::population;

/// How many facts and lists there are, and how many of them are not known exactly.
#[derive(Default)]
struct Seen {
    all: usize,
    hidden: usize,
}

impl Seen {
    fn fact(&mut self, full: &Stated, seen: Option<&Stated>) {
        let Stated::Value(value) = full else {
            panic!("a complete population knows every value");
        };
        self.all += 1;
        self.hidden += usize::from(seen != Some(full));
        match seen {
            None | Some(Stated::Missing(_)) => {}
            Some(Stated::Value(seen)) => assert_eq!(seen, value),
            Some(Stated::Range(range)) => assert!(range.contains(value), "{value:?} is not in {range:?}"),
            Some(Stated::OneOf(members)) => assert!(members.contains(value)),
        }
    }

    fn list<T>(&mut self, full: &List<T>, seen: Option<&List<T>>, is_in: impl Fn(&T, &mut Self) -> bool) {
        assert!(full.complete);
        self.all += 1;
        self.hidden += usize::from(seen.is_none_or(|seen| !seen.complete));
        let Some(seen) = seen else { return };
        assert!(if seen.complete {
            seen.items.len() == full.items.len()
        } else {
            seen.items.len() <= full.items.len()
        });
        for item in &seen.items {
            assert!(is_in(item, self));
        }
    }

    fn record(&mut self, full: &Record, seen: &Record) {
        for (fact, stated) in full.facts.iter() {
            self.fact(stated, seen.facts.get(fact));
        }
        for (fact, series) in full.series.iter() {
            let seen = seen.series.get(fact);
            for (period, stated) in series {
                self.fact(stated, seen.and_then(|series| series.get(period)));
            }
        }
        for (fact, list) in full.children.iter() {
            self.list(list, seen.children.get(fact), |item, counts| {
                let same_key = |one: &&Record| one.facts.iter().next() == item.facts.iter().next();
                list.items
                    .iter()
                    .find(same_key)
                    .map(|one| counts.record(one, item))
                    .is_some()
            });
        }
        if let Some(titles) = &full.titles {
            self.list(titles, seen.titles.as_ref(), |item, _| titles.items.contains(item));
        }
        if let Some(awards) = &full.awards {
            self.list(awards, seen.awards.as_ref(), |item, _| awards.items.contains(item));
        }
    }
}

#[test]
fn what_is_stated_is_true_and_the_share_that_was_asked_for_is_hidden() {
    for (kind, missing) in [("enterprise", 3300), ("enterprise", 1000), ("person", 3300)] {
        let mut seen = Seen::default();
        let full = population(kind, 13, 0);
        let part = population(kind, 13, missing);
        for (full, part) in full.records(0..400).zip(part.records(0..400)) {
            seen.record(&full, &part);
        }
        let share = seen.hidden * 10_000 / seen.all;
        let wanted = usize::from(missing);
        assert!(
            (wanted - 150..=wanted + 150).contains(&share),
            "{share} of 10,000 for {kind} at {missing}"
        );
    }
}
