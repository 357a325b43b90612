//! What holds for all Programs and all records.

use meed_engine::explain::Evaluator;
use meed_facts::record::Record;
use proptest::prelude::*;

use crate::build::show;
use crate::random::{Case, Picks, program};
use crate::records::{complete_record, weaker};

/// Every value of `less` holds each outcome of the same value of `more`.
fn refines(case: &Case, less: &Record, more: &Record) -> Result<(), TestCaseError> {
    let (less, more) = (Evaluator::new(&case.program, less), Evaluator::new(&case.program, more));
    for node in &case.root_nodes {
        let (before, after) = (less.value(*node, less.root()), more.value(*node, more.root()));
        prop_assert!(
            before.contains(after),
            "{:?} {:?}: {} became {}\n{:#?}",
            node,
            case.program.nodes[*node].op,
            show(before),
            show(after),
            case.program.nodes
        );
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(800))]

    #[test]
    fn what_becomes_known_was_possible_before(
        rules in prop::collection::vec(any::<u8>(), 500),
        facts in prop::collection::vec(any::<u8>(), 150),
        gaps in prop::collection::vec(any::<u8>(), 150),
    ) {
        let case = program(&mut Picks::new(&rules));
        let complete = complete_record(&case, &mut Picks::new(&facts));
        let mut gaps = Picks::new(&gaps);
        let partial = weaker(&complete, &mut gaps);
        let less = weaker(&partial, &mut gaps);
        refines(&case, &partial, &complete)?;
        refines(&case, &less, &partial)?;
        refines(&case, &less, &complete)?;
    }

    #[test]
    fn the_order_of_children_and_titles_changes_nothing(
        rules in prop::collection::vec(any::<u8>(), 500),
        facts in prop::collection::vec(any::<u8>(), 150),
        gaps in prop::collection::vec(any::<u8>(), 80),
        turn in 0_usize..3,
    ) {
        let case = program(&mut Picks::new(&rules));
        let record = complete_record(&case, &mut Picks::new(&facts));
        let record = weaker(&record, &mut Picks::new(&gaps));
        let mut turned = record.clone();
        for (_, list) in turned.children.iter_mut() {
            let by = turn.min(list.items.len());
            list.items.rotate_left(by);
        }
        if let Some(titles) = &mut turned.titles {
            titles.items.reverse();
        }
        refines(&case, &record, &turned)?;
        refines(&case, &turned, &record)?;
    }

    #[test]
    fn a_known_value_has_no_causes_and_any_other_has_one(
        rules in prop::collection::vec(any::<u8>(), 500),
        facts in prop::collection::vec(any::<u8>(), 150),
        gaps in prop::collection::vec(any::<u8>(), 80),
    ) {
        let case = program(&mut Picks::new(&rules));
        let record = complete_record(&case, &mut Picks::new(&facts));
        let record = weaker(&record, &mut Picks::new(&gaps));
        let evaluator = Evaluator::new(&case.program, &record);
        for node in &case.root_nodes {
            let value = evaluator.value(*node, evaluator.root());
            prop_assert_eq!(value.is_known(), value.causes().is_empty(), "{:?}: {}", case.program.nodes[*node].op, show(value));
        }
    }
}
