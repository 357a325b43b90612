//! A recovery as officers and finance see it: from whom, why, how far it is, what came, and what was set off.

use std::sync::Arc;

use maud::{Markup, html};
use meed_facts::money::Money;
use meed_office::aftermath::{Claim, Offset, Recovery};
use meed_office::awards::Award;
use meed_office::command::Seen;
use meed_office::ledger::total;
use meed_office::machine::{RecoveryState, State as _};
use meed_office::register::name_of;
use meed_office::store::Cell;
use meed_office::tx::Tx;

use crate::access::{Viewer, seen};
use crate::app::Portal;
use crate::determined::Names;
use crate::fault::Fault;
use crate::pages::acting::possible;
use crate::pages::cited::Cited;
use crate::view::{Table, amount, day, pairs, state};
use crate::visit::Visit;

/// A recovery with what belongs to it.
pub struct One {
    /// The recovery.
    pub recovery: Recovery,
    /// The name of who owes.
    pub debtor: String,
    /// What it was paid for.
    pub cited: Cited,
    claims: Vec<Claim>,
    offsets: Vec<Offset>,
}

impl One {
    /// The recoveries that a visitor sees, the newest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub fn seen(tx: &mut Tx<'_>, viewer: &Viewer) -> Result<Vec<Self>, Fault> {
        let mut found = Vec::new();
        for recovery in seen::<Recovery>(tx, viewer, "1 = 1", &[], "ORDER BY id DESC LIMIT 200")? {
            let id = [Cell::from(&recovery.id)];
            let award: Award = tx.get(&recovery.award)?;
            found.push(Self {
                cited: Cited::of(tx, &award.case_id)?,
                debtor: name_of(tx, &recovery.debtor)?,
                claims: tx.rows("recovery = $1 ORDER BY instalment", &id)?,
                offsets: tx.rows("recovery = $1 ORDER BY instalment", &id)?,
                recovery,
            });
        }
        Ok(found)
    }

    /// What has come back.
    pub fn collected(&self) -> Money {
        total(self.claims.iter().map(|claim| claim.collected))
    }

    /// Whether nothing is to be done any more.
    pub fn is_over(&self) -> bool {
        use RecoveryState::{Cancelled, Collected, Dropped, WrittenOff};
        matches!(self.recovery.state, Cancelled | Collected | Dropped | WrittenOff)
    }

    /// Why, what was said, what came from where, and what its visitor can do.
    ///
    /// # Errors
    /// Where the office fails.
    pub async fn panel(&self, portal: &Arc<Portal>, visit: &Visit, names: &Names) -> Result<Markup, Fault> {
        let recovery = &self.recovery;
        let key = [("recovery", recovery.id.as_str())];
        let actions = possible(portal, visit, "recovery", &key, &[Seen::of(recovery)]).await?;
        let none = || html! { (visit.t("nothing")) };
        let said = |text: &Option<String>| html! { (text.clone().unwrap_or_else(|| visit.t("nothing"))) };
        let mut claims = Table::new(visit.t("finance-claims"))
            .head(visit.t("field-instalment"))
            .number(visit.t("field-amount"))
            .number(visit.t("finance-collected"));
        for claim in &self.claims {
            claims.row([
                html! { span.code { (claim.instalment) } },
                amount(claim.amount),
                amount(claim.collected),
            ]);
        }
        let mut offsets = Table::new(visit.t("finance-offsets"))
            .head(visit.t("field-instalment"))
            .number(visit.t("field-amount"));
        for offset in &self.offsets {
            offsets.row([html! { span.code { (offset.instalment) } }, amount(offset.amount)]);
        }
        Ok(html! {
            section.panel id=(recovery.id) {
                h3 { (self.cited.link(visit, names)) " · " (self.debtor) " · " (amount(recovery.amount)) " " (state(visit, "recovery", recovery.state.name())) }
                (pairs([
                    (visit.t("field-reason"), html! { (recovery.reason) }),
                    (visit.t("finance-hearing-on"), recovery.hearing_on.map_or_else(none, day)),
                    (visit.t("finance-hearing"), said(&recovery.hearing)),
                    (visit.t("finance-consent"), said(&recovery.consent)),
                ]))
                @if !claims.is_empty() { (claims.show(visit)) }
                @if !offsets.is_empty() { (offsets.show(visit)) }
                (actions)
            }
        })
    }
}
