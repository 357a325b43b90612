//! Reforms over populations: the press conference's design centres, funds that run out, and folders that no order of rows changes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use meed_facts::json;
use meed_facts::ratio::Ratio;
use meed_facts::record::Record;
use meed_rules::Package;
use meed_rules::package::{Files, revised};
use meed_simulate::population::model::Model;
use meed_simulate::population::{Population, Wanted};
use meed_simulate::reform::changes::Turn;
use meed_simulate::reform::scenario::Scenario;
use meed_simulate::reform::take_up::TakeUp;
use meed_simulate::reform::{Options, Simulation, simulate};
use serde_json::Value;

use crate::shared::tiny::{self, program, scenario};

const CENTRES: &str = "design_centre_reward";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn harbin() -> Files {
    Package::files(&root().join("policies/harbin")).unwrap()
}

/// The rules as they are, and the example reform of that name.
fn with_reform(name: &str, on: &str) -> Vec<Scenario> {
    let text = fs::read_to_string(root().join("examples").join(name)).unwrap();
    let (files, _) = revised(harbin(), name, &text);
    vec![
        scenario("baseline", program(harbin(), on)),
        scenario("reform", program(files, on)),
    ]
}

/// Of a whole synthetic city all municipal design centres of 2022, and every four-hundredth other enterprise; as things stood at the end of 2022, before figures of that
/// year were known.
static CITY: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let program = program(harbin(), "2022-12-31");
    let model = fs::read_to_string(root().join("policies/harbin/population.toml")).unwrap();
    let model = Model::read(&model).unwrap();
    let wanted = Wanted {
        seed: 1,
        missing: 0,
        as_of: None,
    };
    let population = Population::new(&program.schema, &model, "enterprise", wanted).unwrap();
    let records = population.records(0..population.city() as u64);
    let centre = |record: &Record| {
        let titles = record.titles.iter().flat_map(|titles| &titles.items);
        let mut names = titles.map(|title| &*program.schema.titles[title.title].named.name);
        names.any(|name| name == "design_centre")
    };
    let wanted = records
        .enumerate()
        .filter(|(at, record)| at % 400 == 0 || centre(record));
    let facts = wanted.map(|(at, record)| (at, json::write(&program.schema, &record)));
    let kept = facts.filter(|(at, facts)| at % 400 == 0 || is_centre(facts));
    kept.map(|(_, facts)| before_figures(facts)).collect()
});

fn is_centre(facts: &Value) -> bool {
    let titles = facts["enterprise"]["titles"].as_array();
    titles.is_some_and(|titles| {
        titles.iter().any(|title| {
            title["title"] == "design_centre"
                && title["level"] == "municipal"
                && title["granted"].as_str().is_some_and(|day| day.starts_with("2022"))
        })
    })
}

fn before_figures(facts: Value) -> Value {
    match facts {
        Value::Object(fields) => fields
            .into_iter()
            .filter(|(key, _)| !key.starts_with("2022") && !key.starts_with("2023"))
            .map(|(key, value)| (key, before_figures(value)))
            .collect(),
        Value::Array(items) => items.into_iter().map(before_figures).collect(),
        other => other,
    }
}

fn options(folder: &Path, out: &str, facts: PathBuf) -> Options {
    Options {
        by: vec!["registered_at".into(), "sector".into()],
        ..tiny::options(folder, out, facts)
    }
}

fn over(scenarios: Vec<Scenario>, rows: &[Value]) -> Simulation {
    let folder = tempfile::tempdir().unwrap();
    let facts = folder.path().join("facts.jsonl");
    let lines: Vec<String> = rows.iter().map(Value::to_string).collect();
    fs::write(&facts, lines.join("\n")).unwrap();
    let simulation = simulate(scenarios, &options(folder.path(), "out", facts), |_, _| ()).unwrap();
    assert_eq!(simulation.rows.1, 0, "{:?}", simulation.wrong);
    simulation
}

fn costs(simulation: &Simulation, scenario: usize) -> BTreeMap<String, (i128, Option<i128>)> {
    let outcome = &simulation.outcomes[scenario];
    let cost = |measure: &str| {
        let cost = outcome.cost_of(measure);
        (cost.low(), cost.high())
    };
    let measures = outcome.tally.measures.keys();
    measures.map(|measure| (measure.to_string(), cost(measure))).collect()
}

#[test]
fn every_table_of_a_simulation_over_invented_applicants_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let register = folder.path().join("register");
    fs::create_dir(&register).unwrap();
    let lines: Vec<String> = CITY.iter().take(30).map(Value::to_string).collect();
    fs::write(register.join("lines.jsonl"), lines.join("\n")).unwrap();
    let tables = |out: &str| -> Vec<(String, String)> {
        let options = Options {
            months: true,
            ..options(folder.path(), out, register.clone())
        };
        let scenarios = with_reform("reform-design-centres.md", "2022-12-31");
        simulate(scenarios, &options, |_, _| ()).unwrap();
        let files = fs::read_dir(folder.path().join(out)).unwrap();
        let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
        let read = |name: String| {
            let text = fs::read_to_string(folder.path().join(out).join(&name)).unwrap();
            (name, text)
        };
        names.filter(|name| name.ends_with(".csv")).map(read).collect()
    };
    for (name, text) in tables("real") {
        assert!(!text.contains("synthetic"), "{name}");
    }
    fs::write(register.join("about.json"), r#"{"seed":"1","synthetic":true}"#).unwrap();
    let invented = tables("invented");
    assert!(invented.len() >= 6, "{}", invented.len());
    for (name, text) in invented {
        let mut lines = text.lines();
        assert!(lines.next().unwrap().ends_with(",synthetic"), "{name}");
        assert!(lines.all(|line| line.ends_with(",true")), "{name}");
    }
}

#[test]
fn a_fifteenth_design_centre_costs_500_000_more_and_600_000_each_cost_fourteen_times_100_000_more() {
    let centres = CITY.iter().filter(|facts| is_centre(facts)).count();
    assert_eq!(centres, 14, "the press conference of 2023-02-23");
    let before = over(with_reform("reform-design-centres.md", "2022-12-31"), &CITY);
    let mut rows = CITY.clone();
    rows.push(serde_json::json!({ "enterprise": {
        "uscc": "91230103MAEXAM0233",
        "registered_at": "230103",
        "titles": [{ "title": "design_centre", "level": "municipal", "granted": "2022-06-29" }],
        "awards": [],
    }}));
    let after = over(vec![scenario("baseline", program(harbin(), "2022-12-31"))], &rows);
    fifteenth(&before, &after);
    reform(&before);
}

fn fifteenth(before: &Simulation, after: &Simulation) {
    let (mut old, mut new) = (costs(before, 0), costs(after, 0));
    assert_eq!(old.remove(CENTRES).unwrap(), (fen(7_000_000), Some(fen(7_000_000))));
    assert_eq!(new.remove(CENTRES).unwrap(), (fen(7_500_000), Some(fen(7_500_000))));
    // Measures that only may be for the newcomer cost nothing for certain.
    old.retain(|_, cost| *cost != (0, Some(0)));
    new.retain(|_, cost| *cost != (0, Some(0)));
    assert_eq!(old, new);
    let total = |simulation: &Simulation| simulation.outcomes[0].cost();
    let high = |simulation: &Simulation| total(simulation).high().unwrap();
    assert_eq!(total(after).low() - total(before).low(), fen(500_000));
    assert_eq!(high(after) - high(before), fen(500_000));
}

fn reform(simulation: &Simulation) {
    let cost = |scenario: usize| simulation.outcomes[scenario].cost();
    let more = 14 * fen(100_000);
    assert_eq!(cost(1).low() - cost(0).low(), more);
    assert_eq!(cost(1).high().unwrap() - cost(0).high().unwrap(), more);
    let turns = &simulation.turns[0];
    assert_eq!(Turn::ALL.map(|turn| turns.of(turn)), [14, 0, 0]);
    assert!(
        simulation.most[0]
            .iter()
            .all(|change| change.difference.low == Some(fen(100_000)))
    );
    let (mut old, mut new) = (costs(simulation, 0), costs(simulation, 1));
    assert!(old.remove(CENTRES) != new.remove(CENTRES));
    assert_eq!(old, new);
    let by_place = |scenario: usize| {
        let groups = simulation.outcomes[scenario].tally.groups.iter();
        let own = groups.filter(|((by, _, measure), _)| *by == 0 && **measure == *CENTRES);
        own.map(|(_, lines)| lines.claimed.low()).sum::<i128>()
    };
    assert_eq!((by_place(0), by_place(1)), (fen(7_000_000), fen(8_400_000)));
}

fn fen(yuan: i128) -> i128 {
    yuan * 100
}

/// What follows the beginning of the document.
const FURTHER: &str = r#"| applied_at | date | 申请日期 | Applied on | registry |

```meed
parameter amount zh "金额" en "Amount" = 100 CNY
define is_large of Enterprise zh "大型" en "Large" = size >= 500 CNY
define is_small of Enterprise zh "小型" en "Small" = size < 500 CNY
measure fixed for Enterprise zh "定额" en "Fixed" { when { c: clean } pay amount once }
measure share for Enterprise zh "比例" en "Share" { when { c: clean } pay 10% of size, rounded down to 0.01 CNY once }
fund all zh "资金" en "Fund" { 2023: 5000 CNY covers fixed, share when short: pro rata }
```
"#;

static RULES: LazyLock<String> = LazyLock::new(|| format!("{}{FURTHER}", tiny::ENTERPRISES));

fn reforms() -> Vec<Scenario> {
    let on = "2023-06-01";
    let amend = "---\ntitle: { zh: 改, en: Change }\nnumber: 2\n---\n\n# Change\n\n```meed\namend amount { ..: 150 CNY }\n```\n";
    let (amended, path) = revised(tiny::files(&RULES), "more.md", amend);
    assert_eq!(path, "reform/more.md");
    let (copied, path) = revised(
        tiny::files(&RULES),
        "copy.md",
        &RULES.replace("10% of size", "5% of size"),
    );
    assert_eq!(path, "rules.md");
    vec![
        scenario("baseline", program(tiny::files(&RULES), on)),
        scenario("more", program(amended, on)),
        scenario("less", program(copied, on)),
    ]
}

/// Forty applicants: of every fifth nothing is known, of every seventh not the size.
fn lines() -> Vec<String> {
    let line = |at: u32| {
        let clean = if at % 5 == 4 { "" } else { r#""clean": true, "# };
        let size = if at % 7 == 6 {
            r#"{"at_least": 100, "at_most": 900}"#.to_owned()
        } else {
            (at * 30).to_string()
        };
        format!(
            r#"{{"enterprise": {{"id": "e{at:02}", {clean}"size": {size}, "applied_at": "2023-0{}-01", "awards": []}}}}"#,
            at % 5 + 1
        )
    };
    (0..40).map(line).collect()
}

fn full(folder: &Path, out: &str, facts: PathBuf) -> Options {
    Options {
        by: vec!["applied_at".into(), "size:is_large/is_small".into()],
        take_up: vec![TakeUp {
            otherwise: Ratio::new(1, 2).unwrap(),
            of: BTreeMap::from([("share".into(), Ratio::ONE)]),
            seeds: BTreeSet::from([1, 2]),
        }],
        step: Ratio::new(1, 10),
        months: true,
        ..options(folder, out, facts)
    }
}

fn tables(folder: &Path) -> BTreeMap<String, String> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let text = |path: PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        (name, fs::read_to_string(path).unwrap())
    };
    entries.map(text).collect()
}

#[test]
fn order_and_files_of_the_population_change_only_the_names_of_files_in_the_manifest() {
    let folder = tempfile::tempdir().unwrap();
    let lines = lines();
    let one = folder.path().join("one.jsonl");
    fs::write(&one, lines.join("\n")).unwrap();
    let many = folder.path().join("many");
    fs::create_dir(&many).unwrap();
    let turned: Vec<String> = lines.iter().rev().cloned().collect();
    for (part, lines) in turned.chunks(7).enumerate() {
        fs::write(many.join(format!("{part}.jsonl")), lines.join("\n")).unwrap();
    }
    simulate(reforms(), &full(folder.path(), "straight", one), |_, _| ()).unwrap();
    simulate(reforms(), &full(folder.path(), "split", many), |_, _| ()).unwrap();
    let mut straight = tables(&folder.path().join("straight"));
    let mut split = tables(&folder.path().join("split"));
    let manifest = |tables: &mut BTreeMap<String, String>| {
        let mut manifest: Value = serde_json::from_str(&tables.remove("manifest.json").unwrap()).unwrap();
        let files = manifest["facts"].as_object_mut().unwrap().remove("files").unwrap();
        (manifest, files)
    };
    let ((a, a_files), (b, b_files)) = (manifest(&mut straight), manifest(&mut split));
    assert_eq!(a, b);
    assert_ne!(a_files, b_files);
    assert_eq!(straight, split);
    for name in [
        "measures",
        "groups",
        "months",
        "funds",
        "turns",
        "take-up",
        "sensitivity",
        "changes-more",
        "changes-less",
    ] {
        assert!(straight[&format!("{name}-00001.csv")].lines().count() > 1, "{name}");
    }
}

fn tiny_simulation() -> (Simulation, BTreeMap<String, String>) {
    let folder = tempfile::tempdir().unwrap();
    let facts = folder.path().join("facts.jsonl");
    fs::write(&facts, lines().join("\n")).unwrap();
    let simulation = simulate(reforms(), &full(folder.path(), "out", facts), |_, _| ()).unwrap();
    let tables = tables(&folder.path().join("out"));
    (simulation, tables)
}

#[test]
fn each_reform_is_compared_by_itself_and_funds_are_shared_out_under_each() {
    let (simulation, _) = tiny_simulation();
    let [now, more, less] = &simulation.outcomes[..] else {
        panic!()
    };
    // 32 applicants are certain; 8 may be.
    let fixed = |outcome: &meed_simulate::reform::Outcome| outcome.tally.measures["fixed"].claimed.value().unwrap();
    assert_eq!((fixed(now), fixed(more), fixed(less)), (320_000, 480_000, 320_000));
    for outcome in [now, more, less] {
        let fund = &outcome.funds[0];
        assert!(fund.granted.high().unwrap() <= 500_000);
        assert!(outcome.cost().high().unwrap() <= 500_000, "{:?}", outcome.cost());
        assert!(outcome.possible().high().unwrap() <= 40 * 190_000);
    }
    assert!(more.funds[0].claimed.low() > 500_000, "it is certainly short");
    let turns = |reform: usize| Turn::ALL.map(|turn| simulation.turns[reform].of(turn));
    // Of the eight whose eligibility is open only what is possible changes.
    assert_eq!(turns(0), [32, 0, 8]);
    assert_eq!(turns(1)[0], 0);
    assert!(turns(1)[1] > 20);
}

#[test]
fn a_parameter_that_is_raised_by_a_tenth_moves_the_total_by_a_tenth_of_what_it_pays() {
    let (simulation, _) = tiny_simulation();
    let before = simulation.outcomes[0].tally.total.before_funds.low();
    let moved: Vec<(bool, i128)> = simulation
        .variants
        .iter()
        .map(|(variant, sum)| (variant.up, sum.before_funds.low() - before))
        .collect();
    assert_eq!(moved, [(false, -32_000), (true, 32_000)]);
}

#[test]
fn take_up_counts_the_share_of_a_measure_and_all_of_one_with_a_share_of_one() {
    let (simulation, _) = tiny_simulation();
    let outcome = &simulation.outcomes[0];
    for seed in [1, 2] {
        let taken = |measure: &str| outcome.tally.taken[&(0, seed, measure.into())];
        assert_eq!(taken("share").0, 32);
        let (lines, sum) = taken("fixed");
        assert!((6..27).contains(&lines), "{lines}");
        assert_eq!(sum.value(), Some(i128::from(lines) * 10_000));
    }
}

#[test]
fn the_report_needs_nothing_outside_itself_and_has_a_table_behind_each_plot() {
    let (_, tables) = tiny_simulation();
    for name in ["report.zh.html", "report.en.html"] {
        let page = &tables[name];
        let count = |what: &str| page.matches(what).count();
        for outside in ["http:", "https:", "src=", "@import", "<script", "<link"] {
            assert_eq!(count(outside), 0, "{outside} in {name}");
        }
        assert!(count("<svg") >= 4);
        assert_eq!(count("<svg"), count("<title id="));
        assert_eq!(count("<svg"), count("<desc id="));
        assert_eq!(count("<svg"), count("</figure>"));
        assert!(count("<table") >= count("<svg"));
        assert!(count("url(#measures-1)") > 0, "patterns, not colours alone");
    }
    assert!(tables["report.en.html"].contains("runs out"));
    assert!(tables["report.zh.html"].contains("不足"));
}

#[test]
fn a_reform_that_changes_the_vocabulary_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let facts = folder.path().join("facts.jsonl");
    fs::write(&facts, lines().join("\n")).unwrap();
    let more = RULES.replace(
        "| applied_at | date",
        "| extra | bool | 另 | Extra | registry |\n| applied_at | date",
    );
    let mut scenarios = reforms();
    scenarios.push(scenario("facts", program(tiny::files(&more), "2023-06-01")));
    let error = simulate(scenarios, &full(folder.path(), "out", facts), |_, _| ()).unwrap_err();
    assert!(
        error.to_string().contains("the reform facts changes the vocabulary"),
        "{error}"
    );
}

#[test]
fn two_reforms_of_one_name_or_one_called_baseline_are_refused_before_anything_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let facts = folder.path().join("facts.jsonl");
    fs::write(&facts, lines().join("\n")).unwrap();
    for name in ["more", "baseline", "Less"] {
        let mut scenarios = reforms();
        scenarios.push(scenario(name, program(tiny::files(&RULES), "2023-06-01")));
        let error = simulate(scenarios, &full(folder.path(), "out", facts.clone()), |_, _| ()).unwrap_err();
        let words = error.words();
        assert!(
            words.en.contains(&format!("are called `{name}`")) && words.en.contains("another name"),
            "{words:?}"
        );
        assert!(words.zh.contains("另取一个名字"), "{words:?}");
        assert!(!folder.path().join("out").exists());
    }
}

#[test]
fn a_folder_that_holds_something_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let facts = folder.path().join("facts.jsonl");
    fs::write(&facts, lines().join("\n")).unwrap();
    let options = full(folder.path(), "", facts);
    let error = simulate(reforms(), &options, |_, _| ()).unwrap_err();
    assert!(error.to_string().contains("not empty"), "{error}");
}

#[test]
fn groups_that_are_numbers_stand_in_their_order() {
    let line =
        |size: &str| format!(r#"{{"enterprise": {{"id": "e{size}", "clean": true, "size": {size}, "awards": []}}}}"#);
    let mut lines = ["10", "9", "100", "0.50"].map(line).to_vec();
    lines.push(r#"{"enterprise": {"id": "u", "clean": true, "awards": []}}"#.to_owned());
    let (_, read) = tiny::simulated(reforms(), &lines, |options| Options {
        by: vec!["size".into()],
        ..options
    });
    for (table, of) in [
        ("groups-00001.csv", "baseline,size,"),
        ("turns-00001.csv", "more,size,"),
    ] {
        let text = read(table);
        let rows = text.lines().filter_map(|row| row.strip_prefix(of));
        let mut groups: Vec<&str> = rows.map(|row| row.split_once(',').unwrap().0).collect();
        groups.dedup();
        assert_eq!(groups, ["0.5", "9", "10", "100", "?"], "{table}");
    }
    let report = read("report.en.html");
    let mut rest = report.split_once("Where the money goes").unwrap().1;
    for group in ["0.5", "9", "10", "100"] {
        rest = rest.split_once(&format!(">{group}<")).expect(group).1;
    }
}
