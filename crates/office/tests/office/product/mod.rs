//! One award in every way that it can go: two payers and two instalments, a year's end, five persons who may do everything, and what goes
//! wrong: objections, files of which nobody knows whether they arrived, refusals of the bank, returns, a recovery, an appeal.
//!
//! Nothing is modelled: the office's own acts are done in its own database and undone, from every state that is new, until none is.
//! `MEED_EVENTS` says what goes wrong (`return,recovery`, or `all` that does); nothing does without it. Each does as often as it can on one way;
//! with `MEED_ONCE`, once. `MEED_THREADS` is how many search, `MEED_KEEP` a file from which an interrupted search goes on.

mod acts;
mod aftermath;
pub mod bank;
mod explore;
mod laws;
mod picture;
mod place;
mod walk;

use crate::support::{folder, times};
use explore::Graph;
use walk::Walker;

#[test]
fn every_way_of_an_award_has_an_end_and_none_goes_around_approval_publicity_or_two_keys() {
    let folder = folder();
    let file = |number| folder.path().join(format!("office{number}.db"));
    let address = |number| format!("sqlite:{}", file(number).display());
    let place = place::prepare(&address(0));
    let walker = |number| {
        if number > 0 {
            std::fs::copy(file(0), file(number)).unwrap();
        }
        Walker::new(&address(number), &place)
    };
    // The office that the others are copies of is opened last.
    let mut walkers: Vec<Walker<'_>> = (0..times("MEED_THREADS", 1)).rev().map(walker).collect();
    let graph = Graph::explore(&mut walkers);
    println!(
        "{} states, {} of them different to look at, {} moves, {} ends; {} acts tried, {} done",
        graph.nodes.len(),
        graph.looks(),
        graph.moves(),
        graph.ends(),
        graph.tried,
        graph.done
    );
    let dead = graph.dead();
    if let Some(nearest) = dead.first() {
        let (way, state) = (graph.told(*nearest), walkers[0].tell(&graph, *nearest));
        panic!("{} dead ends, the nearest: {way:#?}\n{state}", dead.len());
    }
}
