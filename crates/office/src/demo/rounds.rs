//! The demonstration's rounds: one finished, one public, with the scores of its reviewers; and reviews that are under way.

use std::ops::Range;

use meed_rules::program::{Fund, Program};

use crate::cases::Act as Case;
use crate::command::Command;
use crate::ledger::Act as Ledger;
use crate::log::{salt, sha256};
use crate::policies::{program, published};
use crate::publicity::Act as List;
use crate::reviews::Act as Review;
use crate::rounds::{Act as Round, Contested};
use crate::stop::{Answer, Stop};
use crate::tx::Tx;

use super::{Demo, DemoError, Result, day, pairs, text, yuan};

/// Of those whose R&D is known to be a million or more, from which to which one applies in a round.
const FIRST: Range<usize> = 0..8;
const SECOND: Range<usize> = 4..11;
const SPENDERS: &str = "SELECT DISTINCT subject, subject FROM fact WHERE path = '/rd_expense/2022' AND length(value) > 11 ORDER BY subject LIMIT 11";

/// Who reviews.
const POOL: [&str; 2] = ["zhao", "qian"];

/// What reviewers say, in turn.
const SCORES: [(&str, &str); 5] = [
    ("86.5", "技术路线清楚，中试条件具备"),
    ("91", "产业化前景好"),
    ("78", "预算说明不够详细"),
    ("83.5", "团队稳定，进度可行"),
    ("74.5", "市场论证偏弱"),
];

/// A fund, and the first measure that it covers.
pub(super) struct Funded {
    fund: String,
    measure: String,
}

/// A round that is under way, and its cases.
pub(super) struct UnderWay {
    round: String,
    cases: Vec<String>,
}

impl Demo<'_> {
    /// The funds of this year, with money on their lines.
    pub(super) fn funds(&self) -> Result<Vec<Funded>> {
        let mut reader = self.reader()?;
        let funds = Tx::reading(&mut reader, self.office.setup())
            .and_then(|mut tx| funds(&mut tx))
            .map_err(failed)?;
        for one in &funds {
            let (payer, fund) = (self.office.setup().config.payer.clone(), Some(one.fund.clone()));
            let year = 2023;
            let line = self.made("yu", Ledger::Open { payer, fund, year }, "line")?;
            let (amount, basis) = (yuan("3000000"), "2023年专项资金预算".to_owned());
            self.ok("yu", Ledger::Appropriate { line, amount, basis })?;
        }
        Ok(funds)
    }

    /// The round of the first fund: its applications are in, and examined.
    pub(super) fn first_round(&self, funds: &[Funded]) -> Result<Option<UnderWay>> {
        let Some(fund) = funds.first() else { return Ok(None) };
        let mut under_way = self.opened(fund, Contested::Wait, 0, "2023-01-17")?;
        for subject in self.spenders(FIRST)? {
            self.applies(&mut under_way, &subject, |case| Case::Verify { case })?;
        }
        Ok(Some(under_way))
    }

    /// The first round is shared out, public, settled, approved and finished.
    pub(super) fn finished(&self, under_way: Option<UnderWay>) -> Result<()> {
        let Some(UnderWay { round, cases }) = under_way else {
            return Ok(());
        };
        self.shared_out(&round)?;
        self.on("2023-02-06");
        self.ok("wang", Round::Settle { round: round.clone() })?;
        for case in cases {
            self.ok("zheng", Case::Approve { case })?;
        }
        self.ok("wang", Round::Finish { round }).map(drop)
    }

    /// The round of the second fund: reviewed, shared out, and public on the demonstration's day.
    pub(super) fn second_round(&self, funds: &[Funded]) -> Result<()> {
        let Some(fund) = funds.get(1) else { return Ok(()) };
        let mut under_way = self.opened(fund, Contested::HoldBack, 2, "2023-02-15")?;
        for subject in self.spenders(SECOND)? {
            self.applies(&mut under_way, &subject, |case| Case::Review { case })?;
        }
        for (number, (review, reviewer)) in self.drawn(&under_way.cases)?.into_iter().enumerate() {
            self.scored(number, &review, &reviewer)?;
        }
        for case in under_way.cases {
            self.ok("wang", Review::Finish { case })?;
        }
        self.on("2023-02-17");
        self.shared_out(&under_way.round)
    }

    /// Reviews of the applications for titles: one reviewer has spoken, the other not yet.
    pub(super) fn under_review(&self) -> Result<()> {
        let sql = "SELECT id, id FROM \"case\" WHERE state = 'in_review' AND round IS NULL ORDER BY id";
        let cases: Vec<String> = pairs(&self.reader()?.rows(sql, &[])?)?
            .into_iter()
            .map(|(id, _)| id)
            .collect();
        if cases.is_empty() {
            return Ok(());
        }
        for (number, (review, reviewer)) in self.drawn(&cases)?.into_iter().enumerate() {
            match POOL.iter().position(|one| *one == reviewer) {
                Some(0) => self.scored(number, &review, &reviewer)?,
                _ if number < POOL.len() => self.ok(&reviewer, Review::Accept { review }).map(drop)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn spenders(&self, range: Range<usize>) -> Result<Vec<String>> {
        let found = pairs(&self.reader()?.rows(SPENDERS, &[])?)?;
        Ok(found
            .into_iter()
            .map(|(subject, _)| subject)
            .skip(range.start)
            .take(range.len())
            .collect())
    }

    fn opened(&self, fund: &Funded, contested: Contested, reviews: u16, closes: &str) -> Result<UnderWay> {
        let plan = Round::Plan {
            measure: fund.measure.clone(),
            payer: None,
            contested,
            reviews,
            on: None,
            closes: day(closes)?,
        };
        let round = self.made("wang", plan, "round")?;
        self.ok("wang", Round::Open { round: round.clone() })?;
        let cases = Vec::new();
        Ok(UnderWay { round, cases })
    }

    /// One application to a round, examined; whoever does not meet the criteria withdraws.
    fn applies(&self, to: &mut UnderWay, subject: &str, then: impl Fn(String) -> Case) -> Result<()> {
        let agent = self.agent(subject)?;
        let apply = Round::Apply {
            round: to.round.clone(),
            subject: subject.to_owned(),
            object: None,
        };
        let case = self.made(&agent, apply, "case")?;
        let id = || case.clone();
        self.ok(&agent, Case::Submit { case: id() })?;
        self.ok("wang", Case::Examine { case: id() })?;
        self.ok("wang", Case::Admit { case: id() })?;
        let verify = Command::new(salt()?, "wang", Case::Verify { case: id() });
        if self.office.consider(verify)?.accepted().is_some() {
            self.ok("wang", then(id()))?;
            to.cases.push(case);
        } else {
            self.ok(&agent, Case::Withdraw { case })?;
        }
        Ok(())
    }

    /// A round is closed and shared out, and its list is public.
    fn shared_out(&self, round: &str) -> Result<()> {
        let round = || round.to_owned();
        self.ok("wang", Round::Close { round: round() })?;
        let chosen = None;
        let frozen = self.ok("wang", Round::Ration { round: round(), chosen })?;
        let (list, hash) = (text(&frozen, "list"), text(&frozen, "hash"));
        let version = 1;
        self.ok("wang", List::Publish { list, version, hash }).map(drop)
    }

    /// Every reviewer of the pool is drawn for each of these cases: review and reviewer.
    fn drawn(&self, cases: &[String]) -> Result<Vec<(String, String)>> {
        let seed = salt()?;
        let commit = Review::Commit {
            cases: cases.to_vec(),
            pool: POOL.map(str::to_owned).to_vec(),
            each: 2,
            commitment: sha256(seed.as_bytes()),
        };
        let draw = self.made("wang", commit, "draw")?;
        let found = self.ok("wang", Review::Draw { draw, seed })?;
        let drawn = found.get("drawn").and_then(serde_json::Value::as_array);
        let pair = |one| (text(one, "review"), text(one, "reviewer"));
        Ok(drawn.into_iter().flatten().map(pair).collect())
    }

    fn scored(&self, number: usize, review: &str, reviewer: &str) -> Result<()> {
        let review = || review.to_owned();
        self.ok(reviewer, Review::Accept { review: review() })?;
        let (points, note) = SCORES.iter().cycle().nth(number).copied().unwrap_or(("80", ""));
        if let Ok(score) = points.parse() {
            let (review, note) = (review(), note.to_owned());
            self.ok(reviewer, Review::Score { review, score, note })?;
        }
        self.ok(reviewer, Review::Submit { review: review() }).map(drop)
    }
}

/// The funds of the published packages.
fn funds(tx: &mut Tx<'_>) -> Answer<Vec<Funded>> {
    let today = tx.today;
    let mut found = Vec::new();
    for policy in published(tx)? {
        let program = program(tx, &policy, today)?;
        found.extend(program.funds.iter().filter_map(|fund| funded(&program, fund)));
    }
    Ok(found)
}

fn funded(program: &Program, fund: &Fund) -> Option<Funded> {
    let measure = &program.measures[*fund.covers.first()?];
    Some(Funded {
        fund: fund.named.name.to_string(),
        measure: measure.named.name.to_string(),
    })
}

fn failed(stop: Stop) -> DemoError {
    match stop {
        Stop::Store(error) => error.into(),
        Stop::Denied(reason) | Stop::Undecided(reason) => {
            let (person, act) = ("wang".to_owned(), "round.plan".to_owned());
            let reason = reason.message.en;
            DemoError::Refused { person, act, reason }
        }
    }
}
