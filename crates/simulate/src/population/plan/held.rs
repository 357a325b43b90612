//! Titles that are dealt with the profiles or drawn, and earlier awards.

use std::sync::Arc;

use meed_facts::date::Date;
use meed_facts::money::{Currency, Money};
use meed_facts::schema::FactType;

use super::build::{Site, date};
use super::figures;
use super::{AwardRule, Choice, TitleRule};
use crate::population::draw::WHOLE;
use crate::population::model::{AwardModel, EntityModel, Profile, TitleModel};
use crate::population::{ModelError, Result};

pub(super) fn titles(site: Site<'_>, part: &EntityModel) -> Result<Vec<TitleRule>> {
    for profile in &part.profiles {
        let unknown = |key: &&String| !part.titles.iter().any(|title| title.key == **key);
        if let Some(key) = profile.titles.iter().find(unknown) {
            let at = format!("{}.profiles.{}", site.name(), profile.name);
            let known = part.titles.iter().map(|title| &*title.key);
            return Err(
                ModelError::new(&at, (format!("there is no title `{key}`"), format!("没有称号 `{key}`")))
                    .near(key, known),
            );
        }
    }
    part.titles.iter().map(|model| title(site, part, model)).collect()
}

fn title(site: Site<'_>, part: &EntityModel, model: &TitleModel) -> Result<TitleRule> {
    let at = format!("{}.titles.{}", site.name(), model.key);
    let wrong = |message: (String, String)| ModelError::new(&at, message);
    let schema = site.schema;
    let Some(id) = schema.title_called(site.entity, &model.title) else {
        let titles = schema.titles.iter().filter(|(_, title)| title.entity == site.entity);
        let known = titles.map(|(_, title)| &*title.named.name);
        return Err(wrong((
            format!("there is no title `{}`", model.title),
            format!("没有称号 `{}`", model.title),
        ))
        .near(&model.title, known));
    };
    let title = &schema.titles[id];
    let level = match (&model.level, title.levels) {
        (Some(level), Some(levels)) => {
            let found = schema.member_called(levels, level);
            Some(found.ok_or_else(|| wrong((format!("there is no level `{level}`"), format!("没有级别 `{level}`"))))?)
        }
        (Some(_), None) => return Err(ModelError::new(&at, ("the title has no levels", "此称号不分级别"))),
        (None, _) => title.level,
    };
    let dealt = |profile: &Profile| profile.titles.contains(&model.key);
    let holders: u64 = part
        .profiles
        .iter()
        .filter(|one| dealt(one))
        .map(|one| u64::from(one.number))
        .sum();
    if let Some(wanted) = model.holders.filter(|wanted| u64::from(*wanted) != holders) {
        return Err(wrong((
            format!("{wanted} hold it, but the profiles that name it are {holders}"),
            format!("应有 {wanted} 家持有，但列出它的画像有 {holders} 家"),
        )));
    }
    let mut chance = chances(site, &at, &model.chance)?;
    for (case, profile) in chance.of.iter_mut().zip(&part.profiles) {
        if dealt(profile) {
            *case = Some(Arc::new(WHOLE));
        }
    }
    Ok(TitleRule {
        title: id,
        level,
        granted: days(&at, &model.granted)?,
        months: model.months,
        chance,
    })
}

pub(super) fn awards(site: Site<'_>, part: &EntityModel) -> Result<Vec<AwardRule>> {
    part.awards.iter().map(|model| award(site, model)).collect()
}

fn award(site: Site<'_>, model: &AwardModel) -> Result<AwardRule> {
    let at = format!("{}.awards.{}", site.name(), model.measure);
    let known = || site.schema.measures.iter().map(|measure| &*measure.name);
    if !known().any(|name| name == model.measure) {
        let message = (
            format!("there is no measure `{}`", model.measure),
            format!("没有措施 `{}`", model.measure),
        );
        return Err(ModelError::new(&at, message).near(&model.measure, known()));
    }
    let currency =
        currency(site).ok_or_else(|| ModelError::new(&at, ("the vocabulary has no amounts", "词汇表中没有金额")))?;
    let minor = i128::from(model.amount).saturating_mul(currency.units());
    Ok(AwardRule {
        measure: model.measure.as_str().into(),
        amount: Money::from_minor(minor, currency),
        on: days(&at, &model.on)?,
        chance: chances(site, &at, &model.chance)?,
    })
}

/// The package's currency: that of its amounts.
fn currency(site: Site<'_>) -> Option<Currency> {
    site.schema.facts.iter().find_map(|(_, fact)| match fact.ty {
        FactType::Money(currency) => Some(currency),
        _ => None,
    })
}

fn chances(site: Site<'_>, at: &str, cases: &std::collections::BTreeMap<String, f64>) -> Result<Choice<i64>> {
    site.by_profile(at, cases, |percent| {
        let message = || {
            (
                format!("{percent} is no chance from 0 to 100 with two decimals"),
                format!("{percent} 不是 0 至 100、至多两位小数的概率"),
            )
        };
        figures::chance(*percent).ok_or_else(|| ModelError::new(at, message()))
    })
}

fn days(at: &str, [first, last]: &[String; 2]) -> Result<(Date, Date)> {
    let days = (date(at, first)?, date(at, last)?);
    if days.1 < days.0 {
        return Err(ModelError::new(
            at,
            (format!("{last} is before {first}"), format!("{last} 早于 {first}")),
        ));
    }
    Ok(days)
}
