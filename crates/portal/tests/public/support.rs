//! A small office with its web: a package in two versions, one enterprise on a public list, and one of which nothing is public.

use std::sync::OnceLock;

use meed_facts::date::Date;
use meed_facts::identifier::Kind;
use meed_office::cases::Act as Case;
use meed_office::input::PackageFiles;
use meed_office::ledger::Act as Ledger;
use meed_office::office::Office;
use meed_office::people::Role;
use meed_office::publicity::Act as List;
use meed_office::setup::{Mode, Setup};
use meed_office::time::{Clock, Instant};
use meed_portal::app::{Portal, serve};
use serde_json::{Value, json};

use crate::code::credit_code;
use crate::database::{database, memory};
use crate::given::{CALENDAR, config};
use crate::town::Giver;

/// The name of the enterprise that is on a public list. Whoever enters names may write anything.
pub const HOSTILE: &str = "<script>alert(\"x\")</script>企业";
/// The name of the enterprise of which nothing is public.
pub const HIDDEN: &str = "未公开企业";

const SMALL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../office/tests/office/packages/small");
const FIGURES: &str = include_str!("../support/figures.toml");

/// A document for persons beside those for enterprises.
const TALENT: &str = r#"---
title: { zh: 人才补贴, en: Subsidies for talent }
number: 测试〔2022〕2号
issuer: { zh: 测试局, en: Bureau of tests }
in_force: 2020-01-01..
source: official
---

## 词汇

```meed
entity Talent zh "人才" en "Talent" key citizen_id
facts of Talent from table
```

| fact       | type       | 中文         | English        | source   |
|------------|------------|--------------|----------------|----------|
| citizen_id | citizen_id | 公民身份号码 | Citizen number | registry |
| doctor     | bool       | 博士         | Doctor         | declared |

## 博士补贴

```meed
measure doctor_subsidy for Talent zh "博士补贴" en "Subsidy for doctors" {
  when { doctor: doctor }
  pay 1万 CNY
  once
  to applicant
  led by city_finance
}
```
"#;

/// A town that is served.
pub struct Town {
    /// Where, without a slash at the end.
    pub address: String,
    /// The credit code of the enterprise of which nothing is public.
    pub hidden_code: String,
    /// The number of the person who is on the public list.
    pub citizen: String,
    /// The list that is public.
    pub list: String,
    /// The case on it.
    pub case: String,
    /// The versions of the package, the older first.
    pub policies: Vec<String>,
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// What kind of text it is.
    pub kind: String,
    /// The text.
    pub body: String,
}

impl Town {
    /// The town that all tests share: none of them changes it.
    pub fn get() -> &'static Town {
        static TOWN: OnceLock<Town> = OnceLock::new();
        TOWN.get_or_init(found)
    }

    /// Asks for a page.
    pub fn page(&self, path: &str) -> Reply {
        reply(agent().get(format!("{}{path}", self.address)).call().unwrap())
    }

    /// Asks for a page that must be there, in English.
    #[track_caller]
    pub fn ok(&self, path: &str) -> String {
        let join = if path.contains('?') { '&' } else { '?' };
        let reply = self.page(&format!("{path}{join}lang=en"));
        assert_eq!(reply.status, 200, "{path}: {}", reply.body);
        assert!(reply.kind.starts_with("text/html"), "{path}: {}", reply.kind);
        reply.body
    }

    /// Sends a form that must be taken, as the browser that was given it.
    #[track_caller]
    pub fn send(&self, path: &str, fields: &[(&str, &str)]) -> String {
        let given = agent()
            .get(format!("{}/check?for=Enterprise", self.address))
            .call()
            .unwrap();
        let cookie = given.headers().get("set-cookie").unwrap().to_str().unwrap();
        let cookie = cookie.split(';').next().unwrap().to_owned();
        let form = reply(given).body;
        let token = form
            .split("name=\"csrf\" value=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap();
        let fields = [("csrf", token)].into_iter().chain(fields.iter().copied());
        let post = agent()
            .post(format!("{}{path}?lang=en", self.address))
            .header("cookie", &cookie);
        let reply = reply(post.send_form(fields).unwrap());
        assert_eq!(reply.status, 200, "{path}: {}", reply.body);
        reply.body
    }
}

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder().http_status_as_error(false).build().into()
}

fn reply(mut response: ureq::http::Response<ureq::Body>) -> Reply {
    let kind = response
        .headers()
        .get("content-type")
        .map(|kind| kind.to_str().unwrap().to_owned());
    Reply {
        status: response.status().as_u16(),
        kind: kind.unwrap_or_default(),
        body: response.body_mut().read_to_string().unwrap(),
    }
}

fn found() -> Town {
    let folder = Box::leak(Box::new(tempfile::tempdir_in(memory()).unwrap()));
    let address = database(folder.path());
    let clock = Clock::at(Instant::start_of(Date::parse("2023-02-20").unwrap()).plus_hours(12));
    let office = Office::open(&address, Setup::new(config(Mode::Demo), CALENDAR, clock).unwrap()).unwrap();
    let give = Filling(Giver(&office));
    give.0.people();
    let policies = vec![give.publish("1"), give.publish("2")];
    give.money();
    let code = credit_code(2);
    let public = give.enter(HOSTILE, &credit_code(1));
    give.enter(HIDDEN, &code);
    let citizen = citizen_number();
    let person = give.enter_person("张某", &citizen);
    let cases = [
        give.propose(&public, "design_centre_reward"),
        give.propose(&person, "doctor_subsidy"),
    ];
    let list = give.list(&cases);
    let [case, _] = cases;
    Town {
        address: served(office),
        hidden_code: code,
        citizen,
        list,
        case,
        policies,
    }
}

fn served(office: Office) -> String {
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let ready = move |at| tell.send(format!("http://{at}")).unwrap();
        runtime
            .block_on(serve(
                Portal::new(office).unwrap(),
                "127.0.0.1:0".parse().unwrap(),
                ready,
            ))
            .unwrap();
    });
    told.recv().unwrap()
}

/// A citizen number that is none of anybody's: nobody was born in 1800.
fn citizen_number() -> String {
    let numbers = "0123456789X".chars().map(|end| format!("23010218000101123{end}"));
    numbers
        .into_iter()
        .find(|number| Kind::CitizenId.check(number, None).is_ok())
        .unwrap()
}

/// Fills the town.
struct Filling<'a>(Giver<'a>);

impl Filling<'_> {
    fn publish(&self, version: &str) -> String {
        let mut files: PackageFiles = SMALL.parse().unwrap();
        let manifest = files.0.get_mut("meed.toml").unwrap();
        *manifest = manifest.replace("version = \"1\"", &format!("version = \"{version}\""));
        let rules = files.0.get_mut("rules.md").unwrap();
        if version != "1" {
            *rules = rules.replace("一次性奖励50万元。", "一次性奖励50万元整。<img src=x>");
        }
        files.0.insert("talent.md".to_owned(), TALENT.to_owned());
        files.0.insert("briefing.toml".to_owned(), FIGURES.to_owned());
        self.0.publish(files)
    }

    fn money(&self) {
        let open = Ledger::Open {
            payer: "city_finance".to_owned(),
            fund: None,
            year: 2023,
        };
        let line = self.0.made("budget", open, "line");
        let (amount, basis) = ("5000000.00".parse().unwrap(), "预算批复".to_owned());
        self.0.ok("budget", Ledger::Appropriate { line, amount, basis });
    }

    fn enter(&self, name: &str, code: &str) -> String {
        let titles = json!([{"title": "design_centre", "level": "municipal", "granted": "2023-01-10"}]);
        let titles = if name == HOSTILE { titles } else { json!([]) };
        let facts =
            json!({"enterprise": {"uscc": code, "design_staff": 12, "breach": false, "titles": titles, "awards": []}});
        self.import(name, facts)
    }

    fn enter_person(&self, name: &str, number: &str) -> String {
        self.import(
            name,
            json!({"talent": {"citizen_id": number, "doctor": true, "awards": []}}),
        )
    }

    fn import(&self, name: &str, facts: Value) -> String {
        let subject = self.0.import(name, facts);
        let agent = format!("agent-{subject}");
        self.0.join(&agent, &agent, Some(Role::Agent), Some(&subject));
        subject
    }

    /// Takes an offer to a proposal.
    fn propose(&self, subject: &str, measure: &str) -> String {
        let offer = Case::Offer {
            subject: subject.to_owned(),
            measure: measure.to_owned(),
            object: None,
            on: None,
        };
        let case = self.0.made("machine", offer, "case");
        self.0
            .ok(&format!("agent-{subject}"), Case::Accept { case: case.clone() });
        let propose = Case::Propose {
            case: case.clone(),
            amount: None,
        };
        self.0.ok("officer", propose);
        case
    }

    /// Makes proposed cases public.
    fn list(&self, cases: &[String]) -> String {
        let freeze = List::Freeze {
            cases: cases.to_vec(),
            days: None,
        };
        let frozen = self.0.ok("officer", freeze);
        let text = |name: &str| frozen[name].as_str().unwrap().to_owned();
        let publish = List::Publish {
            list: text("list"),
            version: 1,
            hash: text("hash"),
        };
        self.0.ok("officer", publish);
        text("list")
    }
}
