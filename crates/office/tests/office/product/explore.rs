//! The search, breadth-first: level by level, until no state is new. What stays in memory of a state is how it was first reached; how it looks
//! is known by a hash of 128 bits, so that two of ten million states are taken for one with a probability below 10^-24.

mod kept;

use std::collections::HashMap;
use std::ops::Range;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use sha2::{Digest, Sha256};

use super::place::Past;
use super::walk::{Found, Step, Walker};

/// How many states a walker takes at a time: neighbours, which share most of their way.
const SHARE: u32 = 500;

/// Where a state stands, beside the database.
#[derive(Clone, Copy, Debug, Default)]
pub struct Spot {
    pub day: usize,
    /// How many acts lie behind: the log position of the next.
    pub depth: i64,
    pub past: Past,
}

/// By what a state is known.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Key(u128);

impl Key {
    pub fn of(picture: &str) -> Self {
        let hash = Sha256::digest(picture);
        Self(u128::from_be_bytes(hash[..16].try_into().unwrap()))
    }
}

/// A state.
pub struct Node {
    pub spot: Spot,
    /// From where it was first reached
    before: u32,
    /// and by which of the steps.
    step: u32,
    over: bool,
}

/// How one state leads to another.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Move {
    to: u32,
    from: u32,
    /// Whether something goes wrong by it.
    wrong: bool,
}

/// What was found.
#[derive(Default)]
pub struct Graph {
    pub nodes: Vec<Node>,
    keys: Vec<Key>,
    /// The states that look the same; more than one where other things went wrong before.
    known: HashMap<Key, Vec<u32>>,
    moves: Vec<Move>,
    steps: Vec<Step>,
    numbers: HashMap<String, u32>,
    /// How many acts were tried, and how many were done.
    pub tried: u64,
    pub done: u64,
}

impl Graph {
    /// Goes wherever the office can go, one walker a thread.
    pub fn explore(walkers: &mut [Walker<'_>]) -> Self {
        let (mut graph, next) = kept::found().unwrap_or_else(|| (Self::begun(&mut walkers[0]), 0));
        let mut level = next..graph.size();
        while !level.is_empty() {
            let found = graph.search(walkers, level.clone());
            found.into_iter().for_each(|one| graph.add(one));
            level = level.end..graph.size();
            kept::keep(&graph, level.start);
            println!("{} states, {} of them to be searched", graph.nodes.len(), level.len());
        }
        graph.moves.retain(|one| one.from != one.to);
        graph.moves.sort_unstable();
        graph.moves.dedup();
        graph
    }

    fn begun(walker: &mut Walker<'_>) -> Self {
        let mut graph = Self::default();
        graph.add(walker.first());
        graph
    }

    fn size(&self) -> u32 {
        u32::try_from(self.nodes.len()).unwrap()
    }

    /// Each walker takes the next few states until none is left; what is found comes in the states' order, whoever found it.
    fn search(&self, walkers: &mut [Walker<'_>], level: Range<u32>) -> Vec<Found> {
        let next = AtomicU32::new(level.start);
        let take = || {
            let start = next.fetch_add(SHARE, Ordering::Relaxed);
            (start < level.end).then(|| start..level.end.min(start + SHARE))
        };
        let take = &take;
        let mut found = thread::scope(|scope| {
            let running: Vec<_> = walkers
                .iter_mut()
                .map(|walker| scope.spawn(move || walker.search(self, take)))
                .collect();
            running
                .into_iter()
                .flat_map(|one| one.join().unwrap())
                .collect::<Vec<_>>()
        });
        found.sort_by_key(|(start, _)| *start);
        found.into_iter().map(|(_, one)| one).collect()
    }

    fn add(&mut self, found: Found) {
        for new in found.new {
            if self.find(new.key, new.spot.past).is_some() {
                continue;
            }
            let number = self.size();
            self.known.entry(new.key).or_default().push(number);
            let (spot, before, over) = (new.spot, new.before, new.over);
            let step = self.number(new.step);
            self.keys.push(new.key);
            self.nodes.push(Node {
                spot,
                before,
                step,
                over,
            });
        }
        for (from, key, past, wrong) in found.moves {
            let to = self.find(key, past).unwrap();
            self.moves.push(Move { to, from, wrong });
        }
        self.tried += found.tried;
        self.done += found.done;
    }

    /// Most states are reached by steps that lead to others too.
    fn number(&mut self, step: Step) -> u32 {
        let new = u32::try_from(self.steps.len()).unwrap();
        let number = *self.numbers.entry(step.text()).or_insert(new);
        if number == new {
            self.steps.push(step);
        }
        number
    }

    /// By what a state is known.
    pub fn key(&self, node: u32) -> Key {
        self.keys[node as usize]
    }

    /// A state that looks so and from which everything may still go wrong that may after this: where it leads is where this does.
    pub fn find(&self, key: Key, past: Past) -> Option<u32> {
        let before = |node: &&u32| self.nodes[**node as usize].spot.past.within(past);
        self.known.get(&key)?.iter().find(before).copied()
    }

    /// How many of the states look different.
    pub fn looks(&self) -> usize {
        self.known.len()
    }

    pub fn moves(&self) -> usize {
        self.moves.len()
    }

    pub fn ends(&self) -> usize {
        self.nodes.iter().filter(|node| node.over).count()
    }

    /// The states from which no end is reached unless something more goes wrong, the nearest to the beginning first.
    pub fn dead(&self) -> Vec<u32> {
        let mut ends: Vec<bool> = self.nodes.iter().map(|node| node.over).collect();
        let all = 0..self.size();
        let mut open: Vec<u32> = all.clone().filter(|node| ends[*node as usize]).collect();
        while let Some(node) = open.pop() {
            let start = self.moves.partition_point(|one| one.to < node);
            let into = self.moves[start..].iter().take_while(|one| one.to == node);
            for one in into.filter(|one| !one.wrong) {
                if !std::mem::replace(&mut ends[one.from as usize], true) {
                    open.push(one.from);
                }
            }
        }
        all.filter(|node| !ends[*node as usize]).collect()
    }

    /// The states on the shortest way to a state, without the first.
    pub fn way(&self, to: u32) -> Vec<u32> {
        let mut way = Vec::new();
        let mut node = to;
        while node != 0 {
            way.push(node);
            node = self.nodes[node as usize].before;
        }
        way.reverse();
        way
    }

    /// From where a state was first reached, and by which step.
    pub fn reached(&self, node: u32) -> (Spot, &Step) {
        let node = &self.nodes[node as usize];
        (self.nodes[node.before as usize].spot, &self.steps[node.step as usize])
    }

    /// The steps to a state.
    pub fn told(&self, node: u32) -> Vec<String> {
        self.way(node)
            .into_iter()
            .map(|node| self.reached(node).1.name())
            .collect()
    }
}
