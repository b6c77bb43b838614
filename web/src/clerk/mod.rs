//! Runs long work in a Web Worker, which loads this same program without a page.
//!
//! A run is a value and a World a pure function of it, so a script is all that the worker needs to
//! answer any question about a run. Without Web Workers the same work is done on the main thread,
//! in portions, so that the page stays responsive.

mod copied;
mod desk;
mod hunted;
mod imported;
mod request;
mod worker;

pub use hunted::{Found, Hunted, Portion};
pub use request::{Answer, Copy, Explained, Imported, Place, Request};
pub use table::install;
pub use worker::{resign, serve};

use desk::Desk;
use gloo_timers::callback::Timeout;
use js_sys::{ArrayBuffer, Uint8Array};
use request::Reply;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use wasm_bindgen::JsValue;
use web_sys::{Blob, DedicatedWorkerGlobalScope};
use worker::Away;

/// The number of calls that the search of one key may look at in a worker: some seconds of work.
const PATIENCE_AWAY: u64 = 20_000_000;
/// The same on the main thread: some hundredths of a second of work.
const PATIENCE_HERE: u64 = 400_000;

/// Called with the answer.
type Then = Box<dyn FnOnce(Answer)>;
/// Called with the progress in percent (0 to 100).
type Meanwhile = Rc<dyn Fn(u8)>;

/// The client of the worker. Clones refer to the same worker.
#[derive(Clone, Default)]
pub struct Clerk(Rc<RefCell<State>>);

impl PartialEq for Clerk {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

#[derive(Default)]
struct State {
    /// The requests that have no answer yet, in the order of their answers.
    asked: VecDeque<Asked>,
    place: Seat,
}

struct Asked {
    request: Request,
    file: Option<ArrayBuffer>,
    meanwhile: Option<Meanwhile>,
    then: Then,
}

/// Work itself, and what asks for it, come with the second module.
#[derive(Clone, Copy)]
struct Table {
    put: fn(&Clerk, Asked),
    work: fn(&DedicatedWorkerGlobalScope, &JsValue),
}

mod table {
    use super::{Clerk, Table, worker};

    crate::later::late!(Table = Table { put: Clerk::take_up, work: worker::work });
}

/// Where the clerk sits.
#[derive(Default)]
enum Seat {
    /// There was no request yet.
    #[default]
    Nowhere,
    Away(Away),
    Here(Box<Desk>, Option<Timeout>),
}

impl Clerk {
    /// Sends a request, with the file that it is about. Answers come in the order of the requests.
    pub fn ask(
        &self,
        request: Request,
        file: Option<ArrayBuffer>,
        then: impl FnOnce(Answer) + 'static,
    ) {
        self.put(Asked { request, file, meanwhile: None, then: Box::new(then) });
    }

    /// Requests an export. `meanwhile` is called with the progress in percent (0 to 100).
    pub fn ask_for_copy(
        &self,
        copy: Copy,
        meanwhile: impl Fn(u8) + 'static,
        then: impl FnOnce(Option<Blob>) + 'static,
    ) {
        let then = Box::new(|answer| match answer {
            Answer::Copied(file) => then(file),
            _ => then(None),
        });
        let (request, meanwhile) = (Request::Copy(copy), Some(Rc::new(meanwhile) as Meanwhile));
        self.put(Asked { request, file: None, meanwhile, then });
    }

    fn put(&self, asked: Asked) {
        if let Some(table) = table::get() {
            (table.put)(self, asked);
        }
    }

    fn take_up(&self, asked: Asked) {
        let mut state = self.0.borrow_mut();
        if matches!(state.place, Seat::Nowhere) {
            state.place = match Away::start(self) {
                Some(away) => Seat::Away(away),
                None => Seat::here(),
            };
        }
        if let Seat::Away(away) = &state.place {
            away.send(&asked.request, asked.file.as_ref());
        }
        state.asked.push_back(asked);
        drop(state);
        self.work_on();
    }

    /// Drops all requests without an answer, and ends the worker.
    pub fn dismiss(&self) {
        // Dropping callbacks may call this again.
        drop(self.0.take());
    }

    /// Handles a reply to the oldest request.
    fn hear(&self, reply: Reply) {
        match reply {
            Reply::Percent(percent) => {
                let meanwhile = self.0.borrow().asked.front().and_then(|a| a.meanwhile.clone());
                meanwhile.into_iter().for_each(|meanwhile| meanwhile(percent));
            }
            Reply::Answer(answer) => {
                let asked = self.0.borrow_mut().asked.pop_front();
                if let Some(asked) = asked {
                    (asked.then)(answer);
                }
            }
        }
    }

    /// Moves all requests to the main thread, because the worker failed.
    fn come_here(&self) {
        let mut state = self.0.borrow_mut();
        if matches!(state.place, Seat::Away(_)) {
            state.place = Seat::here();
        }
        drop(state);
        self.work_on();
    }

    /// Schedules the next portion of work on the main thread.
    fn work_on(&self) {
        let mut state = self.0.borrow_mut();
        let State { asked, place: Seat::Here(_, timeout) } = &mut *state else { return };
        if timeout.is_none() && !asked.is_empty() {
            let clerk = self.clone();
            *timeout = Some(Timeout::new(0, move || clerk.portion()));
        }
    }

    fn portion(&self) {
        let mut state = self.0.borrow_mut();
        let State { asked, place: Seat::Here(desk, timeout) } = &mut *state else { return };
        *timeout = None;
        if !desk.is_busy()
            && let Some(asked) = asked.front()
        {
            desk.begin(&asked.request, bytes(asked.file.as_ref()));
        }
        let reply = desk.work();
        drop(state);
        if let Some(reply) = reply {
            self.hear(reply);
        }
        self.work_on();
    }
}

impl Seat {
    fn here() -> Self {
        Self::Here(Box::new(Desk::new(PATIENCE_HERE)), None)
    }
}

fn bytes(file: Option<&ArrayBuffer>) -> Vec<u8> {
    file.map(|file| Uint8Array::new(file).to_vec()).unwrap_or_default()
}
