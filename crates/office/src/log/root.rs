//! The root of a day: what somebody else keeps, on paper or under a time stamp, so that the log cannot be made anew.

use meed_facts::date::Date;
use meed_facts::json::canonical;
use serde_json::{Value, json};

use super::ORIGIN;
use crate::store::{Cell, Connection, StoreError};
use crate::time::Instant;

/// The log as it was at the end of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root {
    /// The day, in Shanghai.
    pub date: Date,
    /// The last entry by then; 0 where there was none.
    pub seq: i64,
    /// Its hash.
    pub hash: String,
    /// How many entries there were.
    pub count: i64,
}

/// The root of a day. That of a day which is not over is good too: it binds what happened so far.
///
/// # Errors
/// Where the database fails.
pub fn root(connection: &mut Connection, day: Date) -> Result<Root, StoreError> {
    let end = Instant::start_of(day).plus_hours(24);
    let sql = "SELECT seq, hash, (SELECT count(*) FROM log AS before WHERE before.seq <= log.seq) FROM log \
               WHERE at < $1 ORDER BY seq DESC LIMIT 1";
    let found = connection.rows(sql, &[Cell::from(&end)])?;
    let (seq, hash, count) = match found.first().map(Vec::as_slice) {
        Some([Cell::Int(seq), Cell::Text(hash), Cell::Int(count)]) => (*seq, hash.clone(), *count),
        _ => (0, ORIGIN.to_owned(), 0),
    };
    Ok(Root {
        date: day,
        seq,
        hash,
        count,
    })
}

impl Root {
    /// The root as canonical JSON: what is printed, kept or stamped.
    pub fn to_text(&self) -> String {
        canonical(&json!({
            "date": self.date.to_string(),
            "seq": self.seq.to_string(),
            "hash": self.hash,
            "count": self.count.to_string(),
        }))
    }

    /// Reads what [`Root::to_text`] wrote.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn parse(text: &str) -> Result<Self, String> {
        let json: Value = serde_json::from_str(text).map_err(|error| format!("a root is JSON: {error}"))?;
        let field = |name: &str| {
            let found = json.get(name).and_then(Value::as_str);
            found.ok_or_else(|| format!("the root has no text `{name}`"))
        };
        let number = |name: &str| {
            let number = field(name)?.parse::<i64>();
            number.map_err(|_| format!("`{name}` of the root is no number"))
        };
        Ok(Self {
            date: Date::parse(field("date")?).map_err(|error| error.to_string())?,
            seq: number("seq")?,
            hash: field("hash")?.to_owned(),
            count: number("count")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_root_is_read_as_it_was_written() {
        let root = Root {
            date: Date::parse("2023-02-23").unwrap(),
            seq: 7,
            hash: ORIGIN.to_owned(),
            count: 7,
        };
        assert_eq!(Root::parse(&root.to_text()), Ok(root));
        assert!(Root::parse(r#"{"date":"2023-02-23","seq":"7","hash":"00"}"#).is_err());
        assert!(Root::parse("7").is_err());
    }
}
