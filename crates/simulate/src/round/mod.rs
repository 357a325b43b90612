//! What is decided among all applicants: funds shared out, and values that only one line may have (`semantics.md` §7).
//!
//! Determining an applicant leaves an entry for each line that a fund pays or of which something must be unique; when all are determined, the entries are sorted and gone
//! through, in memory that does not grow with their number. What comes out depends on the entries alone, never on their order.
//!
//! | module | idea |
//! |---|---|
//! | `entry` | what a determination leaves to the round |
//! | `sort` | records in order, in files where they are many |
//! | `decide` | unique keys compared, funds shared out |
//! | `tables` | the tables of the round |

mod decide;
mod entry;
mod sort;
mod tables;

pub use decide::{FundTotals, decide};
pub use entry::{Contest, Entry};
pub use sort::{Line, Sorted, Sorter, read};
pub use tables::{RoundTable, Sums, fund_cells, fund_columns, write_funds};
