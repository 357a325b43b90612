//! Where one command works: it reads rows, writes rows, moves money, and everything it wrote is remembered for the log.

use std::fmt::Write as _;

use meed_facts::date::Date;
use meed_facts::money::Money;
use serde_json::{Value, json};

use crate::ledger::{Account, End, Posting};
use crate::log;
use crate::machine::{Ruled, State};
use crate::office::Setup;
use crate::stop::{Answer, Stop};
use crate::store::{Cell, Connection, Key, Record, StoreError};
use crate::time::Instant;

/// One command's transaction.
pub struct Tx<'a> {
    connection: &'a mut Connection,
    /// The office's setup: mode, calendar, packages.
    pub setup: &'a Setup,
    /// When the command happens.
    pub at: Instant,
    /// Its day in Shanghai.
    pub today: Date,
    /// Who gives it.
    pub person: String,
    /// The log entry that it will have.
    pub seq: i64,
    /// How often the office was restored from a backup before it.
    pub epoch: i64,
    effects: Vec<Value>,
    postings: i64,
    events: i64,
    made: i64,
}

impl<'a> Tx<'a> {
    /// A command's place in a transaction that has begun.
    pub fn new(
        connection: &'a mut Connection,
        setup: &'a Setup,
        at: Instant,
        today: Date,
        person: &str,
        (epoch, seq): (i64, i64),
    ) -> Self {
        Self {
            connection,
            setup,
            at,
            today,
            person: person.to_owned(),
            seq,
            epoch,
            effects: Vec::new(),
            postings: 0,
            events: 0,
            made: 0,
        }
    }

    /// A place for reading alone, at the end of the log: nothing written here is kept.
    ///
    /// # Errors
    /// Where the database fails.
    pub fn reading(connection: &'a mut Connection, setup: &'a Setup) -> Answer<Self> {
        let head = connection.rows("SELECT seq, at, epoch FROM head WHERE one = 1", &[])?;
        let [Cell::Int(seq), Cell::Int(at), Cell::Int(epoch)] = head.first().map_or(&[][..], Vec::as_slice) else {
            return Err(StoreError::Unreadable("the log has no head".to_owned()).into());
        };
        let at = setup.clock.now().max(Instant::from_milliseconds(*at));
        let today = at
            .date()
            .ok_or_else(|| StoreError::Failed("the clock stands outside the calendar".to_owned()))?;
        let position = (*epoch, seq.saturating_add(1));
        Ok(Self::new(connection, setup, at, today, "", position))
    }

    /// What is read of one state of the database, whatever others write meanwhile.
    ///
    /// # Errors
    /// Where the database fails, or what is read says so.
    pub fn snapshot<T>(
        connection: &mut Connection,
        setup: &Setup,
        read: impl FnOnce(&mut Tx<'_>) -> Answer<T>,
    ) -> Answer<T> {
        connection.reading(|connection| read(&mut Tx::reading(connection, setup)?))?
    }

    /// What was written, for the log.
    pub fn effects(self) -> Vec<Value> {
        self.effects
    }

    /// An id that nothing else has: the kind's letters, the log position, and a number within it. After a restore the log's positions come
    /// again, and what stood there before may be known outside, to a bank or an applicant; so the epoch is in front.
    pub fn id(&mut self, kind: &str) -> String {
        self.made = self.made.saturating_add(1);
        match self.epoch {
            0 => format!("{kind}-{}-{}", self.seq, self.made),
            epoch => format!("{kind}-{epoch}.{}-{}", self.seq, self.made),
        }
    }

    /// The row with a key; `None` where there is none.
    pub fn find<R: Record>(&mut self, key: impl Key) -> Answer<Option<R>> {
        let found = self.rows::<R>(&keyed(R::KEY, 1), &key.cells())?;
        Ok(found.into_iter().next())
    }

    /// The row with a key.
    ///
    /// # Errors
    /// Denied where there is none.
    pub fn get<R: Record>(&mut self, key: impl Key) -> Answer<R> {
        let cells = key.cells();
        let told = cells.iter().map(told).collect::<Vec<_>>().join("/");
        self.find::<R>(cells)?.ok_or_else(|| Stop::absent(R::TABLE, &told))
    }

    /// The rows for which a condition in SQL holds (`state = $1 ORDER BY id`), in the order it gives.
    pub fn rows<R: Record>(&mut self, condition: &str, arguments: &[Cell]) -> Answer<Vec<R>> {
        Ok(select(self.connection, condition, arguments)?)
    }

    /// Whether any row meets a condition.
    pub fn any<R: Record>(&mut self, condition: &str, arguments: &[Cell]) -> Answer<bool> {
        let sql = format!("SELECT 1 FROM \"{}\" WHERE {condition} LIMIT 1", R::TABLE);
        Ok(self.connection.one(&sql, arguments)?.is_some())
    }

    /// The rows of a query that is no record's.
    pub fn query(&mut self, sql: &str, arguments: &[Cell]) -> Answer<Vec<Vec<Cell>>> {
        Ok(self.connection.rows(sql, arguments)?)
    }

    /// A whole number from a query: a count or a sum; 0 where it finds nothing.
    pub fn number(&mut self, sql: &str, arguments: &[Cell]) -> Answer<i64> {
        match self.connection.one(sql, arguments)? {
            Some(Cell::Int(number)) => Ok(number),
            _ => Ok(0),
        }
    }

    /// Adds a row.
    pub fn insert<R: Record>(&mut self, record: &R) -> Answer<()> {
        insert(self.connection, record)?;
        self.wrote(record, None);
        Ok(())
    }

    /// Writes a row that is there already.
    pub fn update<R: Record>(&mut self, record: &R) -> Answer<()> {
        self.write(record, None)
    }

    /// Moves a row to a state, writing its other columns too.
    ///
    /// # Errors
    /// Denied where its machine has no such move.
    pub fn step<R: Ruled>(&mut self, record: &mut R, to: R::State) -> Answer<()> {
        let (from, event) = (record.state().name(), leads(record, to)?);
        record.set_state(to);
        self.write(record, Some((event, from, to.name())))
    }

    fn write<R: Record>(&mut self, record: &R, moved: Option<(&str, &str, &str)>) -> Answer<()> {
        let cells = record.cells();
        let mut sql = format!("UPDATE \"{}\" SET ", R::TABLE);
        for (index, column) in R::COLUMNS.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            let _ = write!(sql, "{comma}{column} = ${}", index.saturating_add(1));
        }
        let _ = write!(sql, " WHERE {}", keyed(R::KEY, cells.len().saturating_add(1)));
        let arguments: Vec<Cell> = cells.into_iter().chain(record.key()).collect();
        if self.connection.run(&sql, &arguments)? != 1 {
            let key = record.key().iter().map(told).collect::<Vec<_>>().join("/");
            return Err(Stop::absent(R::TABLE, &key));
        }
        self.wrote(record, moved);
        Ok(())
    }

    fn wrote<R: Record>(&mut self, record: &R, moved: Option<(&str, &str, &str)>) {
        let mut effect = effect(record);
        if let (Some((event, from, to)), Some(object)) = (moved, effect.as_object_mut()) {
            object.insert("event".to_owned(), event.into());
            object.insert("from".to_owned(), from.into());
            object.insert("to".to_owned(), to.into());
        }
        self.effects.push(effect);
    }

    /// Moves money of a line from one account to another. Nothing is moved where the amount is zero.
    ///
    /// # Errors
    /// Denied where an account would become negative: the database refuses.
    pub fn post(
        &mut self,
        line: &str,
        to: End,
        from: End,
        amount: Money,
        cause: &str,
        link: Option<&str>,
    ) -> Answer<()> {
        if amount.is_zero() {
            return Ok(());
        }
        self.postings = self.postings.saturating_add(1);
        let posting = Posting {
            seq: self.seq,
            i: self.postings,
            line: line.to_owned(),
            to_account: to.account().to_owned(),
            to_holder: to.holder(),
            from_account: from.account().to_owned(),
            from_holder: from.holder(),
            amount,
            cause: cause.to_owned(),
            link: link.map(str::to_owned),
        };
        match self.insert(&posting) {
            Err(Stop::Store(StoreError::Constraint(_))) if from != End::Outside => Err(short(line, &from, amount)),
            other => other,
        }?;
        if let Some(object) = self.effects.last_mut().and_then(Value::as_object_mut) {
            object.insert(
                "posting".to_owned(),
                Value::Object(log::row(Posting::COLUMNS, &posting.cells())),
            );
        }
        Ok(())
    }

    /// What an account of a holder in a line holds.
    pub fn held(&mut self, line: &str, holder: &str, account: Account) -> Answer<Money> {
        let sql = format!("SELECT {account} FROM holding WHERE line = $1 AND holder = $2");
        let found = self.number(&sql, &[line.into(), holder.into()])?;
        Ok(Money::from_minor(found.into(), crate::store::CURRENCY))
    }

    /// Tells others, once the command is durable.
    pub fn tell(&mut self, kind: &str, target: &str, body: &Value) -> Answer<()> {
        self.events = self.events.saturating_add(1);
        let event = crate::command::Event {
            seq: self.seq,
            i: self.events,
            kind: kind.to_owned(),
            target: target.to_owned(),
            body: body.clone(),
        };
        self.insert(&event)
    }
}

/// Adds a row that the log does not list: the log's own, or one of a table that is not the office's.
pub fn insert<R: Record>(connection: &mut Connection, record: &R) -> Result<(), StoreError> {
    let places: Vec<String> = (1..=R::COLUMNS.len()).map(|index| format!("${index}")).collect();
    let (columns, places) = (R::COLUMNS.join(", "), places.join(", "));
    let sql = format!("INSERT INTO \"{}\" ({columns}) VALUES ({places})", R::TABLE);
    connection.run(&sql, &record.cells()).map(drop)
}

/// Rows by condition, for whoever only reads.
pub fn select<R: Record>(
    connection: &mut Connection,
    condition: &str,
    arguments: &[Cell],
) -> Result<Vec<R>, StoreError> {
    let sql = format!(
        "SELECT {} FROM \"{}\" WHERE {condition}",
        R::COLUMNS.join(", "),
        R::TABLE
    );
    connection
        .rows(&sql, arguments)?
        .iter()
        .map(|cells| R::from_cells(cells))
        .collect()
}

/// The event by which a row's machine leads to a state. What asks for values of its own, or for a second key, asks for this first.
///
/// # Errors
/// Denied where its machine has no such move from where it is.
pub fn leads<R: Ruled>(record: &R, to: R::State) -> Answer<&'static str> {
    let (machine, from) = (<R::State as State>::MACHINE, record.state().name());
    machine.event(from, to.name()).ok_or_else(|| {
        let key = record.key().iter().map(told).collect::<Vec<_>>().join("/");
        let table = machine.table;
        Stop::denied(
            "not_now",
            format!("{table} {key} is `{from}`, from which `{}` is not reached", to.name()),
            format!("{table} {key} 处于 `{from}`，不能变为 `{}`", to.name()),
        )
    })
}

/// That a row stands as it is now, as the log keeps it.
pub(crate) fn effect<R: Record>(record: &R) -> Value {
    let key: Vec<Value> = record.key().iter().map(Cell::to_json).collect();
    let digest = log::digest(R::COLUMNS, &record.cells());
    json!({"table": R::TABLE, "key": key, "digest": digest})
}

fn keyed(columns: &[&str], first: usize) -> String {
    let equal = |(index, column): (usize, &&str)| format!("{column} = ${}", index.saturating_add(first));
    columns.iter().enumerate().map(equal).collect::<Vec<_>>().join(" AND ")
}

fn told(cell: &Cell) -> String {
    match cell {
        Cell::Null => String::new(),
        Cell::Int(number) => number.to_string(),
        Cell::Text(text) => text.clone(),
    }
}

fn short(line: &str, from: &End, amount: Money) -> Stop {
    let account = from.account();
    Stop::denied(
        "no_money",
        format!("line {line} has less than {amount} in `{account}`"),
        format!("预算线 {line} 的 `{account}` 不足 {amount}"),
    )
}
