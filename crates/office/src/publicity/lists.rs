//! Lists: frozen, public for enough working days, ended row by row.

use meed_facts::json::canonical;
use meed_facts::money::Money;
use serde_json::{Value, json};

use super::period::{clear_after, clear_of, is_contested, still_public};
use super::versions::told;
use super::{List, Row, latest};
use crate::cases::{Case, last};
use crate::log::sha256;
use crate::machine::{CaseState, ListState, State as _, TitleState};
use crate::people::{Role, act_as, must_on};
use crate::register::Title;
use crate::rounds;
use crate::stop::{Answer, Stop};
use crate::store::Cell;
use crate::time::Instant;
use crate::tx::Tx;

/// Freezes proposed cases into the first version of a list.
pub(super) fn freeze(tx: &mut Tx<'_>, cases: &[String], days: Option<u16>) -> Answer<Value> {
    let mut found = Vec::new();
    for (index, case) in cases.iter().enumerate() {
        if cases.iter().take(index).any(|before| before == case) {
            return Err(Stop::denied(
                "twice",
                format!("case {case} is named twice; name each once"),
                format!("案件 {case} 重复，请每案只列一次"),
            ));
        }
        let case: Case = tx.get(case)?;
        must_on(tx, Role::Officer, &case.measure, &case.id)?;
        act_as(tx, &case.id, Role::Officer, &[], Some(&case.subject))?;
        rounds::must_be_free(tx, &case)?;
        must_be_proposed(tx, &case)?;
        found.push(case);
    }
    for case in &mut found {
        leave(tx, case)?;
    }
    let list = first(tx, None, found, days)?;
    Ok(told(&list))
}

/// A case that is frozen again leaves the list that was not published: that list is void, and its other cases can be frozen again too.
fn leave(tx: &mut Tx<'_>, case: &mut Case) -> Answer<()> {
    let Some(id) = tx.get::<Case>(Cell::from(&case.id))?.list else {
        return Ok(());
    };
    let mut list = latest(tx, &id)?;
    if list.state != ListState::Frozen {
        return Ok(());
    }
    if list.version > 1 {
        return Err(Stop::denied(
            "listed",
            format!(
                "case {} is on version {} of list {id}, which is frozen; publish that, or renew it",
                case.id, list.version
            ),
            format!(
                "案件 {} 已列入名单 {id} 第 {} 版（已定稿），请公示或重新定稿",
                case.id, list.version
            ),
        ));
    }
    tx.step(&mut list, ListState::Replaced)?;
    for mut other in tx.rows::<Case>("list = $1 ORDER BY id", &[Cell::from(&id)])? {
        other.list = None;
        tx.update(&other)?;
    }
    case.list = None;
    Ok(())
}

/// Freezes what a round proposes into the first version of its list.
///
/// # Errors
/// Denied where nothing is proposed.
pub(crate) fn freeze_round(tx: &mut Tx<'_>, round: &str, cases: Vec<Case>) -> Answer<List> {
    first(tx, Some(round.to_owned()), cases, None)
}

fn first(tx: &mut Tx<'_>, round: Option<String>, cases: Vec<Case>, days: Option<u16>) -> Answer<List> {
    if cases.is_empty() {
        return Err(Stop::denied(
            "empty_list",
            "a list has at least one case",
            "公示名单不能为空",
        ));
    }
    let least = tx.setup.config.publicity_days;
    let before = List {
        id: tx.id("list"),
        version: 0,
        round,
        hash: String::new(),
        days: days.unwrap_or(least).max(least).into(),
        published_on: None,
        clear_at: None,
        state: ListState::Frozen,
    };
    let mut rows = Vec::new();
    for mut case in cases {
        rows.push(row_of(tx, &case, &before.id, 1)?);
        case.list = Some(before.id.clone());
        tx.update(&case)?;
    }
    keep(tx, &before, 1, &rows)
}

/// That a case is proposed, and so can be listed.
pub(super) fn must_be_proposed(tx: &mut Tx<'_>, case: &Case) -> Answer<()> {
    let listed = case.state == CaseState::Proposed;
    if listed && !is_contested(tx, &case.id)? {
        return Ok(());
    }
    Err(Stop::denied(
        "not_proposed",
        format!("case {} is not proposed, or an objection against it is open", case.id),
        format!("案件 {} 尚未拟定，或异议尚未处理", case.id),
    ))
}

/// What a list says of a case.
pub(super) fn row_of(tx: &mut Tx<'_>, case: &Case, list: &str, version: i64) -> Answer<Row> {
    let decision = last(tx, &case.id)?;
    let amount = decision
        .filter(|_| case.kind == "award")
        .map(|decision| decision.amount);
    let title = (case.kind == "title").then(|| format!("{} {}", case.measure, case.object).trim().to_owned());
    let (list, case_id, subject) = (list.to_owned(), case.id.clone(), case.subject.clone());
    Ok(Row {
        list,
        version,
        case_id,
        subject,
        title,
        amount,
        public_since: None,
    })
}

/// Writes a version of a list, with a hash over its rows and over the hash of the version before.
pub(super) fn keep(tx: &mut Tx<'_>, before: &List, version: i64, rows: &[Row]) -> Answer<List> {
    let said: Vec<Value> = rows.iter().map(of_row).collect();
    let whole = json!({"list": before.id, "version": version.to_string(), "after": before.hash, "rows": said});
    let list = List {
        id: before.id.clone(),
        version,
        round: before.round.clone(),
        hash: sha256(canonical(&whole).as_bytes()),
        days: before.days,
        published_on: None,
        clear_at: None,
        state: ListState::Frozen,
    };
    tx.insert(&list)?;
    for row in rows {
        tx.insert(row)?;
    }
    Ok(list)
}

fn of_row(row: &Row) -> Value {
    json!({
        "case": row.case_id, "subject": row.subject, "title": row.title, "amount": row.amount.map(Money::to_decimal),
        "public_since": row.public_since.map(|day| day.to_string()),
    })
}

/// Publishes the latest version of a list. Rows that it carries on unchanged are public since they were; the days of the others begin.
pub(super) fn publish(tx: &mut Tx<'_>, id: &str, version: i64, hash: &str) -> Answer<Value> {
    let mut list: List = tx.get((id, version))?;
    if list.hash != hash {
        return Err(Stop::denied(
            "other_hash",
            "this is not the list that was frozen",
            "名单与定稿不一致",
        ));
    }
    if let Some(mut before) = super::versions::published(tx, id)?.filter(|before| before.version < version) {
        tx.step(&mut before, ListState::Replaced)?;
    }
    let clear = clear_after(tx.setup, tx.today, list.days)?;
    (list.published_on, list.clear_at) = (Some(tx.today), Some(clear));
    tx.step(&mut list, ListState::Public)?;
    for row in rows(tx, &list)? {
        let mut case: Case = tx.get(&row.case_id)?;
        must_on(tx, Role::Officer, &case.measure, &case.id)?;
        if !super::versions::stays(&case) || case.list.as_deref() != Some(id) {
            return Err(gone(&case));
        }
        if row.public_since.is_none() && case.state != CaseState::Publicity {
            tx.step(&mut case, CaseState::Publicity)?;
        }
        for mut title in tx.rows::<Title>("case_id = $1 AND state = 'proposed'", &[Cell::from(&case.id)])? {
            tx.step(&mut title, TitleState::Public)?;
        }
    }
    if let Some(round) = &list.round {
        rounds::is_public(tx, round)?;
    }
    let clear = clear.to_string();
    tx.tell("list_public", id, &json!({"version": version, "clear_at": clear}))?;
    Ok(json!({"clear_at": clear}))
}

/// That a list would show a case that is no longer proposed.
fn gone(case: &Case) -> Stop {
    let id = &case.id;
    Stop::denied(
        "row_gone",
        format!("case {id} was withdrawn or refused since the list was frozen; renew the list without it"),
        format!("案件 {id} 在定稿后已撤回或不予支持，请重新定稿"),
    )
}

/// The rows of a version.
pub(super) fn rows(tx: &mut Tx<'_>, list: &List) -> Answer<Vec<Row>> {
    tx.rows(
        "list = $1 AND version = $2 ORDER BY case_id",
        &[Cell::from(&list.id), Cell::Int(list.version)],
    )
}

/// Ends the publicity of rows whose days are over and against which nothing is open.
pub(super) fn end(tx: &mut Tx<'_>, id: &str, version: i64) -> Answer<Value> {
    let mut list = latest(tx, id)?;
    if list.version != version {
        let newer = list.version;
        return Err(Stop::denied(
            "replaced",
            format!("version {newer} has taken the place of version {version}; end that one"),
            format!("第 {version} 版已被第 {newer} 版取代"),
        ));
    }
    if list.version == 1 && list.state == ListState::Frozen {
        return Err(Stop::denied(
            "not_published",
            format!("list {id} was frozen and not published; publish it first"),
            format!("名单 {id} 已定稿但尚未公示，请先公示"),
        ));
    }
    if !matches!(list.state, ListState::Public | ListState::Frozen) {
        let state = list.state.name();
        return Err(Stop::denied(
            "not_now",
            format!("list {id} is `{state}`; only what is public is ended"),
            format!("list {id} 状态为 `{state}`，仅公示中的名单可结束公示"),
        ));
    }
    if let Some(round) = &list.round {
        rounds::must_be_settling(tx, round)?;
    }
    let (ended, contested) = end_rows(tx, &mut list)?;
    Ok(json!({"ended": ended, "contested": contested}))
}

/// Moves rows on, and returns how many and which are contested. The list ends with its last row.
///
/// # Errors
/// Denied where not one row's days are over.
pub(crate) fn end_rows(tx: &mut Tx<'_>, list: &mut List) -> Answer<(usize, Vec<String>)> {
    let (mut ended, mut contested) = (0_usize, Vec::new());
    let mut first: Option<Option<Instant>> = None;
    for row in rows(tx, list)? {
        let mut case: Case = tx.get(&row.case_id)?;
        if !matches!(case.state, CaseState::Publicity | CaseState::Proposed) {
            continue;
        }
        let clear = clear_of(tx, list, &row)?;
        if clear.is_none_or(|clear| tx.at < clear) {
            first = Some(first.map_or(clear, |before| before.min(clear)));
        } else if is_contested(tx, &case.id)? {
            contested.push(case.id);
        } else {
            end_row(tx, &mut case)?;
            ended = ended.saturating_add(1);
        }
    }
    match first {
        Some(clear) if ended == 0 && contested.is_empty() => return Err(still_public(&list.id, clear)),
        None if contested.is_empty() && list.state == ListState::Public => tx.step(list, ListState::Ended)?,
        _ => {}
    }
    Ok((ended, contested))
}

/// Ends the publicity of one row.
pub(super) fn end_row(tx: &mut Tx<'_>, case: &mut Case) -> Answer<()> {
    tx.step(case, CaseState::Recheck)
}

/// Ends a public list of which no row is public any more.
pub(super) fn end_list(tx: &mut Tx<'_>, list: &mut List) -> Answer<()> {
    let open = "SELECT count(*) FROM \"row\" JOIN \"case\" open ON open.id = \"row\".case_id WHERE \"row\".list = $1 AND \"row\".version = $2 \
                AND open.list = $1 AND open.state IN ('publicity', 'proposed')";
    let open = tx.number(open, &[Cell::from(&list.id), Cell::Int(list.version)])?;
    if open == 0 && list.state == ListState::Public {
        tx.step(list, ListState::Ended)?;
    }
    Ok(())
}
