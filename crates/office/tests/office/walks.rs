//! Rounds at random: whatever is struck, cut or withdrawn, the shares are those of the claims that are left, and the line balances all the way.

use meed_engine::awards::amount::Amount;
use meed_engine::round::{Claim, Rule, ration};
use meed_office::cases::Act as Case;
use meed_office::publicity::Remedy;
use meed_office::rounds::Contested;

use crate::support::round::{approve, in_yuan, uphold};
use crate::support::{Bench, city::credit_code, folder};

/// Numbers that look random and are the same every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }
}

/// A row: its case, its applicant's number, and its claim in fen; nothing once it is gone.
struct Row {
    case: String,
    number: usize,
    claim: Option<i64>,
}

/// What the rows must get of a fund.
fn expected(fund: i64, rows: &[Row]) -> Vec<String> {
    let claim = |row: &Row| {
        Claim::new(
            &credit_code(row.number),
            None,
            Amount::exact(row.claim.unwrap_or(0).into()),
        )
    };
    let claims: Vec<Claim> = rows.iter().map(claim).collect();
    let shares = ration(&Rule::ProRata, Amount::exact(fund.into()), &claims);
    let fen = shares
        .iter()
        .map(|share| i64::try_from(share.amount.value().unwrap()).unwrap());
    fen.map(in_yuan).collect()
}

fn balances(bench: &Bench, line: &str, fund: i64) {
    let accounts = bench.accounts(line);
    assert!(accounts.iter().all(|fen| *fen >= 0), "{accounts:?}");
    assert_eq!(accounts.iter().sum::<i64>(), fund);
}

fn walk(seed: u64) {
    let folder = folder();
    let mut dice = Dice(seed);
    let bench = Bench::with_rounds(
        &format!("sqlite:{}", folder.path().join("office.db").display()),
        "2024-03-01",
    );
    let fund = 10_000_000 + i64::try_from(dice.below(90_000_000)).unwrap();
    let line = bench.line(Some("plants"), 2024, &in_yuan(fund));
    let round = bench.round("plant_support", Contested::Wait, 0, "2024-03-05");
    let mut rows = Vec::new();
    for number in 0..usize::try_from(2 + dice.below(4)).unwrap() {
        let claim = 100 + i64::try_from(dice.below(50_000_000)).unwrap();
        let case = bench.applies(&round, &bench.asks(number, &in_yuan(claim), 0));
        bench.to_verified(&case);
        let claim = Some(claim);
        rows.push(Row { case, number, claim });
    }
    let mut frozen = bench.rations(&round, "2024-03-06");
    // Each turn objects to some rows that are public anew, and shares out again.
    for days in [
        "2024-03-14",
        "2024-03-22",
        "2024-03-30",
        "2024-04-10",
        "2024-04-18",
        "2024-04-26",
        "2024-05-20",
    ] {
        for (row, share) in rows.iter().zip(expected(fund, &rows)) {
            // Of a case that was withdrawn nothing is decided any more.
            assert!(
                row.claim.is_none() || bench.due(&row.case) == share,
                "walk {seed}: {}",
                row.case
            );
        }
        bench.publishes(&frozen);
        let version = frozen["version"].as_i64().unwrap();
        for row in &mut rows {
            let anew = format!(
                "SELECT count(*) FROM \"row\" WHERE case_id = '{}' AND version = {version} AND public_since IS NULL",
                row.case
            );
            let (Some(claim), true) = (row.claim, bench.number(&anew) == 1) else {
                continue;
            };
            match dice.below(6) {
                0 => {
                    let objection = bench.objects(&row.case);
                    bench.ok("examiner", uphold(&objection, Remedy::Strike, None));
                    row.claim = None;
                }
                1 => {
                    let less = 1 + claim / i64::try_from(2 + dice.below(4)).unwrap();
                    let objection = bench.objects(&row.case);
                    bench.ok("examiner", uphold(&objection, Remedy::Lower, Some(&in_yuan(less))));
                    row.claim = Some(less);
                }
                2 => {
                    let agent = format!("agent-{}", bench.subject(&row.case));
                    bench.ok(&agent, Case::Withdraw { case: row.case.clone() });
                    row.claim = None;
                }
                _ => {}
            }
            balances(&bench, &line, fund);
        }
        bench.on(days);
        frozen = bench.settles(&round);
        balances(&bench, &line, fund);
        if frozen["state"] == "settling" {
            break;
        }
    }
    assert_eq!(frozen["state"], "settling", "walk {seed} has an end");
    let left = || rows.iter().filter(|row| row.claim.is_some());
    left().for_each(|row| drop(bench.ok("approver", approve(&row.case))));
    let claimed: i64 = left().filter_map(|row| row.claim).sum();
    assert_eq!(
        bench.accounts(&line)[..3],
        [fund - claimed.min(fund), 0, claimed.min(fund)],
        "walk {seed}"
    );
    bench.is_clean();
}

#[test]
fn rounds_at_random_share_the_fund_among_the_claims_that_are_left() {
    (1..=12).for_each(walk);
}
