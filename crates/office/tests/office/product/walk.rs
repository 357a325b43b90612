//! Walking from state to state in the office's own database: steps are done and undone, a savepoint before each. States of one level that were
//! reached by ways that part late stand side by side, so that little is done again between them.

use std::cell::LazyCell;
use std::collections::HashSet;
use std::ops::Range;

use meed_office::command::Act;
use meed_office::setup::Setup;
use meed_office::stop::Stop;
use meed_office::store::{Cell, Connection, StoreError};
use meed_office::tx::Tx;
use serde_json::{Value, json};

use super::acts::{self, Try};
use super::explore::{Graph, Key, Spot};
use super::laws::{self, Law, OVER, broken};
use super::picture::{Camera, Picture};
use super::place::{DAYS, Past, Place, at};
use crate::support::{day, setup};

/// How many statements stay prepared: more than there are.
const STATEMENTS: usize = 4096;

/// Small pages, of which less is undone with each step. What is remembered for undoing lies in a file (in `SQLITE_TMPDIR`): in memory it is a
/// list that is walked from its beginning, unless SQLite is built with room for all of it in one piece (`-DSQLITE_STMTJRNL_SPILL=134217728`).
const QUICK: &str = "PRAGMA journal_mode = DELETE; PRAGMA page_size = 1024; VACUUM; PRAGMA journal_mode = WAL;";

/// Somebody does something; where it is nothing, the clock goes on to the next day.
#[derive(Clone)]
pub struct Step(Option<(String, Act)>);

impl Step {
    /// Who does what.
    pub fn name(&self) -> String {
        let told = |(person, act): &(String, Act)| format!("{person} {}", act.kind());
        self.0.as_ref().map_or_else(|| "the clock".to_owned(), told)
    }

    pub fn to_json(&self) -> Value {
        json!(self.0)
    }

    pub fn from_json(json: &Value) -> Self {
        Self(serde_json::from_value(json.clone()).unwrap())
    }

    /// Who does what with what.
    pub fn text(&self) -> String {
        let told = |(person, act): &(String, Act)| format!("{person} {}", act.to_json());
        self.0.as_ref().map_or_else(String::new, told)
    }
}

/// What is found from some states of one level.
#[derive(Default)]
pub struct Found {
    /// From where, to what with which past, and whether something goes wrong by it.
    pub moves: Vec<(u32, Key, Past, bool)>,
    pub new: Vec<New>,
    pub tried: u64,
    pub done: u64,
}

/// A state that no level before has.
pub struct New {
    pub key: Key,
    pub before: u32,
    pub step: Step,
    pub spot: Spot,
    pub over: bool,
}

pub struct Walker<'a> {
    connection: Connection,
    setup: Setup,
    place: &'a Place,
    /// The log position of the first act.
    first: i64,
    camera: Camera,
    laws: Vec<Law>,
    /// The states that were passed, without the first: before each is a savepoint.
    passed: Vec<u32>,
    /// What the last of them looks like.
    picture: Picture,
    /// What others than who is followed did, after what everybody had done, without breaking a law.
    looked_at: HashSet<Key>,
    found: Found,
    /// How the new states of this level look.
    keys: HashSet<(Key, Past)>,
}

impl<'a> Walker<'a> {
    pub fn new(address: &str, place: &'a Place) -> Self {
        let mut connection = Connection::open(address).unwrap();
        connection
            .sqlite()
            .unwrap()
            .set_prepared_statement_cache_capacity(STATEMENTS);
        connection.script(QUICK).unwrap();
        connection.begin().unwrap();
        let Some(Cell::Int(seq)) = connection.one("SELECT seq FROM head", &[]).unwrap() else {
            panic!("no head")
        };
        let camera = Camera::new(&mut connection);
        Self {
            connection,
            setup: setup(DAYS[0]),
            place,
            first: seq + 1,
            camera,
            picture: Picture::default(),
            laws: laws::laws(),
            passed: Vec::new(),
            looked_at: HashSet::new(),
            found: Found::default(),
            keys: HashSet::new(),
        }
    }

    /// The state in which everything begins.
    pub fn first(&mut self) -> Found {
        self.meet(&Graph::default(), 0, Step(None), Spot::default(), None, false);
        std::mem::take(&mut self.found)
    }

    /// Takes every step from the states that are taken, some at a time; tells what is found from which first state on.
    pub fn search(&mut self, graph: &Graph, take: impl Fn() -> Option<Range<u32>>) -> Vec<(u32, Found)> {
        let mut all = Vec::new();
        while let Some(states) = take() {
            let start = states.start;
            states.for_each(|state| self.search_from(graph, state));
            all.push((start, std::mem::take(&mut self.found)));
        }
        self.keys.clear();
        all
    }

    fn search_from(&mut self, graph: &Graph, state: u32) {
        self.go_to(graph, state);
        let spot = graph.nodes[state as usize].spot;
        self.picture = self.camera.take(&mut self.connection, spot.day);
        assert!(
            self.picture.key(spot.day) == graph.key(state),
            "{:#?} leads elsewhere",
            graph.told(state)
        );
        self.write("SAVEPOINT step");
        let (tries, did) = acts::all(&mut self.connection, self.place, spot);
        let mut ids = Vec::new();
        let did = (without_ids(&did, self.first, &mut ids), ids);
        for one in tries {
            self.attempt(graph, state, spot, &one, &did);
        }
        self.write("RELEASE step");
    }

    /// Goes back to where the ways part, and from there on.
    fn go_to(&mut self, graph: &Graph, state: u32) {
        let way = graph.way(state);
        let shared = self
            .passed
            .iter()
            .zip(&way)
            .take_while(|(one, other)| one == other)
            .count();
        for _ in shared..self.passed.len() {
            self.write("ROLLBACK TO step");
            self.write("RELEASE step");
        }
        for next in &way[shared..] {
            self.write("SAVEPOINT step");
            let (spot, step) = graph.reached(*next);
            if let Step(Some((person, act))) = step {
                self.perform(spot, person, act).unwrap();
            }
        }
        self.passed = way;
    }

    /// How a state looks, and what keeps whoever is asked first from each act.
    pub fn tell(&mut self, graph: &Graph, state: u32) -> String {
        self.go_to(graph, state);
        let spot = graph.nodes[state as usize].spot;
        let mut told = self.camera.take(&mut self.connection, spot.day).to_string();
        for one in acts::all(&mut self.connection, self.place, spot).0 {
            let (Some(act), Some(person)) = (one.act, one.persons.first()) else {
                continue;
            };
            self.write("SAVEPOINT step");
            let answer = self.perform(spot, person, &act).map(drop);
            self.write("ROLLBACK TO step");
            self.write("RELEASE step");
            let step = Step(Some((person.clone(), act))).text();
            told.push_str(&format!("{answer:?} to {step:.200}\n"));
        }
        told
    }

    /// How many rows were ever written.
    fn changes(&self) -> u64 {
        self.connection.sqlite().unwrap().total_changes()
    }

    fn write(&mut self, sql: &str) {
        self.connection.run(sql, &[]).unwrap();
    }

    /// Lets each person try, as long as it is nothing but what they did that keeps them from it. What somebody else than who is followed does was
    /// lawful where it was lawful once after the same deeds: laws tell persons apart by those alone.
    fn attempt(&mut self, graph: &Graph, from: u32, spot: Spot, one: &Try, (did, ids): &(String, Vec<String>)) {
        let Some(act) = &one.act else {
            let day = spot.day + 1;
            return self.meet(graph, from, Step(None), Spot { day, ..spot }, None, false);
        };
        let mut followed = false;
        let first = self.first;
        let told = LazyCell::new(|| without_ids(&act.to_json().to_string(), first, &mut ids.clone()));
        for person in &one.persons {
            let step = || Step(Some((person.clone(), act.clone())));
            let look = followed.then(|| Key::of(&format!("{did}{person} {}", *told)));
            if look.is_some_and(|look| self.looked_at.contains(&look)) {
                continue;
            }
            let before = self.changes();
            self.found.tried += 1;
            let answer = self.perform(spot, person, act);
            match &answer {
                Ok(_) if let Some(look) = look => {
                    self.must_be_lawful(graph, from, &step());
                    self.looked_at.insert(look);
                }
                Ok(written) => {
                    let spot = Spot {
                        depth: spot.depth + 1,
                        past: self.place.after(spot.past, one.wrong),
                        ..spot
                    };
                    self.meet(graph, from, step(), spot, Some(written), one.wrong.is_some());
                    followed = true;
                }
                Err(code) => assert!(
                    !one.must,
                    "{code} is the answer to {} after {:#?}",
                    step().text(),
                    graph.told(from)
                ),
            }
            // Most acts are refused before they write.
            if self.changes() != before {
                self.write("ROLLBACK TO step");
            }
            self.found.done += u64::from(answer.is_ok());
            // Whatever else is in the way is in everybody's.
            if !followed && answer.is_err_and(|code| code != "same_person") {
                return;
            }
        }
    }

    /// Remembers the state in which the database is, and looks at it where it is new. Only some tables may have been written since the last one.
    fn meet(
        &mut self,
        graph: &Graph,
        before: u32,
        step: Step,
        spot: Spot,
        written: Option<&HashSet<String>>,
        gone_wrong: bool,
    ) {
        let picture = match written {
            Some(tables) => self
                .camera
                .retake(&mut self.connection, spot.day, &self.picture, tables),
            None => self.camera.take(&mut self.connection, spot.day),
        };
        let key = picture.key(spot.day);
        self.found.moves.push((before, key, spot.past, gone_wrong));
        if graph.find(key, spot.past).is_some() || !self.keys.insert((key, spot.past)) {
            return;
        }
        self.must_be_lawful(graph, before, &step);
        let over = !self.connection.rows(OVER, &[]).unwrap().is_empty();
        self.found.new.push(New {
            key,
            before,
            step,
            spot,
            over,
        });
    }

    fn must_be_lawful(&mut self, graph: &Graph, before: u32, step: &Step) {
        let broken = broken(&mut self.connection, &self.laws);
        assert!(
            broken.is_empty(),
            "{broken:#?} by {} after {:#?}",
            step.text(),
            graph.told(before)
        );
    }

    /// Does an act and tells which tables it wrote, or the code of the reason why not.
    fn perform(&mut self, spot: Spot, person: &str, act: &Act) -> Result<HashSet<String>, String> {
        let (today, position) = (day(DAYS[spot.day]), (0, self.first + spot.depth));
        let now = at(spot.day);
        let mut tx = Tx::new(&mut self.connection, &self.setup, now, today, person, position);
        match act.perform(&mut tx) {
            Ok(_) => Ok(written(&tx.effects())),
            Err(Stop::Denied(reason) | Stop::Undecided(reason)) => Err(reason.code.to_owned()),
            Err(Stop::Store(StoreError::Constraint(text))) => Err(text),
            Err(Stop::Store(error)) => panic!("{error}"),
        }
    }
}

/// The tables of rows, and those that the database itself writes with them.
fn written(effects: &[Value]) -> HashSet<String> {
    let table = |effect: &Value| effect["table"].as_str().unwrap().to_owned();
    let mut tables: HashSet<String> = effects.iter().map(table).collect();
    if tables.contains("posting") {
        tables.extend(["line_balance", "holding"].map(str::to_owned));
    }
    tables
}

/// A text in which ids of what came about since a log position, and digests of it, say only which are the same.
fn without_ids(text: &str, first: i64, ids: &mut Vec<String>) -> String {
    let mut told = String::with_capacity(text.len());
    for word in text.split_inclusive(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-') {
        let id = word.trim_end_matches(|letter: char| !letter.is_ascii_alphanumeric());
        let position = id.split('-').nth(1).and_then(|seq| seq.parse().ok());
        if id.len() < 64 && position.is_none_or(|seq: i64| seq < first) {
            told.push_str(word);
            continue;
        }
        let number = ids.iter().position(|one| one == id).unwrap_or_else(|| {
            ids.push(id.to_owned());
            ids.len() - 1
        });
        told.push_str(&format!("{number}{}", word.strip_prefix(id).unwrap()));
    }
    told
}
