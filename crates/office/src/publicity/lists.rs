//! Lists: frozen, public for enough working days, ended row by row.

use meed_facts::money::Money;
use serde_json::{Value, json};

use super::{List, Objection, Row};
use crate::cases::{Case, Decision, last};
use crate::log::sha256;
use crate::machine::{CaseState, ListState, TitleState};
use crate::people::{Role, act_as, must};
use crate::register::Title;
use crate::stop::{Answer, Stop};
use crate::store::Cell;
use crate::time::Instant;
use crate::tx::Tx;

/// Freezes proposed cases into the first version of a list.
pub(super) fn freeze(tx: &mut Tx<'_>, cases: &[String], days: Option<u16>) -> Answer<Value> {
    if cases.is_empty() {
        return Err(Stop::denied(
            "empty_list",
            "a list has at least one case",
            "公示名单不能为空",
        ));
    }
    let id = tx.id("list");
    let mut rows = Vec::new();
    for case in cases {
        let mut case: Case = tx.get(case)?;
        must(tx, Role::Officer, &case.measure)?;
        act_as(tx, &case.id, Role::Officer, &[], Some(&case.subject))?;
        if case.state != CaseState::Proposed {
            let (en, zh) = (
                format!("case {} is not proposed", case.id),
                format!("案件 {} 尚未拟定", case.id),
            );
            return Err(Stop::denied("not_proposed", en, zh));
        }
        rows.push(row_of(tx, &case, &id, 1)?);
        case.list = Some(id.clone());
        tx.update(&case)?;
    }
    let days = i64::from(
        days.unwrap_or(tx.setup.config.publicity_days)
            .max(tx.setup.config.publicity_days),
    );
    let list = keep(tx, &id, 1, days, &rows)?;
    Ok(json!({"list": id, "version": 1, "hash": list.hash}))
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

/// Writes a version of a list with its hash.
pub(super) fn keep(tx: &mut Tx<'_>, id: &str, version: i64, days: i64, rows: &[Row]) -> Answer<List> {
    let told: Vec<Value> = rows.iter().map(of_row).collect();
    let hash = sha256(
        meed_facts::json::canonical(&json!({"list": id, "version": version.to_string(), "rows": told})).as_bytes(),
    );
    let list = List {
        id: id.to_owned(),
        version,
        round: None,
        hash,
        days,
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
    json!({"case": row.case_id, "subject": row.subject, "title": row.title, "amount": row.amount.map(Money::to_decimal)})
}

/// Publishes a frozen list: day 1 is the working day after today, its rows are clear at 00:00 after the last day.
pub(super) fn publish(tx: &mut Tx<'_>, id: &str, version: i64, hash: &str) -> Answer<Value> {
    let mut list: List = tx.get((id, version))?;
    if list.hash != hash {
        return Err(Stop::denied(
            "other_hash",
            "this is not the list that was frozen",
            "名单与定稿不一致",
        ));
    }
    let days = u16::try_from(list.days).unwrap_or(u16::MAX);
    let last_day = tx.setup.after_working_days(tx.today, days)?;
    let clear = last_day.tomorrow().map(Instant::start_of);
    (list.published_on, list.clear_at) = (Some(tx.today), clear);
    tx.step(&mut list, ListState::Public)?;
    for row in rows(tx, &list)? {
        let mut case: Case = tx.get(&row.case_id)?;
        must(tx, Role::Officer, &case.measure)?;
        tx.step(&mut case, CaseState::Publicity)?;
        for mut title in tx.rows::<Title>("case_id = $1 AND state = 'proposed'", &[Cell::from(&case.id)])? {
            tx.step(&mut title, TitleState::Public)?;
        }
    }
    tx.tell(
        "list_public",
        id,
        &json!({"version": version, "clear_at": clear.map(|at| at.to_string())}),
    )?;
    Ok(json!({"clear_at": clear.map(|at| at.to_string())}))
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
    let mut list: List = tx.get((id, version))?;
    must_be_clear(tx, &list)?;
    let mut ended = 0_usize;
    let mut contested = Vec::new();
    for row in rows(tx, &list)? {
        let mut case: Case = tx.get(&row.case_id)?;
        if open_objection(tx, &case.id)? {
            contested.push(case.id);
        } else if case.state == CaseState::Publicity {
            tx.step(&mut case, CaseState::Recheck)?;
            ended = ended.saturating_add(1);
        }
    }
    if contested.is_empty() && list.state == ListState::Public {
        tx.step(&mut list, ListState::Ended)?;
    }
    Ok(json!({"ended": ended, "contested": contested}))
}

fn must_be_clear(tx: &Tx<'_>, list: &List) -> Answer<()> {
    match list.clear_at {
        Some(clear) if tx.at >= clear => Ok(()),
        clear => {
            let until = clear.map(|at| at.to_string()).unwrap_or_default();
            Err(Stop::denied(
                "still_public",
                format!("list {} is public until {until}", list.id),
                format!("名单 {} 公示至 {until}", list.id),
            ))
        }
    }
}

pub(super) fn open_objection(tx: &mut Tx<'_>, case: &str) -> Answer<bool> {
    tx.any::<Objection>("case_id = $1 AND state IN ('lodged', 'examined')", &[case.into()])
}

/// That the publicity of a case is over and covered what is approved: the subject, and at least the amount.
///
/// # Errors
/// Denied where it did not.
pub fn covered(tx: &mut Tx<'_>, case: &Case, decision: &Decision) -> Answer<()> {
    let never = || {
        Stop::denied(
            "not_public",
            format!("case {} was not on a public list", case.id),
            format!("案件 {} 未经公示", case.id),
        )
    };
    let id = case.list.as_ref().ok_or_else(never)?;
    let latest = tx.rows::<List>("id = $1 ORDER BY version DESC LIMIT 1", &[Cell::from(id)])?;
    let list = latest.into_iter().next().ok_or_else(never)?;
    must_be_clear(tx, &list)?;
    let row: Row = tx.find((id, Cell::Int(list.version), &case.id))?.ok_or_else(never)?;
    let enough = match row.amount {
        Some(public) => public.minor() >= decision.amount.minor(),
        None => decision.amount.is_zero(),
    };
    if row.subject != case.subject || !enough {
        return Err(Stop::denied(
            "not_covered",
            format!(
                "list {} shows another subject or less than {}",
                list.id, decision.amount
            ),
            format!("名单 {} 未覆盖该主体或金额 {}", list.id, decision.amount),
        ));
    }
    if open_objection(tx, &case.id)? {
        return Err(Stop::denied(
            "contested",
            format!("an objection against case {} is open", case.id),
            format!("案件 {} 的异议尚未处理", case.id),
        ));
    }
    Ok(())
}
