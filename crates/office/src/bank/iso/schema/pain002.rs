//! `pain.002.001.10`, CustomerPaymentStatusReportV10.

use super::Content::{Group as Of, Instant, Open};
use super::shared::{BANK, COUNT, DECIMAL, EXTERNAL, MAX_35, MAX_105, PARTY, UUID};
use super::{Group, any, choice, may, one, sequence};

pub(super) static DOCUMENT: Group = sequence("Document", &[one("CstmrPmtStsRpt", Of(&REPORT))]);

static REPORT: Group = sequence(
    "CustomerPaymentStatusReportV10",
    &[
        one("GrpHdr", Of(&HEADER)),
        one("OrgnlGrpInfAndSts", Of(&GROUP)),
        any("OrgnlPmtInfAndSts", Of(&PAYMENT)),
        any("SplmtryData", Open),
    ],
);

static HEADER: Group = sequence(
    "GroupHeader86",
    &[
        one("MsgId", MAX_35),
        one("CreDtTm", Instant),
        may("InitgPty", Of(&PARTY)),
        may("FwdgAgt", Of(&BANK)),
        may("DbtrAgt", Of(&BANK)),
        may("CdtrAgt", Of(&BANK)),
    ],
);

static GROUP: Group = sequence(
    "OriginalGroupHeader17",
    &[
        one("OrgnlMsgId", MAX_35),
        one("OrgnlMsgNmId", MAX_35),
        may("OrgnlCreDtTm", Instant),
        may("OrgnlNbOfTxs", COUNT),
        may("OrgnlCtrlSum", DECIMAL),
        may("GrpSts", EXTERNAL),
        any("StsRsnInf", Of(&REASON)),
        any("NbOfTxsPerSts", Of(&NUMBER)),
    ],
);

static PAYMENT: Group = sequence(
    "OriginalPaymentInstruction32",
    &[
        one("OrgnlPmtInfId", MAX_35),
        may("OrgnlNbOfTxs", COUNT),
        may("OrgnlCtrlSum", DECIMAL),
        may("PmtInfSts", EXTERNAL),
        any("StsRsnInf", Of(&REASON)),
        any("NbOfTxsPerSts", Of(&NUMBER)),
        any("TxInfAndSts", Of(&TRANSACTION)),
    ],
);

static TRANSACTION: Group = sequence(
    "PaymentTransaction105",
    &[
        may("StsId", MAX_35),
        may("OrgnlInstrId", MAX_35),
        may("OrgnlEndToEndId", MAX_35),
        may("OrgnlUETR", UUID),
        may("TxSts", EXTERNAL),
        any("StsRsnInf", Of(&REASON)),
        any("ChrgsInf", Open),
        may("AccptncDtTm", Instant),
        may("AcctSvcrRef", MAX_35),
        may("ClrSysRef", MAX_35),
        may("OrgnlTxRef", Open),
        any("SplmtryData", Open),
    ],
);

static NUMBER: Group = sequence(
    "NumberOfTransactionsPerStatus5",
    &[
        one("DtldNbOfTxs", COUNT),
        one("DtldSts", EXTERNAL),
        may("DtldCtrlSum", DECIMAL),
    ],
);

static REASON: Group = sequence(
    "StatusReasonInformation12",
    &[
        may("Orgtr", Of(&PARTY)),
        may("Rsn", Of(&REASON_CODE)),
        any("AddtlInf", MAX_105),
    ],
);

static REASON_CODE: Group = choice("StatusReason6Choice", &[one("Cd", EXTERNAL), one("Prtry", MAX_35)]);
