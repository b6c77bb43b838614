//! `on(name, f)`: who is told of events, violations and changes.

use super::object::function;
use super::{Given, object};
use crate::player::Player;
use js_sys::Function;
use quorumscope_core::ids::EventId;
use quorumscope_core::view::{self, ClusterVerdict};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsValue;

/// Who listens, and up to where they have been told.
pub struct Ears {
    listeners: Vec<(u32, Name, Function)>,
    next: u32,
    told: Vec<EventId>,
    violations: Vec<ClusterVerdict>,
    revision: u64,
}

/// What one can listen to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Name {
    Event,
    Violation,
    Change,
}

impl Ears {
    /// Nobody listens yet; what has happened is not told again.
    #[must_use]
    pub fn new(player: &Player) -> Self {
        let revision = player.session().revision();
        let (listeners, violations) = (Vec::new(), Vec::new());
        Self { listeners, next: 0, told: heads(player), violations, revision }
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

/// Adds a listener; returns the function that stops it.
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

/// Tells what has happened since it was last told.
pub fn tell(ears: &Rc<RefCell<Ears>>, player: &Player) {
    let heads = heads(player);
    let mut all = ears.borrow_mut();
    let told = std::mem::replace(&mut all.told, heads.clone());
    let revision = player.session().revision();
    let changed = std::mem::replace(&mut all.revision, revision) != revision;
    let (on_event, on_change) = (all.of(Name::Event), all.of(Name::Change));
    let on_violation = all.of(Name::Violation);
    drop(all);
    if !on_event.is_empty() {
        for (cluster, (&from, &to)) in told.iter().zip(&heads).enumerate() {
            for id in from.0..to.0 {
                let event = view::event(&player.session(), cluster, EventId(id));
                call(&on_event, &object(&event).unwrap_or(JsValue::NULL));
            }
        }
    }
    if changed {
        call(&on_change, &JsValue::NULL);
    }
    if !on_violation.is_empty() {
        tell_violations(ears, player, &on_violation);
    }
}

fn tell_violations(ears: &Rc<RefCell<Ears>>, player: &Player, listeners: &[Function]) {
    let latest = player.judging().latest();
    let violated = latest.verdicts.iter().filter(|v| v.holds == Some(false));
    let now: Vec<ClusterVerdict> = violated.cloned().collect();
    let before = std::mem::replace(&mut ears.borrow_mut().violations, now.clone());
    for verdict in now.iter().filter(|v| !before.contains(v)) {
        call(listeners, &object(verdict).unwrap_or(JsValue::NULL));
    }
}

fn call(listeners: &[Function], value: &JsValue) {
    for f in listeners {
        // What a listener throws is its own affair.
        let _ = f.call1(&JsValue::NULL, value);
    }
}
