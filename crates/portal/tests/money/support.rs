//! A small office in which two design centres were paid their rewards, and somebody who looks at its pages.

use std::sync::Arc;

use axum::Extension;
use axum::body::{Body, to_bytes};
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::http::{Request, StatusCode};
use meed_facts::date::Date;
use meed_facts::label::Lang;
use meed_office::command::{Act, Command};
use meed_office::demo::populate;
use meed_office::input::{Json, PackageFiles};
use meed_office::office::Office;
use meed_office::people::Role;
use meed_office::setup::{Mode, Setup};
use meed_office::store::{Cell, Field};
use meed_office::time::{Clock, Instant};
use meed_portal::access::Viewer;
use meed_portal::app::Portal;
use meed_portal::fault::Fault;
use meed_portal::routes::router;
use meed_portal::visit::{Page, Visit};
use meed_portal::words::Words;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::code::credit_code;
use crate::database::{database, memory};
use crate::given::{CALENDAR, config};

const SMALL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../office/tests/office/packages/small");

/// The number with which every account of the demonstration begins.
pub const ACCOUNT: &str = "62220800000";

/// A portal over a small office.
pub struct Bench {
    pub portal: Arc<Portal>,
    _folder: tempfile::TempDir,
}

/// What came back.
pub struct Answer {
    pub status: StatusCode,
    /// A page without its frame, or the bytes of a file.
    pub body: Vec<u8>,
    pub fault: Option<Fault>,
    /// Where it leads.
    pub to: String,
}

impl Answer {
    /// The page.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}

/// The office, made anew: the reward of two applicants is paid.
pub fn bench() -> Bench {
    let folder = tempfile::tempdir_in(memory()).unwrap();
    let clock = Clock::at(Instant::start_of(day("2022-12-05")));
    let setup = Setup::new(config(Mode::Demo), CALENDAR, clock).unwrap();
    let address = database(folder.path());
    let office = Office::open(&address, setup).unwrap();
    let files: PackageFiles = SMALL.parse().unwrap();
    let scenario = json!({"package": {"digest": files.digest()}, "cost": {"least": "1000000.00"}});
    let report = Json(json!({"scenarios": [scenario], "facts": {"rows": "2", "digest": "sha256:rows"}}));
    populate(&office, files, report, (1..=2).map(centre), day("2023-02-23")).unwrap();
    Bench {
        portal: Portal::new(office).unwrap(),
        _folder: folder,
    }
}

impl Bench {
    /// What somebody with duties gets at an address.
    pub fn get(&self, person: &str, duties: &[(Role, &str)], path: &str) -> Answer {
        let request = Request::get(path).body(Body::empty()).unwrap();
        self.answer(person, duties, path, request)
    }

    /// What comes of a form of somebody with a role for everything.
    pub fn post(&self, role: Role, path: &str, fields: &str) -> Answer {
        let kind = "application/x-www-form-urlencoded";
        let request = Request::post(path).header(CONTENT_TYPE, kind);
        let request = request.body(Body::from(fields.to_owned())).unwrap();
        self.answer(person(role), &[(role, "")], path, request)
    }

    fn answer(&self, person: &str, duties: &[(Role, &str)], path: &str, request: Request<Body>) -> Answer {
        let visit = Visit {
            program: None,
            viewer: Viewer {
                person: Some(person.to_owned()),
                name: person.to_owned(),
                duties: duties
                    .iter()
                    .map(|(role, scope)| (*role, (*scope).to_owned()))
                    .collect(),
            },
            words: Words::new(Lang::En),
            csrf: "token".to_owned(),
            stepped_up: true,
            uri: path.parse().unwrap(),
            demo: true,
            prints: false,
        };
        let web = router().layer(Extension(visit)).with_state(Arc::clone(&self.portal));
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let mut response = web.oneshot(request).await.unwrap();
            let fault = response.extensions_mut().remove::<Fault>();
            let page = response.extensions_mut().remove::<Page>();
            let status = response.status();
            let to = response
                .headers()
                .get(LOCATION)
                .map(|to| to.to_str().unwrap().to_owned());
            let body = match page {
                Some(page) => page.body.into_string().into_bytes(),
                None => to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec(),
            };
            Answer {
                status,
                body,
                fault,
                to: to.unwrap_or_default(),
            }
        })
    }

    /// Gives a command as somebody of the demonstration who has a role; it is accepted.
    pub fn give(&self, role: Role, act: impl Into<Act>) {
        let id = meed_office::log::salt().unwrap();
        let outcome = self
            .portal
            .office()
            .submit(Command::new(id, person(role), act))
            .unwrap();
        assert!(outcome.accepted().is_some(), "{outcome:?}");
    }

    /// A page that somebody with a role for everything may see.
    pub fn page(&self, role: Role, path: &str) -> String {
        let answer = self.get(person(role), &[(role, "")], path);
        assert_eq!(answer.status, StatusCode::OK, "{path}: {:?}", answer.fault);
        answer.text().to_owned()
    }

    /// The one text that a query finds.
    pub fn text(&self, sql: &str, arguments: &[Cell]) -> String {
        let found = self.portal.office().reader().unwrap().one(sql, arguments).unwrap();
        String::from_cell(&found.unwrap()).unwrap()
    }
}

/// Who has a role in the demonstration.
fn person(role: Role) -> &'static str {
    let mut staff = meed_office::demo::STAFF.iter();
    staff.find(|(.., roles)| roles.contains(&role)).unwrap().0
}

fn centre(number: usize) -> Value {
    json!({"enterprise": {
        "uscc": credit_code(number), "design_staff": 12, "breach": false, "awards": [],
        "titles": [{"title": "design_centre", "level": "municipal", "granted": "2022-11-01"}],
    }})
}

fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}
