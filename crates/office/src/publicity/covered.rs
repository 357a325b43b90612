//! What publicity covers: nothing is approved that the public could not object to.

use super::period::{is_contested, must_be_clear};
use super::{Row, latest};
use crate::cases::{Case, Decision};
use crate::stop::{Answer, Stop};
use crate::store::Cell;
use crate::tx::Tx;

/// That the publicity of a case is over and covered what is approved: the subject, and at least the amount.
///
/// # Errors
/// Denied where it did not.
pub fn covered(tx: &mut Tx<'_>, case: &Case, decision: &Decision) -> Answer<()> {
    let never = || {
        Stop::denied(
            "not_public",
            format!("case {} is on no list; freeze and publish one with it", case.id),
            format!("案件 {} 未经公示，请先列入名单公示", case.id),
        )
    };
    let id = case.list.as_ref().ok_or_else(never)?;
    let list = latest(tx, id)?;
    let row: Row = tx.find((id, Cell::Int(list.version), &case.id))?.ok_or_else(never)?;
    must_be_clear(tx, &list, &row)?;
    let enough = match row.amount {
        Some(public) => public.minor() >= decision.amount.minor(),
        None => decision.amount.is_zero(),
    };
    if row.subject != case.subject || !enough {
        return Err(Stop::denied(
            "not_covered",
            format!(
                "list {} shows another subject or less than {}; a new version has to show them",
                list.id, decision.amount
            ),
            format!("名单 {} 未覆盖该主体或金额 {}，须公示新版本", list.id, decision.amount),
        ));
    }
    if is_contested(tx, &case.id)? {
        return Err(Stop::denied(
            "contested",
            format!("an objection against case {} is open; examine it first", case.id),
            format!("案件 {} 的异议尚未处理完毕", case.id),
        ));
    }
    Ok(())
}
