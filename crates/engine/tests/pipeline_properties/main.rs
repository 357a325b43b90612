//! The money pipeline over random lines, clauses and histories: knowing more only shrinks amounts, and neither order nor names nor strangers matter.

#![cfg(test)]
#![expect(clippy::arithmetic_side_effects, reason = "a test may overflow: that fails it")]

mod world;

use meed_engine::awards::amount::Amount;
use proptest::prelude::*;

use world::{Kind, Line, MEASURES, Seen, world};

/// The parts of what is seen that are known better in one than in the other.
fn reversed(known: &Seen, unknown: &Seen) -> Vec<String> {
    let sums = [
        ("total", known.total, unknown.total),
        (
            "total before rationing",
            known.before_rationing,
            unknown.before_rationing,
        ),
        ("part", known.part, unknown.part),
    ];
    let sums = sums
        .into_iter()
        .map(|(name, known, unknown)| (name.to_owned(), known, unknown));
    let lines = unknown
        .amounts
        .iter()
        .filter_map(|(line, unknown)| Some((format!("line {line}"), *known.amounts.get(line)?, *unknown)));
    sums.chain(lines)
        .filter(|(_, known, unknown)| !unknown.contains(*known))
        .map(|(name, known, unknown)| format!("{name}: {known:?} is not within {unknown:?}"))
        .collect()
}

proptest! {
    #[test]
    fn knowing_more_only_shrinks_amounts(world in world()) {
        let levels: Vec<Seen> = (0..3).map(|level| world.plain(level)).collect();
        for (more, less) in [(0, 1), (1, 2), (0, 2)] {
            let reversed = reversed(&levels[more], &levels[less]);
            prop_assert!(reversed.is_empty(), "levels {more} and {less}: {reversed:?}");
        }
    }

    #[test]
    fn stating_choices_only_narrows_lines(
        world in world(),
        stated in prop::collection::vec(prop::option::of(0..MEASURES), 5),
        level in 0_u8..3,
    ) {
        let (mut open, mut chosen) = (world.clone(), world);
        open.clauses.iter_mut().for_each(|clause| clause.chosen = None);
        for (clause, stated) in chosen.clauses.iter_mut().zip(stated) {
            clause.chosen = stated;
        }
        let (open, chosen) = (open.plain(level), chosen.plain(level));
        for (line, before) in &open.amounts {
            let after = chosen.amounts[line];
            prop_assert!(before.contains(after), "line {line}: {after:?} is not within {before:?}");
        }
    }

    #[test]
    fn the_order_of_lines_and_the_identity_of_measures_do_not_matter(
        (world, order) in world().prop_flat_map(|world| {
            let order = world.order();
            (Just(world), Just(order).prop_shuffle())
        }),
        rename in Just((0..MEASURES as u32).collect::<Vec<_>>()).prop_shuffle(),
        level in 0_u8..3,
    ) {
        prop_assert_eq!(world.plain(level), world.seen(level, &order, &rename));
    }

    #[test]
    fn a_stranger_changes_nothing(world in world(), amount in 1_i128..9, level in 0_u8..3) {
        const STRANGER: usize = MEASURES - 1;
        let mut with = world.clone();
        for clause in &mut with.clauses {
            clause.members.retain(|member| *member != STRANGER);
        }
        with.once.retain(|once| once.measure != STRANGER);
        with.lines.iter_mut().for_each(|line| line.measure %= STRANGER);
        with.history.retain(|award| award.measure != STRANGER);
        with.funded.retain(|measure| *measure != STRANGER);
        let without = with.plain(level);
        let stranger = with.lines.len();
        with.lines.push(Line { measure: STRANGER, amount, eligible: true, blur: 0, widen: (0, 0), unlisted: 0 });
        let mut after = with.plain(level);
        prop_assert_eq!(after.amounts.remove(&stranger), Some(Amount::exact(amount)));
        prop_assert_eq!(after.amounts, without.amounts);
        prop_assert_eq!(after.total, without.total.plus(Amount::exact(amount)));
        prop_assert_eq!(after.part, without.part);
    }

    #[test]
    fn a_line_that_is_refused_changes_nothing(world in world(), measure in 0..MEASURES, level in 0_u8..3) {
        let mut with = world;
        with.history.clear();
        for place in with.clauses.iter_mut().flat_map(|clause| &mut clause.places) {
            place.counting = None;
        }
        if let Some(last) = with.lines.last_mut() {
            *last = Line { measure, amount: 1, eligible: false, blur: 0, widen: (0, 0), unlisted: 0 };
        }
        let mut without = with.clone();
        without.lines.pop();
        let mut before = with.plain(level);
        prop_assert_eq!(before.amounts.remove(&without.lines.len()), Some(Amount::ZERO));
        prop_assert_eq!(before, without.plain(level));
    }

    #[test]
    fn where_all_is_known_and_said_a_ceiling_is_exact_and_kept(world in world()) {
        let mut world = world;
        for clause in &mut world.clauses {
            clause.kind = Kind::InProportion;
            clause.by_key = false;
            clause.judged = false;
            clause.per_year = false;
            for place in &mut clause.places {
                place.limit = Some(7);
            }
        }
        world.once.clear();
        world.history.clear();
        world.funded.clear();
        let seen = world.plain(0);
        let sum: i128 = seen.amounts.values().filter_map(|line| line.value()).sum();
        prop_assert_eq!(seen.total.value(), Some(sum));
        for clause in &world.clauses {
            let under = world.lines.iter().zip(seen.amounts.values());
            let under = under.filter(|(line, _)| clause.members.contains(&line.measure));
            let under: i128 = under.filter_map(|(_, amount)| amount.value()).sum();
            prop_assert!(under <= 7);
        }
    }
}
