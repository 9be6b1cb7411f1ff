//! Journeys: the ways that visits take after a page or an event, or before it.

use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Report;
use super::scope::{PAGEVIEW, Scope, Visit, Walk, acts};
use super::target::Target;
use crate::query::Range;
use crate::segment::Segment;

/// Most steps of a way.
pub const MAX_DEPTH: usize = 10;

/// Most nodes of a tree: more than can be looked at. Ten branches at each of ten steps would be ten billion.
pub const MAX_NODES: usize = 2_000;

/// What the steps of a way are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Steps {
    /// Page views.
    Pages,
    /// Other acts.
    Events,
    /// Both.
    All,
}

/// The report. A visit counts where it began; the same step twice in a row is one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Journey {
    /// About which visits.
    pub scope: Scope,
    /// From where: its first occurrence in a visit. `None`: from the visit's beginning, or its end.
    pub from: Option<Target>,
    /// Whether the way leads there, and is told from there back.
    pub before: bool,
    /// How many steps; at most [`MAX_DEPTH`].
    pub depth: usize,
    /// Of what sort.
    pub steps: Steps,
    /// How many branches are shown at each step, and how many nodes of each depth in the links.
    pub limit: usize,
}

/// A step of a way.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Step {
    /// A page.
    Page(String),
    /// An event.
    Event(String),
    /// What is not shown.
    Other,
}

/// How many visits took each way, to its end or to the depth that was asked for.
pub type Partial = HashMap<Vec<Step>, u64>;

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Answer {
    /// The ways as a tree, with its root where they begin.
    pub tree: Branch,
    /// The ways as a graph, depth by depth.
    pub nodes: Vec<Node>,
    /// Its edges.
    pub links: Vec<Link>,
}

/// A branch of the tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "JourneyBranch")]
pub struct Branch {
    /// `page`, `event` or `start`.
    #[schemars(extend("enum" = ["start", "page", "event"]))]
    pub kind: &'static str,
    /// The page's path, the event's name.
    pub name: String,
    /// How many visits came here on this way.
    pub visits: u64,
    /// How many of them end here: they go no further.
    pub ended: u64,
    /// How many go on to what is not shown.
    pub other: u64,
    /// The steps after it, most frequent first.
    pub children: Vec<Branch>,
}

/// A node of the graph.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "JourneyNode")]
pub struct Node {
    /// How many steps from the beginning.
    pub depth: usize,
    /// `page`, `event`, `start` or `other`.
    #[schemars(extend("enum" = ["start", "page", "event", "other"]))]
    pub kind: &'static str,
    /// The page's path, the event's name.
    pub name: String,
    /// How many visits came here.
    pub visits: u64,
    /// How many of them end here.
    pub ended: u64,
}

/// Visits that went from one node to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "JourneyLink")]
pub struct Link {
    /// From which, by its place in the list of nodes.
    pub source: usize,
    /// To which.
    pub target: usize,
    /// How many.
    pub visits: u64,
}

impl Step {
    fn told(self) -> (&'static str, String) {
        match self {
            Self::Page(name) => ("page", name),
            Self::Event(name) => ("event", name),
            Self::Other => ("other", "(other)".to_owned()),
        }
    }
}

impl Report for Journey {
    type Partial = Partial;
    type Answer = Answer;

    fn range(&self) -> Range {
        self.scope.range
    }

    fn fold(&self, into: &mut Partial, segment: &Segment) {
        let walk = self.scope.walk(segment);
        let marks = self.from.as_ref().map(|from| Target::marks(core::slice::from_ref(from), &walk));
        let acts = acts();
        let mut ways: HashMap<Vec<u64>, u64> = HashMap::new();
        for visit in walk.begun() {
            if let Some(way) = self.way(visit, &walk, marks.as_deref(), &acts) {
                *ways.entry(way).or_default() += 1;
            }
        }
        for (way, visits) in ways {
            let text = |code: u64| segment.string(code / 2).to_owned();
            let step =
                |code: u64| if code.is_multiple_of(2) { Step::Page(text(code)) } else { Step::Event(text(code)) };
            *into.entry(way.into_iter().map(step).collect()).or_default() += visits;
        }
    }

    fn merge(into: &mut Partial, other: Partial) {
        for (way, visits) in other {
            *into.entry(way).or_default() += visits;
        }
    }

    /// There is nobody in it.
    fn seal(_: &mut Partial) {}

    fn finish(&self, partial: Partial) -> Answer {
        let mut ways: Vec<(Vec<Step>, u64)> = partial.into_iter().collect();
        ways.sort_unstable();
        let (nodes, links) = self.graph(&ways);
        Answer { tree: self.tree(&ways), nodes, links }
    }
}

/// Some of the ways, which all begin alike: a branch in the making.
struct Growing {
    step: Option<Step>,
    depth: usize,
    ways: core::ops::Range<usize>,
    visits: u64,
    ended: u64,
    other: u64,
    children: Vec<usize>,
}

impl Journey {
    /// A visit's way: twice a page's symbol, or one more than twice a name's, for each step.
    fn way(&self, visit: &Visit, walk: &Walk, marks: Option<&[u64]>, acts: &[bool]) -> Option<Vec<u64>> {
        let code = |event: usize| {
            let is_page = walk.kinds[event] == PAGEVIEW;
            let is_act = || acts.get(walk.kinds[event] as usize).copied().unwrap_or(false);
            let meant = match self.steps {
                Steps::Pages => is_page,
                Steps::Events => !is_page && is_act(),
                Steps::All => is_act(),
            };
            let code = if is_page { walk.pages[event] * 2 } else { walk.names[event] * 2 + 1 };
            meant.then_some(code)
        };
        let events = visit.events.clone();
        let mut way: Vec<u64> = Vec::new();
        let mut last = None;
        let (before, after) = match marks {
            Some(marks) => {
                let from = events.clone().find(|event| marks[*event] != 0)?;
                // What the way begins with is its root, not its first step.
                last = code(from);
                (events.start..from, from + 1..events.end)
            }
            None => (events.clone(), events),
        };
        let mut go = |event: usize| {
            if let Some(code) = code(event).filter(|code| last.replace(*code) != Some(*code)) {
                way.push(code);
            }
            way.len() < self.depth
        };
        if self.before {
            before.rev().all(&mut go);
        } else {
            let mut after = after;
            after.all(&mut go);
        }
        Some(way)
    }

    fn start(&self) -> (&'static str, String) {
        let end = if self.before { "(exit)" } else { "(entry)" };
        ("start", self.from.as_ref().map_or(end.to_owned(), |from| from.name.clone()))
    }

    /// The branches with the most visits, as far as [`MAX_NODES`] go.
    fn tree(&self, ways: &[(Vec<Step>, u64)]) -> Branch {
        let visits = |ways: &[(Vec<Step>, u64)]| ways.iter().map(|(_, visits)| visits).sum();
        let grow = |step: Option<Step>, depth: usize, range: core::ops::Range<usize>| {
            let of_branch = &ways[range.clone()];
            let ended = of_branch.iter().filter(|(way, _)| way.len() == depth && depth < self.depth);
            let ended = ended.map(|(_, visits)| visits).sum();
            let visits = visits(of_branch);
            let other = if depth < self.depth { visits - ended } else { 0 };
            Growing { step, depth, ways: range, visits, ended, other, children: Vec::new() }
        };
        let mut all = vec![grow(None, 0, 0..ways.len())];
        let mut next = BinaryHeap::from([(all[0].visits, core::cmp::Reverse(0))]);
        while let Some((_, core::cmp::Reverse(parent))) = next.pop() {
            let (depth, range) = (all[parent].depth, all[parent].ways.clone());
            if depth == self.depth || all.len() + self.limit > MAX_NODES {
                continue;
            }
            // Ways are sorted, so those that go on alike stand together.
            let mut groups: Vec<Growing> = Vec::new();
            let mut at = range.start;
            while at < range.end {
                let step = ways[at].0.get(depth);
                let alike = ways[at..range.end].iter().take_while(|(way, _)| way.get(depth) == step).count();
                if let Some(step) = step {
                    groups.push(grow(Some(step.clone()), depth + 1, at..at + alike));
                }
                at += alike;
            }
            groups.sort_by_key(|group| core::cmp::Reverse(group.visits));
            for group in groups.into_iter().take(self.limit) {
                all[parent].other -= group.visits;
                let place = all.len();
                all[parent].children.push(place);
                next.push((group.visits, core::cmp::Reverse(place)));
                all.push(group);
            }
        }
        self.branch(&all, 0)
    }

    fn branch(&self, all: &[Growing], place: usize) -> Branch {
        let Growing { step, visits, ended, other, children, .. } = &all[place];
        let (kind, name) = step.clone().map_or_else(|| self.start(), Step::told);
        let children = children.iter().map(|child| self.branch(all, *child)).collect();
        Branch { kind, name, visits: *visits, ended: *ended, other: *other, children }
    }

    fn graph(&self, ways: &[(Vec<Step>, u64)]) -> (Vec<Node>, Vec<Link>) {
        let mut by_depth: Vec<BTreeMap<&Step, u64>> = vec![BTreeMap::new(); self.depth];
        for (way, visits) in ways {
            for (at, step) in by_depth.iter_mut().zip(way) {
                *at.entry(step).or_default() += visits;
            }
        }
        let shown: Vec<BTreeSet<&Step>> = by_depth.into_iter().map(|steps| most_visited(steps, self.limit)).collect();
        let mut found: BTreeMap<(usize, Option<Step>), (u64, u64)> = BTreeMap::new();
        let mut between: BTreeMap<_, u64> = BTreeMap::new();
        for (way, visits) in ways {
            let mut source = (0, None);
            for (at, step) in way.iter().enumerate() {
                let target = (at + 1, Some(if shown[at].contains(step) { step.clone() } else { Step::Other }));
                *between.entry((source.clone(), target.clone())).or_default() += visits;
                found.entry(source).or_default().0 += visits;
                source = target;
            }
            let node = found.entry(source).or_default();
            node.0 += visits;
            node.1 += if way.len() < self.depth { *visits } else { 0 };
        }
        let places: HashMap<&(usize, Option<Step>), usize> = found.keys().zip(0..).collect();
        let link = |((source, target), visits): (&(_, _), &u64)| {
            Some(Link { source: *places.get(source)?, target: *places.get(target)?, visits: *visits })
        };
        let links = between.iter().filter_map(link).collect();
        let node = |((depth, step), (visits, ended)): (&(usize, Option<Step>), &(u64, u64))| {
            let (kind, name) = step.clone().map_or_else(|| self.start(), Step::told);
            Node { depth: *depth, kind, name, visits: *visits, ended: *ended }
        };
        (found.iter().map(node).collect(), links)
    }
}

fn most_visited(steps: BTreeMap<&Step, u64>, limit: usize) -> BTreeSet<&Step> {
    let mut steps: Vec<(&Step, u64)> = steps.into_iter().collect();
    // Stable: equal ones stay in the order of their names.
    steps.sort_by_key(|(_, visits)| core::cmp::Reverse(*visits));
    steps.into_iter().take(limit).map(|(step, _)| step).collect()
}
