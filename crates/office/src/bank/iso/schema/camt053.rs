//! `camt.053.001.08`, BankToCustomerStatementV08.

use super::Content::{Amount, Code, Group as Of, Instant, Open};
use super::cash::{ENTRY, HEADER, NUMBER, OWN_ACCOUNT, PAGE, PERIOD};
use super::shared::{ACCOUNT, CREDIT_DEBIT, DAY_OR_INSTANT, EXTERNAL, MAX_35, MAX_500};
use super::{Group, any, choice, may, one, sequence, some};

pub(super) static DOCUMENT: Group = sequence("Document", &[one("BkToCstmrStmt", Of(&MESSAGE))]);

static MESSAGE: Group = sequence(
    "BankToCustomerStatementV08",
    &[
        one("GrpHdr", Of(&HEADER)),
        some("Stmt", Of(&STATEMENT)),
        any("SplmtryData", Open),
    ],
);

static STATEMENT: Group = sequence(
    "AccountStatement9",
    &[
        one("Id", MAX_35),
        may("StmtPgntn", Of(&PAGE)),
        may("ElctrncSeqNb", NUMBER),
        may("RptgSeq", Open),
        may("LglSeqNb", NUMBER),
        may("CreDtTm", Instant),
        may("FrToDt", Of(&PERIOD)),
        may("CpyDplctInd", Code(&["CODU", "COPY", "DUPL"])),
        may("RptgSrc", Open),
        one("Acct", Of(&OWN_ACCOUNT)),
        may("RltdAcct", Of(&ACCOUNT)),
        any("Intrst", Open),
        some("Bal", Of(&BALANCE)),
        may("TxsSummry", Open),
        any("Ntry", Of(&ENTRY)),
        may("AddtlStmtInf", MAX_500),
    ],
);

static BALANCE: Group = sequence(
    "CashBalance8",
    &[
        one("Tp", Of(&BALANCE_TYPE)),
        any("CdtLine", Open),
        one("Amt", Amount),
        one("CdtDbtInd", CREDIT_DEBIT),
        one("Dt", Of(&DAY_OR_INSTANT)),
        any("Avlbty", Open),
    ],
);

static BALANCE_TYPE: Group = sequence(
    "BalanceType13",
    &[one("CdOrPrtry", Of(&BALANCE_CODE)), may("SubTp", Open)],
);

static BALANCE_CODE: Group = choice("BalanceType10Choice", &[one("Cd", EXTERNAL), one("Prtry", MAX_35)]);
