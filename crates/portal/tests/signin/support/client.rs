//! A portal that serves, and a browser that goes there.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use meed_office::office::Office;
use meed_office::people::{Duty, Person, Role};
use meed_office::setup::{Mode, Setup};
use meed_office::time::Clock;
use meed_office::tx::insert;
use meed_portal::app::{Portal, serve};
use meed_portal::settings::Gate;

use super::given::{CALENDAR, config};
use super::memory;

/// A portal that serves, with the officers `wang` and `li` in its office.
pub struct Web {
    pub portal: Arc<Portal>,
    pub address: SocketAddr,
    _folder: tempfile::TempDir,
    _runtime: tokio::runtime::Runtime,
}

/// A portal of an office.
pub fn portal(mode: Mode, gate: Gate) -> (Arc<Portal>, tempfile::TempDir) {
    let folder = tempfile::tempdir_in(memory()).unwrap();
    let setup = Setup::new(config(mode), CALENDAR, Clock::System).unwrap();
    let database = format!("sqlite:{}", folder.path().join("office.db").display());
    let office = Office::open(&database, setup).unwrap();
    let mut connection = office.reader().unwrap();
    let text = str::to_owned;
    for id in ["wang", "li"] {
        let person = Person {
            id: text(id),
            name: format!("<{id}>"),
            bureau: text("市工信局"),
            salt: text("0"),
        };
        insert(&mut connection, &person).unwrap();
        let duty = Duty {
            person: text(id),
            role: Role::Officer,
            scope: String::new(),
            since: meed_facts::date::Date::parse("2020-01-01").unwrap(),
            until: None,
        };
        insert(&mut connection, &duty).unwrap();
    }
    (Portal::behind(office, gate).unwrap(), folder)
}

/// Serves a portal.
pub fn web(mode: Mode, gate: Gate) -> Web {
    let (portal, folder) = portal(mode, gate);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (ready, listens) = std::sync::mpsc::channel();
    let serving = serve(Arc::clone(&portal), "127.0.0.1:0".parse().unwrap(), move |address| {
        ready.send(address).unwrap();
    });
    runtime.spawn(serving);
    let address = listens.recv().unwrap();
    Web {
        portal,
        address,
        _folder: folder,
        _runtime: runtime,
    }
}

/// What came back.
pub struct Answer {
    pub status: u16,
    pub headers: BTreeMap<String, String>,
    pub body: String,
}

impl Answer {
    /// A header, or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}

/// A browser at the portal. It follows nothing by itself.
pub struct Client<'a> {
    web: &'a Web,
    agent: ureq::Agent,
    /// Name → value.
    pub cookies: BTreeMap<String, String>,
    /// The token of the last form that it saw.
    pub csrf: String,
    /// Headers that it sends besides.
    pub says: Vec<(&'static str, String)>,
}

impl Web {
    /// A browser that was never here.
    pub fn client(&self) -> Client<'_> {
        let agent = ureq::Agent::config_builder()
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            // What is refused unread ends its connection.
            .max_idle_connections(0)
            .build();
        Client {
            web: self,
            agent: agent.into(),
            cookies: BTreeMap::new(),
            csrf: String::new(),
            says: vec![("user-agent", "Firefox".to_owned())],
        }
    }
}

impl Client<'_> {
    /// Asks for a page.
    pub fn get(&mut self, path: &str) -> Answer {
        let request = ureq::http::Request::get(format!("http://{}{path}", self.web.address));
        self.send(request, String::new())
    }

    /// Sends a form with the token of the last one that was seen.
    pub fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields).append_pair("csrf", &self.csrf);
        let kind = "application/x-www-form-urlencoded";
        self.post_as(path, kind, form.finish())
    }

    /// Sends something of a kind.
    pub fn post_as(&mut self, path: &str, kind: &str, body: String) -> Answer {
        let request =
            ureq::http::Request::post(format!("http://{}{path}", self.web.address)).header("content-type", kind);
        self.send(request, body)
    }

    fn send(&mut self, mut request: ureq::http::request::Builder, body: String) -> Answer {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        if !cookies.is_empty() {
            request = request.header("cookie", cookies.join("; "));
        }
        for (name, value) in &self.says {
            request = request.header(*name, value);
        }
        let mut response = self.agent.run(request.body(body).unwrap()).unwrap();
        for cookie in response.headers().get_all("set-cookie") {
            let (name, value) = cookie
                .to_str()
                .unwrap()
                .split(';')
                .next()
                .unwrap()
                .split_once('=')
                .unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        let header = |(name, value): (&ureq::http::HeaderName, &ureq::http::HeaderValue)| {
            (name.to_string(), value.to_str().unwrap().to_owned())
        };
        let headers = response.headers().iter().map(header).collect();
        let body = response.body_mut().read_to_string().unwrap();
        if let Some((_, rest)) = body.split_once("name=\"csrf\" value=\"") {
            self.csrf = rest.split('"').next().unwrap().to_owned();
        }
        Answer {
            status: response.status().as_u16(),
            headers,
            body,
        }
    }
}
