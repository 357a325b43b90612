//! A model made to fit a vocabulary; what does not fit is an error with its place and the likely fix.

use std::collections::BTreeMap;
use std::sync::Arc;

use meed_facts::date::Date;
use meed_facts::identifier::Kind;
use meed_facts::message::Message;
use meed_facts::schema::{EntityId, Fact, FactType, Schema, Source};

use super::figures::{self, HUNDREDTHS};
use super::{Choice, Condition, Draw, Earlier, Form, Of, Plan, Reserved, Rule};
use crate::population::draw::{Quantiles, Weights};
use crate::population::model::{Cases, EntityModel, FactModel, Model, Profile, When};
use crate::population::{ModelError, Result};

/// What a plan is built from, and where in the model.
#[derive(Clone, Copy)]
pub(in crate::population) struct Site<'m> {
    pub(in crate::population) schema: &'m Schema,
    pub(in crate::population) model: &'m Model,
    pub(in crate::population) profiles: &'m [Profile],
    pub(in crate::population) entity: EntityId,
    /// The rules of the record that a child belongs to.
    pub(in crate::population) parent: &'m [Rule],
    /// How deep lists stand within lists.
    pub(in crate::population) depth: usize,
}

/// Lists within lists beyond this are refused: a model that holds itself has no end.
const DEEPEST: usize = 4;

impl Plan {
    /// The plan of an entity's records.
    pub(in crate::population) fn new(site: Site<'_>) -> Result<Self> {
        let name = site.name().to_owned();
        let wrong = |message: (&str, &str)| ModelError::new(&name, message);
        let Some(part) = site.model.entity.get(&name) else {
            return Err(wrong(("has no part in the model", "在模型中没有相应部分"))
                .help(("add [entity.NAME]", "请加上 [entity.名称]")));
        };
        if site.depth > DEEPEST {
            return Err(wrong(("lists stand too deep within lists", "列表嵌套过深")));
        }
        let mut rules: Vec<Rule> = Vec::with_capacity(part.facts.len());
        for model in &part.facts {
            let rule = RuleSite {
                site,
                part,
                rules: &rules,
                model,
            }
            .rule()?;
            if rules.iter().any(|before| before.fact == rule.fact) {
                return Err(ModelError::new(
                    &format!("{name}.{}", model.fact),
                    ("stands here twice", "在此出现两次"),
                ));
            }
            rules.push(rule);
        }
        let began = part
            .began
            .as_ref()
            .map(|fact| earlier(site, &rules, fact))
            .transpose()?;
        Ok(Plan {
            entity: site.entity,
            began,
            titled: site.schema.titles.iter().any(|(_, title)| title.entity == site.entity),
            titles: super::held::titles(site, part)?,
            awards: super::held::awards(site, part)?,
            rules,
        })
    }
}

impl<'m> Site<'m> {
    /// The entity's name.
    pub(super) fn name(self) -> &'m str {
        &self.schema.entities[self.entity].named.name
    }

    /// What holds in each profile.
    pub(super) fn by_profile<T, U>(
        self,
        at: &str,
        cases: &Cases<T>,
        read: impl Fn(&T) -> Result<U>,
    ) -> Result<Choice<U>> {
        let all = self.model.entity.values().flat_map(|part| &part.profiles);
        let known: Vec<&str> = all.flat_map(names).collect();
        named(at, cases, "profile or group", &known)?;
        let read = made(cases, read)?;
        let of = self.profiles.iter();
        Ok(Choice {
            by: None,
            of: of
                .map(|profile| names(profile).chain([ANY]).find_map(|name| read.get(name).cloned()))
                .collect(),
        })
    }
}

/// The cases that a profile may be, the nearest first.
fn names(profile: &Profile) -> impl Iterator<Item = &str> {
    std::iter::once(&*profile.name).chain(profile.groups.iter().map(String::as_str))
}

/// The case for all that no other case is for.
const ANY: &str = "any";

/// One fact's place: the rules before it, and what the model says of it.
struct RuleSite<'m, 'r> {
    site: Site<'m>,
    part: &'m EntityModel,
    rules: &'r [Rule],
    model: &'m FactModel,
}

impl RuleSite<'_, '_> {
    fn at(&self) -> String {
        format!("{}.{}", self.site.name(), self.model.fact)
    }

    fn wrong(&self, message: impl Into<Message>) -> ModelError {
        ModelError::new(&self.at(), message)
    }

    fn rule(&self) -> Result<Rule> {
        let Site { schema, entity, .. } = self.site;
        let Some(fact) = schema.fact_called(entity, &self.model.fact) else {
            let facts = schema.entities[entity].facts.iter();
            let known = facts.map(|fact| &*schema.facts[*fact].named.name);
            return Err(self
                .wrong(("is no fact of the vocabulary", "不是词汇表中的信息项"))
                .near(&self.model.fact, known));
        };
        let declared = &schema.facts[fact];
        let form = self.form(declared)?;
        Ok(Rule {
            fact,
            yearly: declared.period.is_some(),
            draw: self.draw(declared, &form)?,
            when: self.model.when.as_ref().map(|when| self.condition(when)).transpose()?,
            otherwise: self
                .model
                .otherwise
                .as_ref()
                .map(|value| self.otherwise(&form, value))
                .transpose()?,
            judged: matches!(declared.source, Source::Judged(_)),
            key: schema.entities[entity].key == Some(fact),
            form,
        })
    }

    fn form(&self, declared: &Fact) -> Result<Form> {
        Ok(match &declared.ty {
            FactType::Bool => Form::Bool,
            FactType::Count => Form::Count,
            FactType::Number(_) => Form::Number,
            FactType::Money(currency) => Form::Money(u8::try_from(currency.exponent()).unwrap_or(0)),
            FactType::Date => Form::Date,
            FactType::Months => Form::Months,
            FactType::Days => Form::Days,
            FactType::Enumeration(id) => Form::Member(self.site.schema.enumerations[*id].members.len()),
            FactType::Identifier(kind @ (Kind::CreditCode | Kind::CitizenId)) => self.identifier(Some(*kind))?,
            FactType::Text if self.model.among.is_none() => self.identifier(None)?,
            FactType::Text | FactType::Identifier(_) => Form::Text(self.texts(&declared.ty)?),
            FactType::Many(_) => Form::List,
            FactType::One(_) => return Err(self.wrong(("records held inside are not drawn", "不抽取内含的记录"))),
        })
    }

    fn identifier(&self, kind: Option<Kind>) -> Result<Form> {
        let born = self.rules.iter().position(|rule| matches!(rule.draw, Draw::Born(_)));
        let start = self.part.reserved.as_deref().unwrap_or("");
        if kind.is_some() && start.is_empty() {
            return Err(self.wrong((
                "needs `reserved`, the characters that no register gives out",
                "须写 `reserved`，即任何登记机关都不发放的字符",
            )));
        }
        if kind == Some(Kind::CitizenId) && born.is_none() {
            return Err(self.wrong((
                "holds a birthday, so a fact drawn by `born` must come before",
                "含出生日期，因此须先有以 `born` 抽取的信息项",
            )));
        }
        Ok(Form::Identifier(Reserved {
            kind,
            start: start.into(),
            born,
        }))
    }

    /// The texts that the fact may have, each once, in their canonical form.
    fn texts(&self, ty: &FactType) -> Result<Vec<Arc<str>>> {
        let cases = self.model.among.iter().flat_map(BTreeMap::values);
        let mut texts = Vec::new();
        for text in cases.flat_map(BTreeMap::keys) {
            let text = match ty {
                FactType::Identifier(kind) => {
                    let on = date(&self.at(), &self.site.model.as_of)?;
                    kind.check(text, Some(on)).map_err(|error| self.wrong(error.message))?
                }
                _ => text.as_str().into(),
            };
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
        Ok(texts)
    }

    fn draw(&self, declared: &Fact, form: &Form) -> Result<Draw> {
        let model = self.model;
        let ways = [
            model.chance.is_some(),
            model.among.is_some(),
            model.quantiles.is_some(),
            model.days_before.is_some(),
            model.many.is_some(),
            model.born.is_some(),
        ];
        if ways.iter().filter(|way| **way).count() > 1 {
            return Err(self.wrong(("is drawn in two ways; keep one", "写了两种抽取方式，请只保留一种")));
        }
        let not_so = |what: &str| {
            self.wrong((
                format!("{what} does not make a value of its type"),
                format!("{what} 不能产生此类型的值"),
            ))
        };
        match (model, form) {
            (
                FactModel {
                    chance: Some(cases), ..
                },
                Form::Bool,
            ) => Ok(Draw::Chance(self.choice(cases, |percent| self.chance(*percent))?)),
            (FactModel { among: Some(cases), .. }, Form::Member(_) | Form::Text(_)) => Ok(Draw::Among(
                self.choice(cases, |weights| self.weights(declared, form, weights))?,
            )),
            (
                FactModel {
                    quantiles: Some(cases), ..
                },
                Form::Count | Form::Number | Form::Money(_) | Form::Months | Form::Days,
            ) => self.quantity(cases, form),
            (
                FactModel {
                    days_before: Some(cases),
                    ..
                },
                Form::Date,
            ) => Ok(Draw::DaysBefore {
                days: self.quantiles(cases, HUNDREDTHS)?,
                not_before: model
                    .not_before
                    .as_ref()
                    .map(|fact| self.not_before(fact))
                    .transpose()?,
            }),
            (FactModel { born: Some(cases), .. }, Form::Date) => Ok(Draw::Born(self.quantiles(cases, HUNDREDTHS)?)),
            (FactModel { many: Some(cases), .. }, Form::List) => self.many(declared, cases),
            (_, Form::Identifier(_)) if !ways.contains(&true) => Ok(Draw::Key),
            (FactModel { chance: Some(_), .. }, _) => Err(not_so("a chance")),
            (FactModel { among: Some(_), .. }, _) => Err(not_so("a choice")),
            (FactModel { quantiles: Some(_), .. }, _) => Err(not_so("a quantity")),
            _ => Err(self.wrong((
                "is drawn in no way that makes a value of its type",
                "没有能产生此类型之值的抽取方式",
            ))),
        }
    }

    fn quantity(&self, cases: &Cases<[f64; 6]>, form: &Form) -> Result<Draw> {
        let model = self.model;
        let of = match (&model.per, &model.percent_of) {
            (None, None) => Of::Nothing,
            (Some(fact), None) => Of::Per(self.earlier(fact)?),
            (None, Some(fact)) => {
                let rule = self.earlier(fact)?;
                match self.rules.get(rule).map(|rule| &rule.form) {
                    Some(Form::Date) => Of::Age(rule),
                    _ => Of::Share(rule),
                }
            }
            (Some(_), Some(_)) => {
                return Err(self.wrong((
                    "`per` and `percent_of` exclude each other",
                    "`per` 与 `percent_of` 不能并用",
                )));
            }
        };
        let places = match of {
            Of::Share(_) | Of::Age(_) => HUNDREDTHS,
            Of::Nothing | Of::Per(_) => form.places(),
        };
        let figure = |figure: f64, places| {
            figures::whole(figure, places)
                .ok_or_else(|| self.wrong((format!("{figure} has too many digits"), format!("{figure} 的位数过多"))))
        };
        // Of a fact with growth, the values to be met are rates.
        let met = if model.growth.is_some() { HUNDREDTHS } else { places };
        let step_places = if matches!(form, Form::Money(_) | Form::Number) {
            form.places()
        } else {
            0
        };
        Ok(Draw::Quantity {
            quantiles: self.quantiles(cases, places)?,
            of,
            growth: model
                .growth
                .as_ref()
                .map(|cases| {
                    self.site
                        .by_profile(&self.at(), cases, |figures| self.read(figures, HUNDREDTHS))
                })
                .transpose()?,
            steady: model.steady,
            step: model.step.map_or(Ok(1), |step| figure(step, step_places))?.max(1),
            exactly: model
                .exactly
                .iter()
                .map(|value| figure(*value, met))
                .collect::<Result<_>>()?,
        })
    }

    fn many(&self, declared: &Fact, cases: &Cases<[f64; 6]>) -> Result<Draw> {
        let FactType::Many(entity) = declared.ty else {
            return Err(self.wrong(("is no list", "不是列表")));
        };
        let child = Plan::new(Site {
            entity,
            parent: self.rules,
            depth: self.site.depth.saturating_add(1),
            ..self.site
        })?;
        Ok(Draw::Many {
            count: self.quantiles(cases, HUNDREDTHS)?,
            child: Box::new(child),
        })
    }

    fn quantiles(&self, cases: &Cases<[f64; 6]>, places: u8) -> Result<Choice<Quantiles>> {
        self.choice(cases, |figures| self.read(figures, places))
    }

    fn read(&self, figures: &[f64; 6], places: u8) -> Result<Quantiles> {
        let wrong = || {
            self.wrong((
                format!("the quantiles {figures:?} fall, or have too many digits"),
                format!("分位数 {figures:?} 有下降，或位数过多"),
            ))
        };
        figures::quantiles(figures, places).ok_or_else(wrong)
    }

    fn weights(&self, declared: &Fact, form: &Form, weights: &BTreeMap<String, u32>) -> Result<Weights> {
        let mut values = Vec::with_capacity(weights.len());
        for (name, weight) in weights {
            let value = match (form, &declared.ty) {
                (Form::Text(texts), FactType::Identifier(_)) => texts.iter().position(|text| **text == *name.trim()),
                (Form::Text(texts), _) => texts.iter().position(|text| **text == **name),
                _ => self.member(declared, name)?,
            };
            let value = value.and_then(|value| i64::try_from(value).ok());
            values.push((
                value.ok_or_else(|| {
                    self.wrong((
                        format!("`{name}` is not written canonically"),
                        format!("`{name}` 不是规范写法"),
                    ))
                })?,
                *weight,
            ));
        }
        Weights::new(values).ok_or_else(|| self.wrong(("weights are all 0, or too large", "权重全为 0，或过大")))
    }

    fn chance(&self, percent: f64) -> Result<i64> {
        figures::chance(percent).ok_or_else(|| {
            self.wrong((
                format!("{percent} is no chance from 0 to 100 with two decimals"),
                format!("{percent} 不是 0 至 100、至多两位小数的概率"),
            ))
        })
    }

    /// The position of an enumeration's member.
    fn member(&self, declared: &Fact, name: &str) -> Result<Option<usize>> {
        let FactType::Enumeration(id) = declared.ty else {
            return Ok(None);
        };
        let schema = self.site.schema;
        let Some(position) = schema.member_called(id, name) else {
            let known = schema.enumerations[id].members.iter().map(|member| &*member.name);
            return Err(self
                .wrong((
                    format!("there is no `{name}` among its values"),
                    format!("其取值中没有 `{name}`"),
                ))
                .near(name, known));
        };
        Ok(Some(position.into()))
    }

    /// What holds in each case of the fact that chooses.
    fn choice<T, U>(&self, cases: &Cases<T>, read: impl Fn(&T) -> Result<U>) -> Result<Choice<U>> {
        let Some(fact) = &self.model.by else {
            return self.site.by_profile(&self.at(), cases, read);
        };
        let rule = self.earlier(fact)?;
        let schema = self.site.schema;
        let declared = self.rules.get(rule).map(|rule| &schema.facts[rule.fact].ty);
        let known: Vec<&str> = match declared {
            Some(FactType::Enumeration(id)) => schema.enumerations[*id]
                .members
                .iter()
                .map(|member| &*member.name)
                .collect(),
            Some(FactType::Bool) => vec!["false", "true"],
            _ => {
                return Err(self.wrong((
                    format!("`{fact}` has no cases to choose by"),
                    format!("`{fact}` 没有可供选择的情形"),
                )));
            }
        };
        named(&self.at(), cases, "value", &known)?;
        let read = made(cases, read)?;
        let one = |name: &str| read.get(name).or_else(|| read.get(ANY)).cloned();
        Ok(Choice {
            by: Some(rule),
            of: known.iter().map(|name| one(name)).collect(),
        })
    }

    fn condition(&self, when: &When) -> Result<Condition> {
        let rule = self.earlier(&when.fact)?;
        let Some(earlier) = self.rules.get(rule) else {
            return Err(self.wrong(("depends on nothing", "不依赖任何信息项")));
        };
        let declared = &self.site.schema.facts[earlier.fact];
        let value = |name: &String| match (&earlier.form, name.as_str()) {
            (Form::Bool, "true") => Ok(1),
            (Form::Bool, "false") => Ok(0),
            _ => {
                let position = self
                    .member(declared, name)?
                    .and_then(|position| i64::try_from(position).ok());
                position.ok_or_else(|| {
                    self.wrong((
                        format!("`{}` is never `{name}`", when.fact),
                        format!("`{}` 从不为 `{name}`", when.fact),
                    ))
                })
            }
        };
        let places = if matches!(earlier.form, Form::Money(_) | Form::Number) {
            earlier.form.places()
        } else {
            0
        };
        let least = |figure| {
            figures::whole(figure, places)
                .ok_or_else(|| self.wrong((format!("{figure} has too many digits"), format!("{figure} 的位数过多"))))
        };
        Ok(Condition {
            rule,
            is: when.is.iter().map(value).collect::<Result<_>>()?,
            at_least: when.at_least.map(least).transpose()?,
        })
    }

    fn otherwise(&self, form: &Form, value: &toml::Value) -> Result<i64> {
        let declared = self.site.schema.fact_called(self.site.entity, &self.model.fact);
        let found = match (value, form) {
            (toml::Value::Boolean(truth), Form::Bool) => Some(i64::from(*truth)),
            (toml::Value::Integer(0), Form::Count | Form::Number | Form::Money(_) | Form::Months | Form::Days) => {
                Some(0)
            }
            (toml::Value::String(name), Form::Member(_)) => {
                let fact = declared.map(|fact| &self.site.schema.facts[fact]);
                let position = fact.map_or(Ok(None), |fact| self.member(fact, name))?;
                position.and_then(|position| i64::try_from(position).ok())
            }
            _ => None,
        };
        found.ok_or_else(|| {
            self.wrong((
                "`otherwise` is true, false, 0 or a member, by its type",
                "`otherwise` 按类型为 true、false、0 或成员",
            ))
        })
    }

    fn earlier(&self, fact: &str) -> Result<usize> {
        earlier(self.site, self.rules, fact)
    }

    fn not_before(&self, fact: &str) -> Result<Earlier> {
        if let Ok(rule) = self.earlier(fact) {
            return Ok(Earlier::Own(rule));
        }
        let schema = self.site.schema;
        let called = |rule: &Rule| schema.facts[rule.fact].named.is_called(fact);
        let found = self.site.parent.iter().position(called);
        found.map(Earlier::Parent).ok_or_else(|| {
            self.wrong((
                format!("depends on `{fact}`, which is not drawn before"),
                format!("依赖 `{fact}`，而它没有先抽取"),
            ))
        })
    }
}

/// The rule of a fact that is drawn before.
fn earlier(site: Site<'_>, rules: &[Rule], fact: &str) -> Result<usize> {
    let name = |rule: &Rule| &*site.schema.facts[rule.fact].named.name;
    let found = rules.iter().position(|rule| name(rule) == fact);
    found.ok_or_else(|| {
        let message = (
            format!("something depends on `{fact}`, which is not drawn before it"),
            format!("有信息项依赖 `{fact}`，而它没有先抽取"),
        );
        ModelError::new(site.name(), message).near(fact, rules.iter().map(name))
    })
}

/// A day of the model.
pub(super) fn date(at: &str, text: &str) -> Result<Date> {
    Date::parse(text).map_err(|error| {
        let words = error.words();
        ModelError::new(
            at,
            (format!("`{text}`: {}", words.en), format!("`{text}`：{}", words.zh)),
        )
    })
}

/// That all cases have known names.
fn named<T>(at: &str, cases: &Cases<T>, what: &str, known: &[&str]) -> Result<()> {
    let is_known = |name: &&String| *name == ANY || known.contains(&name.as_str());
    match cases.keys().find(|name| !is_known(name)) {
        Some(name) => Err(ModelError::new(
            at,
            (format!("there is no {what} `{name}`"), format!("没有 {what} `{name}`")),
        )
        .near(name, known.iter().copied())),
        None => Ok(()),
    }
}

fn made<'c, T, U>(cases: &'c Cases<T>, read: impl Fn(&T) -> Result<U>) -> Result<BTreeMap<&'c str, Arc<U>>> {
    let one = |(name, case): (&'c String, &T)| Ok((name.as_str(), Arc::new(read(case)?)));
    cases.iter().map(one).collect()
}
