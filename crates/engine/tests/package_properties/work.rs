//! The work for one applicant has a limit, counted in steps.

use meed_engine::awards::determine;
use meed_engine::awards::verdict::Verdict;
use meed_engine::explain::{Evaluator, TooMuchWork};
use meed_facts::json::read_on;
use meed_rules::{Package, check};

use super::packages::{TODAY, day, files};

/// Three lists inside each other, none of whose items fits, for so many hires.
fn nested(hires: usize) -> (Result<(), TooMuchWork>, Verdict) {
    let rules = "measure m for Enterprise { when { c: any a in hires where (any b in hires where
        (any c in hires where c.full_time and b.full_time and a.full_time)) } pay 10 CNY once }";
    let package = Package::from_files(files(rules)).unwrap();
    let program = check(&package).program(day(TODAY)).unwrap();
    let hires: Vec<String> = (0..hires)
        .map(|at| format!(r#"{{"id": "h{at}", "full_time": false}}"#))
        .collect();
    let facts = format!(r#"{{"enterprise": {{"hires": [{}], "awards": []}}}}"#, hires.join(", "));
    let record = read_on(&program.schema, &facts, program.date).unwrap();
    let evaluator = Evaluator::new(&program, &record);
    let verdict = determine::of(&evaluator, &record).lines[0].verdict;
    (evaluator.within_limit(), verdict)
}

#[test]
fn lists_inside_lists_end_with_an_error_and_decide_nothing() {
    assert_eq!(nested(600), (Err(TooMuchWork), Verdict::Undetermined));
}

#[test]
fn lists_of_a_usual_length_are_far_from_the_limit() {
    let (within, verdict) = nested(30);
    assert_eq!(within, Ok(()));
    assert!(matches!(verdict, Verdict::NotEligible(_)));
}
