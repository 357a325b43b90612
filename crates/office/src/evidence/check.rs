//! Checking an evidence folder, without a database and without a network.

use std::collections::BTreeMap;
use std::sync::Arc;

use meed_facts::date::Date;
use meed_facts::json::canonical;
use meed_rules::{Package, check as check_package};
use meed_syntax::diagnostic::Message;
use serde_json::{Map, Value, json};

use super::names;
use crate::cases::judgement;
use crate::log::sha256;
use crate::programs::Files;

/// What a check found about one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// A stable name of what was checked.
    pub check: &'static str,
    /// About what.
    pub about: String,
    /// Whether it holds.
    pub holds: bool,
    /// In words.
    pub message: Message,
}

type Texts = BTreeMap<String, String>;

/// Checks a folder's files, by path: hashes, the log's chain, the rows against the log, and every decision made again. `root` is the hash of
/// a log entry that was printed or stamped elsewhere.
pub fn check(files: &Texts, root: Option<&str>) -> Vec<Finding> {
    let mut findings = Vec::new();
    manifest(files, &mut findings);
    let chain = chain(files, root, &mut findings);
    let latest = entries(files, &chain, &mut findings);
    let rows = json_of(files, names::ROWS);
    rows_as_logged(&rows, &latest, &mut findings);
    decisions(files, &rows, &mut findings);
    money(&rows, &mut findings);
    findings
}

fn tell(findings: &mut Vec<Finding>, check: &'static str, about: &str, holds: bool, en: &str, zh: &str) {
    let message = Message::new(en, zh);
    findings.push(Finding {
        check,
        about: about.to_owned(),
        holds,
        message,
    });
}

fn json_of(files: &Texts, path: &str) -> Value {
    files
        .get(path)
        .and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or_default()
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// No file more, none fewer, each with its hash.
fn manifest(files: &Texts, findings: &mut Vec<Finding>) {
    let manifest = json_of(files, names::MANIFEST);
    let hashes = manifest
        .get("files")
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default();
    let ours: Map<String, Value> = files
        .iter()
        .filter(|(path, _)| *path != names::MANIFEST)
        .map(|(path, body)| (path.clone(), sha256(body.as_bytes()).into()))
        .collect();
    for path in hashes
        .keys()
        .chain(ours.keys().filter(|path| !hashes.contains_key(*path)))
    {
        let holds = ours.get(path) == hashes.get(path);
        tell(
            findings,
            "file",
            path,
            holds,
            "the file is the one that was packed",
            "文件与打包时一致",
        );
    }
    if hashes.is_empty() {
        tell(
            findings,
            "file",
            names::MANIFEST,
            false,
            "there is no manifest",
            "缺少清单文件",
        );
    }
}

/// The headers follow each other; hash by position.
fn chain(files: &Texts, root: Option<&str>, findings: &mut Vec<Finding>) -> BTreeMap<String, Value> {
    let mut headers = BTreeMap::new();
    let mut before: Option<(i64, String)> = None;
    let mut broken = None;
    for line in files.get(names::CHAIN).map_or("", String::as_str).lines() {
        let mut header: Value = serde_json::from_str(line).unwrap_or_default();
        let hash = header.as_object_mut().and_then(|object| object.remove("hash"));
        let hash = hash.as_ref().and_then(Value::as_str).unwrap_or_default().to_owned();
        let seq: i64 = text(&header, "seq").parse().unwrap_or(-1);
        let follows = before
            .as_ref()
            .is_none_or(|(last, prev)| last.checked_add(1) == Some(seq) && prev == text(&header, "prev"));
        if (!follows || sha256(canonical(&header).as_bytes()) != hash) && broken.is_none() {
            broken = Some(seq);
        }
        before = Some((seq, hash.clone()));
        headers.insert(hash, header);
    }
    let about = broken.map_or_else(String::new, |seq| seq.to_string());
    let holds = broken.is_none() && !headers.is_empty();
    tell(
        findings,
        "chain",
        &about,
        holds,
        "each entry of the log is bound to the one before",
        "日志逐条相扣",
    );
    if let Some(root) = root {
        tell(
            findings,
            "root",
            root,
            headers.contains_key(root),
            "the log leads to the root that was kept elsewhere",
            "日志与另行保存的根哈希相符",
        );
    }
    headers
}

/// Entries in full are those of the chain; the last digest that they give for each row.
fn entries(files: &Texts, chain: &BTreeMap<String, Value>, findings: &mut Vec<Finding>) -> BTreeMap<String, String> {
    let mut latest = BTreeMap::new();
    for line in files.get(names::ENTRIES).map_or("", String::as_str).lines() {
        let entry: Value = serde_json::from_str(line).unwrap_or_default();
        let payload = text(&entry, "payload");
        let header = chain.get(text(&entry, "hash"));
        let holds = header.is_some_and(|header| {
            text(header, "payload") == sha256(payload.as_bytes()) && text(header, "seq") == text(&entry, "seq")
        });
        tell(
            findings,
            "entry",
            text(&entry, "seq"),
            holds,
            "the entry is the one in the chain",
            "日志条目与链一致",
        );
        let payload: Value = serde_json::from_str(payload).unwrap_or_default();
        for effect in payload.get("effects").and_then(Value::as_array).into_iter().flatten() {
            let key = canonical(&json!([effect.get("table"), effect.get("key")]));
            latest.insert(key, text(effect, "digest").to_owned());
        }
    }
    latest
}

fn rows_as_logged(rows: &Value, latest: &BTreeMap<String, String>, findings: &mut Vec<Finding>) {
    for (table, list) in rows.as_object().into_iter().flatten() {
        for one in list.as_array().into_iter().flatten() {
            let key = canonical(&json!([table, one.get("key")]));
            let digest = sha256(canonical(one.get("row").unwrap_or(&Value::Null)).as_bytes());
            let holds = latest.get(&key) == Some(&digest);
            tell(
                findings,
                "row",
                &key,
                holds,
                "the row is as the log last wrote it",
                "该行与日志最后一次写入一致",
            );
        }
    }
}

/// Every decision is made again from its facts, its package and its day.
fn decisions(files: &Texts, rows: &Value, findings: &mut Vec<Finding>) {
    let of = |table: &str| rows.get(table).and_then(Value::as_array).cloned().unwrap_or_default();
    let case = of("case")
        .first()
        .and_then(|one| one.get("row").cloned())
        .unwrap_or_default();
    for decision in of("decision") {
        let decision = decision.get("row").cloned().unwrap_or_default();
        let id = text(&decision, "id");
        let facts = files.get(&format!("facts/{}.json", text(&decision, "facts")));
        let kept = files.get(&format!("determinations/{}.json", text(&decision, "result")));
        let same_facts = facts.is_some_and(|facts| sha256(facts.as_bytes()) == text(&decision, "facts"));
        let same_result = kept.is_some_and(|kept| sha256(kept.as_bytes()) == text(&decision, "result"));
        tell(
            findings,
            "documents",
            id,
            same_facts && same_result,
            "facts and determination are those that were decided on",
            "所附信息与认定结果为决定当时所用",
        );
        let package = package(files, text(&decision, "policy"));
        let policy = of("policy").into_iter().filter_map(|one| one.get("row").cloned());
        let digest = sha256(canonical(&json!(package)).as_bytes());
        let same = policy
            .into_iter()
            .any(|one| text(&one, "id") == text(&decision, "policy") && text(&one, "files") == digest);
        tell(
            findings,
            "package",
            text(&decision, "policy"),
            same,
            "the package is the version that was published",
            "规则包为公布的版本",
        );
        let again = facts.and_then(|facts| made_again(package, facts, &decision, &case));
        let holds = again.is_some() && again.as_ref() == kept;
        tell(
            findings,
            "replay",
            id,
            holds,
            "made again, the determination is the same byte for byte",
            "重新计算的认定结果逐字节相同",
        );
    }
}

fn package(files: &Texts, policy: &str) -> Files {
    let folder = format!("packages/{policy}/");
    let within = files
        .iter()
        .filter_map(|(path, body)| Some((path.strip_prefix(&folder)?.to_owned(), body.clone())));
    within.collect()
}

fn made_again(files: Files, facts: &str, decision: &Value, case: &Value) -> Option<String> {
    let package = Package::from_files(files).ok()?;
    let checked = check_package(&package);
    checked.sound().ok()?;
    let program = checked.program(Date::parse(text(decision, "on_date")).ok()?).ok()?;
    let again = judgement(
        Arc::new(program),
        facts.to_owned(),
        text(case, "kind"),
        text(case, "measure"),
        text(case, "object"),
    );
    again.ok().map(|judgement| judgement.result)
}

/// What reached the payee is never more than the decision in force, unless it is asked back.
fn money(rows: &Value, findings: &mut Vec<Finding>) {
    let of = |table: &str| rows.get(table).and_then(Value::as_array).cloned().unwrap_or_default();
    let mut paid = 0_i128;
    for posting in of("posting") {
        let row = posting.get("row").cloned().unwrap_or_default();
        let amount: i128 = text(&row, "amount").parse().unwrap_or(i128::MAX);
        if text(&row, "to_account") == "paid" {
            paid = paid.saturating_add(amount);
        }
        if text(&row, "from_account") == "paid" {
            paid = paid.saturating_sub(amount);
        }
    }
    let last = of("decision")
        .into_iter()
        .filter_map(|one| one.get("row").cloned())
        .max_by_key(|row| text(row, "n").parse::<i64>().unwrap_or(0));
    let decided: i128 = last.map_or(0, |row| text(&row, "amount").parse().unwrap_or(-1));
    let covered = !of("recovery").is_empty();
    tell(
        findings,
        "money",
        "paid",
        covered || paid <= decided,
        "no more was paid than is due",
        "已付未超过应付",
    );
}
