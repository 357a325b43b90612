//! What applicants say of themselves counts where nobody else has said anything.

use meed_office::input::Json;
use meed_office::register::Act as Register;
use serde_json::{Value, json};

use crate::support::growth::{giant, growth};
use crate::support::on_each_database;

fn declare(subject: &str, facts: Value) -> Register {
    Register::Declare {
        subject: subject.to_owned(),
        facts: Json::try_from(facts).unwrap(),
        evidence: None,
    }
}

#[test]
fn an_applicant_states_what_nobody_has_stated_and_corrects_it() {
    on_each_database(|address| {
        let (bench, _) = growth(address, "2023-03-06", "1000000");
        let firm = bench.enter(giant(1));
        let agent = format!("agent-{firm}");
        bench.ok(&agent, declare(&firm, json!({"/revenue/2021": "20000000.00"})));
        bench.ok(&agent, declare(&firm, json!({"/revenue/2021": "21000000.00"})));
        let sql = "SELECT count(*) FROM fact WHERE path = '/revenue/2021' AND source = 'applicant'";
        assert_eq!(bench.number(sql), 2);
        assert!(bench.verify().is_clean());
    });
}

#[test]
fn an_applicant_does_not_overrule_a_register() {
    on_each_database(|address| {
        let (bench, _) = growth(address, "2023-03-06", "1000000");
        let firm = bench.enter(giant(1));
        let agent = format!("agent-{firm}");
        for (path, value) in [
            ("/revenue/2022", json!("99000000.00")),
            ("/revenue", json!({"2022": "99000000.00"})),
            ("/hires/#h1/salary", json!("900000.00")),
            // The register says that its hires are all.
            ("/hires/#h2/salary", json!("900000.00")),
            ("/hires/#", json!(false)),
        ] {
            assert_eq!(
                bench.refused(&agent, declare(&firm, json!({path: value}))),
                "register_knows",
                "{path}"
            );
        }
        // One refused fact keeps the others out too.
        let both = json!({"/revenue/2021": "1.00", "/in_city": false});
        assert_eq!(bench.refused(&agent, declare(&firm, both)), "register_knows");
        assert_eq!(bench.number("SELECT count(*) FROM fact WHERE source = 'applicant'"), 0);
    });
}

#[test]
fn only_an_agent_speaks_for_an_applicant_and_in_its_words() {
    on_each_database(|address| {
        let (bench, _) = growth(address, "2023-03-06", "1000000");
        let (firm, other) = (bench.enter(giant(1)), bench.enter(giant(2)));
        let facts = || json!({"/revenue/2021": "1.00"});
        assert_eq!(bench.refused("officer", declare(&firm, facts())), "not_yours");
        assert_eq!(
            bench.refused(&format!("agent-{other}"), declare(&firm, facts())),
            "not_yours"
        );
        let agent = format!("agent-{firm}");
        assert_eq!(
            bench.refused(&agent, declare(&firm, json!({"/revenue/2021": "much"}))),
            "bad_facts"
        );
        assert_eq!(
            bench.refused(&agent, declare(&firm, json!({"revenue": "1.00"}))),
            "bad_facts"
        );
    });
}
