//! Funds and unique values over populations in files: what the language says of them, whatever the order and however often interrupted.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use meed_rules::program::Program;
use meed_simulate::run::{Options, Report, run};
use meed_tables::results::Format;

use crate::shared::folder::files;
use crate::shared::tiny;

/// What follows the beginning of the document, up to the rules.
const FACTS: &str = r#"| applied_at | date | 申请日期 | Applied on | registry |
| hires | many Hire | 人才 | Hires | declared |

```meed
entity Hire zh "人才" en "Hire" key id
facts of Hire from table
```

| fact | type | 中文 | English | source |
|---|---|---|---|---|
| id | text | 编号 | Number | registry |
| person | text | 身份 | Person | registry |

```meed
"#;

fn program(rules: &str) -> Program {
    let rules = format!("{}{FACTS}{rules}\n```\n", tiny::ENTERPRISES);
    tiny::program(tiny::files(&rules), "2023-06-01")
}

/// A folder with a population of these lines.
fn options(folder: &Path, lines: &[String]) -> Options {
    let facts = folder.join("facts.jsonl");
    fs::write(&facts, lines.join("\n")).unwrap();
    Options {
        out: folder.join("out"),
        format: Format::Csv,
        threads: 2,
        names: Vec::new(),
        strict: true,
        applicant: None,
        ignored: BTreeSet::new(),
        facts,
        unit_rows: 4,
    }
}

fn whole(program: &Program, options: &Options) -> Report {
    run(program, options, &AtomicBool::new(false), |_| ()).unwrap()
}

/// The rows of a table: header and rows in the order of the file.
fn table(folder: &Path, name: &str) -> (String, Vec<String>) {
    let text = fs::read_to_string(folder.join(name)).unwrap();
    let mut lines = text.lines().map(str::to_owned);
    (lines.next().unwrap(), lines.collect())
}

fn enterprise(id: &str, facts: &str) -> String {
    format!(r#"{{"enterprise": {{"id": "{id}", "awards": [], {facts}}}}}"#)
}

/// What the round leaves to each applicant: from, to, state.
fn after(folder: &Path) -> BTreeMap<String, String> {
    let (head, rows) = table(folder, "round-00001.csv");
    assert!(
        head.ends_with("before_at_least,before_at_most,after_at_least,after_at_most,state"),
        "{head}"
    );
    let row = |row: &String| {
        let cells: Vec<&str> = row.split(',').collect();
        let key = [cells[0], cells[2], cells[6]].join("");
        (key, format!("{}..{} {}", cells[9], cells[10], cells[11]))
    };
    rows.iter().map(row).collect()
}

fn decided(rules: &str, lines: &[String]) -> BTreeMap<String, String> {
    let folder = tempfile::tempdir().unwrap();
    let options = options(folder.path(), lines);
    assert!(whole(&program(rules), &options).complete);
    after(&options.out)
}

const CENTRES: &str = "measure m for Enterprise { when { c: clean } pay 50万 CNY once }
    fund design { 2023: 700万 CNY covers m when short: pro rata }";

#[test]
fn fifteen_centres_share_the_fund_of_fourteen_to_the_fen() {
    let names: Vec<String> = (10..25).map(|n| format!("c{n}")).collect();
    let lines: Vec<String> = names.iter().map(|id| enterprise(id, r#""clean": true"#)).collect();
    let shares = decided(CENTRES, &lines);
    // 46,666,666 2/3 fen each; the fen that rounding leaves go to the smaller applicants.
    for (at, name) in names.iter().enumerate() {
        let yuan = if at < 10 { "466666.67" } else { "466666.66" };
        assert_eq!(shares[name], format!("{yuan}..{yuan} reduced"));
    }
    let folder = tempfile::tempdir().unwrap();
    let options = options(folder.path(), &lines);
    let report = whole(&program(CENTRES), &options);
    let fund = &report.round.funds[0];
    assert_eq!((fund.claims, fund.short), ((15, 15), (15, 15)));
    assert_eq!(fund.granted.value(), Some(700_000_000));
    assert!(fund.left().is_zero());
    let totals = fs::read_to_string(options.out.join("totals.json")).unwrap();
    let exact = r#""total":{"at_least":"7000000.00","at_most":"7000000.00"}"#;
    assert!(
        totals.contains(&format!(
            r#""possible":{{"at_least":"7000000.00","at_most":"7000000.00"}},{exact}"#
        )),
        "{totals}"
    );
    let (_, funds) = table(&options.out, "funds-00001.csv");
    assert_eq!(
        funds,
        ["design,2023,7000000.00,7000000.00,15,15,7500000.00,7500000.00,7000000.00,7000000.00,0.00,0.00,15,15"]
    );
}

#[test]
fn an_undetermined_claim_leaves_each_share_an_interval() {
    let lines = [
        enterprise("a", r#""clean": true, "size": 600"#),
        enterprise("b", r#""size": 600"#),
    ];
    let rules = "measure m for Enterprise { when { c: clean } pay size once }
        fund design { 2023: 600 CNY covers m when short: pro rata }";
    let shares = decided(rules, &lines);
    assert_eq!(shares["a"], "300.00..600.00 open");
    assert_eq!(shares["b"], "0.00..300.00 open");
}

#[test]
fn who_applied_first_is_paid_first_and_equals_at_the_margin_are_unresolved() {
    let of = |id, day| enterprise(id, &format!(r#""clean": true, "applied_at": "{day}""#));
    let lines = [
        of("d", "2023-05-09"),
        of("a", "2023-05-02"),
        of("b", "2023-05-01"),
        of("c", "2023-05-02"),
    ];
    let rules = "measure m for Enterprise { when { c: clean } pay 10 CNY once }
        fund f { 2023: 25 CNY covers m when short: first come }";
    let shares = decided(rules, &lines);
    assert_eq!(shares["b"], "10.00..10.00 full");
    assert_eq!(shares["a"], "0.00..10.00 unresolved");
    assert_eq!(shares["c"], "0.00..10.00 unresolved");
    assert_eq!(shares["d"], "0.00..0.00 nothing");
}

#[test]
fn the_higher_priority_is_paid_first_and_the_last_gets_what_is_left() {
    let of = |id, size: u32| enterprise(id, &format!(r#""clean": true, "size": {size}"#));
    let rules = "measure m for Enterprise { when { c: clean } pay 10 CNY once }
        fund f { 2023: 25 CNY covers m when short: by priority size / 1 CNY }";
    let shares = decided(rules, &[of("a", 1), of("b", 3), of("c", 2)]);
    assert_eq!(shares["b"], "10.00..10.00 full");
    assert_eq!(shares["c"], "10.00..10.00 full");
    assert_eq!(shares["a"], "5.00..5.00 reduced");
}

#[test]
fn a_quota_that_is_exceeded_leaves_the_choice_to_a_person() {
    let of = |id| enterprise(id, r#""clean": true"#);
    let rules = "measure m for Enterprise { when { c: clean } pay 10 CNY once }
        fund f { covers m when short: quota 2 }";
    let two = decided(rules, &[of("a"), of("b")]);
    assert_eq!(two["a"], "10.00..10.00 full");
    let three = decided(rules, &[of("a"), of("b"), of("c")]);
    assert!(
        three.values().all(|share| share == "0.00..10.00 unresolved"),
        "{three:?}"
    );
}

#[test]
fn payers_share_what_the_fund_leaves_as_they_share_the_award() {
    let rules = "measure m for Enterprise { when { c: clean } pay 100 CNY once shared province 60%, city 40% }
        fund f { 2023: 150 CNY covers m when short: pro rata }";
    let of = |id| enterprise(id, r#""clean": true"#);
    let shares = decided(rules, &[of("a"), of("b")]);
    assert_eq!(shares["aprovince"], "45.00..45.00 reduced");
    assert_eq!(shares["acity"], "30.00..30.00 reduced");
}

const UNIQUE: &str =
    "measure m for Enterprise per hire in hires { when { c: clean } pay 10 CNY once unique hire.person }";

#[test]
fn two_applicants_with_one_unique_key_are_both_unresolved_and_keep_their_verdicts() {
    let of = |id, hires| enterprise(id, &format!(r#""clean": true, "hires": {hires}"#));
    let lines = [
        of("a", r#"[{"id": "h1", "person": "p"}, {"id": "h2", "person": "q"}]"#),
        of("b", r#"[{"id": "h1", "person": "p"}]"#),
        of("c", r#"[{"id": "h9"}]"#),
    ];
    let shares = decided(UNIQUE, &lines);
    assert_eq!(shares["ah1"], "0.00..10.00 unresolved");
    assert_eq!(shares["bh1"], "0.00..10.00 unresolved");
    assert_eq!(shares["ch9"], "0.00..10.00 open", "whose it is nobody knows");
    assert!(!shares.contains_key("ah2"), "it is its alone");
    let folder = tempfile::tempdir().unwrap();
    let options = options(folder.path(), &lines);
    let report = whole(&program(UNIQUE), &options);
    assert_eq!(report.totals.measures["m"].eligible, 4);
    let totals = fs::read_to_string(options.out.join("totals.json")).unwrap();
    assert!(
        totals.contains(r#""total":{"at_least":"10.00","at_most":"40.00"}"#),
        "{totals}"
    );
}

/// A population in which funds are short, some claims are undetermined, days are unknown, and persons stand twice.
fn mixed() -> (String, Vec<String>) {
    let rules = format!(
        "{UNIQUE}
        measure n for Enterprise {{ when {{ c: clean }} pay size once }}
        measure o for Enterprise {{ when {{ c: clean }} pay 7 CNY once }}
        fund f {{ 2023: 1000 CNY covers n when short: pro rata }}
        fund g {{ 2023: 60 CNY covers o, m when short: first come }}"
    );
    let line = |at: u32| {
        let clean = if at % 7 == 3 { "" } else { r#""clean": true, "# };
        let applied = if at % 5 == 1 {
            String::new()
        } else {
            format!(r#""applied_at": "2023-05-{:02}", "#, at % 9 + 1)
        };
        let hires = format!(r#""hires": [{{"id": "h", "person": "p{}"}}]"#, at % 20);
        enterprise(
            &format!("e{at}"),
            &format!(r#"{clean}{applied}"size": {}, {hires}"#, at % 11 * 10),
        )
    };
    (rules, (0..37).map(line).collect())
}

#[test]
fn order_and_parts_of_the_population_change_nothing_of_the_round() {
    let (rules, lines) = mixed();
    let program = program(&rules);
    let folder = tempfile::tempdir().unwrap();
    let straight = options(folder.path(), &lines);
    whole(&program, &straight);
    let many = folder.path().join("many");
    fs::create_dir_all(&many).unwrap();
    let turned: Vec<String> = lines.iter().rev().cloned().collect();
    for (part, lines) in turned.chunks(9).enumerate() {
        fs::write(many.join(format!("{part}.jsonl")), lines.join("\n")).unwrap();
    }
    let split = Options {
        out: folder.path().join("split"),
        facts: many,
        unit_rows: 5,
        ..straight.clone()
    };
    whole(&program, &split);
    for name in ["round-00001.csv", "funds-00001.csv", "totals.json"] {
        let read = |options: &Options| fs::read_to_string(options.out.join(name)).unwrap();
        assert_eq!(read(&straight), read(&split), "{name}");
    }
    let (_, rows) = table(&straight.out, "round-00001.csv");
    for state in ["open", "unresolved"] {
        assert!(rows.iter().any(|row| row.ends_with(state)), "{state}");
    }
}

#[test]
fn a_run_that_was_stopped_leaves_the_same_round() {
    let (rules, lines) = mixed();
    let program = program(&rules);
    let folder = tempfile::tempdir().unwrap();
    let straight = options(folder.path(), &lines);
    whole(&program, &straight);
    let broken = Options {
        out: folder.path().join("broken"),
        ..straight.clone()
    };
    for pieces in [1, 2, 100] {
        let (stop, seen) = (AtomicBool::new(false), AtomicU32::new(0));
        run(&program, &broken, &stop, |_| {
            if seen.fetch_add(1, Ordering::Relaxed) + 1 == pieces {
                stop.store(true, Ordering::Relaxed);
            }
        })
        .unwrap();
        // What a round that was killed left behind.
        fs::create_dir_all(broken.out.join(".round")).unwrap();
        fs::write(broken.out.join(".round/queue-0"), "half a li").unwrap();
    }
    whole(&program, &broken);
    assert_eq!(files(&straight.out), files(&broken.out));
}
