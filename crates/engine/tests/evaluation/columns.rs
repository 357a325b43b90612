//! Columns agree with the definition on every node of random Programs, for complete and incomplete records.

use meed_engine::columns::Plan;
use meed_engine::explain::Evaluator;
use meed_facts::batch::Builder;
use meed_facts::record::Record;
use proptest::prelude::*;

use crate::build::show;
use crate::random::{Case, Picks, program};
use crate::records::{complete_record, weaker};

/// The same applicants again and again: columns take sixty-four rows at a time, and what is left one by one.
const ROWS: usize = 150;

/// Each node by itself, so that one which columns leave to the definition hides no other.
fn agree(case: &Case, records: &[Record]) -> Result<(), TestCaseError> {
    let mut builder = Builder::new(&case.program.schema, case.entity.0);
    let again = records.iter().cycle().take(ROWS);
    again.for_each(|record| builder.push(record));
    let batch = builder.finish();
    let plan = Plan::new(&case.program, case.entity.0);
    let evaluators: Vec<Evaluator> = records
        .iter()
        .map(|record| Evaluator::new(&case.program, record))
        .collect();
    for node in &case.root_nodes {
        let (_, values) = plan.determine_with(&batch, &[*node]);
        let expected: Vec<_> = evaluators
            .iter()
            .map(|evaluator| evaluator.value(*node, evaluator.root()).without_causes())
            .collect();
        for (row, (expected, record)) in expected.iter().zip(records).cycle().take(ROWS).enumerate() {
            let found = values[0].value(row);
            prop_assert!(
                found == *expected
                    && values[0].truth(row) == expected.as_bool()
                    && values[0].certain().get(row) == (expected.as_bool() == Some(true)),
                "{:?} {:?}: columns {} definition {}\n{:#?}\n{:#?}",
                node,
                case.program.nodes[*node].op,
                show(&found),
                show(expected),
                case.program
                    .nodes
                    .iter()
                    .map(|(id, node)| (id, &node.op, node.scope))
                    .collect::<Vec<_>>(),
                record
            );
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn columns_and_definition_agree_on_every_node(
        rules in prop::collection::vec(any::<u8>(), 500),
        facts in prop::collection::vec(any::<u8>(), 150),
        gaps in prop::collection::vec(any::<u8>(), 150),
    ) {
        let case = program(&mut Picks::new(&rules));
        let (mut facts, mut gaps) = (Picks::new(&facts), Picks::new(&gaps));
        let mut records = Vec::new();
        for _ in 0..3 {
            let complete = complete_record(&case, &mut facts);
            records.push(weaker(&complete, &mut gaps));
            records.push(complete);
        }
        agree(&case, &records)?;
    }
}
