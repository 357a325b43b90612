//! What cases show of conditions inside conditions, and how expected parts that do not come out are told.

use meed_engine::cases::Run;
use meed_engine::cases::coverage::Coverage;
use meed_engine::explain::Layout;
use meed_rules::diagnostic::{Code, Diagnostic};
use meed_rules::{Package, cases, check};

use super::packages::{errors, files};

/// Runs the cases of a package: what they show of its conditions, and where they do not come out.
fn run(rules: &str) -> (Coverage, Vec<Diagnostic>) {
    let package = Package::from_files(files(rules)).unwrap();
    let (mut coverage, mut found) = (Coverage::default(), Vec::new());
    for on in cases::cases(&check(&package)).unwrap().values() {
        coverage.expect(&on.program);
        let layout = Layout::new(&on.program);
        for case in &on.cases {
            let run = Run::new(&on.program, &layout, case);
            coverage.observe(&run);
            found.extend(run.outcome().findings());
        }
    }
    (coverage, found)
}

const NESTED: &str = "measure m for Enterprise { when { either: any of { one: first_holds  two: second_holds }  both: clean } pay 3 CNY once }\n";

/// A case with truths of `one`, `two` and `both`.
fn case([one, two, both]: [bool; 3]) -> String {
    let verdict = if (one || two) && both {
        "eligible"
    } else {
        "not eligible"
    };
    format!(
        "case \"{one} {two} {both}\" on 2023-06-01 for Enterprise {{
            given {{ first_holds: {one}, second_holds: {two}, clean: {both} }} expect {{ m: {verdict} }} }}\n"
    )
}

fn covered(truths: &[[bool; 3]]) -> (Coverage, Vec<String>) {
    let text: String = truths.iter().map(|truths| case(*truths)).collect();
    let (coverage, found) = run(&format!("{NESTED}{text}"));
    assert!(found.is_empty(), "{found:#?}");
    let said = coverage.findings().into_iter().map(|finding| finding.message.en);
    let said = said.collect();
    (coverage, said)
}

#[test]
fn a_condition_inside_a_list_decides_alone_only_where_the_list_decides() {
    // `one` alone makes `either` true, but `both` fails in the case that shows it, so that the verdict does not turn on it.
    let (coverage, said) = covered(&[[true, false, false], [false, false, true], [false, true, true]]);
    assert_eq!(coverage.tally(), (4, 4, 3));
    let of_one = said
        .iter()
        .filter(|words| words.contains("`one` decides alone where it holds"));
    assert_eq!(of_one.count(), 1, "{said:#?}");
    let of_both = said
        .iter()
        .filter(|words| words.contains("`both` decides alone where it fails"));
    assert_eq!(of_both.count(), 0, "{said:#?}");
}

#[test]
fn cases_that_turn_the_verdict_on_each_condition_leave_nothing_open() {
    let (coverage, said) = covered(&[
        [false, false, true],
        [true, false, true],
        [false, true, true],
        [true, false, false],
    ]);
    assert_eq!(coverage.tally(), (4, 4, 4));
    assert!(said.is_empty(), "{said:#?}");
}

#[test]
fn a_condition_without_a_list_is_one_too() {
    let rules = "measure m for Enterprise { when clean pay 3 CNY once }
        case \"a\" on 2023-06-01 for Enterprise { given { clean: true } expect { m: eligible } }";
    assert_eq!(run(rules).0.tally(), (1, 0, 0));
}

const SHARED: &str = "measure m for Enterprise { when { c: clean } pay 3 CNY in 2 equal instalments every year from approved_on shared city 50%, district 50% }\n";

fn told(expect: &str) -> Vec<String> {
    let rules = format!(
        "{SHARED}case \"a\" on 2023-06-01 for Enterprise {{
            given {{ clean: true, approved_on: 2023-05-01, awards: [] }} expect {{ m: {expect} }} }}"
    );
    run(&rules).1.into_iter().map(|finding| finding.message.en).collect()
}

#[test]
fn parts_are_all_there_in_their_order_with_their_days() {
    assert!(
        told(
            "eligible in instalments 1.5 CNY on 2023-05-01, 1.5 CNY on 2024-05-01 shared city 1.5 CNY, district 1.5 CNY"
        )
        .is_empty()
    );
    for wrong in [
        "eligible in instalments 1.5 CNY",
        "eligible in instalments 1.5 CNY, 1 CNY",
        "eligible in instalments 1.5 CNY on 2023-05-02, 1.5 CNY",
    ] {
        let said = told(wrong);
        let found = "found `in instalments 1.50 CNY on 2023-05-01, 1.50 CNY on 2024-05-01`";
        assert!(said.len() == 1 && said[0].ends_with(found), "{wrong}: {said:#?}");
    }
    for wrong in [
        "eligible shared city 1.5 CNY",
        "eligible shared district 1.5 CNY, city 1.5 CNY",
    ] {
        let said = told(wrong);
        assert!(
            said.len() == 1 && said[0].ends_with("found `shared city 1.50 CNY, district 1.50 CNY`"),
            "{said:#?}"
        );
    }
    assert_eq!(told("eligible total 4 CNY").len(), 1);
}

#[test]
fn only_awards_have_parts_and_only_agencies_pay() {
    for (expect, code) in [
        ("listed: true shared city 1 CNY", None),
        ("meets(t): eligible total 1 CNY", Some(Code::CaseBadValue)),
        ("m: eligible shared citty 1 CNY", Some(Code::UnknownAgency)),
    ] {
        let rules = format!(
            "{SHARED}title t of Enterprise {{ criteria {{ c: clean }} }}
            case \"a\" on 2023-06-01 for Enterprise {{ given {{ listed: true }} expect {{ {expect} }} }}"
        );
        let package = Package::from_files(files(&rules)).unwrap();
        let mut found = errors(files(&rules));
        found.extend(cases::cases(&check(&package)).err().unwrap_or_default());
        let is_said = |one: &Diagnostic| code.is_none_or(|code| one.code == code);
        assert!(found.iter().any(is_said), "{expect}: {found:#?}");
    }
}
