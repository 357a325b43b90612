//! Instalments: each rechecked when it is due; skipped, or the last of its series; undetermined ones stay due; what is renounced is free.

use meed_office::awards::Act as Award;
use serde_json::json;

use crate::support::growth::{giant, growth};
use crate::support::{Bench, on_each_database};

fn states(bench: &Bench, award: &str) -> Vec<String> {
    let instalments = bench.instalments(award);
    instalments
        .iter()
        .map(|one| bench.state_of("instalment", one))
        .collect()
}

/// 10,000 each half-year for two years; firm and award.
fn staying(bench: &Bench) -> (String, String) {
    bench.authorise(2024, "1000000");
    let firm = bench.enter(giant(1));
    let case = bench.propose(&firm, "staying_subsidy", Some("h1"));
    let award = bench.approve(&case, "2023-03-20");
    (firm, award)
}

#[test]
fn a_series_ends_with_the_instalment_whose_conditions_fail() {
    on_each_database(|address| {
        let (bench, line) = growth(address, "2023-03-06", "100000");
        let (firm, award) = staying(&bench);
        assert_eq!(states(&bench, &award), ["due", "committed", "pledged", "pledged"]);
        let second = bench.instalments(&award)[1].clone();
        let early = Award::Recheck {
            instalment: second.clone(),
        };
        assert_eq!(bench.refused("machine", early), "not_due");
        bench.state_fact(&firm, "/hires/#h1/left", json!("2023-08-15"));
        bench.state_fact(&firm, "/hires/#h1/has_left", json!(true));
        bench.on("2023-09-04");
        assert_eq!(bench.recheck(&second), "ended");
        assert_eq!(states(&bench, &award), ["due", "ended", "cancelled", "cancelled"]);
        assert_eq!(
            [bench.account(&line, "available"), bench.account(&line, "committed")],
            [9_000_000, 1_000_000]
        );
        assert_eq!(bench.number("SELECT count(*) FROM pledge WHERE live = 1"), 0);
        assert_eq!(bench.number("SELECT amount FROM award"), 1_000_000);
        assert_eq!(
            bench.state_of("award", &award),
            "committed",
            "the first is still to be paid"
        );
        bench.pay(&bench.instalments(&award)[0]);
        assert_eq!(bench.state_of("award", &award), "ended");
    });
}

#[test]
fn what_nobody_can_say_yet_stays_due_and_names_what_is_missing() {
    on_each_database(|address| {
        let (bench, line) = growth(address, "2023-03-06", "100000");
        let (firm, award) = staying(&bench);
        let second = bench.instalments(&award)[1].clone();
        bench.state_fact(&firm, "/hires/#h1/has_left", json!(true));
        bench.on("2023-09-04");
        assert_eq!(bench.recheck(&second), "undetermined");
        assert_eq!(bench.state_of("instalment", &second), "due");
        assert!(bench.word("instalment", "waits_for", &second).contains("left"));
        assert_eq!(bench.account(&line, "committed"), 2_000_000, "it is not skipped");
        bench.state_fact(&firm, "/hires/#h1/left", json!("2023-10-01"));
        assert_eq!(bench.recheck(&second), "passes");
    });
}

#[test]
fn days_alone_make_instalments_due() {
    on_each_database(|address| {
        let (bench, _) = growth(address, "2023-03-06", "100000");
        let (_, award) = staying(&bench);
        bench.on("2023-08-31");
        assert_eq!(bench.tick(), [""; 0]);
        assert_eq!(states(&bench, &award)[1], "committed");
        bench.on("2023-09-01");
        let second = bench.instalments(&award)[1].clone();
        assert_eq!(bench.tick(), [format!("instalment {second}")]);
        assert_eq!(states(&bench, &award)[1], "due");
    });
}

#[test]
fn what_is_renounced_is_free_and_what_was_paid_stays() {
    on_each_database(|address| {
        let (bench, line) = growth(address, "2023-03-06", "1000000");
        let (firm, award) = staying(&bench);
        let agent = format!("agent-{firm}");
        bench.pay(&bench.instalments(&award)[0]);
        let renounce = |award: &str| Award::Renounce {
            award: award.to_owned(),
        };
        assert_eq!(bench.refused("officer", renounce(&award)), "not_yours");
        bench.ok(&agent, renounce(&award));
        assert_eq!(states(&bench, &award), ["paid", "cancelled", "cancelled", "cancelled"]);
        assert_eq!(bench.state_of("award", &award), "settled");
        assert_eq!(bench.number("SELECT amount FROM award"), 1_000_000);
        let case = bench.propose(&firm, "growth_reward", None);
        let whole = bench.approve(&case, "2023-04-10");
        bench.ok(&agent, renounce(&whole));
        assert_eq!(bench.state_of("award", &whole), "renounced");
        assert_eq!(
            [bench.account(&line, "available"), bench.account(&line, "paid")],
            [99_000_000, 1_000_000]
        );
    });
}

#[test]
fn parts_of_one_amount_come_to_it_to_the_fen() {
    on_each_database(|address| {
        let (bench, line) = growth(address, "2023-03-06", "1000000");
        bench.authorise(2024, "1000000");
        bench.authorise(2025, "1000000");
        let firm = bench.enter(giant(1));
        let case = bench.propose(&firm, "equipment_grant", None);
        let award = bench.approve(&case, "2023-03-20");
        assert_eq!(bench.number("SELECT amount FROM award"), 10_000_000);
        assert_eq!(
            bench.number("SELECT CAST(sum(amount) AS BIGINT) FROM instalment"),
            10_000_000
        );
        assert_eq!(states(&bench, &award), ["due", "pledged", "pledged"]);
        assert_eq!(bench.account(&line, "committed"), 3_333_334);
        assert_eq!(bench.recheck(&bench.instalments(&award)[0]), "passes");
    });
}
