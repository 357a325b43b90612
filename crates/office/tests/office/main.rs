//! The office on both databases: what must hold for the people who use it.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "what cannot be set up fails its test"
)]

mod appeals;
mod applications;
mod children;
mod commands;
mod concurrency;
mod consideration;
mod crash;
mod declare;
mod evidence;
mod external;
mod forms;
mod holds;
mod imports;
mod instalments;
mod late_facts;
mod machines;
mod matching;
mod obligations;
mod offsets;
mod payments;
mod product;
mod publicity;
mod queue;
mod recovery;
mod reviews;
mod rounds;
mod seen;
mod server;
mod services;
mod staff;
mod stories;
mod support;
mod tamper;
mod timers;
mod titles;
mod verify;
mod walks;
mod years;
