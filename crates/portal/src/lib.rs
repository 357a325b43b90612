//! The portal: pages and an interface for programs, over one office.
//!
//! | module | idea |
//! |---|---|
//! | [`app`] | the process: what it is set up with, its layers, serving and stopping |
//! | [`routes`] | every address there is, and for whom it is |
//! | [`access`] | who sees and does what: one module that pages and interface ask |
//! | [`posted`] | what a form sent |
//! | [`settings`] | where browsers find it, and who tells it who people are |
//! | [`guard`] | what stands between the network and the pages |
//! | [`visit`] | one request: who comes, in which language, from which page |
//! | [`signin`] | who it is: sessions, local accounts, a provider of identities |
//! | [`determined`] | determinations for pages, and what things are called |
//! | [`letters`] | what a decision tells its applicant |
//! | [`sheets`] | what stands on a letter, a certificate, a notice, the briefing, for page and PDF alike |
//! | [`metrics`] | what the process counts |
//! | [`fault`] | why there is no answer, as a page or as problem details |
//! | [`store`] | the portal's own tables, beside the office's |
//! | [`words`] | what the portal says, in Chinese and English |
//! | [`view`] | the parts that pages are made of |
//! | [`api`] | the same office for programs |
//! | [`pages`] | the screens, a folder for each kind of people |

pub mod access;
pub mod api;
pub mod app;
pub mod determined;
pub mod fault;
pub mod guard;
pub mod letters;
pub mod metrics;
pub mod pages;
pub mod posted;
pub mod routes;
pub mod settings;
pub mod sheets;
pub mod signin;
pub mod store;
pub mod view;
pub mod visit;
pub mod vocabulary;
pub mod words;
