//! What a bank's messages mean: statuses of a file, a payment information, a transfer; entries of all kinds.

use meed_facts::date::Date;
use meed_office::bank::*;

const DEMO: Adapter = Adapter::new(Form::Iso20022, Mode::Demo);

fn id(instalment: u32) -> InstructionId {
    InstructionId::new(Mode::Demo, "harbin", &instalment.to_string(), 1)
}

fn code(text: &str) -> Code {
    Code::parse(text).unwrap()
}

fn report(group: &str, payment: &str) -> Result<Report, Violation> {
    let text = format!(
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.002.001.10\"><CstmrPmtStsRpt>
        <GrpHdr><MsgId>BANK-1</MsgId><CreDtTm>2026-03-05T10:00:00</CreDtTm></GrpHdr>
        <OrgnlGrpInfAndSts><OrgnlMsgId>D-B1</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>{group}</OrgnlGrpInfAndSts>
        {payment}</CstmrPmtStsRpt></Document>"
    );
    DEMO.answers(text.as_bytes())
}

fn reason(code: &str) -> String {
    format!("<StsRsnInf><Rsn><Cd>{code}</Cd></Rsn><AddtlInf>text</AddtlInf></StsRsnInf>")
}

fn transfer(instalment: u32, rest: &str) -> String {
    let id = id(instalment);
    format!("<TxInfAndSts><OrgnlEndToEndId>{id}</OrgnlEndToEndId>{rest}</TxInfAndSts>")
}

fn payment(parts: &str) -> String {
    format!("<OrgnlPmtInfAndSts><OrgnlPmtInfId>D-B1</OrgnlPmtInfId>{parts}</OrgnlPmtInfAndSts>")
}

#[test]
fn a_status_of_the_file_is_about_all_that_are_not_listed() {
    let rejected = format!("<GrpSts>RJCT</GrpSts>{}", reason("FF01"));
    let report = report(&rejected, &payment(&transfer(1, "<TxSts>ACSP</TxSts>"))).unwrap();
    assert_eq!(report.reply.original.as_ref().unwrap().as_str(), "D-B1");
    assert_eq!(report.about(&id(1)).unwrap().status, Status::Accepted);
    let other = report.about(&id(2)).unwrap();
    assert_eq!(other.status, Status::Rejected(code("FF01")));
    assert_eq!(other.evidence, EvidenceId::new(&report.hash, 0));
    assert_eq!(
        report.answers().next().unwrap().evidence,
        EvidenceId::new(&report.hash, 1)
    );
}

#[test]
fn a_file_accepted_in_part_says_nothing_about_what_it_does_not_list() {
    let report = report("<GrpSts>PART</GrpSts>", &payment(&transfer(1, "<TxSts>PDNG</TxSts>"))).unwrap();
    assert_eq!(report.about(&id(1)).unwrap().status, Status::Pending);
    assert_eq!(report.about(&id(2)), None);
    // A status of the payment information stands for the file's.
    let report = self::report(
        "<GrpSts>ACTC</GrpSts>",
        &payment(&format!("<PmtInfSts>RJCT</PmtInfSts>{}", reason("AM04"))),
    )
    .unwrap();
    assert_eq!(report.about(&id(2)).unwrap().status, Status::Rejected(code("AM04")));
}

#[test]
fn every_status_has_one_meaning() {
    let cases = [
        ("ACTC", "", Status::Accepted),
        ("ACCP", "", Status::Accepted),
        ("ACSP", "", Status::Accepted),
        ("ACSC", "", Status::Accepted),
        ("RCVD", "", Status::Pending),
        ("PDNG", "", Status::Pending),
        ("RJCT", "AC04", Status::Rejected(code("AC04"))),
        ("RJCT", "", Status::Rejected(Code::unspecified())),
        ("CANC", "CUST", Status::NotExecuted(code("CUST"))),
        ("RJCT", "DU04", Status::Duplicate(code("DU04"))),
        ("RJCT", "AM05", Status::Duplicate(code("AM05"))),
        ("RJCT", "NOOR", Status::Unknown),
    ];
    for (status, why, meaning) in cases {
        let why = if why.is_empty() { String::new() } else { reason(why) };
        let report = report("", &payment(&transfer(1, &format!("<TxSts>{status}</TxSts>{why}")))).unwrap();
        assert_eq!(report.about(&id(1)).unwrap().status, meaning, "{status}");
    }
}

#[test]
fn what_means_nothing_known_is_refused() {
    assert!(report("", &payment(&transfer(1, "<TxSts>HELO</TxSts>"))).is_err());
    assert!(report("", &payment(&transfer(1, ""))).is_err());
    assert!(
        report("", &payment("<TxInfAndSts><TxSts>RJCT</TxSts></TxInfAndSts>")).is_err(),
        "of which transfer?"
    );
    assert!(
        report(
            "",
            &payment("<TxInfAndSts><OrgnlEndToEndId>X1</OrgnlEndToEndId><TxSts>RJCT</TxSts></TxInfAndSts>")
        )
        .is_err()
    );
    let other = "<OrgnlPmtInfAndSts><OrgnlPmtInfId>D-B2</OrgnlPmtInfId><PmtInfSts>RJCT</PmtInfSts></OrgnlPmtInfAndSts>";
    assert!(report("", other).is_err(), "another file's payment information");
}

#[test]
fn an_acceptance_tells_day_and_reference() {
    let rest = "<TxSts>ACSC</TxSts><AccptncDtTm>2026-03-05T17:00:00Z</AccptncDtTm><AcctSvcrRef>R9</AcctSvcrRef>";
    let answer = report("", &payment(&transfer(1, rest))).unwrap().about(&id(1)).unwrap();
    assert_eq!(answer.date, Date::new(2026, 3, 6), "in Shanghai it is the next day");
    assert_eq!(answer.bank_ref.as_deref(), Some("R9"));
}

fn balance(code: &str, amount: &str, sign: &str, day: &str) -> String {
    format!(
        "<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy=\"CNY\">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>"
    )
}

fn entry(amount: &str, sign: &str, reversal: &str, status: &str, details: &str) -> String {
    format!(
        "<Ntry><NtryRef>N{amount}{sign}</NtryRef><Amt Ccy=\"CNY\">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd>{reversal}<Sts><Cd>{status}</Cd></Sts>
        <BookgDt><DtTm>2026-03-05T23:30:00+08:00</DtTm></BookgDt><ValDt><Dt>2026-03-06</Dt></ValDt>
        <BkTxCd><Prtry><Cd>A</Cd></Prtry></BkTxCd><NtryDtls>{details}</NtryDtls><AddtlNtryInf>手续费\n第二行</AddtlNtryInf></Ntry>"
    )
}

fn detail(reference: &str, amount: &str, rest: &str) -> String {
    format!(
        "<TxDtls><Refs><EndToEndId>{reference}</EndToEndId></Refs>{amount}<RltdPties><Cdtr><Pty><Nm>某</Nm></Pty></Cdtr></RltdPties>{rest}</TxDtls>"
    )
}

fn statements(head: &str, parts: &str) -> Result<Vec<Statement>, Violation> {
    let text = format!(
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt>
        <GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-03-06T01:00:00</CreDtTm></GrpHdr>
        <Stmt><Id>S1</Id>{head}<Acct><Id><Othr><Id>3500</Id></Othr></Id></Acct>{parts}</Stmt></BkToCstmrStmt></Document>"
    );
    DEMO.statements(text.as_bytes())
}

fn balances(opening: &str, closing: &str) -> String {
    balance("OPBD", opening, "CRDT", "2026-03-05") + &balance("CLBD", closing, "CRDT", "2026-03-05")
}

const MONEY_BACK: &str = "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>";

#[test]
fn entries_of_all_kinds_are_told_apart() {
    let ours = id(1).to_string();
    let amount = |text: &str| format!("<Amt Ccy=\"CNY\">{text}</Amt>");
    let batch = detail(&id(2).to_string(), &amount("1.00"), "") + &detail(&id(3).to_string(), &amount("2.00"), "");
    let parts = [
        balances("100.00", "90.00"),
        entry("10.00", "DBIT", "", "BOOK", &detail(&ours, "", "")),
        entry("10.00", "CRDT", "", "BOOK", &detail(&ours, "", MONEY_BACK)),
        entry("3.00", "DBIT", "", "BOOK", &batch),
        entry("3.00", "CRDT", "<RvslInd>true</RvslInd>", "BOOK", &batch),
        entry("4.00", "DBIT", "", "BOOK", ""),
        entry("6.00", "DBIT", "", "BOOK", &detail("NOTPROVIDED", "", "")),
        entry("77.00", "DBIT", "", "PDNG", &detail(&ours, "", "")),
        entry("78.00", "DBIT", "", "INFO", &detail(&ours, "", "")),
    ];
    let statement = statements("", &parts.concat()).unwrap().remove(0);
    let told: Vec<_> = statement
        .entries
        .iter()
        .map(|entry| {
            (
                entry.bank_ref.as_str(),
                entry.signed(),
                entry.id.clone(),
                entry.kind.clone(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("N10.00DBIT", -1_000, Some(id(1)), Kind::Payment),
            ("N10.00CRDT", 1_000, Some(id(1)), Kind::Return(code("AC04"))),
            ("N3.00DBIT/1", -100, Some(id(2)), Kind::Payment),
            ("N3.00DBIT/2", -200, Some(id(3)), Kind::Payment),
            ("N3.00CRDT/1", 100, Some(id(2)), Kind::Reversal),
            ("N3.00CRDT/2", 200, Some(id(3)), Kind::Reversal),
            ("N4.00DBIT", -400, None, Kind::Other),
            ("N6.00DBIT", -600, None, Kind::Other),
            ("N77.00DBIT", -7_700, Some(id(1)), Kind::Payment),
            ("N78.00DBIT", -7_800, Some(id(1)), Kind::Payment),
        ]
    );
    let first = &statement.entries[0];
    assert_eq!(
        (Some(first.booked), Some(first.value)),
        (Date::new(2026, 3, 5), Date::new(2026, 3, 6))
    );
    assert_eq!(
        statement
            .entries
            .iter()
            .filter(|entry| entry.stage == Stage::Booked)
            .count(),
        8
    );
    assert!(statement.complete);
}

#[test]
fn transactions_make_their_entry() {
    let amount = "<Amt Ccy=\"CNY\">1.00</Amt>";
    let two = detail("a", amount, "") + &detail("b", amount, "");
    let fits = balances("100.00", "98.00") + &entry("2.00", "DBIT", "", "BOOK", &two);
    assert!(statements("", &fits).is_ok());
    let less = balances("100.00", "97.00") + &entry("3.00", "DBIT", "", "BOOK", &two);
    assert!(matches!(
        statements("", &less).unwrap_err().fault(),
        Fault::Sum {
            told: -300,
            found: -200
        }
    ));
    let silent = balances("100.00", "98.00")
        + &entry(
            "2.00",
            "DBIT",
            "",
            "BOOK",
            &(detail("a", amount, "") + &detail("b", "", "")),
        );
    assert!(matches!(
        statements("", &silent).unwrap_err().fault(),
        Fault::Missing(_)
    ));
}

#[test]
fn one_page_is_not_the_whole() {
    let page = |number, last| format!("<StmtPgntn><PgNb>{number}</PgNb><LastPgInd>{last}</LastPgInd></StmtPgntn>");
    let all = balances("1.00", "1.00");
    assert!(statements(&page(1, true), &all).unwrap()[0].complete);
    for (number, last) in [(1, false), (2, true)] {
        assert!(!statements(&page(number, last), &all).unwrap()[0].complete);
    }
    let interim = balance("ITBD", "1.00", "CRDT", "2026-03-05") + &balance("ITBD", "2.00", "CRDT", "2026-03-05");
    let more = interim + &entry("1.00", "CRDT", "", "BOOK", "");
    let statement = &statements(&page(2, false), &more).unwrap()[0];
    assert_eq!(
        (statement.opening, statement.closing, statement.complete),
        (100, 200, false)
    );
    assert!(
        statements("", &balance("OPBD", "1.00", "CRDT", "2026-03-05")).is_err(),
        "no closing balance"
    );
}

#[test]
fn days_and_overdrafts_are_read_as_they_are_meant() {
    let period = "<FrToDt><FrDtTm>2026-03-05T00:00:00</FrDtTm><ToDtTm>2026-03-06T00:00:00</ToDtTm></FrToDt>";
    let parts = balance("PRCD", "1.00", "DBIT", "2026-03-04") + &balance("CLBD", "1.00", "DBIT", "2026-03-05");
    let statement = &statements(period, &parts).unwrap()[0];
    assert_eq!((statement.opening, statement.closing), (-100, -100));
    assert_eq!(
        (Some(statement.from), Some(statement.to)),
        (Date::new(2026, 3, 5), Date::new(2026, 3, 5))
    );
}

#[test]
fn a_notice_has_entries_without_balances() {
    let ours = entry("10.00", "DBIT", "", "BOOK", &detail(&id(1).to_string(), "", ""));
    let announced = "<Ntry><NtryRef>N2</NtryRef><Amt Ccy=\"CNY\">2.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>PDNG</Cd></Sts><BkTxCd/></Ntry>";
    let message = |balance: &str| {
        format!(
            "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.054.001.08\"><BkToCstmrDbtCdtNtfctn>
            <GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-03-07T01:00:00</CreDtTm></GrpHdr>
            <Ntfctn><Id>N1</Id><Acct><Id><Othr><Id>3500</Id></Othr></Id></Acct>{balance}{ours}{announced}</Ntfctn>
            </BkToCstmrDbtCdtNtfctn></Document>"
        )
    };
    let Ok(Told::Notices(notices)) = DEMO.bookings(message("").as_bytes()) else {
        panic!("notices")
    };
    let notice = &notices[0];
    assert_eq!((notice.id.as_str(), notice.account.as_str()), ("N1", "3500"));
    let told: Vec<_> = notice
        .entries
        .iter()
        .map(|entry| (entry.stage, entry.signed(), entry.id.clone()))
        .collect();
    assert_eq!(
        told,
        [(Stage::Booked, -1_000, Some(id(1))), (Stage::Pending, 200, None)]
    );
    assert_eq!(
        Some(notice.entries[1].booked),
        Date::new(2026, 3, 7),
        "without a day of its own"
    );
    let balance = balance("CLBD", "1.00", "CRDT", "2026-03-05");
    let refused = DEMO.bookings(message(&balance).as_bytes()).unwrap_err();
    assert!(matches!(refused.fault(), Fault::Unknown(name) if name == "Bal"));
    assert!(DEMO.statements(message("").as_bytes()).is_err(), "it is no statement");
}

#[test]
fn a_statement_or_notice_of_an_account_in_another_currency_is_refused() {
    let statement = balances("0.00", "0.00");
    let account = "<Acct><Id><Othr><Id>3500</Id></Othr></Id>";
    let of = |currency: &str| format!("{account}<Ccy>{currency}</Ccy></Acct>");
    let text = |currency: &str| {
        format!(
            "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt>
            <GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-03-06T01:00:00</CreDtTm></GrpHdr>
            <Stmt><Id>S1</Id>{}{statement}</Stmt></BkToCstmrStmt></Document>",
            of(currency)
        )
    };
    assert_eq!(DEMO.statements(text("CNY").as_bytes()).unwrap().len(), 1);
    let refused = DEMO.statements(text("USD").as_bytes()).unwrap_err();
    assert_eq!(*refused.fault(), Fault::OtherAccount("USD".to_owned()));
    assert!(
        refused.to_string().contains("Acct/Ccy: the account is kept in `USD`"),
        "{refused}"
    );
    assert!(refused.zh().contains("币种为“USD”"), "{}", refused.zh());
    let notice = |currency: &str| {
        let text = format!(
            "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.054.001.08\"><BkToCstmrDbtCdtNtfctn>
            <GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-03-06T01:00:00</CreDtTm></GrpHdr>
            <Ntfctn><Id>N1</Id>{}</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>",
            of(currency)
        );
        DEMO.bookings(text.as_bytes()).map(|_| ())
    };
    assert_eq!(notice("CNY"), Ok(()));
    assert_eq!(
        *notice("EUR").unwrap_err().fault(),
        Fault::OtherAccount("EUR".to_owned())
    );
}
