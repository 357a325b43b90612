//! `camt.054.001.08`, BankToCustomerDebitCreditNotificationV08.

use super::Content::{Code, Group as Of, Instant, Open};
use super::cash::{ENTRY, HEADER, NUMBER, OWN_ACCOUNT, PAGE, PERIOD};
use super::shared::{ACCOUNT, MAX_35, MAX_500};
use super::{Group, any, may, one, sequence, some};

pub(super) static DOCUMENT: Group = sequence("Document", &[one("BkToCstmrDbtCdtNtfctn", Of(&MESSAGE))]);

static MESSAGE: Group = sequence(
    "BankToCustomerDebitCreditNotificationV08",
    &[
        one("GrpHdr", Of(&HEADER)),
        some("Ntfctn", Of(&NOTIFICATION)),
        any("SplmtryData", Open),
    ],
);

static NOTIFICATION: Group = sequence(
    "AccountNotification17",
    &[
        one("Id", MAX_35),
        may("NtfctnPgntn", Of(&PAGE)),
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
        may("TxsSummry", Open),
        any("Ntry", Of(&ENTRY)),
        may("AddtlNtfctnInf", MAX_500),
    ],
);
