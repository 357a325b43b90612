//! A population of the city's size: known counts exactly, assumed distributions within bounds that a reader would call plausible.

use std::collections::{BTreeMap, HashSet};

use meed_facts::identifier::Kind;
use meed_facts::record::Record;
use meed_facts::value::{Scalar, Stated};

use super::{MODEL, SCHEMA, number, population, ratio, stated, text};

/// What is counted while a population goes by.
#[derive(Default)]
struct Counts(BTreeMap<String, usize>);

impl Counts {
    fn add(&mut self, what: impl Into<String>, is_so: bool) {
        *self.0.entry(what.into()).or_default() += usize::from(is_so);
    }

    fn of(&self, what: &str) -> usize {
        self.0.get(what).copied().unwrap_or(0)
    }

    /// Each title once a holder: `tech_centre`, `tech_centre provincial`, `tech_centre provincial 2022`.
    fn add_titles(&mut self, record: &Record) {
        let mut held = HashSet::new();
        for title in &record.titles.as_ref().unwrap().items {
            let declared = &SCHEMA.titles[title.title];
            let level = title
                .level
                .zip(declared.levels)
                .and_then(|(level, levels)| SCHEMA.member(levels, level));
            let name = &declared.named.name;
            held.insert(name.to_string());
            if let Some(level) = level {
                held.insert(format!("{name} {}", level.name));
                held.insert(format!("{name} {} {}", level.name, title.granted.unwrap().year()));
            }
        }
        held.into_iter().for_each(|what| self.add(what, true));
    }
}

#[test]
fn a_city_of_enterprises_has_the_counts_of_the_press_release_and_plausible_figures() {
    let population = population("enterprise", 7, 0);
    let size = population.city();
    assert_eq!(size, 60_000);
    let mut counts = Counts::default();
    let mut codes = HashSet::new();
    for record in population.records(0..u64::try_from(size).unwrap()) {
        counts.add_titles(&record);
        count_figures(&mut counts, &record);
        let code = text(&record, "uscc");
        assert_eq!(&*Kind::CreditCode.check(&code, None).unwrap(), code);
        assert!(code.starts_with("91239900"), "{code}");
        assert!(codes.insert(code));
    }
    let exactly = [
        ("little_giant", 36),
        ("specialised_new", 464),
        ("tech_centre provincial 2022", 33),
        ("tech_centre municipal 2022", 43),
        ("tech_centre municipal", 43),
        ("innovation_centre", 1),
        ("design_centre municipal 2022", 14),
        ("design_centre municipal", 14),
        ("high_tech", 2_302),
    ];
    for (what, count) in exactly {
        assert_eq!(counts.of(what), count, "{what}");
    }
    // Shares of all enterprises in thousandths, as docs/populations.md gives them.
    let within = [
        ("in the nine districts", 850..=890),
        ("industrial", 130..=155),
        ("at most 20 employees", 770..=840),
        ("above the scale", 130..=160),
        ("with R&D", 150..=240),
        ("with a loss", 300..=360),
        ("with anybody hired", 50..=80),
        ("founded since 2020", 280..=340),
    ];
    for (what, bounds) in within {
        let share = counts.of(what) * 1000 / size;
        assert!(bounds.contains(&share), "{what}: {share} of a thousand");
    }
    // What rules have thresholds at is met exactly, often enough for mistakes about it to show.
    for what in [
        "R&D of exactly 3 %",
        "growth of exactly 5 % twice",
        "salary of exactly 500,000",
    ] {
        assert!(counts.of(what) >= 10, "{what}: {}", counts.of(what));
    }
}

fn count_figures(counts: &mut Counts, record: &Record) {
    let is =
        |fact: &str, value: &Scalar| matches!(stated(record, fact, 2022), Some(Stated::Value(found)) if found == value);
    let yuan = |fact: &str, year| number(record, fact, year);
    let districts = [
        "230102", "230103", "230104", "230108", "230109", "230110", "230111", "230112", "230113",
    ];
    counts.add(
        "in the nine districts",
        districts.contains(&&*text(record, "registered_at")),
    );
    counts.add("industrial", is("sector", &Scalar::Member(1)));
    counts.add("at most 20 employees", yuan("employees", 2022) <= ratio("20"));
    counts.add("above the scale", is("above_scale", &Scalar::Bool(true)));
    counts.add("with R&D", yuan("rd_expense", 2022) > ratio("0"));
    counts.add("with a loss", yuan("net_profit", 2022) < ratio("0"));
    let Some(Stated::Value(Scalar::Date(founded))) = stated(record, "founded", 0) else {
        panic!("a register knows when an enterprise was founded");
    };
    counts.add("founded since 2020", founded.year() >= 2020);
    let (revenue, research) = (yuan("revenue", 2022), yuan("rd_expense", 2022));
    assert!(research <= revenue && yuan("rd_staff", 2022) <= yuan("employees", 2022));
    assert!(
        yuan("high_value_ip", 0) <= yuan("own_class_one_ip", 0)
            && yuan("own_class_one_ip", 0) <= yuan("class_one_ip", 0)
    );
    let three = revenue.checked_mul(&ratio("3/100")).unwrap();
    counts.add("R&D of exactly 3 %", !revenue.is_zero() && research == three);
    let grown =
        |from: i16| yuan("main_revenue", from).checked_mul(&ratio("21/20")).unwrap() == yuan("main_revenue", from + 1);
    counts.add(
        "growth of exactly 5 % twice",
        !revenue.is_zero() && founded.year() <= 2020 && grown(2020) && grown(2021),
    );
    let hires = &record.children[SCHEMA.fact_called(record.entity, "hires").unwrap()].items;
    counts.add("with anybody hired", !hires.is_empty());
    let met = hires
        .iter()
        .any(|hire| number(hire, "salary_paid", 2022) == ratio("500000"));
    counts.add("salary of exactly 500,000", met);
}

#[test]
fn a_city_of_persons_has_the_first_batch_of_skilled_leaders() {
    let population = population("person", 7, 0);
    let mut counts = Counts::default();
    let mut numbers = HashSet::new();
    for record in population.records(0..u64::try_from(population.city()).unwrap()) {
        counts.add_titles(&record);
        let number = text(&record, "citizen");
        assert_eq!(&*Kind::CitizenId.check(&number, None).unwrap(), number);
        assert!(number.starts_with("2399"), "{number}");
        assert!(numbers.insert(number));
    }
    let of = |level| counts.of(&format!("skilled_leader {level}"));
    assert_eq!((of("national"), of("provincial"), of("municipal")), (24, 66, 9));
}

#[test]
fn every_figure_has_a_source() {
    for part in MODEL.entity.values() {
        let sources = part.facts.iter().map(|fact| &fact.source);
        let sources = sources.chain(part.profiles.iter().map(|profile| &profile.source));
        let mut sources = sources.chain(part.titles.iter().map(|title| &title.source));
        assert!(sources.all(|source| !source.trim().is_empty()));
    }
}
