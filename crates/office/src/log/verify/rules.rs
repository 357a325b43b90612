//! What no single row shows: rules between rows, each a query for what breaks it.

use super::pages;
use crate::log::{Finding, Report, sha256};
use crate::machine;
use crate::store::{Cell, Connection, StoreError};

/// A rule: a query for the keys of what breaks it.
struct Rule {
    code: &'static str,
    table: &'static str,
    broken: &'static str,
    en: &'static str,
    zh: &'static str,
}

static RULES: &[Rule] = &[
    Rule {
        code: "command.seq",
        table: "command",
        broken: "SELECT id FROM command WHERE NOT EXISTS (SELECT 1 FROM log WHERE log.seq = command.seq)",
        en: "has no entry in the log",
        zh: "在日志中没有对应的条目",
    },
    Rule {
        code: "posting.number",
        table: "posting",
        broken: "SELECT seq FROM posting GROUP BY seq HAVING min(i) <> 1 OR max(i) <> count(*)",
        en: "has postings that are not numbered from 1 without a gap",
        zh: "的分录没有从 1 起连续编号",
    },
    Rule {
        code: "outbox.number",
        table: "outbox",
        broken: "SELECT seq FROM outbox GROUP BY seq HAVING min(i) <> 1 OR max(i) <> count(*)",
        en: "has events that are not numbered from 1 without a gap",
        zh: "的消息没有从 1 起连续编号",
    },
    Rule {
        code: "decision.number",
        table: "decision",
        broken: "SELECT case_id FROM decision GROUP BY case_id HAVING max(n) <> count(*)",
        en: "has decisions that are not numbered from 1 without a gap",
        zh: "的决定没有从 1 起连续编号",
    },
    Rule {
        code: "batch.count",
        table: "batch",
        broken: "SELECT id FROM batch WHERE count IS NOT NULL AND count <> (SELECT count(*) FROM batch_row WHERE batch_row.batch = batch.id)",
        en: "says another number of rows than it has",
        zh: "的笔数与明细不符",
    },
    Rule {
        code: "batch.sum",
        table: "batch",
        broken: "SELECT id FROM batch WHERE sum IS NOT NULL AND sum <> (SELECT coalesce(sum(instruction.amount), 0) FROM batch_row \
                 JOIN instruction ON instruction.id = batch_row.instruction WHERE batch_row.batch = batch.id)",
        en: "says another sum than its rows have",
        zh: "的金额与明细合计不符",
    },
    Rule {
        code: "batch.file",
        table: "batch",
        broken: "SELECT id FROM batch WHERE hash IS NOT NULL AND NOT EXISTS (SELECT 1 FROM document WHERE digest = batch.file AND \
                 digest = batch.hash)",
        en: "has another hash than its file",
        zh: "的哈希与其文件不符",
    },
    Rule {
        code: "instruction.live",
        table: "instruction",
        broken: "SELECT instalment FROM instruction WHERE state NOT IN ('rejected', 'not_executed', 'paid_in_part', 'returned', 'cancelled') \
                 GROUP BY instalment HAVING count(*) > 1",
        en: "has more than one live instruction",
        zh: "有一条以上有效的付款指令",
    },
    // An open recovery covers what a lower decision has left in `paid` until the money is asked back in the ledger too.
    Rule {
        code: "award.amount",
        table: "award",
        broken: "WITH held AS (SELECT instalment.award, sum(reserved + committed + in_flight + paid) AS amount FROM holding \
                 JOIN instalment ON instalment.id = holding.holder GROUP BY instalment.award), \
                 pledged AS (SELECT instalment.award, sum(pledge.amount) AS amount FROM pledge \
                 JOIN instalment ON instalment.id = pledge.instalment WHERE live = 1 GROUP BY instalment.award), \
                 covered AS (SELECT award, sum(amount) AS amount FROM recovery \
                 WHERE state IN ('found', 'notified', 'heard', 'decided', 'enforcing') GROUP BY award) \
                 SELECT award.id FROM award JOIN decision ON decision.case_id = award.case_id \
                 LEFT JOIN held ON held.award = award.id LEFT JOIN pledged ON pledged.award = award.id \
                 LEFT JOIN covered ON covered.award = award.id \
                 WHERE NOT EXISTS (SELECT 1 FROM decision AS later WHERE later.supersedes = decision.id) \
                 AND coalesce(held.amount, 0) + coalesce(pledged.amount, 0) > decision.amount + coalesce(covered.amount, 0)",
        en: "holds more money than its decision in force gives",
        zh: "占用的资金超过现行决定的金额",
    },
];

/// Asks every rule.
pub(super) fn ask(connection: &mut Connection, report: &mut Report) -> Result<(), StoreError> {
    for rule in RULES {
        for row in connection.rows(rule.broken, &[])? {
            let key = pages::told(&row);
            let (en, zh) = (format!("{key} {}", rule.en), format!("{key} {}", rule.zh));
            report.push(Finding::new(rule.code, rule.table, key, en, zh));
        }
    }
    transitions(connection, report)?;
    documents(connection, report)
}

/// The database moves rows by the same machines as the program.
fn transitions(connection: &mut Connection, report: &mut Report) -> Result<(), StoreError> {
    let mut wanted: Vec<Vec<Cell>> = machine::ALL
        .iter()
        .flat_map(|machine| {
            let moves = machine.moves.iter();
            moves.map(|one| vec![machine.table.into(), one.from.into(), one.to.into()])
        })
        .collect();
    let mut found = connection.rows("SELECT machine, from_state, to_state FROM transition", &[])?;
    wanted.sort();
    found.sort();
    let (more, less) = (
        found.iter().filter(|one| !wanted.contains(one)),
        wanted.iter().filter(|one| !found.contains(one)),
    );
    for one in more.chain(less) {
        let key = pages::told(one);
        let (en, zh) = (
            format!("the move {key} is in the database or in the program, not in both"),
            format!("状态转移 {key} 在数据库与程序中不一致"),
        );
        report.push(Finding::new("transition", "transition", key, en, zh));
    }
    Ok(())
}

/// A document lies under the digest of its bytes.
fn documents(connection: &mut Connection, report: &mut Report) -> Result<(), StoreError> {
    pages::each(connection, "document", &["digest", "body"], &["digest"], |row| {
        if let [Cell::Text(digest), Cell::Text(body)] = row
            && sha256(body.as_bytes()) != *digest
        {
            let (en, zh) = (
                format!("document {digest} has other bytes"),
                format!("文件 {digest} 的内容与摘要不符"),
            );
            report.push(Finding::new("document", "document", digest, en, zh));
        }
    })
}
