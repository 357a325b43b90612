//! Types that several messages use.

use super::Content::{Code, Date, Form as OfForm, Instant, Open, Text};
use super::{Content, Form, Group, any, choice, may, one, sequence};

pub(super) const MAX_34: Content = Text(1, 34);
pub(super) const MAX_35: Content = Text(1, 35);
pub(super) const MAX_70: Content = Text(1, 70);
pub(super) const MAX_105: Content = Text(1, 105);
pub(super) const MAX_140: Content = Text(1, 140);
pub(super) const MAX_500: Content = Text(1, 500);
/// Codes of the external code sets: of at most four characters, and a list that grows without the schema.
pub(super) const EXTERNAL: Content = Text(1, 4);
/// `DecimalNumber`.
pub(super) const DECIMAL: Content = Content::Decimal(18, 17);
/// `Max15NumericText`.
pub(super) const COUNT: Content = Content::Digits(15);
pub(super) const CURRENCY: Content = OfForm(Form::Currency);
pub(super) const UUID: Content = OfForm(Form::Uuid);
/// `CreditDebitCode`.
pub(super) const CREDIT_DEBIT: Content = Code(&["CRDT", "DBIT"]);

pub(super) static DAY_OR_INSTANT: Group = choice("DateAndDateTime2Choice", &[one("Dt", Date), one("DtTm", Instant)]);

pub(super) static PARTY: Group = sequence(
    "PartyIdentification135",
    &[
        may("Nm", MAX_140),
        may("PstlAdr", Open),
        may("Id", Open),
        may("CtryOfRes", Open),
        may("CtctDtls", Open),
    ],
);

pub(super) static ACCOUNT_ID: Group = choice(
    "AccountIdentification4Choice",
    &[
        one("IBAN", OfForm(Form::Iban)),
        one("Othr", Content::Group(&OTHER_ACCOUNT)),
    ],
);

static OTHER_ACCOUNT: Group = sequence(
    "GenericAccountIdentification1",
    &[one("Id", MAX_34), may("SchmeNm", Open), may("Issr", MAX_35)],
);

pub(super) static ACCOUNT: Group = sequence(
    "CashAccount38",
    &[
        one("Id", Content::Group(&ACCOUNT_ID)),
        may("Tp", Open),
        may("Ccy", CURRENCY),
        may("Nm", MAX_70),
        may("Prxy", Open),
    ],
);

pub(super) static BANK: Group = sequence(
    "BranchAndFinancialInstitutionIdentification6",
    &[one("FinInstnId", Content::Group(&INSTITUTION)), may("BrnchId", Open)],
);

static INSTITUTION: Group = sequence(
    "FinancialInstitutionIdentification18",
    &[
        may("BICFI", OfForm(Form::Bic)),
        may("ClrSysMmbId", Content::Group(&MEMBER)),
        may("LEI", Open),
        may("Nm", MAX_140),
        may("PstlAdr", Open),
        may("Othr", Open),
    ],
);

static MEMBER: Group = sequence(
    "ClearingSystemMemberIdentification2",
    &[may("ClrSysId", Content::Group(&CLEARING)), one("MmbId", MAX_35)],
);

static CLEARING: Group = choice(
    "ClearingSystemIdentification2Choice",
    &[one("Cd", Text(1, 5)), one("Prtry", MAX_35)],
);

pub(super) static REMITTANCE: Group = sequence("RemittanceInformation16", &[any("Ustrd", MAX_140), any("Strd", Open)]);
