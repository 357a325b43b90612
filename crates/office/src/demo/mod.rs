//! A populated office for demonstrations: several bureaux and people, a published package, applicants, and cases in every state.
//!
//! Everything is done by commands, as people would do it; nothing is written past the office. The clock of a demonstration is set by hand, so
//! that a year of work fits into a minute.

mod afterwards;
mod pay;
mod rounds;

use meed_facts::date::Date;
use serde_json::Value;

use crate::cases::Act as Case;
use crate::command::{Act, Command, Outcome, SubmitError};
use crate::input::{Amount, Day, Json, PackageFiles};
use crate::ledger::Act as Ledger;
use crate::matching;
use crate::office::Office;
use crate::people::{Act as People, Role};
use crate::policies::Act as Policy;
use crate::publicity::Act as List;
use crate::register::Act as Register;
use crate::store::{Connection, Field};
use crate::time::Instant;

/// Who works in the demonstration: id, name, bureau, roles.
pub const STAFF: &[(&str, &str, &str, &[Role])] = &[
    ("guan", "管理员", "市政务数据局", &[Role::Administrator]),
    ("deng", "邓登记", "市政务数据局", &[Role::Registrar, Role::Machine]),
    ("guo", "郭登记", "市政务数据局", &[Role::Registrar]),
    ("cao", "曹起草", "市工信局", &[Role::Drafter]),
    ("shen", "沈公布", "市司法局", &[Role::Publisher]),
    ("wang", "王经办", "市工信局", &[Role::Officer]),
    ("li", "李经办", "市科技局", &[Role::Officer]),
    ("zhao", "赵评审", "评审专家库", &[Role::Reviewer]),
    ("qian", "钱评审", "评审专家库", &[Role::Reviewer]),
    ("sun", "孙复查", "市司法局", &[Role::Examiner]),
    ("zheng", "郑审批", "市工信局", &[Role::Approver]),
    ("zhou", "周审批", "市科技局", &[Role::Approver]),
    ("yu", "于预算", "市财政局", &[Role::Budget]),
    ("bai", "白制单", "市财政局", &[Role::Preparer]),
    ("fu", "傅复核", "市财政局", &[Role::Releaser]),
    ("shi", "石审计", "市审计局", &[Role::Auditor]),
    ("fang", "方分析", "市财政局", &[Role::Analyst]),
];

/// How many applications for a title there are, and which of them is found inadmissible.
const APPLICATIONS: usize = 13;
const INADMISSIBLE: usize = 12;

/// The reward that the demonstration pays.
const REWARD: &str = "design_centre_reward";

/// Why a demonstration could not be made.
#[derive(Clone, Debug, thiserror::Error)]
pub enum DemoError {
    /// A command that had to be accepted was not.
    #[error("{person} was refused {act}: {reason}")]
    Refused {
        /// Who gave it.
        person: String,
        /// What it was.
        act: String,
        /// Why not.
        reason: String,
    },
    /// The office failed.
    #[error(transparent)]
    Office(#[from] SubmitError),
    /// Timers could not be run.
    #[error(transparent)]
    Timers(#[from] crate::timers::TickError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] crate::store::StoreError),
}

type Result<T> = std::result::Result<T, DemoError>;

/// Fills an office: `package` is published with the report of its simulation, `applicants` are entered as their documents (`{"enterprise": {…}}`). Where the package
/// has funds, the first is shared out in a round that is finished, the second in one that is public. The office's clock stands at `end` afterwards.
///
/// # Errors
/// Where the office is not empty, is live, or fails.
pub fn populate(
    office: &Office,
    package: PackageFiles,
    report: Json,
    applicants: impl Iterator<Item = Value>,
    end: Date,
) -> Result<()> {
    let demo = Demo { office };
    demo.on("2022-12-05");
    demo.staff()?;
    demo.publish(package, report)?;
    demo.budget()?;
    let subjects = demo.enter(applicants)?;
    // The last day of the year in whose rewards the titles of 2022 count.
    demo.on("2022-12-31");
    matching::run(office, "deng", true)?;
    let accounts = demo.accounts(&demo.offered(REWARD)?)?;
    demo.rewards()?;
    let funds = demo.funds()?;
    let settled = demo.first_round(&funds)?;
    let recognised = demo.recognition(&subjects)?;
    demo.pay(accounts)?;
    demo.finished(settled)?;
    let titles = demo.recognised(recognised)?;
    demo.second_round(&funds)?;
    demo.others(&subjects)?;
    demo.under_review()?;
    demo.services(&subjects)?;
    demo.appeals()?;
    demo.recoveries()?;
    demo.moved_away()?;
    demo.titles(&titles)?;
    office.setup().clock.set(Instant::start_of(end).plus_hours(9));
    demo.tidy()
}

/// A demonstration that is being made.
struct Demo<'a> {
    office: &'a Office,
}

impl Demo<'_> {
    fn on(&self, date: &str) {
        if let Ok(day) = Date::parse(date) {
            self.office.setup().clock.set(Instant::start_of(day).plus_hours(9));
        }
    }

    fn reader(&self) -> Result<Connection> {
        Ok(self.office.reader()?)
    }

    /// Gives a command under an id of its own.
    fn give(&self, person: &str, act: impl Into<Act>) -> Result<Outcome> {
        let id = format!("demo-{}", crate::log::salt()?);
        Ok(self.office.submit(Command::new(id, person, act))?)
    }

    /// Gives a command that must be accepted.
    fn ok(&self, person: &str, act: impl Into<Act>) -> Result<Value> {
        let act = act.into();
        let kind = act.kind();
        accepted(person, &kind, self.give(person, act)?)
    }

    /// Gives a command that must be accepted, and returns an id that it made.
    fn made(&self, person: &str, act: impl Into<Act>, name: &str) -> Result<String> {
        Ok(text(&self.ok(person, act)?, name))
    }

    fn staff(&self) -> Result<()> {
        for (id, name, bureau, roles) in STAFF {
            let (id, name, bureau) = ((*id).to_owned(), (*name).to_owned(), (*bureau).to_owned());
            self.person(&id, name, bureau)?;
            for role in roles.iter().filter(|role| **role != Role::Administrator) {
                self.assign(&id, *role, None)?;
            }
        }
        Ok(())
    }

    fn person(&self, id: &str, name: String, bureau: String) -> Result<()> {
        let id = id.to_owned();
        self.ok("guan", People::Enter { id, name, bureau }).map(drop)
    }

    fn assign(&self, person: &str, role: Role, scope: Option<String>) -> Result<()> {
        let (person, until) = (person.to_owned(), None);
        self.ok(
            "guan",
            People::Assign {
                person,
                role,
                scope,
                until,
            },
        )
        .map(drop)
    }

    fn publish(&self, files: PackageFiles, report: Json) -> Result<()> {
        let id = self.made("cao", Policy::Draft { files }, "policy")?;
        let policy = || id.clone();
        self.ok("cao", Policy::Check { policy: policy() })?;
        self.ok(
            "cao",
            Policy::Simulate {
                policy: policy(),
                report,
            },
        )?;
        self.ok("shen", Policy::Review { policy: policy() })?;
        self.ok("zheng", Policy::Approve { policy: policy() })?;
        self.ok("shen", Policy::Publish { policy: policy() }).map(drop)
    }

    fn budget(&self) -> Result<()> {
        for (year, amount) in [(2022, "30000000"), (2023, "50000000")] {
            let payer = self.office.setup().config.payer.clone();
            let line = self.made(
                "yu",
                Ledger::Open {
                    payer,
                    fund: None,
                    year,
                },
                "line",
            )?;
            let basis = format!("{year}年部门预算");
            self.ok(
                "yu",
                Ledger::Appropriate {
                    line,
                    amount: yuan(amount),
                    basis,
                },
            )?;
        }
        for year in 2023..=2027 {
            self.ok(
                "yu",
                Ledger::Authorise {
                    fund: String::new(),
                    year,
                    amount: yuan("20000000"),
                },
            )?;
        }
        Ok(())
    }

    /// Enters applicants, many at once, each with an agent who speaks for them.
    fn enter(&self, applicants: impl Iterator<Item = Value>) -> Result<Vec<String>> {
        let mut waiting = Vec::new();
        for (number, mut document) in applicants.enumerate() {
            undeclared(&mut document);
            let called = if document.get("enterprise").is_some() {
                "企业"
            } else {
                "人才"
            };
            let (name, source) = (
                Some(format!("合成{called}{:04}", number.saturating_add(1))),
                "合成登记".to_owned(),
            );
            let facts = Json(document);
            let act = Register::Import {
                facts,
                name,
                source,
                evidence: None,
                valid_from: None,
            };
            waiting.push(
                self.office
                    .send(Command::new(format!("demo-import-{number}"), "deng", act))?,
            );
        }
        let mut subjects = Vec::new();
        for answer in waiting {
            let outcome = answer.recv().map_err(|_| SubmitError::Closed)??;
            subjects.push(text(&accepted("deng", "register.import", outcome)?, "subject"));
        }
        Ok(subjects)
    }

    /// An agent for an applicant, if there is none yet.
    fn agent(&self, subject: &str) -> Result<String> {
        let id = format!("agent-{subject}");
        if self
            .reader()?
            .one("SELECT 1 FROM person WHERE id = $1", &[id.as_str().into()])?
            .is_none()
        {
            let named = self
                .reader()?
                .one("SELECT name FROM subject WHERE id = $1", &[subject.into()])?;
            let named = named.map_or_else(|| Ok(subject.to_owned()), |cell| String::from_cell(&cell))?;
            let (name, bureau) = (format!("{named} 经办人"), named);
            self.person(&id, name, bureau)?;
            self.assign(&id, Role::Agent, Some(subject.to_owned()))?;
        }
        Ok(id)
    }

    /// The open offers of a measure: case and applicant.
    fn offers(&self, measure: &str) -> Result<Vec<(String, String)>> {
        let sql = "SELECT id, subject FROM \"case\" WHERE state = 'offered' AND measure = $1 ORDER BY subject, object";
        pairs(&self.reader()?.rows(sql, &[measure.into()])?)
    }

    /// Design centres take up their offers; their rewards are publicised and approved.
    fn rewards(&self) -> Result<()> {
        let mut cases = Vec::new();
        for (case, subject) in self.offers(REWARD)? {
            let agent = self.agent(&subject)?;
            self.ok(&agent, Case::Accept { case: case.clone() })?;
            self.ok(
                "wang",
                Case::Propose {
                    case: case.clone(),
                    amount: None,
                },
            )?;
            cases.push(case);
        }
        if cases.is_empty() {
            return Ok(());
        }
        let list = self.public(&cases)?;
        self.on("2023-01-12");
        self.ok("wang", List::End { list, version: 1 })?;
        for case in cases {
            self.ok("zheng", Case::Approve { case })?;
        }
        Ok(())
    }

    fn public(&self, cases: &[String]) -> Result<String> {
        let frozen = self.ok(
            "wang",
            List::Freeze {
                cases: cases.to_vec(),
                days: None,
            },
        )?;
        let (list, hash) = (text(&frozen, "list"), text(&frozen, "hash"));
        self.ok(
            "wang",
            List::Publish {
                list: list.clone(),
                version: 1,
                hash,
            },
        )?;
        Ok(list)
    }

    /// Other offers and applications, each left in another state.
    fn others(&self, subjects: &[String]) -> Result<()> {
        self.on("2023-02-13");
        matching::run(self.office, "deng", true)?;
        let sql = "SELECT id, subject FROM \"case\" WHERE state = 'offered' AND measure <> $1 ORDER BY opened_at DESC, id LIMIT 40";
        let offers = pairs(&self.reader()?.rows(sql, &[REWARD.into()])?)?;
        let mut public = Vec::new();
        for (number, (case, subject)) in offers.into_iter().enumerate() {
            self.take_up(number, &case, &subject, &mut public)?;
        }
        // Late enough that its list is still public on the demonstration's day.
        self.on("2023-02-20");
        if !public.is_empty() {
            self.public(&public)?;
            self.objection(&public)?;
        }
        self.talents()?;
        for (number, subject) in subjects.iter().take(APPLICATIONS).enumerate() {
            self.application(number, subject)?;
        }
        Ok(())
    }

    /// Somebody objects to a public row.
    fn objection(&self, public: &[String]) -> Result<()> {
        let (Some(case), Some((_, other))) = (public.first(), self.offers("output_growth_reward")?.into_iter().next())
        else {
            return Ok(());
        };
        let (case, ground) = (case.clone(), "公示的设备购置金额与公开年报不一致，请核实".to_owned());
        let name = None;
        self.ok(&self.agent(&other)?, List::Object { case, ground, name })
            .map(drop)
    }

    /// Some persons, who speak for themselves: those first who were offered something.
    fn talents(&self) -> Result<()> {
        let sql = "SELECT id, id FROM subject WHERE kind <> 'enterprise' ORDER BY (SELECT count(*) FROM \"case\" WHERE \"case\".subject = subject.id) DESC, id LIMIT 3";
        for (subject, _) in pairs(&self.reader()?.rows(sql, &[])?)? {
            self.agent(&subject)?;
        }
        Ok(())
    }

    /// One offer: declined, left alone, verified, proposed or public, by its number.
    fn take_up(&self, number: usize, case: &str, subject: &str, public: &mut Vec<String>) -> Result<()> {
        let kind = number.checked_rem(6).unwrap_or(0);
        let agent = self.agent(subject)?;
        if kind == 0 {
            return Ok(());
        }
        let case = || case.to_owned();
        if kind == 1 {
            return self.ok(&agent, Case::Withdraw { case: case() }).map(drop);
        }
        let accepted = self.ok(&agent, Case::Accept { case: case() })?;
        if kind == 2 || text(&accepted, "state") != "verified" {
            return Ok(());
        }
        // Where money or an authorisation is missing, the case waits or stays as it is: that too is to be seen.
        if let Outcome::Accepted { result, .. } = self.give(
            "li",
            Case::Propose {
                case: case(),
                amount: None,
            },
        )? && kind > 3
            && text(&result, "state") == "proposed"
        {
            public.push(case());
        }
        Ok(())
    }

    /// One application: draft, submitted, in formal check, given back, inadmissible, withdrawn, in review or refused, by its number; of one both
    /// approvers know the applicant, so that nobody may approve it.
    fn application(&self, number: usize, subject: &str) -> Result<()> {
        let agent = self.agent(subject)?;
        let (title, level) = ("tech_centre".to_owned(), Some("provincial".to_owned()));
        let apply = Case::ApplyTitle {
            subject: subject.to_owned(),
            title,
            level,
        };
        let Outcome::Accepted { result, .. } = self.give(&agent, apply)? else {
            return Ok(());
        };
        let id = text(&result, "case");
        let case = || id.clone();
        let steps: [(&str, Case); 5] = [
            (&agent, Case::Submit { case: case() }),
            ("li", Case::Examine { case: case() }),
            ("li", Case::Admit { case: case() }),
            ("li", Case::Review { case: case() }),
            (
                "li",
                Case::Refuse {
                    case: case(),
                    why: Some("申报材料与现场核查不符".to_owned()),
                },
            ),
        ];
        let steps_taken = if number == INADMISSIBLE {
            2
        } else {
            number.checked_rem(6).unwrap_or(0)
        };
        for (person, act) in steps.into_iter().take(steps_taken) {
            self.ok(person, act)?;
        }
        match number {
            8 => self
                .ok(
                    "li",
                    Case::Return {
                        case: case(),
                        what: "补充近两年研发费用明细".to_owned(),
                    },
                )
                .map(drop),
            7 => self.ok(&agent, Case::Withdraw { case: case() }).map(drop),
            10 => {
                for person in ["zheng", "zhou"] {
                    let subject = subject.to_owned();
                    self.ok(person, People::Declare { subject })?;
                }
                Ok(())
            }
            INADMISSIBLE => {
                let why = "申报主体注册地不在本市".to_owned();
                self.ok("li", Case::Reject { case: case(), why }).map(drop)
            }
            _ => Ok(()),
        }
    }

    /// What time alone brings.
    fn tidy(&self) -> Result<()> {
        Ok(crate::timers::run(self.office, "deng").map(drop)?)
    }
}

/// Nobody has said yet whom an enterprise hired that is not known to have hired anybody: it can declare them.
fn undeclared(document: &mut Value) {
    if let Some(enterprise) = document.get_mut("enterprise").and_then(Value::as_object_mut)
        && enterprise
            .get("hires")
            .and_then(Value::as_array)
            .is_some_and(Vec::is_empty)
    {
        enterprise.remove("hires");
    }
}

/// A day of the demonstration, as it is written here.
fn day(text: &str) -> Result<Day> {
    text.parse().map_err(|reason| {
        let (person, act) = ("the demonstration".to_owned(), format!("the day {text}"));
        DemoError::Refused { person, act, reason }
    })
}

fn accepted(person: &str, act: &str, outcome: Outcome) -> Result<Value> {
    match outcome {
        Outcome::Accepted { result, .. } => Ok(result),
        Outcome::Denied { reason, .. } | Outcome::Undecided { reason, .. } => {
            let (person, act, reason) = (person.to_owned(), act.to_owned(), reason.to_string());
            Err(DemoError::Refused { person, act, reason })
        }
    }
}

fn text(value: &Value, name: &str) -> String {
    value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn pairs(rows: &[Vec<crate::store::Cell>]) -> Result<Vec<(String, String)>> {
    let mut pairs = Vec::new();
    for row in rows {
        if let [one, other] = row.as_slice() {
            pairs.push((String::from_cell(one)?, String::from_cell(other)?));
        }
    }
    Ok(pairs)
}

fn yuan(text: &str) -> Amount {
    text.parse()
        .unwrap_or(Amount(meed_facts::money::Money::zero(crate::store::CURRENCY)))
}
