//! What may happen after an award: a recovery, an appeal.

use meed_office::aftermath::{appeals::Act as Appeal, recoveries::Act as Recovery};
use meed_office::people::Role;
use meed_office::store::Connection;

use super::acts::{Tries, in_yuan, rows};
use super::place::Event;
use crate::support::yuan;

pub fn of_recovery(tries: &mut Tries<'_>, connection: &mut Connection) {
    let found = rows::<3>(
        connection,
        "SELECT id, state, amount - coalesce((SELECT sum(collected) FROM claim WHERE recovery = recovery.id), 0) FROM recovery",
    );
    let gone = |state: &str| matches!(state, "dropped" | "cancelled");
    if found.iter().all(|[_, state, _]| gone(state)) {
        let award = "SELECT id FROM award WHERE state <> 'annulled'";
        for [award] in rows::<1>(connection, award) {
            let (obligation, amount, reason) = (None, Some(yuan("50000")), "多付".to_owned());
            let find = Recovery::Find {
                award,
                obligation,
                amount,
                reason,
            };
            tries.wrong(Event::Recovery, "officer", find);
        }
    }
    for [recovery, state, left] in found {
        if gone(&state) {
            continue;
        }
        let id = || recovery.clone();
        let reason = || "已核实".to_owned();
        tries.of(
            Role::Officer,
            Recovery::Drop {
                recovery: id(),
                reason: reason(),
            },
        );
        tries.of(
            Role::Approver,
            Recovery::Drop {
                recovery: id(),
                reason: reason(),
            },
        );
        let hearing_on = tries.today();
        tries.by(
            "officer",
            Recovery::Notify {
                recovery: id(),
                hearing_on,
            },
        );
        tries.by(
            "officer",
            Recovery::Hear {
                recovery: id(),
                said: "已陈述".to_owned(),
            },
        );
        tries.of(
            Role::Approver,
            Recovery::Decide {
                recovery: id(),
                amount: None,
                interest: None,
            },
        );
        tries.by("officer", Recovery::Enforce { recovery: id() });
        tries.of(
            Role::Officer,
            Recovery::WriteOff {
                recovery: id(),
                reason: reason(),
            },
        );
        tries.of(
            Role::Approver,
            Recovery::WriteOff {
                recovery: id(),
                reason: reason(),
            },
        );
        tries.of(
            Role::Approver,
            Recovery::Cancel {
                recovery: id(),
                reason: reason(),
            },
        );
        let left = in_yuan(&left);
        if left != "0.00" {
            tries.by(
                "budget",
                Recovery::Collect {
                    recovery: id(),
                    amount: yuan(&left),
                    evidence: format!("缴款书 {recovery} {left}"),
                },
            );
        }
    }
}

pub fn of_appeal(tries: &mut Tries<'_>, connection: &mut Connection) {
    let found = rows::<2>(connection, "SELECT id, state FROM appeal");
    let agent = tries.place.agent.clone();
    if found
        .iter()
        .all(|[_, state]| matches!(state.as_str(), "withdrawn" | "inadmissible" | "dismissed"))
    {
        for [decision] in rows::<1>(connection, "SELECT id FROM decision ORDER BY n DESC LIMIT 1") {
            let ground = "不服".to_owned();
            tries.wrong(Event::Appeal, &agent, Appeal::Lodge { decision, ground });
        }
    }
    for [appeal, state] in found {
        if !matches!(state.as_str(), "lodged" | "admissible" | "examined") {
            continue;
        }
        let id = || appeal.clone();
        let why = || "已查清".to_owned();
        tries.by(&agent, Appeal::Withdraw { appeal: id() });
        tries.of(
            Role::Examiner,
            Appeal::Refuse {
                appeal: id(),
                why: why(),
            },
        );
        tries.of(Role::Examiner, Appeal::Admit { appeal: id() });
        tries.of(
            Role::Examiner,
            Appeal::Examine {
                appeal: id(),
                found: why(),
            },
        );
        tries.of(
            Role::Examiner,
            Appeal::Uphold {
                appeal: id(),
                amount: None,
                why: why(),
            },
        );
        tries.of(
            Role::Examiner,
            Appeal::Dismiss {
                appeal: id(),
                why: why(),
            },
        );
    }
}
