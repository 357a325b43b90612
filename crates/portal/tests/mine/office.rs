//! A small office in its demonstration mode, whose people sign in by a click, with firms and agents who speak for them.

use std::sync::Arc;

use meed_facts::date::Date;
use meed_office::cases::Act as Case;
use meed_office::command::Act;
use meed_office::office::Office;
use meed_office::people::Role;
use meed_office::setup::{Mode, Setup};
use meed_office::store::{Cell, Record};
use meed_office::time::{Clock, Instant};
use meed_portal::app::{Portal, serve};
use serde_json::{Value, json};

use crate::code::credit_code;
use crate::database::{database, memory};
use crate::given::{CALENDAR, config};
use crate::town::Giver;

const GROWTH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../office/tests/office/packages/growth");

/// A portal that serves.
pub struct Town {
    pub portal: Arc<Portal>,
    address: String,
    _folder: tempfile::TempDir,
    _runtime: tokio::runtime::Runtime,
}

/// What came back.
pub struct Answer {
    pub status: u16,
    pub to: String,
    pub headers: ureq::http::HeaderMap,
    pub body: String,
}

/// A browser that has signed in.
pub struct Browser<'a> {
    town: &'a Town,
    agent: ureq::Agent,
    cookie: String,
    csrf: String,
}

impl Town {
    /// An office of 6 March 2023 that has published the package of growing firms.
    pub fn new() -> Self {
        Self::with(GROWTH)
    }

    /// An office of 6 March 2023 that has published a package.
    pub fn with(package: &str) -> Self {
        let folder = tempfile::tempdir_in(memory()).unwrap();
        let noon = Instant::start_of(Date::parse("2023-03-06").unwrap()).plus_hours(12);
        let setup = Setup::new(config(Mode::Demo), CALENDAR, Clock::at(noon)).unwrap();
        let database = database(folder.path());
        let portal = Portal::new(Office::open(&database, setup).unwrap()).unwrap();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let (ready, listens) = std::sync::mpsc::channel();
        let serving = serve(Arc::clone(&portal), "127.0.0.1:0".parse().unwrap(), move |address| {
            ready.send(address).unwrap()
        });
        runtime.spawn(serving);
        let town = Self {
            portal,
            address: format!("http://{}", listens.recv().unwrap()),
            _folder: folder,
            _runtime: runtime,
        };
        town.giver().people();
        town.giver().publish(package.parse().unwrap());
        town
    }

    /// Who gives commands here.
    pub fn giver(&self) -> Giver<'_> {
        Giver(self.portal.office())
    }

    /// Gives a command that must be accepted.
    #[track_caller]
    pub fn ok(&self, person: &str, act: impl Into<Act>) -> Value {
        self.giver().ok(person, act)
    }

    /// Sets the clock to noon of a day.
    pub fn on(&self, day: &str) {
        let noon = Instant::start_of(Date::parse(day).unwrap()).plus_hours(12);
        self.portal.office().setup().clock.set(noon);
    }

    /// Enters a firm by its facts, with an agent `agent-ID`.
    pub fn firm(&self, number: usize, facts: &Value) -> String {
        let mut facts = facts.clone();
        facts["uscc"] = json!(credit_code(number));
        self.enter(&format!("某企业 {number}"), json!({"enterprise": facts}))
    }

    /// Enters a person by their number and facts, with an agent `agent-ID`.
    pub fn person(&self, citizen: &str, facts: &Value) -> String {
        let mut facts = facts.clone();
        facts["citizen"] = json!(citizen);
        self.enter("某人", json!({"talent": facts}))
    }

    fn enter(&self, name: &str, facts: Value) -> String {
        let subject = self.giver().import(name, facts);
        let agent = format!("agent-{subject}");
        self.giver().join(&agent, &agent, Some(Role::Agent), Some(&subject));
        subject
    }

    /// A firm of which the register knows its titles and place, and nothing of revenue and hires.
    pub fn quiet_firm(&self, number: usize) -> String {
        let titles = json!([{"title": "little_giant", "granted": "2022-09-01"}]);
        self.firm(number, &json!({"titles": titles, "in_city": true, "awards": []}))
    }

    /// Opens an application.
    pub fn apply(&self, firm: &str, measure: &str) -> String {
        let (subject, measure) = (firm.to_owned(), measure.to_owned());
        let apply = Case::Apply {
            subject,
            measure,
            object: None,
            on: None,
        };
        self.ok(&format!("agent-{firm}"), apply)["case"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// Puts a row in, as if something had made it before.
    #[track_caller]
    pub fn insert<R: Record>(&self, row: &R) {
        meed_office::tx::insert(&mut self.portal.office().reader().unwrap(), row).unwrap();
    }

    /// What a query finds in its only row and column.
    #[track_caller]
    pub fn one(&self, sql: &str) -> Cell {
        self.portal.office().reader().unwrap().one(sql, &[]).unwrap().unwrap()
    }

    /// A browser in which somebody has signed in.
    pub fn browser(&self, person: &str) -> Browser<'_> {
        let agent = ureq::Agent::config_builder()
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .build();
        let mut browser = Browser {
            town: self,
            agent: agent.into(),
            cookie: String::new(),
            csrf: String::new(),
        };
        browser.get("/sign-in");
        let answer = browser.post("/sign-in/as", &[("person", person), ("next", "/")]);
        assert_eq!(answer.status, 303, "{}", answer.body);
        browser
    }
}

impl Browser<'_> {
    /// Asks for a page.
    pub fn get(&mut self, path: &str) -> Answer {
        let request = ureq::http::Request::get(format!("{}{path}", self.town.address));
        self.send(request, Vec::new())
    }

    /// Sends a form with the token of the last page that had one.
    pub fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields).append_pair("csrf", &self.csrf);
        let request = ureq::http::Request::post(format!("{}{path}", self.town.address));
        self.send(
            request.header("content-type", "application/x-www-form-urlencoded"),
            form.finish().into_bytes(),
        )
    }

    /// Sends a file for a case.
    pub fn upload(&mut self, case: &str, name: &str, bytes: &[u8]) -> Answer {
        let field = |name: &str, value: &str| {
            format!("--line\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let head = format!(
            "{}{}--line\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n",
            field("csrf", &self.csrf),
            field("case", case)
        );
        let body = [head.as_bytes(), bytes, b"\r\n--line--\r\n"].concat();
        let request = ureq::http::Request::post(format!("{}/my/documents", self.town.address));
        self.send(
            request.header("content-type", "multipart/form-data; boundary=line"),
            body,
        )
    }

    fn send(&mut self, request: ureq::http::request::Builder, body: Vec<u8>) -> Answer {
        let request = request.header("cookie", format!("{}; lang=en", self.cookie));
        let mut response = self.agent.run(request.body(body).unwrap()).unwrap();
        for set in response.headers().get_all("set-cookie") {
            let pair = set.to_str().unwrap().split(';').next().unwrap();
            if !pair.starts_with("lang=") {
                self.cookie = pair.to_owned();
            }
        }
        let headers = response.headers().clone();
        let body = response.body_mut().read_to_string().unwrap();
        if let Some((_, rest)) = body.split_once("name=\"csrf\" value=\"") {
            self.csrf = rest.split('"').next().unwrap().to_owned();
        }
        let to = headers.get("location").map_or("", |to| to.to_str().unwrap()).to_owned();
        Answer {
            status: response.status().as_u16(),
            to,
            headers,
            body,
        }
    }
}
