//! Frames: one binding of a scope, and the values of the nodes in it.

use std::cell::OnceCell;

use meed_facts::record::Record;
use meed_facts::schema::FactId;
use meed_rules::program::{ScopeId, ScopeKind};

use super::layout::Sizes;
use super::{Evaluator, empty};
use crate::value::{CausePlace, Causes, Item, RecordPath, Value};

/// A binding of a scope: the applicant, a child, a year, an instalment. Valid for the evaluator that gave it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Frame(u32);

/// What an instalment's nodes may read.
#[derive(Clone, Debug)]
pub struct Instalment {
    /// Its number, from 1.
    pub number: u32,
    /// The first day of its period.
    pub from: Value,
    /// The day on which it is due.
    pub due: Value,
}

/// The instances of a scope inside one frame.
#[derive(Clone, Debug, Default)]
pub struct Instances {
    /// Those that are known, in the order of the record or of the years.
    pub items: Vec<Instance>,
    /// What stands for any number of others that are not known.
    pub rest: Option<Frame>,
    /// Why it is not known which there are.
    pub causes: Causes,
}

/// One instance of a scope.
#[derive(Clone, Copy, Debug)]
pub struct Instance {
    /// Its frame.
    pub frame: Frame,
    /// Whether it certainly exists.
    pub certain: bool,
}

pub(super) struct FrameData<'a> {
    pub scope: ScopeId,
    pub parent: Option<Frame>,
    /// The innermost record; `None` where nothing of it is known.
    pub record: Option<&'a Record>,
    pub path: RecordPath,
    /// For a record that an incomplete list does not name: the place of the list.
    pub unlisted: Option<Causes>,
    pub binding: Binding,
    /// Where its values begin among those of all frames; the applicant's lie apart.
    pub values: usize,
    pub instances: Box<[OnceCell<Instances>]>,
}

pub(super) enum Binding {
    Record,
    Year(Value),
    Instalment(Instalment),
}

impl<'a> FrameData<'a> {
    pub fn new(scope: ScopeId, sizes: Sizes, record: Option<&'a Record>) -> Self {
        Self {
            scope,
            parent: None,
            record,
            path: RecordPath::APPLICANT,
            unlisted: None,
            binding: Binding::Record,
            values: 0,
            instances: empty(sizes.inside),
        }
    }
}

impl<'a> Evaluator<'a> {
    /// The frame in which the applicant's own nodes are evaluated.
    pub fn root(&self) -> Frame {
        Frame(0)
    }

    pub(super) fn frame(&self, frame: Frame) -> &FrameData<'a> {
        let inside = frame.0.checked_sub(1).and_then(|place| self.frames.get(place as usize));
        inside.and_then(OnceCell::get).unwrap_or(&self.root)
    }

    fn push(&self, data: FrameData<'a>) -> Frame {
        let place = self.frames.take(1);
        if let Some(frame) = self.frames.get(place) {
            // Nobody else took this place.
            frame.set(data).ok();
        }
        // The applicant's frame is kept apart and has number 0.
        Frame(u32::try_from(place.saturating_add(1)).unwrap_or(u32::MAX))
    }

    /// The scope that a frame is a binding of.
    pub fn scope_of(&self, frame: Frame) -> ScopeId {
        self.frame(frame).scope
    }

    /// The frame around a frame; `None` for the applicant's.
    pub fn parent_of(&self, frame: Frame) -> Option<Frame> {
        self.frame(frame).parent
    }

    /// The record that a frame reads, where any of it is known.
    pub fn record_of(&self, frame: Frame) -> Option<&'a Record> {
        self.frame(frame).record
    }

    /// The way from the applicant to the record that a frame reads.
    pub fn path_of(&self, frame: Frame) -> &RecordPath {
        &self.frame(frame).path
    }

    /// The binding of `scope` that is visible from a frame: the frame itself, one around it, or the single record inside one of these.
    #[inline]
    pub fn visible(&self, scope: ScopeId, from: Frame) -> Option<Frame> {
        self.binding(scope, from).map(|(frame, _)| frame)
    }

    #[inline]
    pub(super) fn binding(&self, scope: ScopeId, from: Frame) -> Option<(Frame, &FrameData<'a>)> {
        let own = self.frame(from);
        if own.scope == scope {
            return Some((from, own));
        }
        let around = self.visible_around(scope, from)?;
        Some((around, self.frame(around)))
    }

    fn visible_around(&self, scope: ScopeId, from: Frame) -> Option<Frame> {
        let mut frame = from;
        while let Some(parent) = self.frame(frame).parent {
            frame = parent;
            if self.frame(frame).scope == scope {
                return Some(frame);
            }
        }
        match &self.program.scopes[scope].kind {
            ScopeKind::Applicant(_) => Some(self.root()),
            ScopeKind::Inner { owner, .. } => {
                let owner = self.visible(*owner, from)?;
                self.instances(scope, owner)
                    .items
                    .first()
                    .map(|instance| instance.frame)
            }
            ScopeKind::Children { .. } | ScopeKind::Years { .. } | ScopeKind::Instalments => None,
        }
    }

    /// The instances of a scope inside a frame of its parent (of the owner, for a single record).
    pub fn instances(&self, scope: ScopeId, parent: Frame) -> &Instances {
        let sizes = self.layout.sizes(self.program, scope);
        match self.frame(parent).instances.get(sizes.position as usize) {
            Some(cell) => cell.get_or_init(|| self.bind(scope, parent)),
            None => &self.no_instances,
        }
    }

    fn bind(&self, scope: ScopeId, parent: Frame) -> Instances {
        match &self.program.scopes[scope].kind {
            ScopeKind::Children { owner, list, .. } => self.bind_children(scope, parent, (*owner, *list)),
            ScopeKind::Inner { fact, .. } => self.bind_inner(scope, parent, *fact),
            ScopeKind::Years { count, to, since } => self.bind_years(scope, parent, (*count, *to, *since)),
            ScopeKind::Applicant(_) | ScopeKind::Instalments => Instances::default(),
        }
    }

    fn inside(&self, scope: ScopeId, parent: Frame) -> FrameData<'a> {
        let outer = self.frame(parent);
        let sizes = self.layout.sizes(self.program, scope);
        FrameData {
            parent: Some(parent),
            path: outer.path.clone(),
            unlisted: outer.unlisted.clone(),
            values: self.values.take(sizes.nodes as usize),
            ..FrameData::new(scope, sizes, outer.record)
        }
    }

    fn bind_children(&self, scope: ScopeId, parent: Frame, (owner, list): (ScopeId, FactId)) -> Instances {
        let holder = self.frame(self.visible(owner, parent).unwrap_or(parent));
        let children = holder.record.and_then(|record| record.children.get(list));
        let items = children.map(|list| list.items.as_slice()).unwrap_or_default();
        let child = |(index, record): (usize, &'a Record)| {
            let item = Item::At(u32::try_from(index).unwrap_or(u32::MAX));
            let frame = self.push(FrameData {
                record: Some(record),
                path: holder.path.step(list, item),
                unlisted: None,
                ..self.inside(scope, parent)
            });
            Instance { frame, certain: true }
        };
        let count = items.len();
        let items: Vec<Instance> = items
            .iter()
            .enumerate()
            .take_while(|_| self.step())
            .map(child)
            .collect();
        if children.is_some_and(|list| list.complete) && items.len() == count {
            return Instances {
                items,
                ..Instances::default()
            };
        }
        let causes = holder.unlisted.clone().unwrap_or_else(|| {
            let record = holder.path.clone();
            let stated = holder.record.and_then(|record| record.facts.get(list));
            Causes::one(self.why_absent(list, stated), CausePlace::List { record, list })
        });
        let rest = self.push(FrameData {
            record: None,
            path: holder.path.step(list, Item::Rest),
            unlisted: Some(causes.clone()),
            ..self.inside(scope, parent)
        });
        Instances {
            items,
            rest: Some(rest),
            causes,
        }
    }

    fn bind_inner(&self, scope: ScopeId, owner: Frame, fact: FactId) -> Instances {
        let holder = self.frame(owner);
        let record = holder.record.and_then(|record| record.inner.get(fact)).map(Box::as_ref);
        let frame = self.push(FrameData {
            record,
            path: holder.path.step(fact, Item::Inner),
            ..self.inside(scope, owner)
        });
        let items = vec![Instance { frame, certain: true }];
        Instances {
            items,
            ..Instances::default()
        }
    }

    pub(super) fn bind_year(&self, scope: ScopeId, parent: Frame, year: Value) -> Frame {
        self.push(FrameData {
            binding: Binding::Year(year),
            ..self.inside(scope, parent)
        })
    }

    /// A new frame for one instalment, inside a frame of the line's scope.
    pub fn instalment(&self, scope: ScopeId, parent: Frame, instalment: Instalment) -> Frame {
        self.push(FrameData {
            binding: Binding::Instalment(instalment),
            ..self.inside(scope, parent)
        })
    }
}
