//! Titles and earlier awards as registers state them.

use super::Complaint;
use crate::date::Date;
use crate::money::{Currency, Money};
use crate::record::{AwardRecord, AwardState, TitleRecord};
use crate::schema::{EntityId, Schema, Title, TitleId};

/// The title of the entity that is called so now or was before.
pub fn title_called(schema: &Schema, entity: EntityId, name: &str) -> Result<TitleId, Complaint> {
    let name = super::nfc(name);
    schema.title_called(entity, &name).ok_or_else(|| {
        let titles = schema.titles.iter().filter(|(_, title)| title.entity == entity);
        let known: Vec<String> = titles.map(|(_, title)| title.named.name.to_string()).collect();
        Complaint::unknown(("title called", "称号"), &name, &known)
    })
}

/// Whether a title may be held at the level, which its enumeration has.
pub fn title_level(schema: &Schema, title: &Title, level: u16) -> Result<(), Complaint> {
    let help = ("leave `level` out", "请去掉 `level`");
    let Some(levels) = title.levels else {
        return Err(Complaint::new(
            (
                format!("`{}` has no levels", title.named.name),
                format!("`{}` 不分级别", title.named.name),
            ),
            help,
        ));
    };
    match title.level {
        Some(only) if only != level => {
            let name = schema.member(levels, only).map_or("", |member| &member.name);
            let message = (
                format!("`{}` has one level, {name}", title.named.name),
                format!("`{}` 只有一个级别：{name}", title.named.name),
            );
            Err(Complaint::new(message, help))
        }
        _ => Ok(()),
    }
}

/// What does not fit together in a title's record.
pub fn title(record: &TitleRecord) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    let dated = record.granted.is_some() || record.until.is_some() || record.revoked.is_some();
    if !record.held && dated {
        complaints.push(Complaint::new(
            ("a title that is not held has no dates", "未持有的称号没有日期"),
            ("leave the dates out, or `held`", "请去掉日期，或去掉 `held`"),
        ));
    }
    let backwards = |until: Option<Date>| matches!((record.granted, until), (Some(from), Some(to)) if to < from);
    if backwards(record.until) || backwards(record.revoked) {
        complaints.push(Complaint::new(
            ("the title ends before it is granted", "称号的终止早于授予"),
            (
                "check `granted`, `until` and `revoked`",
                "请核对 `granted`、`until` 和 `revoked`",
            ),
        ));
    }
    complaints
}

/// Whether the records of titles go together: one that is denied is not held without an end as well.
pub fn titles<'r>(
    schema: &Schema,
    mut records: impl Iterator<Item = &'r TitleRecord> + Clone,
) -> Result<(), Complaint> {
    let all = records.clone();
    let denied = |record: &TitleRecord| {
        all.clone().any(|other| {
            !other.held
                && other.title == record.title
                && (other.level.is_none() || other.level == record.level)
                && (other.object.is_none() || other.object == record.object)
        })
    };
    let endless = |record: &&TitleRecord| {
        let ends = record.until.is_some() || record.revoked.is_some() || !record.suspended.is_empty();
        record.held && !ends && denied(record)
    };
    let Some(record) = records.find(endless) else {
        return Ok(());
    };
    let name = &schema.titles[record.title].named.name;
    Err(Complaint::new(
        (
            format!("`{name}` is both held and denied"),
            format!("`{name}` 既有记录又被否认"),
        ),
        (
            "give the record its end with `until` or `revoked`, or remove one of the two",
            "请用 `until` 或 `revoked` 写明该记录何时终止，或删去其一",
        ),
    ))
}

/// The days from `from` to the one before `until` of a suspension.
pub fn suspension(from: Date, until: Option<Date>) -> Result<(Date, Option<Date>), Complaint> {
    if until.is_some_and(|until| until <= from) {
        let help = ("`until` is the day after its last", "`until` 是最后一天的次日");
        return Err(Complaint::new(("the suspension has no day", "暂停期内没有一天"), help));
    }
    Ok((from, until))
}

/// The currency with this code.
pub fn currency(code: &str) -> Result<Currency, Complaint> {
    Currency::parse(code).ok_or_else(|| {
        let known: Vec<String> = Currency::all().map(|currency| currency.code().to_owned()).collect();
        Complaint::unknown(("currency called", "货币"), code, &known)
    })
}

/// The state of an earlier award with this name.
pub fn award_state(name: &str) -> Result<AwardState, Complaint> {
    let found = AwardState::NAMES.into_iter().find(|(known, _)| *known == name);
    found.map(|(_, state)| state).ok_or_else(|| {
        let known: Vec<String> = AwardState::NAMES.iter().map(|(known, _)| (*known).to_owned()).collect();
        Complaint::unknown(("state called", "状态"), name, &known)
    })
}

/// An amount awarded or recovered.
pub fn award_amount(amount: Money) -> Result<Money, Complaint> {
    if amount.minor() < 0 {
        let help = (
            "what was taken back goes into `recovered`",
            "收回的金额请写入 `recovered`",
        );
        return Err(Complaint::new(("an award is not below 0", "奖励金额不能小于 0"), help));
    }
    Ok(amount)
}

/// What does not fit together in an earlier award.
pub fn award(record: &AwardRecord) -> Result<(), Complaint> {
    match (record.amount, record.recovered) {
        (Some(amount), Some(recovered)) if amount.minor() < recovered.minor() => Err(Complaint::new(
            ("more was recovered than awarded", "收回的金额多于奖励金额"),
            ("check `amount` and `recovered`", "请核对 `amount` 和 `recovered`"),
        )),
        _ => Ok(()),
    }
}
