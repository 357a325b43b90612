//! Walking from state to state in the office's own database: steps are done and undone, a savepoint before each. States of one level that were
//! reached by ways that part late stand side by side, so that little is done again between them.

use std::collections::HashSet;
use std::ops::Range;

use meed_office::command::Act;
use meed_office::setup::Setup;
use meed_office::stop::Stop;
use meed_office::store::{Cell, Connection, StoreError};
use meed_office::time::Instant;
use meed_office::tx::Tx;
use serde_json::{Value, json};

use super::acts::{self, Try};
use super::explore::{Graph, Key, Spot};
use super::laws::{self, Law, OVER, broken};
use super::picture;
use super::place::{DAYS, Place};
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

/// What is found from the states of one level.
#[derive(Default)]
pub struct Found {
    /// From where, to what, and whether something goes wrong by it.
    pub moves: Vec<(u32, Key, bool)>,
    pub new: Vec<New>,
    keys: HashSet<Key>,
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
    queries: Vec<String>,
    laws: Vec<Law>,
    /// The states that were passed, without the first: before each is a savepoint.
    passed: Vec<u32>,
    found: Found,
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
        Self {
            connection,
            setup: setup(DAYS[0]),
            place,
            first: seq + 1,
            queries: picture::queries(),
            laws: laws::laws(),
            passed: Vec::new(),
            found: Found::default(),
        }
    }

    /// The state in which everything begins.
    pub fn first(&mut self) -> Found {
        self.meet(&Graph::default(), 0, Step(None), Spot::default(), false);
        std::mem::take(&mut self.found)
    }

    /// Takes every step from some states.
    pub fn search(&mut self, graph: &Graph, states: Range<u32>) -> Found {
        for state in states {
            self.go_to(graph, state);
            let spot = graph.nodes[state as usize].spot;
            self.write("SAVEPOINT step");
            for one in acts::all(&mut self.connection, self.place, spot) {
                self.attempt(graph, state, spot, &one);
            }
            self.write("RELEASE step");
        }
        std::mem::take(&mut self.found)
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

    /// How many rows were ever written.
    fn changes(&self) -> u64 {
        self.connection.sqlite().unwrap().total_changes()
    }

    fn write(&mut self, sql: &str) {
        self.connection.run(sql, &[]).unwrap();
    }

    fn attempt(&mut self, graph: &Graph, from: u32, spot: Spot, one: &Try) {
        let Some(act) = &one.act else {
            let day = spot.day + 1;
            return self.meet(graph, from, Step(None), Spot { day, ..spot }, false);
        };
        let mut followed = false;
        for person in &one.persons {
            let before = self.changes();
            self.found.tried += 1;
            let answer = self.perform(spot, person, act);
            let step = || Step(Some((person.clone(), act.clone())));
            match &answer {
                Ok(()) if followed => self.must_be_lawful(graph, from, &step()),
                Ok(()) => {
                    let depth = spot.depth + 1;
                    self.meet(graph, from, step(), Spot { depth, ..spot }, one.wrong);
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

    /// Remembers the state in which the database is, and looks at it where it is new.
    fn meet(&mut self, graph: &Graph, before: u32, step: Step, spot: Spot, gone_wrong: bool) {
        let rest = picture::take(&mut self.connection, &self.queries, at(spot));
        let key = Key::of(&format!("{}\n{rest}", spot.day));
        self.found.moves.push((before, key, gone_wrong));
        if graph.knows(key) || !self.found.keys.insert(key) {
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

    /// Does an act, or tells the code of the reason why not.
    fn perform(&mut self, spot: Spot, person: &str, act: &Act) -> Result<(), String> {
        let (today, position) = (day(DAYS[spot.day]), (0, self.first + spot.depth));
        let mut tx = Tx::new(&mut self.connection, &self.setup, at(spot), today, person, position);
        match act.perform(&mut tx) {
            Ok(_) => Ok(()),
            Err(Stop::Denied(reason) | Stop::Undecided(reason)) => Err(reason.code.to_owned()),
            Err(Stop::Store(StoreError::Constraint(text))) => Err(text),
            Err(Stop::Store(error)) => panic!("{error}"),
        }
    }
}

/// Noon of a day.
fn at(spot: Spot) -> Instant {
    Instant::start_of(day(DAYS[spot.day])).plus_hours(12)
}
