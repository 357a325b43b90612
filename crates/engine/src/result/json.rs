//! Results as JSON. Absent parts are left out; lists are in the order of the result.

use meed_facts::date::Date;
use meed_facts::label::Label;
use meed_rules::program::Confidence;
use serde_json::{Map, Value, json};

use super::{
    AwardLine, Citation, Determination, InstalmentLine, MarkLine, MissingLine, ObligationLine, Payee, Presumption,
    Reason, ReasonKind, ServiceLine, StepLine, TitleLine,
};
use crate::awards::certainty::Certainty;
use crate::awards::claim::StepKind;
use crate::awards::verdict::{Verdict, Why};
use crate::value::CauseKind;

impl Determination {
    /// The result as JSON.
    pub fn to_json(&self) -> Value {
        let mut result = json!({
            "package": { "name": *self.package, "version": *self.version, "digest": *self.digest },
            "date": self.date.to_string(),
            "applicant": *self.applicant,
            "facts": *self.facts,
            "awards": list(&self.lines, AwardLine::to_json),
            "services": list(&self.services, ServiceLine::to_json),
            "titles": list(&self.titles, TitleLine::to_json),
            "totals": { "eligible": self.total.to_json(), "possible": self.possible.to_json() },
        });
        let note = |one: &super::Unneeded| json!({ "note": "does not apply", "fact": one.name });
        if let (Some(result), false) = (result.as_object_mut(), self.unneeded.is_empty()) {
            result.insert("notes".to_owned(), list(&self.unneeded, note));
        }
        result
    }
}

/// An object whose absent and empty members are left out.
struct Object(Map<String, Value>);

impl Object {
    fn new() -> Self {
        Self(Map::new())
    }

    fn with(mut self, name: &str, value: Value) -> Self {
        let empty = match &value {
            Value::Null => true,
            Value::Array(items) => items.is_empty(),
            Value::Object(members) => members.is_empty(),
            _ => false,
        };
        if !empty {
            self.0.insert(name.to_owned(), value);
        }
        self
    }

    fn done(self) -> Value {
        Value::Object(self.0)
    }
}

fn list<T>(items: &[T], item: impl Fn(&T) -> Value) -> Value {
    Value::Array(items.iter().map(item).collect())
}

fn text(text: Option<&str>) -> Value {
    text.map_or(Value::Null, Value::from)
}

fn day(day: Option<Date>) -> Value {
    day.map_or(Value::Null, |day| day.to_string().into())
}

fn label(label: &Label) -> Value {
    Object::new()
        .with("en", text(label.en.as_deref()))
        .with("zh", text(label.zh.as_deref()))
        .done()
}

fn verdict(object: Object, verdict: Verdict) -> Object {
    let why = match verdict {
        Verdict::NotEligible(Why::NotInForce) => "not in force".into(),
        Verdict::NotEligible(Why::NotApplicable) => "not applicable".into(),
        _ => Value::Null,
    };
    object.with("verdict", verdict.name().into()).with("why", why)
}

fn certainty(certainty: Certainty) -> Value {
    match certainty {
        Certainty::Yes => true.into(),
        Certainty::No => false.into(),
        Certainty::Maybe => "unknown".into(),
    }
}

fn confidence(source: Confidence) -> &'static str {
    match source {
        Confidence::Official => "official",
        Confidence::Secondary => "secondary",
        Confidence::Draft => "draft",
    }
}

impl AwardLine {
    /// The line as JSON.
    pub fn to_json(&self) -> Value {
        let payers = list(&self.payers, |payer| {
            Object::new()
                .with("agency", (*payer.agency).into())
                .with("amount", payer.amount.to_json())
                .with("on", day(payer.on))
                .done()
        });
        let payee = match &self.payee {
            Payee::Applicant => "applicant".into(),
            Payee::Other(text) => text.clone().into(),
            Payee::Unknown => "unknown".into(),
        };
        let over_time = (!self.instalments.is_empty()).then(|| self.over_time.to_json());
        let before = (self.before_rationing != self.amount).then(|| self.before_rationing.to_json());
        let own = (self.own != self.amount).then(|| self.own.to_json());
        verdict(Object::new(), self.verdict)
            .with("own", own.unwrap_or_default())
            .with("measure", (*self.name).into())
            .with("label", label(&self.label))
            .with("key", text(self.key.as_deref()))
            .with("unlisted", if self.unlisted { true.into() } else { Value::Null })
            .with("amount", self.amount.to_json())
            .with("before_rationing", before.unwrap_or_default())
            .with("over_time", over_time.unwrap_or_default())
            .with("steps", list(&self.steps, StepLine::to_json))
            .with("instalments", list(&self.instalments, InstalmentLine::to_json))
            .with("payers", payers)
            .with("together", if self.together { true.into() } else { Value::Null })
            .with("payee", payee)
            .with("lead", text(self.lead.as_deref()))
            .with(
                "application",
                self.application.map(super::Application::to_json).unwrap_or_default(),
            )
            .with("reasons", list(&self.reasons, Reason::to_json))
            .with("missing", list(&self.missing, MissingLine::to_json))
            .with("presumptions", list(&self.presumptions, Presumption::to_json))
            .with("source", text(self.source.map(confidence)))
            .with(
                "citation",
                self.citation.as_ref().map_or(Value::Null, Citation::to_json),
            )
            .with("gap", list(&self.gap, super::Gap::to_json))
            .with("marks", list(&self.marks, MarkLine::to_json))
            .with("obligations", list(&self.obligations, ObligationLine::to_json))
            .with("unique", list(&self.unique, |value| value.clone().into()))
            .done()
    }
}

impl StepLine {
    fn to_json(&self) -> Value {
        let clause = self.clause.as_ref();
        let instead = self.instead.as_ref().map(|(measure, key)| {
            Object::new()
                .with("measure", (**measure).into())
                .with("key", text(key.as_deref()))
                .done()
        });
        Object::new()
            .with("step", self.kind.name().into())
            .with(
                "before",
                if self.before == self.after {
                    Value::Null
                } else {
                    self.before.to_json()
                },
            )
            .with("after", self.after.to_json())
            .with("exact", self.exact.clone().map_or(Value::Null, Value::from))
            .with("clause", text(clause.map(|(name, _)| &**name)))
            .with(
                "citation",
                clause.map_or(Value::Null, |(_, citation)| citation.to_json()),
            )
            .with("instead", instead.unwrap_or_default())
            .with(
                "received",
                self.received.map_or(Value::Null, |received| received.to_json()),
            )
            .done()
    }
}

impl StepKind {
    /// Its name in results.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gross => "gross",
            Self::Floor => "floor",
            Self::Cap => "cap",
            Self::Rounded => "rounded",
            Self::Period => "period",
            Self::Awarded => "awarded",
            Self::Once => "once",
            Self::HighestOf => "highest_of",
            Self::Exclusive => "exclusive",
            Self::TopUp => "top_up",
            Self::Ceiling => "ceiling",
            Self::Unresolved => "unresolved",
            Self::Fund => "fund",
        }
    }
}

impl InstalmentLine {
    fn to_json(&self) -> Value {
        verdict(Object::new(), self.verdict)
            .with("number", self.number.into())
            .with("from", day(self.from))
            .with("until", day(self.until))
            .with("due", day(self.due))
            .with("amount", self.amount.to_json())
            .with("current", certainty(self.current))
            .done()
    }
}

impl Citation {
    /// The document, the headings above, and how sure we are of the text.
    pub fn to_json(&self) -> Value {
        Object::new()
            .with("document", (*self.document).into())
            .with("number", text(self.number.as_deref()))
            .with("headings", list(&self.headings, |heading| (**heading).into()))
            .with("basis", text(self.basis.as_deref()))
            .with("source", confidence(self.source).into())
            .with("amended_by", list(&self.amended_by, Citation::to_json))
            .done()
    }
}

impl Reason {
    fn to_json(&self) -> Value {
        let kind = match self.kind {
            ReasonKind::Holds => "holds",
            ReasonKind::Fails => "fails",
            ReasonKind::DoesNotApply => "does not apply",
            ReasonKind::EmptyList => "empty list",
            ReasonKind::NotInForce => "not in force",
            ReasonKind::OtherApplicants => "other applicants",
        };
        let values = self
            .values
            .iter()
            .map(|reading| (reading.name.clone(), reading.json.clone()));
        Object::new()
            .with("kind", kind.into())
            .with("condition", list(&self.path, |label| (**label).into()))
            .with(
                "citation",
                self.citation.as_ref().map_or(Value::Null, Citation::to_json),
            )
            .with("values", Value::Object(values.collect()))
            .done()
    }
}

impl MissingLine {
    /// What is missing, of which kind, and who can say it.
    pub fn to_json(&self) -> Value {
        let readings = self.readings.iter();
        let readings = readings.map(|reading| (reading.name.clone(), reading.json.clone()));
        Object::new()
            .with("kind", self.kind.name().into())
            .with("fact", self.name.clone().into())
            .with("source", text(self.source.as_deref()))
            .with("evidence", list(&self.evidence, label))
            .with(
                "citation",
                self.citation.as_ref().map_or(Value::Null, Citation::to_json),
            )
            .with("readings", Value::Object(readings.collect()))
            .done()
    }
}

impl CauseKind {
    /// Its name in results.
    pub fn name(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Judgement => "judgement",
            Self::Refused => "refused",
            Self::Undefined => "undefined",
            Self::TextMissing => "text missing",
            Self::Conflict => "conflict",
        }
    }
}

impl Presumption {
    fn to_json(&self) -> Value {
        json!({ "fact": self.name, "value": self.value, "citation": self.citation.to_json() })
    }
}

impl MarkLine {
    fn to_json(&self) -> Value {
        let (kind, name, citation) = match self {
            Self::Unresolved(_, name, citation) => ("unresolved", name, citation),
            Self::Alternative(_, name, citation) => ("alternative", name, citation),
            Self::Fund(name, citation) => ("fund", name, citation),
        };
        json!({ "mark": kind, "name": **name, "citation": citation.to_json() })
    }
}

impl ObligationLine {
    fn to_json(&self) -> Value {
        Object::new()
            .with("kept", certainty(self.holds))
            .with("from", day(self.from))
            .with("until", day(self.until))
            .with("recover", self.recover.map_or(Value::Null, |recover| recover.to_json()))
            .with("citation", self.citation.to_json())
            .done()
    }
}

impl ServiceLine {
    fn to_json(&self) -> Value {
        verdict(Object::new(), self.verdict)
            .with("service", (*self.name).into())
            .with("label", label(&self.label))
            .with("key", text(self.key.as_deref()))
            .with("channel", label(&self.channel))
            .with("lead", text(self.lead.as_deref()))
            .with("reasons", list(&self.reasons, Reason::to_json))
            .with("missing", list(&self.missing, MissingLine::to_json))
            .with("source", confidence(self.source).into())
            .with("citation", self.citation.to_json())
            .done()
    }
}

impl TitleLine {
    fn to_json(&self) -> Value {
        let met = match self.met.map(Verdict::certainty) {
            None => Value::Null,
            Some(Certainty::Yes) => "met".into(),
            Some(Certainty::No) => "not met".into(),
            Some(Certainty::Maybe) => "undetermined".into(),
        };
        Object::new()
            .with("title", (*self.name).into())
            .with("label", label(&self.label))
            .with("criteria", met)
            .with("reasons", list(&self.reasons, Reason::to_json))
            .with("missing", list(&self.missing, MissingLine::to_json))
            .with("citation", self.citation.to_json())
            .done()
    }
}
