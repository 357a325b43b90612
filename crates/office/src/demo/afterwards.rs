//! What follows in the demonstration after decisions: titles under review, appeals, money asked back, obligations, services.

use std::ops::Range;

use crate::aftermath::appeals::Act as Appeal;
use crate::aftermath::recoveries::Act as Recovery;
use crate::awards::obligations::Act as Obligation;
use crate::cases::Act as Case;
use crate::input::Json;
use crate::publicity::Act as List;
use crate::register::Act as Register;
use crate::services::Act as Service;
use crate::titles::{Act as Title, Outcome};

use super::{Demo, Result, day, pairs, text, yuan};

/// Of the applicants, those whose technology centres are recognised, and those who ask for a service.
const RECOGNISED: Range<usize> = 20..23;
const SERVED: Range<usize> = 13..17;

impl Demo<'_> {
    /// Some technology centres are found good by an officer, and their list is public.
    pub(super) fn recognition(&self, subjects: &[String]) -> Result<Option<(String, Vec<String>)>> {
        let mut cases = Vec::new();
        for subject in subjects.iter().skip(RECOGNISED.start).take(RECOGNISED.len()) {
            let agent = self.agent(subject)?;
            let (title, level) = ("tech_centre".to_owned(), Some("municipal".to_owned()));
            let apply = Case::ApplyTitle {
                subject: subject.clone(),
                title,
                level,
            };
            let outcome = self.give(&agent, apply)?;
            let Some(case) = outcome.accepted().map(|made| text(made, "case")) else {
                continue;
            };
            let id = || case.clone();
            self.ok(&agent, Case::Submit { case: id() })?;
            self.ok("li", Case::Examine { case: id() })?;
            self.ok("li", Case::Admit { case: id() })?;
            self.ok("li", Case::Review { case: id() })?;
            let amount = None;
            self.ok("li", Case::Propose { case: id(), amount })?;
            cases.push(case);
        }
        if cases.is_empty() {
            return Ok(None);
        }
        Ok(Some((self.public(&cases)?, cases)))
    }

    /// They are recognised: their titles.
    pub(super) fn recognised(&self, public: Option<(String, Vec<String>)>) -> Result<Vec<String>> {
        let Some((list, cases)) = public else {
            return Ok(Vec::new());
        };
        self.ok("wang", List::End { list, version: 1 })?;
        for case in cases {
            self.ok("zhou", Case::Approve { case })?;
        }
        self.ids("SELECT id, id FROM title WHERE state = 'granted' AND case_id IS NOT NULL ORDER BY id")
    }

    /// Titles under review: one is called in, of another an officer has said what comes of it.
    pub(super) fn titles(&self, titles: &[String]) -> Result<()> {
        for title in titles.iter().skip(1) {
            let reason = "有关单位反映其研发机构人员变动较大".to_owned();
            let title = title.clone();
            self.ok("li", Title::Call { title, reason })?;
        }
        let Some(title) = titles.get(2).cloned() else {
            return Ok(());
        };
        let reason = "现场复核：专职研发人员不足，限期补足".to_owned();
        let rectify_by = Some(day("2023-06-30")?);
        let (outcome, heard) = (Outcome::Rectify, None);
        let find = Title::Find {
            title,
            outcome,
            reason,
            heard,
            rectify_by,
        };
        self.ok("li", find).map(drop)
    }

    /// Those who were refused appeal: one appeal was lodged just now, one was examined.
    pub(super) fn appeals(&self) -> Result<()> {
        let sql = "SELECT decision.id, \"case\".subject FROM decision JOIN \"case\" ON \"case\".id = decision.case_id \
                   WHERE \"case\".state = 'refused' ORDER BY decision.id LIMIT 2";
        let refused = pairs(&self.reader()?.rows(sql, &[])?)?;
        for (number, (decision, subject)) in refused.into_iter().enumerate() {
            let ground = "现场核查当日实验室正在搬迁，设备均在新址，请复核".to_owned();
            let agent = self.agent(&subject)?;
            let appeal = self.made(&agent, Appeal::Lodge { decision, ground }, "appeal")?;
            if number > 0 {
                let id = || appeal.clone();
                self.ok("sun", Appeal::Admit { appeal: id() })?;
                let found = "新址现场复查：设备与申报材料一致".to_owned();
                self.ok("sun", Appeal::Examine { appeal: id(), found })?;
            }
        }
        Ok(())
    }

    /// Money that was paid is asked back: of one who was told and is to be heard, of another it was just found.
    pub(super) fn recoveries(&self) -> Result<()> {
        let settled = "SELECT id, id FROM award WHERE state = 'settled' ORDER BY id LIMIT 2";
        for (number, award) in self.ids(settled)?.into_iter().enumerate() {
            let find = Recovery::Find {
                award,
                obligation: None,
                amount: Some(yuan("100000")),
                reason: "核查发现部分设计设备系租赁，不在奖励范围".to_owned(),
            };
            let recovery = self.made("wang", find, "recovery")?;
            if number > 0 {
                let hearing_on = day("2023-03-06")?;
                self.ok("wang", Recovery::Notify { recovery, hearing_on })?;
            }
        }
        Ok(())
    }

    /// An enterprise with an obligation to stay has moved to another city.
    pub(super) fn moved_away(&self) -> Result<()> {
        let sql = "SELECT obligation.id, award.subject FROM obligation JOIN award ON award.id = obligation.award ORDER BY obligation.id LIMIT 1";
        for (obligation, subject) in pairs(&self.reader()?.rows(sql, &[])?)? {
            let moved = Register::State {
                subject,
                path: "/registered_at".to_owned(),
                value: Some(Json("220102".into())),
                source: "市场监管变更登记".to_owned(),
                evidence: None,
                valid_from: Some(day("2023-02-15")?),
                valid_to: None,
            };
            self.ok("deng", moved)?;
            self.ok("wang", Obligation::Check { obligation })?;
        }
        Ok(())
    }

    /// Services that were asked for: one waits, one is taken, one is asked back, one is answered.
    pub(super) fn services(&self, subjects: &[String]) -> Result<()> {
        for (number, subject) in subjects.iter().skip(SERVED.start).take(SERVED.len()).enumerate() {
            let agent = self.agent(subject)?;
            let ask = Service::Ask {
                subject: subject.clone(),
                service: "demo_expert_visit".to_owned(),
                object: None,
                wish: Some("请专家到厂诊断产线数字化改造".to_owned()),
            };
            let outcome = self.give(&agent, ask)?;
            let Some(request) = outcome.accepted().map(|made| text(made, "request")) else {
                continue;
            };
            let id = || request.clone();
            if number > 0 {
                self.ok("wang", Service::Take { request: id() })?;
            }
            if number == 2 {
                let question = "请说明产线数量及现有系统".to_owned();
                self.ok(
                    "wang",
                    Service::AskBack {
                        request: id(),
                        question,
                    },
                )?;
            }
            if number == 3 {
                let answer = "专家组将于3月7日上门".to_owned();
                self.ok("wang", Service::Answer { request: id(), answer })?;
            }
        }
        Ok(())
    }

    fn ids(&self, sql: &str) -> Result<Vec<String>> {
        Ok(pairs(&self.reader()?.rows(sql, &[])?)?
            .into_iter()
            .map(|(id, _)| id)
            .collect())
    }
}
