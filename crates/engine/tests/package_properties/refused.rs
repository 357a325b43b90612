//! Rules that mean nothing do not check, and nothing is decided by a package that does not check.

use meed_rules::diagnostic::Code;
use meed_rules::{Package, check};

use super::packages::{TODAY, day, decide, errors, files};

macro_rules! refused {
    ($($name:ident: $rules:literal => $code:ident, $says:literal;)*) => {
        $(#[test]
        fn $name() {
            does_not_check($rules, Code::$code, $says);
        })*
    };
}

/// The package has an error with the code whose words, help or other places say this, and decides nothing.
fn does_not_check(rules: &str, code: Code, says: &str) {
    let found = errors(files(rules));
    let told = |one: &meed_rules::diagnostic::Diagnostic| {
        let help = one.help.as_ref().map_or("", |help| help.en.as_str());
        format!("{} {help}", one.message.en)
    };
    let all: Vec<String> = found.iter().map(|one| format!("{} {}", one.code, told(one))).collect();
    assert!(
        found.iter().any(|one| one.code == code && told(one).contains(says)),
        "expected {code} with «{says}», found {all:#?}"
    );
    let package = Package::from_files(files(rules)).unwrap();
    assert!(
        check(&package).program(day(TODAY)).is_err(),
        "a package with errors decides nothing"
    );
}

refused! {
    money_and_energy_do_not_add: "define x of Enterprise = investment + energy" => UnitMismatch, "";
    a_share_and_money_do_not_add: "define x of Enterprise = investment + 10%" => UnitMismatch, "";
    a_count_and_money_do_not_compare: "define x of Enterprise = employees(2022) > investment" => UnitMismatch, "";
    months_and_days_do_not_compare: "define x of Enterprise = 3 months > 90 days" => NotComparable, "";
    a_date_and_a_number_do_not_add: "define x of Enterprise = founded + 3" => NotComparable, "";
    bools_have_no_order: "define x of Enterprise = listed > clean" => NotOrdered, "";
    comparisons_do_not_chain: "define x of Enterprise = 1 < score < 3" => ChainedComparison, "";
    unordered_members_have_no_least: "define x of Enterprise = sector at least trade" => NotOrdered, "";
    unordered_members_have_no_highest: "define x of Enterprise = (highest of (sector, sector)) = trade" => NotOrdered, "highest of";
    nor_have_truths: "define x of Enterprise = lowest of (listed, clean)" => NotOrdered, "lowest of";
    an_amount_is_nobody_to_pay: "measure m for Enterprise { when { c: clean } pay 1 CNY once to first_amount }" => WrongType, "text";
    exceptions_on_two_facts_that_can_hold_at_once: "define cap of Enterprise = 30%
        except a: when listed then 20%
        except b: when clean then 10%" => AmbiguousExceptions, "`a` and `b`";
    an_exception_that_another_contains: "define cap of Enterprise = 30%
        except a: when listed then 20%
        except b: when listed or clean then 10%" => AmbiguousExceptions, "`a` and `b`";
    an_exception_that_always_applies: "define cap of Enterprise = 30%
        except a: when listed then 20%
        except b: when true then 10%" => AmbiguousExceptions, "`a` and `b`";
    conditional_definitions_that_can_hold_at_once: "define cap of Enterprise = 30% when listed otherwise 5%
        define cap of Enterprise = 20% when clean" => AmbiguousExceptions, "";
    a_misspelt_fact_is_no_new_input: "define x of Enterprise = revenu(2022)" => UnknownName, "revenue";
    a_misspelt_member_is_refused: "define x of Enterprise = sector = industri" => UnknownMember, "industry";
    whether_a_fact_is_known_cannot_be_asked: "define x of Enterprise = known(listed)" => UnknownName, "known";
    a_yearly_fact_needs_its_year: "define x of Enterprise = revenue" => MissingPeriod, "";
    a_fact_without_years_has_none: "define x of Enterprise = investment(2022)" => PeriodMisuse, "";
    growth_over_more_years_than_powers_go_says_how_many: "define x of Enterprise = compound_growth(revenue, 65 years to 2022) >= 1%" => NotConstant, "1 to 64 years";
    there_is_no_30_february: "define x of Enterprise = founded < 2023-02-30" => ImpossibleDate, "";
    a_definition_cannot_use_itself: "define x of Enterprise = x + 1" => Cycle, "x → x";
    definitions_in_a_circle_show_the_path: "define x of Enterprise = y + 1\ndefine y of Enterprise = z + 1\ndefine z of Enterprise = x + 1"
        => Cycle, "x → y → z → x";
    awards_in_a_circle_show_the_path: "measure first for Enterprise { when { b: gets(second) } pay 1 CNY once }
        measure second for Enterprise { when { a: gets(first) } pay 1 CNY once }" => Cycle, "first";
    an_amount_that_may_be_no_whole_fen_needs_rounding: "measure m for Enterprise { when { c: clean } pay 1/3 * investment once }"
        => MissingRounding, "";
    a_step_of_half_a_fen_rounds_to_no_payment: "measure m for Enterprise { when { c: clean } pay 1/3 * investment, rounded down to 0.005 CNY once }"
        => MissingRounding, "0.01 CNY";
    eighteen_months_are_no_whole_number_of_years: "measure m for Enterprise { when { c: clean } pay 1 CNY every year for 18 months from founded }"
        => LiteralOutOfRange, "1 periods and a part of one";
    money_for_every_period_is_not_split_as_well: "measure m for Enterprise { when { c: clean } pay 1 CNY every year for 2 years from founded
        in 2 equal instalments every year }" => ClausesDisagree, "";
    nor_into_shares: "measure m for Enterprise { when { c: clean } pay 1 CNY every year for 2 years from founded
        in instalments 50% on founded, 50% on clean }" => ClausesDisagree, "";
    only_what_runs_can_end: "measure m for Enterprise { when { c: clean } pay 1 CNY once ends on failure }" => ClausesDisagree, "every";
    once_per_title_needs_a_title: "measure m for Enterprise { when { c: clean } pay 1 CNY once per title }" => ClausesDisagree, "no title";
    once_per_title_needs_one_title: "title a of Enterprise { level municipal }
        title b of Enterprise { level municipal }
        measure m for Enterprise { when { one: holds(a) or holds(b) } pay 1 CNY once per title }" => ClausesDisagree, "`a`, `b`";
    rungs_are_named_or_those_of_a_title: "title a of Enterprise { levels municipal, provincial }
        measure m for Enterprise { when { h: holds(a) } pay 1 CNY }
        measure n for Enterprise { when { h: holds(a, at least provincial) } pay 2 CNY }
        combine c: top up m, n by level" => ClausesDisagree, "without `by level`";
    a_ladder_by_level_needs_levels: "title a of Enterprise { }
        measure m for Enterprise { when { h: holds(a) } pay 1 CNY }
        combine c: top up m by level" => ClausesDisagree, "no title with levels";
    ceilings_as_wide_as_each_other_need_an_order: "measure m for Enterprise { when { c: clean } pay 5 CNY once }
        measure n for Enterprise { when { c: clean } pay 5 CNY once }
        combine a: at most 7 CNY over m, n
        combine b: at most 6 CNY per year over m" => OverlappingGroups, "after a";
    an_amendment_of_a_condition_that_is_not_there: "measure m for Enterprise { when { clean: clean } pay 5 CNY once }
        amend m { clear: listed }" => UnknownName, "clean";
    an_amendment_of_criteria_that_are_not_there: "title a of Enterprise { criteria { clean: clean } }
        measure m for Enterprise { when { h: meets(a) } pay 1 CNY once }
        amend a { another: listed }" => UnknownName, "written anew";
    a_clause_amended_twice_from_one_day: "measure m for Enterprise { when { c: clean } pay 10 CNY once }
        amend m { pay 30 CNY }
        amend m { pay 40 CNY }" => OverlappingDefinitions, "same part of `m`";
    a_clause_amended_and_a_condition_in_it_from_one_day: "measure m for Enterprise { when { c: clean } pay 10 CNY once }
        amend m { when { c: listed } }
        amend m { c: first_holds }" => OverlappingDefinitions, "same part of `m`";
    a_parameter_amended_twice_from_one_day: "parameter p = 1
        define x of Enterprise = score > p
        amend p { 2022-01-01..: 2 }
        amend p { 2023-01-01..: 3 }" => OverlappingDefinitions, "same part of `p`";
    two_presumptions_of_one_fact: "presume listed unless stated
        presume not listed unless stated" => OverlappingDefinitions, "two presumptions of `listed`";
    a_presumption_that_no_fact_may_state: "presume score = 500 unless stated" => LiteralOutOfRange, "`score` must be at least 0 and at most 100";
    a_category_declared_twice: "measure m for Enterprise { when { c: clean } pay 1 CNY once }
        category g = m
        category g = m" => OverlappingDefinitions, "g";
    a_group_declared_twice: "measure m for Enterprise { when { c: clean } pay 1 CNY once }
        measure n for Enterprise { when { c: clean } pay 1 CNY once }
        combine g: highest of m
        combine g: highest of n" => OverlappingDefinitions, "g";
    a_fund_declared_twice: "measure m for Enterprise { when { c: clean } pay 1 CNY once }
        fund f { 2023: 5 CNY covers m }
        fund f { 2024: 5 CNY covers m }" => OverlappingDefinitions, "f";
    a_fund_with_two_amounts_for_a_year: "measure m for Enterprise { when { c: clean } pay 1 CNY once }
        fund f { 2023: 5 CNY  2023: 6 CNY covers m }" => DuplicateName, "2023";
    a_service_with_a_measure_s_name: "measure m for Enterprise { when { c: clean } pay 1 CNY once }
        service m for Enterprise { when { c: clean } }" => DuplicateName, "already a measure";
    a_definition_with_a_fact_s_name: "define listed of Enterprise = clean" => ShadowedName, "`listed` is already a fact";
    a_group_of_nothing: "combine g: unresolved" => MissingClause, "`g` names no measure";
    two_texts_in_force_at_once: "parameter p { ..2024-01-01: 1  2022-06-01..: 2 }\ndefine x of Enterprise = score > p" => ParameterOverlap, "p";
    a_year_between_two_values_of_a_parameter: "parameter rate { ..2023-01-01: 1  2024-01-01..: 2 }\ndefine x of Enterprise = score > rate"
        => ParameterHole, "rate";
    two_versions_of_a_measure_at_once: "measure m for Enterprise { in force 2020-01-01..2024-01-01 when { c: clean } pay 1 CNY once }
        measure m for Enterprise { in force 2021-01-01.. when { c: clean } pay 2 CNY once }" => OverlappingDefinitions, "m";
    a_rule_that_outlives_a_fact: "define x of Enterprise = old_grade > 1" => NoValueInForce, "old_grade";
    shares_of_payers_are_the_whole: "measure m for Enterprise { when { c: clean } pay 1 CNY once shared city 50%, district 40% }"
        => SharesNotWhole, "";
    instalments_are_the_whole: "measure m for Enterprise { when { c: clean } pay 1 CNY in instalments 40% on approved_on, 50% on accepted_on }"
        => InstalmentsNotWhole, "";
}

const CHOICE: &str = "measure a for Enterprise { when { c: clean } pay 3 CNY once }
measure b for Enterprise { when { c: clean } pay 5 CNY once }
measure c for Enterprise { when { c: clean } pay 7 CNY once }
combine carrier: exclusive a, b
";

#[test]
fn a_choice_is_compared_with_a_measure_of_its_group() {
    for (condition, code, says) in [
        ("chosen(carier) = a", Code::UnknownRule, "carrier"),
        ("chosen(carrier) = c", Code::UnknownMember, "alternative `c`"),
        ("chosen(carrier)", Code::NotCallable, "chosen(GROUP) = MEASURE"),
        ("chosen(carrier) > a", Code::NotCallable, "chosen(GROUP) = MEASURE"),
    ] {
        does_not_check(&format!("{CHOICE}define x of Enterprise = {condition}"), code, says);
    }
}

const THREE: &str = "measure a for Enterprise { when { c: clean } pay 3 CNY once }
measure b for Enterprise { when { c: clean } pay 5 CNY once }
measure c for Enterprise { when { c: clean } pay 7 CNY once }
combine first_group: highest of a, b
";

#[test]
fn overlapping_groups_do_not_check_without_after() {
    does_not_check(
        &format!("{THREE}combine second_group: highest of b, c"),
        Code::OverlappingGroups,
        "",
    );
}

#[test]
fn overlapping_groups_check_with_after() {
    let found = errors(files(&format!(
        "{THREE}combine second_group: highest of b, c after first_group"
    )));
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn an_order_with_a_third_group_is_none_between_the_two() {
    does_not_check(
        &format!(
            "{THREE}measure d for Enterprise {{ when {{ c: clean }} pay 9 CNY once }}
            combine elsewhere: exclusive d before c
            combine second_group: highest of b, c after elsewhere"
        ),
        Code::OverlappingGroups,
        "after first_group",
    );
}

#[test]
fn an_order_through_a_third_group_is_one() {
    let found = errors(files(&format!(
        "{THREE}combine second_group: highest of b, c after between
        combine between: highest of c, a after first_group"
    )));
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn an_order_through_a_group_of_another_time_is_one() {
    let between = "---\nnumber: 间\nin_force: 2020-01-01..2021-01-01\n---\n\n# 一\n\n```meed\n\
        combine between: highest of c, a after first_group\n```\n";
    let mut files = files(&format!("{THREE}combine second_group: highest of b, c after between"));
    files.insert("between.md".to_owned(), between.to_owned());
    let found = errors(files);
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn two_ladders_with_a_rung_in_common_need_an_order() {
    does_not_check(
        &format!("{THREE}combine one: top up a, b\ncombine two: top up b, c"),
        Code::OverlappingGroups,
        "",
    );
}

#[test]
fn an_order_after_an_unknown_group_is_none() {
    does_not_check(
        &format!("{THREE}combine second_group: highest of b, c after first_grup"),
        Code::UnknownRule,
        "first_group",
    );
}

#[test]
fn a_mistake_of_another_time_stops_every_determination() {
    let rules =
        "measure old for Enterprise { in force 2010-01-01..2011-01-01 when { c: clean } pay 1/3 * investment once }";
    does_not_check(rules, Code::MissingRounding, "");
}

#[test]
fn a_year_without_a_value_of_a_parameter_is_an_error_that_names_it() {
    let rules = "parameter rate { 2022-01-01..2023-01-01: 100 CNY }
        measure m for Enterprise { in force 2022-01-01.. when { c: clean } pay rate once }";
    let package = Package::from_files(files(rules)).unwrap();
    let checked = check(&package);
    let found = checked.program(day("2023-06-01")).unwrap_err();
    let named = |one: &meed_rules::diagnostic::Diagnostic| {
        one.code == Code::NoValueInForce && one.message.en.contains("`rate`")
    };
    assert!(found.iter().any(named), "{found:#?}");
    // Nor is the value of the year before used in silence: checking says so without anybody asking for that day.
    assert!(checked.findings().iter().any(named));
}

#[test]
fn a_marginal_scale_has_a_band_in_each_row() {
    let table = "\n| value | rate |\n|---|---|\n| 0 ..< 100 | 10% |\n| otherwise | 5% |\n";
    let document = super::packages::document("1", "scale marginal rates(value: number) from table") + table;
    let found = errors(super::packages::files_of(&[("a.md", document)]));
    assert!(
        found
            .iter()
            .any(|one| one.code == Code::BadCell && one.message.en.contains("band")),
        "{found:#?}"
    );
}

#[test]
fn all_errors_of_a_package_come_at_once() {
    let found = errors(files(
        "define x of Enterprise = revenu(2022)\ndefine y of Enterprise = investment + energy\ndefine z of Enterprise = founded < 2023-02-30",
    ));
    assert!(found.len() >= 3, "{found:#?}");
}

#[test]
fn a_table_cut_too_finely_to_be_proved_whole_is_not_called_whole() {
    let table = |rows: usize, last: &str| {
        let fine: String = (0..rows)
            .map(|at| format!("| >= {at} | >= {at} | {at} | 1 |\n"))
            .collect();
        format!(
            "score fine(a: number, b: number, c: number) from table, first match\n```\n\n| a | b | c | points |\n|---|---|---|---|\n{fine}{last}\n```meed\n"
        )
    };
    let found = |rules: &str| -> Vec<String> {
        let gaps = errors(files(rules))
            .into_iter()
            .filter(|one| one.code == Code::TableGap);
        gaps.map(|one| one.message.en).collect()
    };
    let halves = "| - | - | < 0 | 2 |\n| - | - | >= 0 | 3 |\n";
    assert_eq!(found(&table(20, halves)), [""; 0]);
    let told = found(&table(130, halves));
    assert!(
        matches!(told.as_slice(), [one] if one.contains("too many pieces to tell")),
        "{told:?}"
    );
    assert_eq!(found(&table(130, "| - | - | - | 2 |\n")), [""; 0], "a row takes all");
}

#[test]
fn growth_may_be_asked_over_as_many_years_as_powers_go() {
    for growth in [
        "compound_growth(revenue, 33 years to 2022) >= 1%",
        "mean_growth(revenue, 64 years to 2022) >= 1%",
    ] {
        let found = errors(files(&format!("define x of Enterprise = {growth}")));
        assert!(found.is_empty(), "{growth}: {found:#?}");
    }
}

#[test]
fn a_clause_amended_in_two_documents_from_one_day_is_refused_whatever_their_files_are_called() {
    let own = super::packages::document("1", "measure m for Enterprise { when { c: clean } pay 10 CNY once }");
    let amending = |number: &str, day: &str, amount: u8| {
        super::packages::document(number, &format!("amend m {{ pay {amount} CNY }}"))
            .replace("number:", &format!("in_force: {day}..\nnumber:"))
    };
    let found = |second: &str| {
        let texts = [
            ("a.md", own.clone()),
            ("b.md", amending("2", "2022-01-01", 30)),
            ("c.md", amending("3", second, 40)),
        ];
        errors(super::packages::files_of(&texts))
    };
    let same_day = found("2022-01-01");
    assert!(
        same_day.iter().any(|one| one.code == Code::OverlappingDefinitions),
        "{same_day:#?}"
    );
    let later = found("2022-07-01");
    assert!(
        later.is_empty(),
        "a later amendment changes the text that it finds: {later:#?}"
    );
}

#[test]
fn two_documents_of_one_number_do_not_check() {
    let texts = ["a.md", "b.md"].map(|path| (path, super::packages::document("1", "no rule: principle")));
    let found = errors(super::packages::files_of(&texts));
    assert!(found.iter().any(|one| one.code == Code::DuplicateName), "{found:#?}");
}

#[test]
fn presumptions_that_agree_or_follow_each_other_check() {
    let found = errors(files("presume listed unless stated\npresume listed unless stated"));
    assert!(found.is_empty(), "{found:#?}");
    let presuming = |span: &str, amount: u8| {
        super::packages::document(span, &format!("presume first_amount = {amount} CNY unless stated"))
            .replace("number:", &format!("in_force: {span}\nnumber:"))
    };
    let found = errors(super::packages::files_of(&[
        ("a.md", presuming("2020-01-01..2022-01-01", 5)),
        ("b.md", presuming("2022-01-01..", 9)),
    ]));
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn exceptions_that_exclude_each_other_or_agree_check() {
    for exceptions in [
        "except a: when listed then 20% except b: when clean and not listed then 10%",
        "except a: when listed then 20% except b: when clean then 20%",
        "except a: when listed then 20% except b over a: when clean then 10%",
        "except a: when sector = trade and listed then 20% except b: when sector = software and clean then 10%",
    ] {
        let found = errors(files(&format!("define cap of Enterprise = 30% {exceptions}")));
        assert!(found.is_empty(), "{exceptions}: {found:#?}");
    }
}

#[test]
fn a_single_record_may_be_paid() {
    let rules = "entity Person zh \"个人\" en \"Person\"
        facts of Person from table
```

| fact | type | 中文 | English | source |
|---|---|---|---|---|
| name | text | 姓名 | Name | declared |

```meed
entity Firm zh \"企业\" en \"Firm\"
facts of Firm from table
```

| fact | type | 中文 | English | source |
|---|---|---|---|---|
| boss | one Person | 负责人 | Manager | declared |
| good | bool | 良好 | Good | registry |

```meed
measure m for Firm { when { g: good } pay 5 CNY once to boss }";
    let line = decide(files(rules), r#"{"firm": {"good": true, "awards": []}}"#, TODAY)
        .lines
        .remove(0);
    assert_eq!(line.payee, meed_engine::result::Payee::Other("负责人".to_owned()));
}

#[test]
fn a_parameter_of_a_table_has_no_bounds_that_nothing_keeps() {
    let table = "\n| x | points |\n|---|---|\n| 0 ..< 50 | 1 |\n| 50 .. 100 | 2 |\n";
    let rules = "score points(x: number 0 .. 100) from table";
    let document = super::packages::document("1", rules) + table;
    let found = errors(super::packages::files_of(&[("a.md", document)]));
    let is_said =
        |one: &meed_rules::diagnostic::Diagnostic| one.code == Code::WrongType && one.message.en.contains("no bounds");
    assert!(found.iter().any(is_said), "{found:#?}");
}
