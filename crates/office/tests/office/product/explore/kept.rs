//! A search that takes hours is kept: `MEED_KEEP` names a file to which each level is written, and from which it goes on.

use std::fs::{File, rename};
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::PathBuf;
use std::sync::LazyLock;

use meed_office::log::sha256;
use serde_json::{Value, json};

use super::{Graph, Key, Move, Node, Spot};
use crate::product::place::Past;
use crate::product::walk::Step;

fn place() -> Option<PathBuf> {
    std::env::var_os("MEED_KEEP").map(PathBuf::from)
}

/// What is searched: by which program, and what goes wrong. What another program found says nothing about this one.
static SEARCH: LazyLock<Value> = LazyLock::new(|| {
    let program = std::fs::read(std::env::current_exe().unwrap()).unwrap();
    let given = |name| std::env::var(name).ok();
    json!({"program": sha256(&program), "events": given("MEED_EVENTS"), "once": given("MEED_ONCE")})
});

/// Keeps what was found, and from which state on nothing was searched.
pub fn keep(graph: &Graph, next: u32) {
    let Some(place) = place() else { return };
    let new = place.with_extension("new");
    let mut file = BufWriter::new(File::create(&new).unwrap());
    let head = json!({
        "search": *SEARCH,
        "next": next,
        "tried": graph.tried,
        "done": graph.done,
        "states": graph.nodes.len(),
        "steps": graph.steps.iter().map(Step::to_json).collect::<Vec<_>>(),
    });
    writeln!(file, "{head}").unwrap();
    for (node, key) in graph.nodes.iter().zip(&graph.keys) {
        file.write_all(&key.0.to_le_bytes()).unwrap();
        let depth = u32::try_from(node.spot.depth).unwrap();
        let day = u32::try_from(node.spot.day).unwrap();
        let past = node.spot.past.0.into();
        words(&mut file, [day, depth, past, node.before, node.step, node.over.into()]);
    }
    for one in &graph.moves {
        words(&mut file, [one.to, one.from, one.wrong.into()]);
    }
    file.flush().unwrap();
    rename(new, place).unwrap();
}

/// What was kept of the same search.
pub fn found() -> Option<(Graph, u32)> {
    let mut file = BufReader::new(File::open(place()?).ok()?);
    let mut head = String::new();
    file.read_line(&mut head).unwrap();
    let head: Value = serde_json::from_str(&head).unwrap();
    assert_eq!(
        head["search"], *SEARCH,
        "MEED_KEEP is of another search; name another file"
    );
    let number = |name: &str| head[name].as_u64().unwrap();
    let mut graph = Graph {
        tried: number("tried"),
        done: number("done"),
        ..Graph::default()
    };
    for step in head["steps"].as_array().unwrap() {
        graph.number(Step::from_json(step));
    }
    for node in 0..u32::try_from(number("states")).unwrap() {
        let mut key = [0; 16];
        file.read_exact(&mut key).unwrap();
        let key = Key(u128::from_le_bytes(key));
        graph.known.entry(key).or_default().push(node);
        graph.keys.push(key);
        let [day, depth, past, before, step, over] = read(&mut file).unwrap();
        graph.nodes.push(Node {
            spot: Spot {
                day: day as usize,
                depth: depth.into(),
                past: Past(u8::try_from(past).unwrap()),
            },
            before,
            step,
            over: over > 0,
        });
    }
    while let Some([to, from, wrong]) = read(&mut file) {
        graph.moves.push(Move {
            to,
            from,
            wrong: wrong > 0,
        });
    }
    Some((graph, u32::try_from(number("next")).unwrap()))
}

fn words<const N: usize>(file: &mut impl Write, words: [u32; N]) {
    for word in words {
        file.write_all(&word.to_le_bytes()).unwrap();
    }
}

fn read<const N: usize>(file: &mut impl Read) -> Option<[u32; N]> {
    let mut words = [0; N];
    for word in &mut words {
        let mut bytes = [0; 4];
        file.read_exact(&mut bytes).ok()?;
        *word = u32::from_le_bytes(bytes);
    }
    Some(words)
}
