//! `pain.001.001.09`, CustomerCreditTransferInitiationV09.

use super::Content::{Amount, Code, Date, Group as Of, Instant, Open, Truth};
use super::shared::{ACCOUNT, BANK, COUNT, DAY_OR_INSTANT, DECIMAL, MAX_35, MAX_140, PARTY, REMITTANCE, UUID};
use super::{Content, Group, any, choice, may, one, row, sequence, some};

const CHARGES: Content = Code(&["DEBT", "CRED", "SHAR", "SLEV"]);

pub(super) static DOCUMENT: Group = sequence("Document", &[one("CstmrCdtTrfInitn", Of(&INITIATION))]);

static INITIATION: Group = sequence(
    "CustomerCreditTransferInitiationV09",
    &[
        one("GrpHdr", Of(&HEADER)),
        some("PmtInf", Of(&PAYMENT)),
        any("SplmtryData", Open),
    ],
);

static HEADER: Group = sequence(
    "GroupHeader85",
    &[
        one("MsgId", MAX_35),
        one("CreDtTm", Instant),
        row("Authstn", 0, 2, Open),
        one("NbOfTxs", COUNT),
        may("CtrlSum", DECIMAL),
        one("InitgPty", Of(&PARTY)),
        may("FwdgAgt", Of(&BANK)),
    ],
);

static PAYMENT: Group = sequence(
    "PaymentInstruction30",
    &[
        one("PmtInfId", MAX_35),
        one("PmtMtd", Code(&["CHK", "TRF", "TRA"])),
        may("BtchBookg", Truth),
        may("NbOfTxs", COUNT),
        may("CtrlSum", DECIMAL),
        may("PmtTpInf", Open),
        one("ReqdExctnDt", Of(&DAY_OR_INSTANT)),
        may("PoolgAdjstmntDt", Date),
        one("Dbtr", Of(&PARTY)),
        one("DbtrAcct", Of(&ACCOUNT)),
        one("DbtrAgt", Of(&BANK)),
        may("DbtrAgtAcct", Of(&ACCOUNT)),
        may("InstrForDbtrAgt", MAX_140),
        may("UltmtDbtr", Of(&PARTY)),
        may("ChrgBr", CHARGES),
        may("ChrgsAcct", Of(&ACCOUNT)),
        may("ChrgsAcctAgt", Of(&BANK)),
        some("CdtTrfTxInf", Of(&TRANSFER)),
    ],
);

static TRANSFER: Group = sequence(
    "CreditTransferTransaction34",
    &[
        one("PmtId", Of(&IDS)),
        may("PmtTpInf", Open),
        one("Amt", Of(&AMOUNT)),
        may("XchgRateInf", Open),
        may("ChrgBr", CHARGES),
        may("ChqInstr", Open),
        may("UltmtDbtr", Of(&PARTY)),
        may("IntrmyAgt1", Of(&BANK)),
        may("IntrmyAgt1Acct", Of(&ACCOUNT)),
        may("IntrmyAgt2", Of(&BANK)),
        may("IntrmyAgt2Acct", Of(&ACCOUNT)),
        may("IntrmyAgt3", Of(&BANK)),
        may("IntrmyAgt3Acct", Of(&ACCOUNT)),
        may("CdtrAgt", Of(&BANK)),
        may("CdtrAgtAcct", Of(&ACCOUNT)),
        may("Cdtr", Of(&PARTY)),
        may("CdtrAcct", Of(&ACCOUNT)),
        may("UltmtCdtr", Of(&PARTY)),
        any("InstrForCdtrAgt", Open),
        may("InstrForDbtrAgt", MAX_140),
        may("Purp", Open),
        row("RgltryRptg", 0, 10, Open),
        may("Tax", Open),
        row("RltdRmtInf", 0, 10, Open),
        may("RmtInf", Of(&REMITTANCE)),
        any("SplmtryData", Open),
    ],
);

static IDS: Group = sequence(
    "PaymentIdentification6",
    &[may("InstrId", MAX_35), one("EndToEndId", MAX_35), may("UETR", UUID)],
);

static AMOUNT: Group = choice("AmountType4Choice", &[one("InstdAmt", Amount), one("EqvtAmt", Open)]);
