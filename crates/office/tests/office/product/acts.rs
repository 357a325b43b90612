//! What may happen next: every act on every row that is there, whether or not it is its turn. The office says what is refused.

use std::collections::{HashMap, HashSet};

use meed_office::awards::Act as Award;
use meed_office::bank::{Code, InstructionId, Kind, Status};
use meed_office::cases::Act as Case;
use meed_office::command::Act;
use meed_office::input::Day;
use meed_office::ledger::Act as Ledger;
use meed_office::payments::accounts::Act as Account;
use meed_office::payments::batches::Act as Batch;
use meed_office::payments::inbound::Act as Inbound;
use meed_office::people::Role;
use meed_office::publicity::{Act as List, Remedy};
use meed_office::store::{Cell, Connection};
use meed_office::years::Act as Year;

use super::aftermath::{of_appeal, of_recovery};
use super::bank::{answered, booked};
use super::explore::Spot;
use super::picture::DONE;
use super::place::{DAYS, Event, FIVE, Place};
use crate::support::{day, yuan};

/// Something to be tried.
pub struct Try {
    /// Who can: the first whom the office lets is followed, what comes of the others is only looked at.
    pub persons: Vec<String>,
    /// What; the clock goes on where it is nothing.
    pub act: Option<Act>,
    /// What goes wrong by it.
    pub wrong: Option<Event>,
    /// Whether it is never refused: what a bank says is not.
    pub must: bool,
}

/// What is written down of who did something, but on batches whose keys are turned.
const DID: &str = "SELECT person, role || ' ' || target FROM deed WHERE target NOT IN (SELECT id FROM batch WHERE state NOT IN ('open', 'sealed')) \
    UNION SELECT person, 'decided ' || id FROM decision UNION \
    SELECT examiner, 'examines ' || id FROM objection WHERE examiner IS NOT NULL UNION \
    SELECT examiner, 'examines ' || id FROM appeal WHERE examiner IS NOT NULL ORDER BY 1, 2";

pub struct Tries<'a> {
    spot: Spot,
    pub place: &'a Place,
    /// What each person did so far.
    did: HashMap<String, Vec<String>>,
    found: Vec<Try>,
}

impl Tries<'_> {
    pub fn today(&self) -> Day {
        Day(day(DAYS[self.spot.day]))
    }

    pub fn by(&mut self, person: &str, act: impl Into<Act>) {
        self.add(vec![person.to_owned()], act.into());
    }

    /// Whose task it is comes first, then the others of the five; of those who did the same so far, one.
    pub fn of(&mut self, role: Role, act: impl Into<Act>) {
        let mut seen = HashSet::new();
        let persons = [role].into_iter().chain(FIVE).map(|one| one.name().to_owned());
        let different = persons.filter(|one| seen.insert(self.did.get(one))).collect();
        self.add(different, act.into());
    }

    fn add(&mut self, persons: Vec<String>, act: Act) {
        self.found.push(Try {
            persons,
            act: Some(act),
            wrong: None,
            must: false,
        });
    }

    /// Something goes wrong, where it may.
    pub fn wrong(&mut self, event: Event, person: &str, act: impl Into<Act>) {
        if self.may(event) {
            self.by(person, act);
            self.found.last_mut().unwrap().wrong = Some(event);
        }
    }

    fn may(&self, event: Event) -> bool {
        self.place.events.contains(&event) && !self.spot.past.has(event)
    }

    fn bank(&mut self, event: Option<Event>, file: Inbound) {
        if event.is_some_and(|event| !self.may(event)) {
            return;
        }
        self.found.push(Try {
            persons: vec!["machine".to_owned()],
            act: Some(file.into()),
            wrong: event,
            must: true,
        });
    }
}

pub fn rows<const N: usize>(connection: &mut Connection, sql: &str) -> Vec<[String; N]> {
    let text = |cell: Cell| match cell {
        Cell::Text(text) => text,
        Cell::Int(number) => number.to_string(),
        Cell::Null => String::new(),
    };
    let rows = connection.rows(sql, &[]).unwrap();
    rows.into_iter()
        .map(|row| row.into_iter().map(text).collect::<Vec<_>>().try_into().unwrap())
        .collect()
}

/// Fen as yuan; the search has whole ones only.
pub fn in_yuan(fen: &str) -> String {
    format!("{}.00", fen.parse::<i64>().unwrap() / 100)
}

/// Everything that may be tried from where the office stands, and who did what so far.
pub fn all(connection: &mut Connection, place: &Place, spot: Spot) -> (Vec<Try>, String) {
    let mut did: HashMap<String, Vec<String>> = HashMap::new();
    let mut told = String::new();
    for [person, what] in rows::<2>(connection, DID) {
        told.push_str(&format!("{person} {what}\n"));
        did.entry(person).or_default().push(what);
    }
    let mut tries = Tries {
        spot,
        place,
        did,
        found: Vec::new(),
    };
    of_case(&mut tries, connection);
    of_lines(&mut tries, connection);
    of_payments(&mut tries, connection);
    of_recovery(&mut tries, connection);
    of_appeal(&mut tries, connection);
    if spot.day + 1 < DAYS.len() {
        tries.found.push(Try {
            persons: Vec::new(),
            act: None,
            wrong: None,
            must: false,
        });
    }
    (tries.found, told)
}

fn of_case(tries: &mut Tries<'_>, connection: &mut Connection) {
    let case = || tries.place.case.clone();
    let agent = tries.place.agent.clone();
    let (propose, refuse) = (
        Case::Propose {
            case: case(),
            amount: None,
        },
        Case::Refuse {
            case: case(),
            why: Some("不予支持".to_owned()),
        },
    );
    let (withdraw, approve, close) = (
        Case::Withdraw { case: case() },
        Case::Approve { case: case() },
        Case::Close { case: case() },
    );
    let freeze = List::Freeze {
        cases: vec![case()],
        days: None,
    };
    let object = List::Object {
        case: case(),
        ground: "不实".to_owned(),
        name: None,
    };
    tries.by("officer", propose);
    tries.by("officer", refuse);
    tries.by(&agent, withdraw);
    tries.of(Role::Approver, approve);
    // Closing a case changes nothing else: at the end is early enough.
    if rows::<1>(
        connection,
        "SELECT id FROM award WHERE state IN ('reserved', 'committed')",
    )
    .is_empty()
    {
        tries.by("officer", close);
    }
    let lists = "SELECT l.id, l.version, l.hash, l.state FROM \"case\" c JOIN list l ON l.id = c.list ORDER BY l.version DESC LIMIT 1";
    let list = rows::<4>(connection, lists).pop();
    // A list that is frozen and not published is published, not frozen again and again.
    if list.as_ref().is_none_or(|[_, _, _, state]| state != "frozen") {
        tries.by("officer", freeze);
    }
    if let Some([list, version, hash, _]) = list {
        let version = version.parse().unwrap();
        tries.by(
            "officer",
            List::End {
                list: list.clone(),
                version,
            },
        );
        tries.by("officer", List::Publish { list, version, hash });
    }
    let objections = rows::<1>(
        connection,
        "SELECT id FROM objection WHERE state IN ('lodged', 'examined')",
    );
    if objections.is_empty() {
        tries.wrong(Event::Objection, "neighbour", object);
    }
    for [objection] in objections {
        let id = || objection.clone();
        let why = || "已核实".to_owned();
        tries.of(Role::Examiner, List::Examine { objection: id() });
        tries.of(
            Role::Examiner,
            List::TurnAway {
                objection: id(),
                why: why(),
            },
        );
        tries.by("neighbour", List::Withdraw { objection: id() });
        tries.of(
            Role::Examiner,
            List::Reject {
                objection: id(),
                why: why(),
            },
        );
        let (remedy, amount, subject, heard) = (Remedy::Strike, None, None, Some("已陈述".to_owned()));
        tries.of(
            Role::Examiner,
            List::Uphold {
                objection: id(),
                remedy,
                amount,
                subject,
                heard,
                why: why(),
            },
        );
    }
}

fn of_lines(tries: &mut Tries<'_>, connection: &mut Connection) {
    for [line, year] in rows::<2>(connection, "SELECT id, year FROM line") {
        let id = || line.clone();
        let execution = tries.today();
        tries.of(Role::Preparer, Batch::Build { line: id(), execution });
        if year != "2023" {
            continue;
        }
        tries.by("budget", Year::CloseBooks { line: id() });
        tries.by("budget", Year::Lapse { line: id() });
        tries.by("budget", Year::Close { line: id() });
        let held = format!("SELECT holder FROM holding WHERE line = '{line}' AND reserved + committed > 0");
        for [holder] in rows::<1>(connection, &held) {
            tries.by(
                "budget",
                Year::Carry {
                    line: id(),
                    holder: holder.clone(),
                },
            );
            tries.by(
                "budget",
                Year::Renew {
                    line: id(),
                    instalment: holder,
                },
            );
        }
    }
    // What is lacking for a payment is appropriated.
    let lacking = format!(
        "SELECT l.id, i.amount - b.available FROM instalment i JOIN line l ON l.payer = i.payer AND l.year = {} AND l.state = 'open' \
         JOIN line_balance b ON b.line = l.id AND b.available < i.amount WHERE i.state = 'short'",
        tries.today().0.year()
    );
    for [line, lacking] in rows::<2>(connection, &lacking) {
        let amount = yuan(&in_yuan(&lacking));
        let basis = "追加预算".to_owned();
        tries.by("budget", Ledger::Appropriate { line, amount, basis });
    }
    let open =
        "SELECT id, state FROM instalment WHERE state NOT IN ('paid', 'skipped', 'ended', 'cancelled', 'given_up')";
    for [instalment, state] in rows::<2>(connection, open) {
        let id = || instalment.clone();
        tries.by("machine", Award::Recheck { instalment: id() });
        if matches!(state.as_str(), "pledged" | "short") {
            tries.by("budget", Year::Fund { instalment: id() });
        }
        tries.by("preparer", Batch::PayAgain { instalment: id() });
        tries.of(
            Role::Approver,
            Batch::GiveUp {
                instalment: id(),
                reason: "无法支付".to_owned(),
            },
        );
    }
    if !rows::<1>(
        connection,
        "SELECT id FROM instruction WHERE state = 'returned' LIMIT 1",
    )
    .is_empty()
    {
        let (account, version) = (tries.place.account.clone(), 2);
        tries.by("registrar", Account::Activate { account, version });
    }
}

fn of_payments(tries: &mut Tries<'_>, connection: &mut Connection) {
    let batches = format!(
        "SELECT id, hash, state, EXISTS (SELECT 1 FROM instruction WHERE batch = batch.id AND state NOT IN {DONE}) FROM batch \
         WHERE state NOT IN ('closed', 'dissolved')"
    );
    for [batch, hash, state, open] in rows::<4>(connection, &batches) {
        let id = || batch.clone();
        tries.of(Role::Preparer, Batch::Seal { batch: id() });
        tries.by("preparer", Batch::Recheck { batch: id() });
        tries.of(Role::Releaser, Batch::Release { batch: id(), hash });
        tries.by(
            "preparer",
            Batch::Dissolve {
                batch: id(),
                reason: "重做".to_owned(),
            },
        );
        tries.by("releaser", Batch::Depart { batch: id() });
        if state == "sending" {
            tries.by(
                "releaser",
                Batch::Arrive {
                    batch: id(),
                    confirmed: true,
                },
            );
            // When its instructions have an end the file came too late to tell anything.
            tries.found.last_mut().unwrap().must = open == "0";
            let (batch, confirmed) = (id(), false);
            tries.wrong(Event::Loss, "releaser", Batch::Arrive { batch, confirmed });
        }
    }
    let sent =
        "SELECT id, amount, state FROM instruction WHERE state IN ('sending', 'sent', 'accepted', 'unknown', 'paid')";
    for [id, amount, state] in rows::<3>(connection, sent) {
        let (amount, today) = (amount.parse().unwrap(), tries.today().0);
        let id = InstructionId::parse(&id).unwrap();
        let code = || Code::parse("AC04").unwrap();
        if state == "paid" {
            tries.bank(Some(Event::Return), booked(&id, amount, today, Kind::Return(code())));
            continue;
        }
        tries.bank(None, booked(&id, amount, today, Kind::Payment));
        tries.bank(None, answered(&id, Status::Accepted, today));
        for status in [Status::Rejected(code()), Status::NotExecuted(code())] {
            tries.bank(Some(Event::Refusal), answered(&id, status, today));
        }
    }
}
