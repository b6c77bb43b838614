//! `on(name, f)`: subscriptions to events, violations and changes.

use super::object::function;
use super::{Given, object};
use crate::player::Player;
use gloo_timers::callback::Timeout;
use js_sys::Function;
use quorumscope_core::ids::EventId;
use quorumscope_core::view::{self, ClusterVerdict};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use wasm_bindgen::JsValue;

/// The subscriptions, and the place up to which events have been reported.
pub struct Ears {
    listeners: Vec<(u32, Name, Function)>,
    next: u32,
    told: Vec<EventId>,
    violations: Vec<ClusterVerdict>,
    revision: u64,
    /// The calls that are yet to be made.
    to_say: VecDeque<(Name, JsValue)>,
    calling: bool,
    later: Option<Timeout>,
}

/// The name of a subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Name {
    Event,
    Violation,
    Change,
}

impl Ears {
    /// No subscriptions yet. Events before this moment will not be reported.
    #[must_use]
    pub fn new(player: &Player) -> Self {
        let revision = player.session().revision();
        Self {
            listeners: Vec::new(),
            next: 0,
            told: heads(player),
            violations: Vec::new(),
            revision,
            to_say: VecDeque::new(),
            calling: false,
            later: None,
        }
    }

    fn has(&self, name: Name) -> bool {
        self.listeners.iter().any(|(_, n, _)| *n == name)
    }

    fn say(&mut self, name: Name, value: Given) {
        self.to_say.push_back((name, value.unwrap_or(JsValue::NULL)));
    }

    fn of(&self, name: Name) -> Vec<Function> {
        let wanted = self.listeners.iter().filter(|(_, n, _)| *n == name);
        wanted.map(|(.., f)| f.clone()).collect()
    }
}

/// The first event of each cluster beyond the playhead.
fn heads(player: &Player) -> Vec<EventId> {
    let session = player.session();
    (0..session.run().clusters.len()).map(|i| session.timeline(i).next_event()).collect()
}

/// Adds a listener. Returns the function that removes it.
pub fn add(ears: &Rc<RefCell<Ears>>, name: &str, f: Function) -> Given {
    let name = match name {
        "event" => Name::Event,
        "violation" => Name::Violation,
        "change" => Name::Change,
        _ => return Err("on knows event, violation and change".into()),
    };
    let mut all = ears.borrow_mut();
    let id = all.next;
    all.next += 1;
    all.listeners.push((id, name, f));
    drop(all);
    let ears = Rc::clone(ears);
    Ok(function(move |_| {
        ears.borrow_mut().listeners.retain(|(i, ..)| *i != id);
        Ok(JsValue::UNDEFINED)
    }))
}

/// Connects the subscriptions to the player.
///
/// Listeners are called after the page's own listeners, so they find the page up to date, and
/// without delay. Events that a listener causes are reported after the present calls.
pub fn follow(ears: &Rc<RefCell<Ears>>, player: &Player) {
    let (heard, p) = (Rc::downgrade(ears), player.clone());
    player.listen(move || {
        if let Some(ears) = heard.upgrade() {
            gather(&ears, &p);
        }
    });
    let heard = Rc::downgrade(ears);
    player.listen_afterwards(move || {
        if let Some(ears) = heard.upgrade() {
            call_all(&ears);
        }
    });
}

/// Gathers the calls for everything that has happened since the last time.
fn gather(ears: &Rc<RefCell<Ears>>, player: &Player) {
    let heads = heads(player);
    let mut all = ears.borrow_mut();
    let told = std::mem::replace(&mut all.told, heads.clone());
    let revision = player.session().revision();
    let changed = std::mem::replace(&mut all.revision, revision) != revision;
    if all.has(Name::Event) {
        for (cluster, (&from, &to)) in told.iter().zip(&heads).enumerate() {
            let first = player.session().trace(cluster).first();
            for id in from.max(first).0..to.0 {
                let event = view::event(&player.session(), cluster, EventId(id));
                all.say(Name::Event, object(&event));
            }
        }
    }
    if changed {
        all.say(Name::Change, Ok(JsValue::NULL));
    }
    if all.has(Name::Violation) {
        let latest = player.judging().latest();
        let violated = latest.verdicts.iter().filter(|v| v.holds == Some(false));
        let now: Vec<ClusterVerdict> = violated.cloned().collect();
        let before = std::mem::replace(&mut all.violations, now.clone());
        for verdict in now.iter().filter(|v| !before.contains(v)) {
            all.say(Name::Violation, object(verdict));
        }
    }
}

/// The largest number of calls in one go. The page has its turn before the next.
const CALLS_AT_ONCE: usize = 100_000;

/// Makes all gathered calls.
fn call_all(ears: &Rc<RefCell<Ears>>) {
    if std::mem::replace(&mut ears.borrow_mut().calling, true) {
        return;
    }
    for _ in 0..CALLS_AT_ONCE {
        let Some((name, value)) = ears.borrow_mut().to_say.pop_front() else { break };
        let listeners = ears.borrow().of(name);
        for f in listeners {
            // An exception of a listener is the listener's matter.
            let _ = f.call1(&JsValue::NULL, &value);
        }
    }
    let mut all = ears.borrow_mut();
    all.calling = false;
    all.later = (!all.to_say.is_empty()).then(|| {
        let ears = Rc::clone(ears);
        Timeout::new(0, move || call_all(&ears))
    });
}
