//! What a report may say for certain of applicants of whom not everything is known: who gains and loses, what changes, and whether a fund runs out.

use meed_rules::package::{Files, revised};
use meed_simulate::reform::Simulation;
use meed_simulate::reform::changes::Turn;
use meed_simulate::reform::difference::Difference;

use crate::shared::tiny;

/// What follows the beginning of the document.
const RULES: &str = r#"
```meed
parameter bonus zh "奖" en "Bonus" = 50 CNY
define small of Enterprise zh "小" en "Small" = size < 300 CNY
measure by_size for Enterprise zh "按规模" en "By size" { when { clean: clean } pay size once }
measure start for Enterprise zh "起步" en "Start" { when { small: small } pay 100 CNY once }
measure fixed for Enterprise zh "定额" en "Fixed" { when { clean: clean } pay bonus once }
fund sizes zh "规模资金" en "Sizes" { 2023: 1000 CNY covers by_size when short: pro rata }
```
"#;

/// Of one the size is known as a range, of the other exactly.
const RANGE: &str =
    r#"{"enterprise": {"id": "A", "clean": true, "size": {"at_least": 200, "at_most": 800}, "awards": []}}"#;
const EXACT: &str = r#"{"enterprise": {"id": "B", "clean": true, "size": 250, "awards": []}}"#;

fn files() -> Files {
    tiny::files(&format!("{}{RULES}", tiny::ENTERPRISES))
}

/// A reform that amends, over some applicants, with what its folder tells.
fn simulated(amends: &str, rows: &[&str]) -> (Simulation, tiny::Read) {
    let text = format!("---\ntitle: {{ zh: 改, en: Change }}\nnumber: 2\n---\n\n# Change\n\n```meed\n{amends}\n```\n");
    let (amended, _) = revised(files(), "change.md", &text);
    let scenarios = [("baseline", files()), ("change", amended)];
    let scenarios = scenarios.map(|(name, files)| tiny::scenario(name, tiny::program(files, "2023-06-01")));
    tiny::simulated(scenarios.into(), rows, |options| options)
}

/// How many gain, lose, or may do either.
fn turns(found: &Simulation) -> [u64; 3] {
    Turn::ALL.map(|turn| found.turns[0].of(turn))
}

fn yuan(low: i128, high: i128) -> Difference {
    Difference {
        low: Some(low * 100),
        high: Some(high * 100),
    }
}

#[test]
fn whose_size_is_a_range_does_not_gain_for_certain_from_a_reform_that_takes_more_from_the_large() {
    let (found, read) = simulated("amend by_size { pay 1100 CNY - size }", &[RANGE]);
    assert_eq!(turns(&found), [0, 0, 1]);
    assert_eq!(found.change(0), yuan(-500, 700));
    let table = read("changes-change-00001.csv");
    assert!(table.lines().nth(1).unwrap().ends_with("-500.00,700.00"), "{table}");
    let report = read("report.en.html");
    assert!(report.contains("(−CNY 500 to +CNY 700)"), "{report}");
}

#[test]
fn the_same_range_of_amounts_by_other_rules_is_not_told_as_no_change() {
    let (found, read) = simulated("amend by_size { pay 1000 CNY - size }", &[RANGE]);
    assert_eq!(turns(&found), [0, 0, 1]);
    assert_eq!(found.change(0), yuan(-600, 600));
    assert_eq!(read("changes-change-00001.csv").lines().count(), 2);
    assert!(!read("report.en.html").contains("leaves the forecast cost"));
    assert!(!read("report.zh.html").contains("不改变测算支出"));
}

#[test]
fn what_is_known_exactly_gains_and_loses_exactly() {
    let (found, _) = simulated("amend by_size { pay 1100 CNY - size }", &[EXACT]);
    assert_eq!((turns(&found), found.change(0)), ([1, 0, 0], yuan(600, 600)));
    let (found, _) = simulated("amend by_size { pay 200 CNY }", &[EXACT]);
    assert_eq!((turns(&found), found.change(0)), ([0, 1, 0], yuan(-50, -50)));
}

#[test]
fn lines_that_a_reform_does_not_touch_change_by_nothing_however_little_is_known_of_them() {
    let nothing_known = r#"{"enterprise": {"id": "C", "clean": true, "awards": []}}"#;
    let (found, _) = simulated("amend bonus { ..: 80 CNY }", &[RANGE, EXACT, nothing_known]);
    assert_eq!(turns(&found), [3, 0, 0]);
    assert_eq!(found.change(0), yuan(90, 90));
    let touched: Vec<&str> = found.changed[0].measures.iter().map(|name| &**name).collect();
    assert_eq!(touched, ["fixed"]);
}

#[test]
fn who_may_qualify_no_longer_or_only_perhaps_neither_loses_nor_gains_for_certain() {
    // Of A, who was certain, nobody knows whether the limit holds.
    let (found, _) = simulated("amend fixed { when { large: size > 500 CNY } }", &[RANGE]);
    assert_eq!(turns(&found), [0, 0, 1]);
    let more = r#"measure extra for Enterprise zh "外加" en "Extra" { when { s: small } pay 10 CNY once }"#;
    let (found, _) = simulated(more, &[RANGE, EXACT]);
    assert_eq!(turns(&found), [1, 0, 1]);
}

/// The fund of 1,000 yuan under the rules as they are and under `bonus`, which does not concern it.
fn told_of_the_fund(rows: &[&str]) -> [String; 2] {
    let (_, read) = simulated("amend bonus { ..: 60 CNY }", rows);
    ["report.en.html", "report.zh.html"].map(|name| {
        let report = read(name);
        let points = report.lines().filter(|line| line.starts_with("<li>"));
        let of_fund = points.filter(|line| {
            ["fund ", "资金“", "各项资金", "No fund"]
                .iter()
                .any(|word| line.contains(word))
        });
        of_fund.collect()
    })
}

#[test]
fn a_fund_that_may_suffice_is_not_said_to_run_out() {
    let nothing_known = r#"{"enterprise": {"id": "C"}}"#;
    let [en, zh] = told_of_the_fund(&[EXACT, nothing_known]);
    assert!(
        en.contains("may run out, as it may without the reform: at least CNY 250 is claimed"),
        "{en}"
    );
    assert!(zh.contains("可能不足（现行规则下亦可能不足）：申领至少250元"), "{zh}");

    let large = r#"{"enterprise": {"id": "D", "clean": true, "size": 1001, "awards": []}}"#;
    let [en, zh] = told_of_the_fund(&[large]);
    assert!(
        en.contains("Sizes runs out, as it does without the reform: CNY 1,001 is claimed"),
        "{en}"
    );
    assert!(zh.contains("”不足（现行规则下亦不足）"), "{zh}");

    let [en, zh] = told_of_the_fund(&[RANGE]);
    assert!(
        en.contains("No fund runs out") && zh.contains("各项资金均够用"),
        "{en} {zh}"
    );
}

#[test]
fn a_fund_that_may_run_out_under_the_reform_only_is_told_so() {
    let (_, read) = simulated("amend by_size { pay 2 * size }", &[RANGE]);
    let (en, zh) = (read("report.en.html"), read("report.zh.html"));
    assert!(
        en.contains("The fund Sizes may run out: CNY 400 to CNY 1,600 is claimed"),
        "{en}"
    );
    assert!(zh.contains("资金“规模资金”因此可能不足：申领400元至1,600元"), "{zh}");
}

#[test]
fn one_applicant_and_one_line_stand_in_the_singular() {
    let unknown = r#"{"enterprise": {"id": "C", "clean": true, "awards": []}}"#;
    let (_, read) = simulated("amend bonus { ..: 60 CNY }", &[unknown]);
    let report = read("report.en.html");
    for words in [
        "· 1 applicant<",
        "1 applicant gains and 0 lose.",
        "For 1 line too little is known to tell whether it qualifies.",
    ] {
        assert!(report.contains(words), "{words} in {report}");
    }
    let (_, read) = simulated("amend by_size { pay 1100 CNY - size }", &[RANGE]);
    let report = read("report.en.html");
    let headline =
        "is <strong>CNY 350 to CNY 950</strong> instead of <strong>CNY 250 to CNY 850</strong> (−CNY 500 to +CNY 700).";
    assert!(report.contains(headline), "{report}");
}
