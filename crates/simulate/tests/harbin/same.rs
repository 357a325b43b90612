//! Row `i` follows from model, seed and `i` alone.

use meed_facts::record::Record;

use super::{SCHEMA, population};

fn rows(kind: &str, seed: u64, missing: u16, rows: std::ops::Range<u64>) -> Vec<Record> {
    population(kind, seed, missing).records(rows).collect()
}

#[test]
fn any_parts_in_any_order_make_the_same_population() {
    for (kind, missing) in [("enterprise", 0), ("enterprise", 3300), ("person", 3300)] {
        let whole = rows(kind, 3, missing, 0..120);
        let later = rows(kind, 3, missing, 70..120);
        let earlier = rows(kind, 3, missing, 0..70);
        assert_eq!([earlier, later].concat(), whole);
        let batch = population(kind, 3, missing).batch(20..90);
        let given_back: Vec<Record> = (0..batch.rows).filter_map(|row| batch.record(row)).collect();
        assert_eq!(given_back, whole[20..90]);
    }
}

#[test]
fn batches_are_the_same_on_any_number_of_threads_and_end_where_taking_fails() {
    let population = population("person", 3, 1000);
    let size = 9000;
    let all = |threads| {
        let mut batches = Vec::new();
        let taken: Result<(), ()> = population.each_batch(size, threads, |batch| {
            batches.push(batch);
            Ok(())
        });
        assert_eq!(taken, Ok(()));
        batches
    };
    let one = all(1);
    assert_eq!(
        one.iter().map(|batch| batch.rows).collect::<Vec<_>>(),
        [4096, 4096, 808]
    );
    assert_eq!(all(2), one);
    assert_eq!(all(5), one);
    let mut taken = 0;
    let failed = population.each_batch(u64::MAX, 2, |_| {
        taken += 1;
        if taken < 2 { Ok(()) } else { Err("full") }
    });
    assert_eq!((failed, taken), (Err("full"), 2));
}

#[test]
fn another_seed_gives_others_with_the_same_profiles() {
    let (one, other) = (rows("enterprise", 1, 0, 0..200), rows("enterprise", 2, 0, 0..200));
    assert!(one.iter().zip(&other).all(|(one, other)| one != other));
    // A title that profiles give to all of their rows: others are drawn for each row.
    let holders = |records: &[Record]| {
        let titles = |record: &Record| record.titles.as_ref().unwrap().items.clone();
        let names = |record: &Record| {
            titles(record)
                .into_iter()
                .map(|one| SCHEMA.titles[one.title].named.name.clone())
        };
        let held = records
            .iter()
            .filter(|record| names(record).any(|name| &*name == "high_tech"));
        held.count()
    };
    assert!(holders(&one) > 0);
    assert_eq!(holders(&one), holders(&other));
}

#[test]
fn rows_beyond_the_city_are_still_each_their_own() {
    let far = rows("enterprise", 1, 0, 60_000..60_050);
    let near = rows("enterprise", 1, 0, 0..50);
    assert!(far.iter().all(|record| !near.contains(record)));
}
