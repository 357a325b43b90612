//! One award in every way that it can go: two payers and two instalments, one objection, one time-out, one refusal of the bank, one
//! return, one recovery, one appeal and one year's end, and five persons who may do everything.
//!
//! Nothing is modelled: the office's own acts are done in its own database and undone, from every state that is new, until none is.

mod acts;
mod aftermath;
pub mod bank;
mod explore;
mod laws;
mod picture;
mod place;

use crate::support::{folder, setup};
use explore::Search;

/// The search goes as deep as its longest path.
const STACK: usize = 4 << 30;

#[test]
fn every_way_of_an_award_has_an_end_and_none_goes_around_approval_publicity_or_two_keys() {
    let search = || {
        let folder = folder();
        let address = format!("sqlite:{}", folder.path().join("office.db").display());
        let place = place::prepare(&address);
        Search::new(&address, setup(place::DAYS[0]), &place).run()
    };
    let graph = std::thread::Builder::new()
        .stack_size(STACK)
        .spawn(search)
        .unwrap()
        .join()
        .unwrap();
    println!(
        "{} states, {} moves, {} ends; {} acts tried, {} done",
        graph.states(),
        graph.moves(),
        graph.ends(),
        graph.tried,
        graph.done
    );
    let dead = graph.dead();
    let shortest = dead
        .iter()
        .map(|node| graph.way(*node))
        .min_by_key(|(way, _)| way.len());
    assert!(
        shortest.is_none(),
        "{} dead ends, the nearest: {:#?}",
        dead.len(),
        shortest
    );
}
