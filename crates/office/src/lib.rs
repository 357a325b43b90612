//! The office: from a determination to a paid yuan, with nothing lost, nothing paid twice, and every step provable.
//!
//! | module | idea |
//! |---|---|
//! | [`store`] | two databases, one behaviour; constraints and triggers that hold whoever writes |
//! | [`mod@machine`] | the states of everything, and the moves between them |
//! | [`command`] | what a person asks for, done once, logged, in one transaction |
//! | [`log`] | one gapless stream of entries, each bound to the one before |
//! | [`tx`] | where one command reads, writes and moves money |
//! | [`people`] | who may act, and who may not because of what they did before |
//! | [`register`] | applicants, and what is known about them since when |
//! | [`policies`], [`programs`] | versions of packages; their Programs |
//! | [`cases`] | offers and applications, their examination and their decisions |
//! | [`matching`] | what the rules give whom, found without anybody asking |
//! | [`reviews`] | reviewers drawn by a committed seed, blind until all have spoken |
//! | [`rounds`] | applications that share one fund |
//! | [`publicity`] | frozen lists, and what is said against their rows |
//! | [`awards`] | what a decision gives, instalment by instalment |
//! | [`titles`] | recognitions over their life: reviewed, renewed, to rectify, revoked, lapsed |
//! | [`ledger`] | budget lines, and money that moves within one by postings with two ends |
//! | [`payments`] | accounts, instructions, batches, statements, differences |
//! | [`years`] | the end of a budget year, and the beginning of the next |
//! | [`aftermath`] | holds, recoveries, offsets, late facts, appeals |
//! | [`timers`] | what days alone bring, each given once |
//! | [`services`] | what is given without money: asked for, and answered within days |
//! | [`briefing`] | figures for the public, opened to the rows behind them |
//! | [`evidence`] | decisions made again; all that belongs to a case, to be checked elsewhere |
//! | [`demo`] | a populated office for demonstrations |
//! | [`bank`] | the files that go to a bank and come back, and a bank that misbehaves |
//! | [`office`], [`setup`], [`mod@file`] | the office as a process has it, and what it is set up with |

pub mod aftermath;
pub mod awards;
pub mod bank;
pub mod briefing;
pub mod cases;
pub mod command;
pub mod demo;
pub mod evidence;
pub mod file;
pub mod input;
pub mod ledger;
pub mod log;
pub mod machine;
pub mod matching;
pub mod office;
pub mod payments;
pub mod people;
pub mod policies;
pub mod programs;
pub mod publicity;
pub mod register;
pub mod reviews;
pub mod rounds;
pub mod services;
pub mod setup;
pub mod stop;
pub mod store;
pub mod time;
pub mod timers;
pub mod titles;
pub mod tx;
pub mod years;
