//! Every row can be decided, and knowing less of it never says the opposite.

use std::collections::BTreeMap;

use meed_engine::awards::determine;
use meed_engine::awards::verdict::Verdict;
use meed_engine::result::Determination;
use meed_facts::date::Date;
use meed_facts::json::check_dates;
use meed_facts::record::Record;
use meed_simulate::population::{Population, Wanted};

use super::{MODEL, SCHEMA, package, population};

/// Rows with titles of every kind and without any.
const ROWS: [u64; 6] = [0, 40, 400, 2_000, 30_000, 59_990];

fn verdicts(determination: &Determination) -> BTreeMap<(String, Option<String>), Verdict> {
    let lines = determination.lines.iter();
    lines
        .map(|line| {
            (
                (line.name.to_string(), line.key.as_deref().map(str::to_owned)),
                line.verdict,
            )
        })
        .collect()
}

#[test]
fn rows_are_decided_and_less_known_never_says_the_opposite() {
    let package = package();
    let checked = meed_rules::check(&package);
    let on = Date::parse("2023-12-01").unwrap();
    let program = checked.program(on).unwrap();
    let (mut decided, mut open) = (0, 0);
    for kind in ["enterprise", "person"] {
        let (full, part) = (population(kind, 17, 0), population(kind, 17, 3300));
        for start in ROWS {
            for (full, part) in full.records(start..start + 6).zip(part.records(start..start + 6)) {
                assert_eq!(check_dates(&full, &program.schema, on), []);
                let known = verdicts(&determine::determine(&program, &full).unwrap());
                for (line, verdict) in verdicts(&determine::determine(&program, &part).unwrap()) {
                    let settled = verdict != Verdict::Undetermined;
                    decided += usize::from(settled);
                    open += usize::from(!settled);
                    let known = known.get(&line).filter(|known| **known != Verdict::Undetermined);
                    if let Some(known) = known.filter(|_| settled) {
                        assert_eq!(*known, verdict, "{line:?}");
                    }
                }
            }
        }
    }
    assert!(decided > 500 && open > 100, "{decided} decided, {open} open");
}

#[test]
fn what_the_press_release_promises_reaches_somebody() {
    let package = package();
    let checked = meed_rules::check(&package);
    let program = checked.program(Date::parse("2024-03-01").unwrap()).unwrap();
    let wanted = Wanted {
        seed: 17,
        missing: 0,
        as_of: Date::parse("2024-02-23").ok(),
    };
    let population = Population::new(&SCHEMA, &MODEL, "enterprise", wanted).unwrap();
    let mut eligible: BTreeMap<String, usize> = BTreeMap::new();
    let titled = |record: &Record| !record.titles.as_ref().unwrap().items.is_empty();
    for record in population.records(0..3000).filter(titled) {
        for line in determine::determine(&program, &record).unwrap().lines {
            *eligible.entry(line.name.to_string()).or_default() += usize::from(line.verdict == Verdict::Eligible);
        }
    }
    for measure in [
        "high_growth_hiring",
        "fixed_investment_subsidy",
        "capability_project_reward",
        "output_growth_reward",
    ] {
        assert!(
            eligible.get(measure).is_some_and(|count| *count > 0),
            "{measure}: {eligible:?}"
        );
    }
}
