//! A small office behind its web: two enterprises with an agent each, one person a role, a case of each enterprise, a list, money.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use meed_facts::date::Date;
use meed_office::bank::Form;
use meed_office::cases::Act as Case;
use meed_office::command::{Act, Command, Outcome};
use meed_office::input::{Json, PackageFiles};
use meed_office::ledger::Act as Ledger;
use meed_office::matching;
use meed_office::office::Office;
use meed_office::people::{Act as People, Role};
use meed_office::policies::Act as Policy;
use meed_office::publicity::Act as List;
use meed_office::register::Act as Register;
use meed_office::setup::{AppealStops, Config, Debtor, Mode, Setup};
use meed_office::time::{Clock, Instant};
use meed_portal::app::Portal;
use meed_portal::settings::Gate;
use meed_portal::signin::{Session, Way};
use serde_json::{Value, json};
use tower::ServiceExt;

const CALENDAR: &str = include_str!("../../../../../policies/harbin/working-days.csv");
const PACKAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../office/tests/office/packages/small");

/// An office with its web.
pub struct Town {
    pub portal: Arc<Portal>,
    /// Ids of what was made: `firm`, `other`, `case`, `other_case`, `list`, `line`.
    pub ids: BTreeMap<&'static str, String>,
    next: AtomicU64,
    _folder: tempfile::TempDir,
}

/// What came back.
pub struct Told {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Told {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

fn config() -> Config {
    Config {
        office: "HRB".to_owned(),
        mode: Mode::Test,
        appeal_stops: AppealStops::Always,
        appeal_clause: "行政复议法 第四十二条".to_owned(),
        appeal_to: "哈尔滨市人民政府".to_owned(),
        appeal_days: 60,
        publicity_days: 5,
        offer_days: 30,
        service_days: 10,
        recheck_hours: 24,
        not_executed_days: 5,
        account_wait_hours: 72,
        payer: "city_finance".to_owned(),
        external: Vec::new(),
        debtor: Debtor {
            name: "哈尔滨市财政局".to_owned(),
            account: "230100000000000001".to_owned(),
            bank: "102261000018".to_owned(),
            form: Form::Iso20022,
        },
    }
}

/// Who meets the criteria of the small package's title, with two made-up credit codes that have the right check digits.
fn facts(number: usize) -> Value {
    let code = ["91230103MAEX0001", "91230103MAEX0002"][number];
    let digits = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    let pairs = digits
        .chars()
        .flat_map(|one| digits.chars().map(move |two| format!("{code}{one}{two}")));
    let kind = meed_facts::identifier::Kind::CreditCode;
    let code = pairs.into_iter().find(|code| kind.check(code, None).is_ok()).unwrap();
    json!({"enterprise": {
        "uscc": code, "design_staff": 12, "breach": false, "awards": [],
        "titles": [{"title": "design_centre", "level": "municipal", "granted": "2023-01-10"}],
    }})
}

impl Town {
    /// An office on 2023-03-06, on SQLite.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let address = format!("sqlite:{}", folder.path().join("office.db").display());
        let day = Date::parse("2023-03-06").unwrap();
        let clock = Clock::at(Instant::start_of(day).plus_hours(12));
        let office = Office::open(&address, Setup::new(config(), CALENDAR, clock).unwrap()).unwrap();
        let mut town = Self {
            portal: Portal::behind(
                office,
                Gate {
                    proxies: 1,
                    ..Gate::default()
                },
            )
            .unwrap(),
            ids: BTreeMap::new(),
            next: AtomicU64::new(0),
            _folder: folder,
        };
        town.people();
        town.policy();
        town.work();
        town
    }

    pub fn ok(&self, person: &str, act: impl Into<Act>) -> Value {
        let act = act.into();
        let id = format!("test-{}", self.next.fetch_add(1, Ordering::SeqCst));
        let kind = act.kind();
        match self.portal.office().submit(Command::new(id, person, act)).unwrap() {
            Outcome::Accepted { result, .. } => result,
            other => panic!("{person} {kind}: {other:?}"),
        }
    }

    fn person(&self, id: &str, name: &str) {
        let (id, name, bureau) = (id.to_owned(), name.to_owned(), "市工信局".to_owned());
        self.ok("administrator", People::Enter { id, name, bureau });
    }

    fn assign(&self, person: &str, role: Role, scope: Option<String>) {
        let (person, until) = (person.to_owned(), None);
        self.ok(
            "administrator",
            People::Assign {
                person,
                role,
                scope,
                until,
            },
        );
    }

    fn people(&self) {
        self.person("administrator", "管理员");
        for role in Role::ALL
            .into_iter()
            .filter(|role| !matches!(role, Role::Administrator | Role::Agent))
        {
            self.person(role.name(), role.name());
            self.assign(role.name(), role, None);
        }
    }

    fn policy(&self) {
        let files: PackageFiles = PACKAGE.parse().unwrap();
        let scenario = json!({"package": {"digest": files.digest()}, "cost": {"least": "500000.00"}});
        let report = Json(json!({"scenarios": [scenario], "facts": {"rows": "1", "digest": "sha256:rows"}}));
        let made = self.ok("drafter", Policy::Draft { files });
        let id = || made["policy"].as_str().unwrap().to_owned();
        self.ok("drafter", Policy::Check { policy: id() });
        self.ok("drafter", Policy::Simulate { policy: id(), report });
        self.ok("publisher", Policy::Review { policy: id() });
        self.ok("approver", Policy::Approve { policy: id() });
        self.ok("publisher", Policy::Publish { policy: id() });
    }

    /// Two enterprises, their offers of a reward, the first one's taken up and made public; money for both.
    fn work(&mut self) {
        let open = Ledger::Open {
            payer: "city_finance".to_owned(),
            fund: None,
            year: 2023,
        };
        let line = self.ok("budget", open)["line"].as_str().unwrap().to_owned();
        let (amount, basis) = ("2000000".parse().unwrap(), "预算批复".to_owned());
        self.ok(
            "budget",
            Ledger::Appropriate {
                line: line.clone(),
                amount,
                basis,
            },
        );
        for (number, key, name) in [(0, "firm", "甲企业"), (1, "other", "乙企业")] {
            let facts = Json::try_from(facts(number)).unwrap();
            let (name, source) = (Some(name.to_owned()), "市场监管".to_owned());
            let import = Register::Import {
                facts,
                name,
                source,
                evidence: None,
                valid_from: None,
            };
            let subject = self.ok("registrar", import)["subject"].as_str().unwrap().to_owned();
            let agent = format!("agent-{key}");
            self.person(&agent, &format!("{key} 经办"));
            self.assign(&agent, Role::Agent, Some(subject.clone()));
            self.ids.insert(key, subject);
        }
        self.ids.insert("line", line);
        matching::run(self.portal.office(), "machine", true).unwrap();
        for (key, made) in [("firm", "case"), ("other", "other_case")] {
            let case = self.cell("SELECT id FROM \"case\" WHERE subject = $1", &self.ids[key]);
            self.ids.insert(made, case);
        }
        let case = self.ids["case"].clone();
        self.ok("agent-firm", Case::Accept { case: case.clone() });
        self.ok(
            "officer",
            Case::Propose {
                case: case.clone(),
                amount: None,
            },
        );
        let frozen = self.ok(
            "officer",
            List::Freeze {
                cases: vec![case],
                days: None,
            },
        );
        let (list, hash) = (
            frozen["list"].as_str().unwrap().to_owned(),
            frozen["hash"].as_str().unwrap().to_owned(),
        );
        self.ok(
            "officer",
            List::Publish {
                list: list.clone(),
                version: 1,
                hash,
            },
        );
        self.ids.insert("list", list);
    }

    /// The text that a query finds for an id.
    pub fn cell(&self, sql: &str, id: &str) -> String {
        let mut reader = self.portal.office().reader().unwrap();
        match reader.one(sql, &[id.into()]).unwrap() {
            Some(meed_office::store::Cell::Text(text)) => text,
            other => panic!("{sql}: {other:?}"),
        }
    }

    /// Somebody signed in: what their browser holds, and the token of their forms.
    pub fn sign_in(&self, person: &str) -> (String, String) {
        let mut connection = self.portal.office().reader().unwrap();
        let visitor = Session::visitor().unwrap();
        let session = visitor
            .sign_in(
                &mut connection,
                person,
                Way::Password,
                true,
                "test",
                Clock::System.now(),
            )
            .unwrap();
        (format!("meed={}", session.token()), session.csrf())
    }

    /// A request's answer. `who` is somebody who signs in for it, or nobody.
    pub fn send(&self, who: Option<&str>, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Told {
        // Each request comes from a client of its own: what one client may send is another test's.
        let number = self.next.fetch_add(1, Ordering::SeqCst);
        let client = format!("10.{}.{}.{}", number >> 16 & 255, number >> 8 & 255, number & 255);
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("x-forwarded-for", client);
        if let Some(person) = who {
            let (cookie, csrf) = self.sign_in(person);
            request = request.header("cookie", cookie).header("x-csrf-token", csrf);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body.to_owned())).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let response = self.portal.web().oneshot(request).await.unwrap();
            let (parts, body) = response.into_parts();
            let bytes = to_bytes(body, 64 << 20).await.unwrap();
            let (status, headers) = (parts.status, parts.headers);
            let body = String::from_utf8_lossy(&bytes).into_owned();
            Told { status, headers, body }
        })
    }

    pub fn get(&self, who: Option<&str>, path: &str) -> Told {
        self.send(who, "GET", path, &[], "")
    }
}
