//! The report of what a version would cost, as `meed simulate` writes it. It counts for the files it was made with, and says over whom.

use meed_facts::ratio::Ratio;
use serde_json::Value;

use crate::stop::{Answer, Stop};

/// Lets a report through that says what these files, unchanged, come to over a population that it names.
///
/// # Errors
/// Denied, with what it lacks.
pub(super) fn check(report: &Value, digest: &str) -> Answer<()> {
    let scenarios = report.get("scenarios").and_then(Value::as_array);
    let named = |scenario: &&Value| scenario.pointer("/package/digest").and_then(Value::as_str) == Some(digest);
    let own: Vec<&Value> = scenarios.into_iter().flatten().filter(named).collect();
    if own.is_empty() {
        return Err(Stop::denied(
            "other_report",
            format!("the report names no simulation of this version's files, {digest}; simulate this version"),
            format!("报告中没有对本版本文件（{digest}）的测算，请对本版本进行测算"),
        ));
    }
    let unchanged = |scenario: &Value| scenario.get("reform").is_none_or(Value::is_null);
    let Some(own) = own.into_iter().find(|scenario| unchanged(scenario)) else {
        return Err(Stop::denied(
            "other_report",
            "the report is about changes of this version, not about the version as it is; simulate it as it is",
            "报告只测算了对本版本的改动，没有测算版本本身；请对版本本身进行测算",
        ));
    };
    let facts = report.get("facts").unwrap_or(&Value::Null);
    let text = |name: &str| facts.get(name).and_then(Value::as_str).unwrap_or_default();
    let rows = text("rows").parse::<u64>().unwrap_or(0);
    if rows == 0 || text("digest").is_empty() {
        return Err(Stop::denied(
            "no_population",
            "the report does not say over which applicants it was made: facts.rows and facts.digest",
            "报告没有说明在哪些主体上测算：facts.rows 与 facts.digest",
        ));
    }
    // Of applicants whose rows were wrong nobody knows what they would get.
    let rejected = own.get("rejected").and_then(Value::as_str).unwrap_or("0");
    if rejected.parse::<u64>() != Ok(0) {
        return Err(Stop::denied(
            "rows_rejected",
            format!(
                "{rejected} of {rows} rows could not be read and are not in the totals; correct the facts and simulate again"
            ),
            format!("{rows} 行中有 {rejected} 行无法读取，未计入合计；请更正信息后重新测算"),
        ));
    }
    let cost = own.pointer("/cost/least").and_then(Value::as_str).unwrap_or_default();
    if Ratio::parse_decimal(cost).is_err() {
        return Err(Stop::denied(
            "no_totals",
            "the report does not say what the version costs: cost.least of its scenario",
            "报告没有说明本版本的支出：方案的 cost.least",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn report() -> Value {
        json!({
            "scenarios": [
                {"package": {"digest": "sha256:other"}, "cost": {"least": "1.00"}},
                {"package": {"digest": "sha256:own"}, "reform": null, "cost": {"least": "7000000.00"}},
            ],
            "facts": {"rows": "14", "digest": "sha256:rows"},
        })
    }

    fn refused(change: impl Fn(&mut Value)) -> String {
        let mut report = report();
        change(&mut report);
        match check(&report, "sha256:own") {
            Err(Stop::Denied(reason)) => reason.code.to_string(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_report_names_the_files_the_population_and_the_cost() {
        check(&report(), "sha256:own").unwrap();
        assert_eq!(refused(|report| *report = json!({})), "other_report");
        assert_eq!(refused(|report| *report = json!("fine")), "other_report");
        assert_eq!(
            refused(|report| report["scenarios"][1]["package"]["digest"] = json!("sha256:older")),
            "other_report"
        );
        assert_eq!(
            refused(|report| report["scenarios"][1]["reform"] = json!({"file": "a.md"})),
            "other_report"
        );
        assert_eq!(refused(|report| report["facts"]["rows"] = json!("0")), "no_population");
        assert_eq!(refused(|report| report["facts"] = json!(null)), "no_population");
        assert_eq!(
            refused(|report| report["scenarios"][1]["cost"] = json!(null)),
            "no_totals"
        );
    }
}
