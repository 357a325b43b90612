//! Banks: what an instruction, its answers and a statement are, and the files they travel in.
//!
//! Pure functions and data: no database, no network, no clock.
//!
//! ```
//! use meed_facts::date::Date;
//! use meed_office::time::Instant;
//! use meed_office::bank::{Adapter, FileHash, Form, InstructionId, MessageId, Mode, Order, Party, PaymentFile};
//!
//! let payer = Party::new("哈尔滨市科学技术局", "3500040109008888888", "102261000018")?;
//! let payee = Party::new("哈尔滨某某科技有限公司", "6222021234567890123", "105261000042")?;
//! let id = InstructionId::new(Mode::Demo, "harbin", "award-7/1", 1);
//! let order = Order::new(id, 50_000_000, payee, "2026 年研发补助")?;
//!
//! let message = MessageId::new(Mode::Demo, "20260305-1")?;
//! let day = Date::new(2026, 3, 6).unwrap();
//! let file = PaymentFile::new(message, Instant::start_of(day), day, payer, vec![order])?;
//! assert_eq!((file.count(), file.sum()), (1, 50_000_000));
//!
//! let adapter = Adapter::new(Form::Iso20022, Mode::Demo);
//! let bytes = adapter.write(&file)?;
//! println!("two keys release {}", FileHash::of(&bytes));
//! assert_eq!(adapter.read(&bytes)?, file);
//! // The adapter of another mode refuses it.
//! assert!(Adapter::new(Form::Iso20022, Mode::Live).read(&bytes).is_err());
//! # Ok::<(), meed_office::bank::Violation>(())
//! ```

mod adapter;
mod amount;
mod answer;
mod csv;
mod file;
mod id;
mod instant;
pub mod iso;
mod mode;
mod order;
pub mod simulator;
mod statement;
mod violation;

pub use adapter::{Adapter, Form};
pub use answer::{Answer, Code, Line, Reply, Report, Status};
pub use file::{MOST_BYTES, MOST_ORDERS, PaymentFile};
pub use id::{EvidenceId, FileHash, InstructionId, MessageId};
pub use iso::validate::validate;
pub use mode::Mode;
pub use order::{BankCode, Order, Party};
pub use statement::{Direction, Entry, Kind, Notice, Stage, Statement, Told};
pub use violation::{Fault, Limit, Place, Violation};
