//! A small office behind its web: two enterprises with an agent each, one person a role, a case of each enterprise, a list, money.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use meed_facts::date::Date;
use meed_office::cases::Act as Case;
use meed_office::command::Act;
use meed_office::ledger::Act as Ledger;
use meed_office::matching;
use meed_office::office::Office;
use meed_office::people::Role;
use meed_office::publicity::Act as List;
use meed_office::setup::{Mode, Setup};
use meed_office::time::{Clock, Instant};
use meed_portal::app::Portal;
use meed_portal::settings::Gate;
use meed_portal::sheets::Press;
use meed_portal::signin::{Session, Way};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::code::credit_code;
use crate::database::{database, memory};
use crate::given::{CALENDAR, config};
use crate::town::Giver;

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
    pub bytes: Vec<u8>,
}

impl Told {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

/// Who meets the criteria of the small package's title.
pub fn facts(number: usize) -> Value {
    json!({"enterprise": {
        "uscc": credit_code(number), "design_staff": 12, "breach": false, "awards": [],
        "titles": [{"title": "design_centre", "level": "municipal", "granted": "2023-01-10"}],
    }})
}

impl Town {
    /// An office on 2023-03-06.
    pub fn new() -> Self {
        Self::printing(None)
    }

    /// The same, with a press.
    pub fn printing(press: Option<Arc<dyn Press>>) -> Self {
        let folder = tempfile::tempdir_in(memory()).unwrap();
        let address = database(folder.path());
        let day = Date::parse("2023-03-06").unwrap();
        let clock = Clock::at(Instant::start_of(day).plus_hours(12));
        let office = Office::open(&address, Setup::new(config(Mode::Test), CALENDAR, clock).unwrap()).unwrap();
        let mut town = Self {
            portal: Portal::printing(
                office,
                Gate {
                    proxies: 1,
                    ..Gate::default()
                },
                press,
            )
            .unwrap(),
            ids: BTreeMap::new(),
            next: AtomicU64::new(0),
            _folder: folder,
        };
        town.giver().people();
        town.giver().publish(PACKAGE.parse().unwrap());
        town.work();
        town
    }

    /// Who gives commands here.
    pub fn giver(&self) -> Giver<'_> {
        Giver(self.portal.office())
    }

    /// Gives a command that must be taken.
    #[track_caller]
    pub fn ok(&self, person: &str, act: impl Into<Act>) -> Value {
        self.giver().ok(person, act)
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
        for (number, key, name) in [(1, "firm", "甲企业"), (2, "other", "乙企业")] {
            let subject = self.giver().import(name, facts(number));
            let agent = format!("agent-{key}");
            self.giver()
                .join(&agent, &format!("{key} 经办"), Some(Role::Agent), Some(&subject));
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
            let bytes = bytes.to_vec();
            Told {
                status,
                headers,
                body,
                bytes,
            }
        })
    }

    /// A form of ours as a browser sends it: with a cookie, and its token among the fields, which are encoded.
    pub fn post(&self, who: &str, path: &str, fields: &str) -> Told {
        let (cookie, csrf) = self.sign_in(who);
        let headers = [
            ("cookie", cookie.as_str()),
            ("content-type", "application/x-www-form-urlencoded"),
        ];
        self.send(None, "POST", path, &headers, &format!("csrf={csrf}&{fields}"))
    }

    pub fn get(&self, who: Option<&str>, path: &str) -> Told {
        self.send(who, "GET", path, &[], "")
    }
}
