//! The search: acts are done in the office's own database and undone again, until no state is new.

use std::collections::{BTreeMap, HashMap, VecDeque};

use meed_office::command::Act;
use meed_office::setup::Setup;
use meed_office::stop::Stop;
use meed_office::store::{Cell, Connection, StoreError};
use meed_office::time::Instant;
use meed_office::tx::Tx;

use super::acts::{self, Try};
use super::laws::{self, Law, OVER, broken};
use super::picture;
use super::place::{DAYS, Place};
use crate::support::day;

/// What of the bank's misdeeds has happened: each happens once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Used {
    /// A file of which nobody knows whether it arrived.
    pub lost: bool,
    /// An instruction that the bank refused or never executed.
    pub refused: bool,
    /// Money that came back.
    pub returned: bool,
}

impl Used {
    /// How much has happened.
    pub fn count(self) -> i64 {
        [self.lost, self.refused, self.returned].map(i64::from).iter().sum()
    }
}

/// Where the search stands, beside the database.
#[derive(Clone, Copy, Debug)]
pub struct Spot {
    pub day: usize,
    pub used: Used,
    /// How many acts lie behind: the log position of the next.
    depth: i64,
}

impl Spot {
    /// Noon of its day.
    fn at(self) -> Instant {
        Instant::start_of(day(DAYS[self.day])).plus_hours(12)
    }
}

/// A state.
struct Node {
    over: bool,
    /// The acts that lead on, by number, and where.
    next: Vec<(u16, u32)>,
}

/// What was found.
pub struct Graph {
    nodes: Vec<Node>,
    known: HashMap<String, u32>,
    names: BTreeMap<String, u16>,
    /// How many acts were tried, and how many were done.
    pub tried: u64,
    pub done: u64,
}

pub struct Search<'a> {
    connection: Connection,
    setup: Setup,
    place: &'a Place,
    first: i64,
    queries: Vec<String>,
    laws: Vec<Law>,
    path: Vec<String>,
    graph: Graph,
}

impl<'a> Search<'a> {
    pub fn new(address: &str, setup: Setup, place: &'a Place) -> Self {
        let mut connection = Connection::open(address).unwrap();
        connection.begin().unwrap();
        let Some(Cell::Int(seq)) = connection.one("SELECT seq FROM head", &[]).unwrap() else {
            panic!("no head")
        };
        let (nodes, known, names) = (Vec::new(), HashMap::new(), BTreeMap::new());
        Self {
            connection,
            setup,
            place,
            first: seq + 1,
            queries: picture::queries(),
            laws: laws::laws(),
            path: Vec::new(),
            graph: Graph {
                nodes,
                known,
                names,
                tried: 0,
                done: 0,
            },
        }
    }

    /// Goes wherever the office can go.
    pub fn run(mut self) -> Graph {
        let spot = Spot {
            day: 0,
            used: Used::default(),
            depth: 0,
        };
        self.meet(spot);
        self.graph
    }

    /// The number of the state in which the database is; a new one is searched on.
    fn meet(&mut self, spot: Spot) -> u32 {
        let picture = format!(
            "{} {:?}\n{}",
            spot.day,
            spot.used,
            picture::take(&mut self.connection, &self.queries, spot.at())
        );
        if let Some(known) = self.graph.known.get(&picture) {
            return *known;
        }
        let number = u32::try_from(self.graph.nodes.len()).unwrap();
        self.graph.known.insert(picture, number);
        self.must_be_lawful();
        let over = !self.connection.rows(OVER, &[]).unwrap().is_empty();
        self.graph.nodes.push(Node { over, next: Vec::new() });
        for one in acts::all(&mut self.connection, self.place, spot) {
            self.go(number, spot, &one);
        }
        number
    }

    fn must_be_lawful(&mut self) {
        let broken = broken(&mut self.connection, &self.laws);
        assert!(broken.is_empty(), "{broken:#?} after {:#?}", self.path);
    }

    fn go(&mut self, from: u32, spot: Spot, one: &Try) {
        let Some(act) = &one.act else {
            self.path.push("the clock".to_owned());
            let to = self.meet(Spot {
                day: spot.day + 1,
                ..spot
            });
            self.path.pop();
            return self.graph.join(from, "the clock", to);
        };
        let mut followed = false;
        for person in &one.persons {
            self.path.push(format!("{person} {}", act.kind()));
            self.connection.script("SAVEPOINT act").unwrap();
            let answer = self.perform(spot, person, act);
            match &answer {
                Ok(()) if followed => self.must_be_lawful(),
                Ok(()) => {
                    let depth = spot.depth + 1;
                    let to = self.meet(Spot {
                        used: one.used,
                        depth,
                        ..spot
                    });
                    self.graph.join(from, self.path.last().unwrap(), to);
                    followed = true;
                }
                Err(code) => assert!(!one.bank, "{code} is the answer to {:#?}", self.path),
            }
            self.connection.script("ROLLBACK TO act; RELEASE act").unwrap();
            self.path.pop();
            // Whatever else is in the way is in everybody's.
            if !followed && answer.is_err_and(|code| code != "same_person") {
                return;
            }
        }
    }

    /// Does an act, or tells the code of the reason why not.
    fn perform(&mut self, spot: Spot, person: &str, act: &Act) -> Result<(), String> {
        self.graph.tried += 1;
        let (today, position) = (day(DAYS[spot.day]), (0, self.first + spot.depth));
        let mut tx = Tx::new(&mut self.connection, &self.setup, spot.at(), today, person, position);
        match act.perform(&mut tx) {
            Ok(_) => self.graph.done += 1,
            Err(Stop::Denied(reason) | Stop::Undecided(reason)) => return Err(reason.code.to_owned()),
            Err(Stop::Store(StoreError::Constraint(text))) => return Err(text),
            Err(Stop::Store(error)) => panic!("{error}"),
        }
        Ok(())
    }
}

impl Graph {
    fn join(&mut self, from: u32, name: &str, to: u32) {
        let new = u16::try_from(self.names.len()).unwrap();
        let name = *self.names.entry(name.to_owned()).or_insert(new);
        let next = &mut self.nodes[from as usize].next;
        if from != to && !next.contains(&(name, to)) {
            next.push((name, to));
        }
    }

    pub fn states(&self) -> usize {
        self.nodes.len()
    }

    pub fn moves(&self) -> usize {
        self.nodes.iter().map(|node| node.next.len()).sum()
    }

    pub fn ends(&self) -> usize {
        self.nodes.iter().filter(|node| node.over).count()
    }

    /// The states from which no end is reached.
    pub fn dead(&self) -> Vec<usize> {
        let mut before = vec![Vec::new(); self.nodes.len()];
        for (from, node) in self.nodes.iter().enumerate() {
            node.next.iter().for_each(|(_, to)| before[*to as usize].push(from));
        }
        let mut ends: Vec<bool> = self.nodes.iter().map(|node| node.over).collect();
        let mut open: Vec<usize> = (0..ends.len()).filter(|node| ends[*node]).collect();
        while let Some(node) = open.pop() {
            for from in &before[node] {
                if !std::mem::replace(&mut ends[*from], true) {
                    open.push(*from);
                }
            }
        }
        (0..ends.len()).filter(|node| !ends[*node]).collect()
    }

    /// The shortest way to a state, and what it looks like.
    pub fn way(&self, to: usize) -> (Vec<&str>, &str) {
        let names: BTreeMap<u16, &str> = self
            .names
            .iter()
            .map(|(name, number)| (*number, name.as_str()))
            .collect();
        let mut came: Vec<Option<(usize, u16)>> = vec![None; self.nodes.len()];
        let mut open = VecDeque::from([0]);
        while let Some(node) = open.pop_front() {
            for (name, next) in &self.nodes[node].next {
                let next = *next as usize;
                if next != 0 && came[next].is_none() {
                    came[next] = Some((node, *name));
                    open.push_back(next);
                }
            }
        }
        let mut way = Vec::new();
        let mut node = to;
        while let Some((before, name)) = came[node] {
            way.push(names[&name]);
            node = before;
        }
        way.reverse();
        let picture = self.known.iter().find(|(_, number)| **number as usize == to).unwrap().0;
        (way, picture)
    }
}
