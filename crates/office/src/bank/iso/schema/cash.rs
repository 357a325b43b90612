//! What the messages about bookings on an account, `camt.053.001.08` and `camt.054.001.08`, have in common.

use super::Content::{Amount, Digits, Group as Of, Instant, Open, Truth};
use super::shared::{
    ACCOUNT_ID, BANK, COUNT, CREDIT_DEBIT, CURRENCY, DAY_OR_INSTANT, EXTERNAL, MAX_35, MAX_70, MAX_105, MAX_500, PARTY,
    REMITTANCE, UUID,
};
use super::{Content, Group, any, choice, may, one, row, sequence};

/// `Number`.
pub(super) const NUMBER: Content = Content::Decimal(18, 0);

pub(super) static HEADER: Group = sequence(
    "GroupHeader81",
    &[
        one("MsgId", MAX_35),
        one("CreDtTm", Instant),
        may("MsgRcpt", Of(&PARTY)),
        may("MsgPgntn", Of(&PAGE)),
        may("OrgnlBizQry", Open),
        may("AddtlInf", MAX_500),
    ],
);

pub(super) static PAGE: Group = sequence("Pagination1", &[one("PgNb", Digits(5)), one("LastPgInd", Truth)]);

pub(super) static PERIOD: Group = sequence("DateTimePeriod1", &[one("FrDtTm", Instant), one("ToDtTm", Instant)]);

pub(super) static OWN_ACCOUNT: Group = sequence(
    "CashAccount39",
    &[
        one("Id", Of(&ACCOUNT_ID)),
        may("Tp", Open),
        may("Ccy", CURRENCY),
        may("Nm", MAX_70),
        may("Prxy", Open),
        may("Ownr", Of(&PARTY)),
        may("Svcr", Of(&BANK)),
    ],
);

pub(super) static ENTRY: Group = sequence(
    "ReportEntry10",
    &[
        may("NtryRef", MAX_35),
        one("Amt", Amount),
        one("CdtDbtInd", CREDIT_DEBIT),
        may("RvslInd", Truth),
        one("Sts", Of(&ENTRY_STATUS)),
        may("BookgDt", Of(&DAY_OR_INSTANT)),
        may("ValDt", Of(&DAY_OR_INSTANT)),
        may("AcctSvcrRef", MAX_35),
        any("Avlbty", Open),
        one("BkTxCd", Of(&TRANSACTION_CODE)),
        may("ComssnWvrInd", Truth),
        may("AddtlInfInd", Open),
        may("AmtDtls", Open),
        may("Chrgs", Open),
        may("TechInptChanl", Open),
        may("Intrst", Open),
        may("CardTx", Open),
        any("NtryDtls", Of(&DETAILS)),
        may("AddtlNtryInf", MAX_500),
    ],
);

static ENTRY_STATUS: Group = choice("EntryStatus1Choice", &[one("Cd", EXTERNAL), one("Prtry", MAX_35)]);

static TRANSACTION_CODE: Group = sequence(
    "BankTransactionCodeStructure4",
    &[may("Domn", Of(&DOMAIN)), may("Prtry", Of(&OWN_CODE))],
);

static DOMAIN: Group = sequence(
    "BankTransactionCodeStructure5",
    &[one("Cd", EXTERNAL), one("Fmly", Of(&FAMILY))],
);

static FAMILY: Group = sequence(
    "BankTransactionCodeStructure6",
    &[one("Cd", EXTERNAL), one("SubFmlyCd", EXTERNAL)],
);

static OWN_CODE: Group = sequence(
    "ProprietaryBankTransactionCodeStructure1",
    &[one("Cd", MAX_35), may("Issr", MAX_35)],
);

static DETAILS: Group = sequence(
    "EntryDetails9",
    &[may("Btch", Of(&BATCH)), any("TxDtls", Of(&TRANSACTION))],
);

static BATCH: Group = sequence(
    "BatchInformation2",
    &[
        may("MsgId", MAX_35),
        may("PmtInfId", MAX_35),
        may("NbOfTxs", COUNT),
        may("TtlAmt", Amount),
        may("CdtDbtInd", CREDIT_DEBIT),
    ],
);

static TRANSACTION: Group = sequence(
    "EntryTransaction10",
    &[
        may("Refs", Of(&REFERENCES)),
        may("Amt", Amount),
        may("CdtDbtInd", CREDIT_DEBIT),
        may("AmtDtls", Open),
        any("Avlbty", Open),
        may("BkTxCd", Of(&TRANSACTION_CODE)),
        may("Chrgs", Open),
        may("Intrst", Open),
        may("RltdPties", Open),
        may("RltdAgts", Open),
        may("LclInstrm", Open),
        may("Purp", Open),
        row("RltdRmtInf", 0, 10, Open),
        may("RmtInf", Of(&REMITTANCE)),
        may("RltdDts", Open),
        may("RltdPric", Open),
        any("RltdQties", Open),
        may("FinInstrmId", Open),
        may("Tax", Open),
        may("RtrInf", Of(&RETURN)),
        may("CorpActn", Open),
        may("SfkpgAcct", Open),
        any("CshDpst", Open),
        may("CardTx", Open),
        may("AddtlTxInf", MAX_500),
        any("SplmtryData", Open),
    ],
);

static REFERENCES: Group = sequence(
    "TransactionReferences6",
    &[
        may("MsgId", MAX_35),
        may("AcctSvcrRef", MAX_35),
        may("PmtInfId", MAX_35),
        may("InstrId", MAX_35),
        may("EndToEndId", MAX_35),
        may("UETR", UUID),
        may("TxId", MAX_35),
        may("MndtId", MAX_35),
        may("ChqNb", MAX_35),
        may("ClrSysRef", MAX_35),
        may("AcctOwnrTxId", MAX_35),
        may("AcctSvcrTxId", MAX_35),
        may("MktInfrstrctrTxId", MAX_35),
        may("PrcgId", MAX_35),
        any("Prtry", Open),
    ],
);

static RETURN: Group = sequence(
    "PaymentReturnReason5",
    &[
        may("OrgnlBkTxCd", Of(&TRANSACTION_CODE)),
        may("Orgtr", Of(&PARTY)),
        may("Rsn", Of(&RETURN_CODE)),
        any("AddtlInf", MAX_105),
    ],
);

static RETURN_CODE: Group = choice("ReturnReason5Choice", &[one("Cd", EXTERNAL), one("Prtry", MAX_35)]);
