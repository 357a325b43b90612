//! What cases show of conditions inside conditions, and how expected parts that do not come out are told.

use meed_engine::cases::Run;
use meed_engine::cases::coverage::Coverage;
use meed_engine::explain::Layout;
use meed_rules::diagnostic::{Code, Diagnostic};
use meed_rules::{Package, cases, check};

use super::packages::{day, errors, files};

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

/// What reading the cases of a package finds.
fn refused(rules: &str) -> Vec<Diagnostic> {
    let package = Package::from_files(files(rules)).unwrap();
    let checked = check(&package);
    assert_eq!(checked.sound().err(), None);
    cases::cases(&checked).err().unwrap_or_default()
}

/// A case with these expectations is refused, since they would never be looked at.
fn is_refused(rules: &str, expected: &str, code: Code) {
    let case = format!("case \"x\" on 2023-06-01 for Enterprise {{ given {{ score: 10 }} expect {{ {expected} }} }}");
    let found = refused(&format!("{rules}\n{case}"));
    assert!(found.iter().any(|one| one.code == code), "{expected}: {found:#?}");
}

#[test]
fn a_verdict_is_expected_of_measures_and_services_alone() {
    let rules = "title recognised of Enterprise { criteria { s: score >= 60 } }
        define high of Enterprise = score >= 60
        sheet points of Enterprise { group work { s: cases { listed: 1 otherwise: 0 } } }
        service help for Enterprise { when { s: score >= 60 } }";
    for expected in [
        "recognised: eligible",
        "recognised: not eligible",
        "recognised: undetermined missing listed",
        "high: not eligible because s",
        "points: eligible",
        "total: eligible",
        "help: eligible 5 CNY",
    ] {
        is_refused(rules, expected, Code::CaseBadValue);
    }
    let (_, found) = run(&format!(
        "{rules}\ncase \"x\" on 2023-06-01 for Enterprise {{ given {{ score: 10 }}
            expect {{ recognised: false  high: false  help: not eligible because s }} }}"
    ));
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn what_a_service_misses_is_compared() {
    let (_, found) = run("service help for Enterprise { when { c: clean } }
        case \"x\" on 2023-06-01 for Enterprise { given { listed: true } expect { help: undetermined missing listed } }");
    assert!(
        matches!(found.as_slice(), [one] if one.code == Code::CaseFailed),
        "{found:#?}"
    );
}

#[test]
fn an_expected_amount_is_money() {
    let rules = "measure m for Enterprise { when { c: clean } pay 5 CNY once }";
    for expected in [
        "m: eligible 5 kWh",
        "m: eligible 5",
        "m: eligible due 5",
        "total: 5 kWh",
        "total: up to 5",
    ] {
        is_refused(rules, expected, Code::WrongType);
    }
}

#[test]
fn a_choice_of_any_type_may_be_expected() {
    let (_, found) = run("case \"x\" on 2023-06-01 for Enterprise { given { listed: true }
        expect { (cases { listed: 1  otherwise: 2 }): 1 } }");
    assert!(found.is_empty(), "{found:#?}");
    let package = Package::from_files(files("")).unwrap();
    let checked = check(&package);
    let (enterprise, _) = checked.schema().entities.iter().next().unwrap();
    for text in ["cases { listed: 1 otherwise: 2 }", "unclear { one: listed two: true }"] {
        let made = meed_rules::asked::asked(&checked, day("2023-06-01"), enterprise, &[text]);
        assert!(made.is_ok(), "{text}: {:?}", made.err());
    }
}

#[test]
fn a_case_gives_nothing_that_a_file_of_facts_could_not_state() {
    for (given, code) in [
        ("listed: true, listed: false", Code::DuplicateName),
        ("revenue: { 2021: 5 CNY, 2021: 6 CNY }", Code::DuplicateName),
        ("hires: [{ id: \"h\" }, { id: \"h\" }]", Code::CaseBadValue),
        ("revenue: { 2023: 5 CNY }", Code::CaseBadValue),
        ("first_amount: 5.001 CNY", Code::CaseBadValue),
        ("score: 500", Code::CaseBadValue),
        ("score: between 60 and 50", Code::CaseBadValue),
        ("listed: missing judgement", Code::CaseBadValue),
        ("score: so far 5", Code::CaseBadValue),
        ("employees: { 2021: -3 }", Code::CaseBadValue),
        (
            "titles: [known_title from 2022-01-01 until 2021-01-01]",
            Code::CaseBadValue,
        ),
        ("titles: [known_title, not known_title]", Code::CaseBadValue),
        (
            "titles: [{ title: known_title, grantd: 2022-01-01 }]",
            Code::CaseUnknownField,
        ),
        ("titles: [{ title: known_title, granted: 3 }]", Code::CaseBadValue),
        ("awards: [{ measure: n, state: paid }]", Code::CaseBadValue),
        (
            "awards: [{ measure: m, amount: 5 CNY, recovered: 6 CNY, state: paid }]",
            Code::CaseBadValue,
        ),
        ("chosen: { nothing: m }", Code::CaseBadValue),
    ] {
        let rules = format!(
            "title known_title of Enterprise {{ }}
            measure m for Enterprise {{ when {{ h: holds(known_title) }} pay 5 CNY once }}
            case \"x\" on 2023-06-01 for Enterprise {{ given {{ {given} }} expect {{ m: undetermined }} }}"
        );
        let package = Package::from_files(files(&rules)).unwrap();
        let checked = check(&package);
        let found = checked.findings().to_vec();
        let found: Vec<Diagnostic> = found
            .into_iter()
            .chain(cases::cases(&checked).err().unwrap_or_default())
            .collect();
        assert!(found.iter().any(|one| one.code == code), "{given}: {found:#?}");
    }
}

#[test]
fn a_month_that_is_asked_for_is_written_as_facts_write_it() {
    let package = Package::from_files(files("")).unwrap();
    let checked = check(&package);
    let (enterprise, _) = checked.schema().entities.iter().next().unwrap();
    let (program, nodes) = meed_rules::asked::asked(&checked, day("2023-06-01"), enterprise, &["month"]).unwrap();
    let record = meed_facts::record::Record::new(enterprise);
    let evaluator = meed_engine::explain::Evaluator::new(&program, &record);
    let found = meed_engine::named::named(&evaluator, "month", nodes[0]);
    assert_eq!(found.words(), "2023-06");
}
