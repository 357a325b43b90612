//! People come, change and go by dated entries; where nobody may act the case says so, and goes to somebody named before from another bureau. Whom the
//! register shows to be related to an applicant does not act on their cases.

use meed_office::aftermath::appeals::Act as Appeal;
use meed_office::aftermath::recoveries::Act as Recovery;
use meed_office::cases::Act as Case;
use meed_office::input::Day;
use meed_office::people::{Act as People, Role, Why, interested, members, needs};
use meed_office::publicity::Act as List;
use meed_office::register::{Act as Register, RelationKind};
use meed_office::tx::Tx;
use serde_json::{Value, json};

use crate::support::growth::{giant, growth};
use crate::support::{Bench, day, on_each_database, yuan};

/// An office with one firm, whose case has been public and waits for its approval.
fn waiting(address: &str) -> (Bench, String, String) {
    let (bench, _) = growth(address, "2023-03-06", "1000000");
    let firm = bench.enter(giant(1));
    let case = bench.propose(&firm, "growth_reward", None);
    let list = bench.make_public(std::slice::from_ref(&case));
    bench.on("2023-03-20");
    bench.ok("officer", List::End { list, version: 1 });
    (bench, firm, case)
}

fn approve(case: &str) -> Case {
    Case::Approve { case: case.to_owned() }
}

fn stand_in(case: &str, role: Role) -> People {
    let case = case.to_owned();
    People::StandIn { case, role }
}

fn substitute(person: &str, role: Role, since: &str, until: Option<&str>) -> People {
    People::Substitute {
        person: person.to_owned(),
        role,
        scope: None,
        since: Day(day(since)),
        until: until.map(|text| Day(day(text))),
    }
}

/// That somebody's role goes to another person.
fn hand_over(bench: &Bench, role: Role, from: &str, to: &str) {
    bench.give(to, role);
    let (person, scope) = (from.to_owned(), None);
    bench.ok("administrator", People::Withdraw { person, role, scope });
}

#[test]
fn an_appeal_and_a_recovery_find_a_substitute_where_everybody_acted_before() {
    on_each_database(|address| {
        let (bench, firm, case) = waiting(address);
        enter(&bench, "far", "市科技局");
        for role in [Role::Examiner, Role::Approver] {
            bench.ok("administrator", substitute("far", role, "2023-03-21", None));
        }
        bench.on("2023-03-21");
        let award = bench.made("approver", approve(&case), "award");
        bench.pay(&bench.instalments(&award)[0]);
        let find = Recovery::Find {
            award,
            obligation: None,
            amount: Some(yuan("1000")),
            reason: "多付".to_owned(),
        };
        let recovery = bench.made("officer", find, "recovery");
        let id = || recovery.clone();
        let hearing_on = bench.today();
        bench.ok(
            "officer",
            Recovery::Notify {
                recovery: id(),
                hearing_on,
            },
        );
        let said = "无异议".to_owned();
        bench.ok("officer", Recovery::Hear { recovery: id(), said });
        let decide = || Recovery::Decide {
            recovery: id(),
            amount: None,
            interest: None,
        };
        // Whoever heard is the only approver there is.
        hand_over(&bench, Role::Approver, "approver", "officer");
        assert_eq!(bench.refused("officer", decide()), "same_person");
        let found = bench.ok("officer", stand_in(&case, Role::Approver));
        assert_eq!(
            (&found["barred"]["officer"]["role"], &found["substitute"]),
            (&json!("officer"), &json!("far"))
        );
        let decision = bench.made("far", decide(), "decision");
        let lodge = Appeal::Lodge {
            decision,
            ground: "不服".to_owned(),
        };
        let appeal = bench.made(&format!("agent-{firm}"), lodge, "appeal");
        let admit = || Appeal::Admit { appeal: appeal.clone() };
        assert_eq!(
            bench.refused("machine", stand_in(&case, Role::Examiner)),
            "somebody_may_act"
        );
        hand_over(&bench, Role::Examiner, "examiner", "officer");
        assert_eq!(bench.refused("officer", admit()), "same_person");
        let found = bench.ok("machine", stand_in(&case, Role::Examiner));
        assert_eq!(found["substitute"], Value::Null, "far decided what is appealed");
        enter(&bench, "farther", "市司法局");
        bench.ok(
            "administrator",
            substitute("farther", Role::Examiner, "2023-04-03", None),
        );
        bench.on("2023-04-03");
        assert_eq!(
            bench.ok("machine", stand_in(&case, Role::Examiner))["substitute"],
            "farther"
        );
        bench.ok("farther", admit());
    });
}

fn enter(bench: &Bench, id: &str, bureau: &str) {
    let (id, name, bureau) = (id.to_owned(), id.to_owned(), bureau.to_owned());
    bench.ok("administrator", People::Enter { id, name, bureau });
}

fn declare(bench: &Bench, person: &str, subject: &str) {
    let subject = subject.to_owned();
    bench.ok(person, People::Declare { subject });
}

#[test]
fn a_case_on_which_nobody_may_act_says_so_and_goes_to_a_substitute() {
    on_each_database(|address| {
        let (bench, firm, case) = waiting(address);
        enter(&bench, "near", "市工信局");
        enter(&bench, "far", "市科技局");
        assert_eq!(
            bench.refused("officer", stand_in(&case, Role::Approver)),
            "somebody_may_act"
        );
        declare(&bench, "approver", &firm);
        assert_eq!(bench.refused("approver", approve(&case)), "interest");
        assert_eq!(bench.refused("auditor", stand_in(&case, Role::Approver)), "not_yours");
        assert_eq!(
            bench.refused("officer", stand_in(&case, Role::Auditor)),
            "no_substitute_for"
        );
        let found = bench.ok("officer", stand_in(&case, Role::Approver));
        assert_eq!(
            (&found["substitute"], &found["barred"]["approver"]["code"]),
            (&Value::Null, &json!("interest"))
        );
        let name = |person, since| substitute(person, Role::Approver, since, Some("2023-06-01"));
        assert_eq!(
            bench.refused("administrator", name("far", "2023-03-20")),
            "not_in_advance"
        );
        assert_eq!(
            bench.refused("administrator", name("near", "2023-03-21")),
            "same_bureau"
        );
        bench.ok("administrator", name("far", "2023-03-21"));
        let found = bench.ok("officer", stand_in(&case, Role::Approver));
        assert_eq!(found["substitute"], Value::Null, "not before their first day");
        assert_eq!(bench.refused("far", approve(&case)), "not_yours");
        bench.on("2023-03-21");
        assert_eq!(
            bench.refused("far", approve(&case)),
            "not_yours",
            "it was not given to them"
        );
        let found = bench.ok("officer", stand_in(&case, Role::Approver));
        assert_eq!(found["substitute"], "far");
        assert_eq!(
            bench.number("SELECT count(*) FROM outbox WHERE kind = 'nobody_may_act'"),
            3
        );
        bench.ok("far", approve(&case));
        assert_eq!(bench.state_of("case", &case), "approved");
    });
}

#[test]
fn a_substitute_is_another_person_than_those_who_acted() {
    on_each_database(|address| {
        let (bench, firm, case) = waiting(address);
        enter(&bench, "far", "市科技局");
        enter(&bench, "farther", "市司法局");
        for person in ["far", "farther"] {
            bench.ok("administrator", substitute(person, Role::Approver, "2023-03-21", None));
        }
        declare(&bench, "approver", &firm);
        declare(&bench, "far", &firm);
        bench.on("2023-03-21");
        // Who has an interest stands in no more than anybody else.
        let found = bench.ok("machine", stand_in(&case, Role::Approver));
        assert_eq!(found["substitute"], "farther");
        bench.give("farther", Role::Officer);
        let return_it = Case::Return {
            case: case.clone(),
            what: "补充材料".to_owned(),
        };
        bench.ok("farther", return_it);
        bench.ok(&format!("agent-{firm}"), Case::Submit { case: case.clone() });
        // A substitute for one role who acts in another is barred by that.
        bench.ok("farther", Case::Admit { case: case.clone() });
        bench.ok("officer", Case::Verify { case: case.clone() });
        let (amount, id) = (None, case.clone());
        bench.ok("officer", Case::Propose { case: id, amount });
        let list = bench.make_public(std::slice::from_ref(&case));
        bench.on("2023-04-03");
        bench.ok("officer", List::End { list, version: 1 });
        assert_eq!(bench.refused("farther", approve(&case)), "same_person");
        let found = bench.ok("officer", stand_in(&case, Role::Approver));
        assert_eq!(found["substitute"], Value::Null);
        assert_eq!(bench.refused("farther", approve(&case)), "not_yours");
    });
}

#[test]
fn somebody_changes_bureau_and_retires_by_dated_entries() {
    on_each_database(|address| {
        let (bench, _, case) = waiting(address);
        let change = People::Change {
            person: "approver".to_owned(),
            name: None,
            bureau: Some("市科技局".to_owned()),
        };
        assert_eq!(bench.refused("officer", change.clone()), "not_yours");
        bench.ok("administrator", change);
        assert_eq!(bench.word("person", "bureau", "approver"), "市科技局");
        let posts = bench.cells("SELECT since, bureau FROM post WHERE person = 'approver' ORDER BY since");
        assert_eq!(
            posts,
            [["2023-03-06", "市工信局"], ["2023-03-20", "市科技局"]].map(|row| row.map(Into::into).to_vec())
        );
        let retire = |person: &str, since: Option<&str>| People::Retire {
            person: person.to_owned(),
            since: since.map(|text| Day(day(text))),
        };
        assert_eq!(
            bench.refused("administrator", retire("approver", Some("2023-03-19"))),
            "past"
        );
        bench.ok("administrator", retire("approver", Some("2023-03-22")));
        bench.on("2023-03-21");
        let mut connection = bench.office.reader().unwrap();
        let mut tx = Tx::reading(&mut connection, bench.office.setup()).unwrap();
        assert!(members(&mut tx).unwrap().iter().any(|one| one.person.id == "approver"));
        let enough = |tx: &mut Tx<'_>| needs(tx).unwrap().all().all(|need| need.assignment.is_some());
        assert!(enough(&mut tx));
        bench.on("2023-03-22");
        let mut connection = bench.office.reader().unwrap();
        let mut tx = Tx::reading(&mut connection, bench.office.setup()).unwrap();
        assert!(members(&mut tx).unwrap().iter().all(|one| one.person.id != "approver"));
        assert!(
            needs(&mut tx)
                .unwrap()
                .all()
                .all(|need| need.vacant == [Role::Approver])
        );
        assert_eq!(bench.refused("approver", approve(&case)), "not_yours");
        assert_eq!(
            bench.refused("administrator", retire("administrator", None)),
            "last_administrator"
        );
    });
}

fn related(one: &str, relation: RelationKind, other: &str) -> Register {
    Register::Relate {
        one: one.to_owned(),
        relation,
        other: other.to_owned(),
        taken_back: false,
        source: "市场监管".to_owned(),
        evidence: None,
        valid_from: None,
        valid_to: None,
    }
}

fn why(bench: &Bench, person: &str, subject: &str) -> Option<Why> {
    let mut connection = bench.office.reader().unwrap();
    let mut tx = Tx::reading(&mut connection, bench.office.setup()).unwrap();
    interested(&mut tx, person, subject).unwrap()
}

#[test]
fn nobody_acts_on_a_case_of_whom_the_register_shows_them_related_to() {
    on_each_database(|address| {
        let (bench, firm, case) = waiting(address);
        let owner = bench.enter(giant(2));
        assert_eq!(
            bench.refused("officer", related("approver", RelationKind::Owner, &firm)),
            "not_yours"
        );
        assert_eq!(
            bench.refused("registrar", related("nobody", RelationKind::Owner, &firm)),
            "absent"
        );
        assert_eq!(
            bench.refused("registrar", related(&firm, RelationKind::Owner, &firm)),
            "same_line"
        );
        // By way of a firm for which the approver's family works.
        bench.ok("registrar", related("approver", RelationKind::Employee, &owner));
        assert_eq!(why(&bench, "approver", &firm), None);
        bench.ok("registrar", related(&owner, RelationKind::Owner, &firm));
        assert_eq!(why(&bench, "approver", &firm), Some(Why::By(owner.clone())));
        assert_eq!(bench.refused("approver", approve(&case)), "interest");
        // What was stated is taken back by another statement, from the day on which it no longer holds.
        let Register::Relate {
            one,
            relation,
            other,
            source,
            ..
        } = related("approver", RelationKind::Employee, &owner)
        else {
            unreachable!()
        };
        bench.ok(
            "registrar",
            Register::Relate {
                one,
                relation,
                other,
                taken_back: true,
                source,
                evidence: None,
                valid_from: Some(Day(day("2023-03-22"))),
                valid_to: None,
            },
        );
        assert_eq!(bench.refused("approver", approve(&case)), "interest");
        bench.on("2023-03-22");
        assert_eq!(why(&bench, "approver", &firm), None);
        // A merger ends no interest: who is related to what the applicant was is related to the applicant.
        let before = bench.enter(giant(3));
        bench.ok("registrar", related("approver", RelationKind::Family, &before));
        let since = Day(day("2023-03-22"));
        let (old, new) = (before.clone(), firm.clone());
        bench.ok("registrar", Register::Succeed { old, new, since });
        assert_eq!(why(&bench, "approver", &firm), Some(Why::Related));
        assert_eq!(bench.refused("approver", approve(&case)), "interest");
        declare(&bench, "releaser", &before);
        assert_eq!(why(&bench, "releaser", &firm), Some(Why::Declared));
    });
}

#[test]
fn who_speaks_for_an_applicant_decides_nothing_about_them() {
    on_each_database(|address| {
        let (bench, firm, case) = waiting(address);
        let (person, role, scope) = ("approver".to_owned(), Role::Agent, Some(firm.clone()));
        bench.ok(
            "administrator",
            People::Assign {
                person,
                role,
                scope,
                until: None,
            },
        );
        assert_eq!(why(&bench, "approver", &firm), Some(Why::Agent));
        assert_eq!(bench.refused("approver", approve(&case)), "interest");
    });
}

#[test]
fn who_is_related_keeps_no_register_and_places_no_hold_and_takes_no_relation_back() {
    on_each_database(|address| {
        let (bench, firm, _) = waiting(address);
        // Who enters their own relation enters no other of that applicant afterwards.
        for person in ["officer", "registrar"] {
            bench.ok("registrar", related(person, RelationKind::Family, &firm));
        }
        let hold = meed_office::aftermath::holds::Act::Place {
            kind: "subject".to_owned(),
            target: firm.clone(),
            reason: "核查".to_owned(),
            until: None,
        };
        assert_eq!(bench.refused("officer", hold), "interest");
        let state = crate::support::growth::stated(&firm, "/in_city", json!(false));
        assert_eq!(bench.refused("registrar", state), "interest");
        let subject = firm.clone();
        assert_eq!(bench.refused("registrar", Register::Forget { subject }), "interest");
        let mut back = related("registrar", RelationKind::Family, &firm);
        if let Register::Relate { taken_back, .. } = &mut back {
            *taken_back = true;
        }
        assert_eq!(bench.refused("registrar", back.clone()), "interest");
        bench.join("registrar2", Role::Registrar);
        bench.ok("registrar2", back);
        assert_eq!(why(&bench, "registrar", &firm), None);
    });
}

#[test]
fn who_is_retired_lifts_no_hold() {
    on_each_database(|address| {
        let (bench, firm, _) = waiting(address);
        bench.join("colleague", Role::Officer);
        let place = meed_office::aftermath::holds::Act::Place {
            kind: "subject".to_owned(),
            target: firm.clone(),
            reason: "核查".to_owned(),
            until: None,
        };
        let hold = bench.made("colleague", place, "hold");
        let (person, since) = ("colleague".to_owned(), None);
        bench.ok("administrator", People::Retire { person, since });
        let decision = None;
        let lift = meed_office::aftermath::holds::Act::Lift { hold, decision };
        assert_eq!(bench.refused("colleague", lift), "not_yours");
    });
}

#[test]
fn what_is_entered_about_people_is_about_somebody() {
    on_each_database(|address| {
        let bench = Bench::open(address, "2023-03-06");
        let declare = |subject: &str| People::Declare {
            subject: subject.to_owned(),
        };
        assert_eq!(bench.refused("officer", declare("subject-xyz")), "absent");
        let enter = |id: &str, name: &str| People::Enter {
            id: id.to_owned(),
            name: name.to_owned(),
            bureau: "市财政局".to_owned(),
        };
        assert_eq!(bench.refused("administrator", enter("officer", "某人")), "exists");
        assert_eq!(bench.refused("administrator", enter("e m", "某人")), "incomplete");
        assert_eq!(bench.refused("administrator", enter("em", " ")), "incomplete");
        let until = |date: &str| People::Assign {
            person: "officer".to_owned(),
            role: Role::Officer,
            scope: None,
            until: Some(Day(day(date))),
        };
        assert_eq!(bench.refused("administrator", until("2023-03-06")), "past");
        bench.ok("administrator", until("2023-03-07"));
    });
}

#[test]
fn a_role_is_given_for_something_that_there_is() {
    on_each_database(|address| {
        let (bench, firm, _) = waiting(address);
        let assign = |role, scope: &str| People::Assign {
            person: "auditor".to_owned(),
            role,
            scope: Some(scope.to_owned()),
            until: None,
        };
        let refused = |role, scope: &str| match bench.submit("administrator", assign(role, scope)) {
            meed_office::command::Outcome::Denied { reason, .. } => reason,
            other => panic!("{scope}: {other:?}"),
        };
        let slip = refused(Role::Officer, "growth_rewards");
        assert_eq!(slip["code"], "unknown_scope");
        assert!(
            slip["en"].as_str().unwrap().ends_with("did you mean `growth_reward`?"),
            "{slip}"
        );
        assert!(
            slip["zh"].as_str().unwrap().ends_with("是否指 `growth_reward`？"),
            "{slip}"
        );
        // A payer is nothing that an approver approves, nor a measure one that is paid from.
        assert_eq!(refused(Role::Approver, "city_finance")["code"], "unknown_scope");
        assert_eq!(refused(Role::Releaser, "growth_reward")["code"], "unknown_scope");
        assert_eq!(refused(Role::Agent, "subject-0-0")["code"], "absent");
        for (role, scope) in [
            (Role::Officer, "growth_reward"),
            (Role::Officer, "city_finance"),
            (Role::Releaser, "city_finance"),
            (Role::Agent, &firm),
        ] {
            bench.ok("administrator", assign(role, scope));
        }
        enter(&bench, "far", "市科技局");
        let substitute = People::Substitute {
            person: "far".to_owned(),
            role: Role::Approver,
            scope: Some("growth".to_owned()),
            since: Day(day("2023-03-21")),
            until: None,
        };
        assert_eq!(bench.refused("administrator", substitute), "unknown_scope");
    });
}

#[test]
fn nobody_stands_in_where_nobody_has_to_act() {
    on_each_database(|address| {
        let (bench, firm, case) = waiting(address);
        declare(&bench, "approver", &firm);
        assert_eq!(
            bench.refused("officer", stand_in(&case, Role::Examiner)),
            "nobody_needed",
            "nobody objects or appeals"
        );
        bench.ok("officer", stand_in(&case, Role::Approver));
        let why = Some("经查不实".to_owned());
        bench.ok(
            "officer",
            Case::Refuse {
                case: case.clone(),
                why,
            },
        );
        assert_eq!(bench.state_of("case", &case), "refused");
        for role in [Role::Officer, Role::Approver, Role::Administrator] {
            assert_eq!(
                bench.refused("officer", stand_in(&case, role)),
                "nobody_needed",
                "{role}"
            );
        }
    });
}
