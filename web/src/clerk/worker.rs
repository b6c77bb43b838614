//! The Web Worker: its start, its messages, and its main loop.
//!
//! It loads the same script as the page, from the browser's cache, and gets the compiled module
//! from the page, so it costs no download. A message to it is an encoded request with the file that
//! it is about; a message from it is an encoded reply with the file that was requested.

use super::desk::Desk;
use super::request::{Answer, Reply, Request};
use super::{Clerk, PATIENCE_AWAY, bytes};
use crate::dom;
use crate::later;
use js_sys::{Array, ArrayBuffer, Uint8Array};
use std::cell::RefCell;
use wasm_bindgen::prelude::*;
use web_sys::{
    Blob, BlobPropertyBag, DedicatedWorkerGlobalScope, HtmlLinkElement, MessageEvent, Url, Worker,
    WorkerOptions, WorkerType,
};

/// The script that starts the worker. It queues messages until the program runs, and replies with a
/// string if the program cannot run.
const BOOT: &str = "onmessage = async ({ data: [script, module] }) => {
    const early = [];
    onmessage = e => early.push(e);
    try {
        await (await import(script)).default({ module_or_path: module });
        early.forEach(e => onmessage(e));
    } catch (e) {
        postMessage(String(e));
    }
}";

/// A worker, as the page sees it.
pub struct Away {
    worker: Worker,
    _listeners: [Closure<dyn FnMut(MessageEvent)>; 2],
}

impl Away {
    /// Starts a worker. None if the browser cannot.
    pub fn start(clerk: &Clerk) -> Option<Self> {
        let worker = boot()?;
        let hears = clerk.clone();
        let heard = Closure::<dyn FnMut(MessageEvent)>::new(move |e: MessageEvent| {
            match decoded(&e.data()) {
                Some(reply) => hears.hear(reply),
                None => hears.come_here(),
            }
        });
        let fails = clerk.clone();
        let failed = Closure::<dyn FnMut(MessageEvent)>::new(move |_| fails.come_here());
        worker.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        worker.set_onerror(Some(failed.as_ref().unchecked_ref()));
        Some(Self { worker, _listeners: [heard, failed] })
    }

    /// Sends a request, with a copy of the file that it is about.
    pub fn send(&self, request: &Request, file: Option<&ArrayBuffer>) {
        let Ok(encoded) = postcard::to_allocvec(request) else { return };
        let message = Array::of1(&Uint8Array::from(&encoded[..]));
        if let Some(file) = file {
            message.push(file);
        }
        // A worker that has ended reports it by itself.
        let _ = self.worker.post_message(&message);
    }
}

impl Drop for Away {
    fn drop(&mut self) {
        // Replies that are still on the way are dropped.
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

fn boot() -> Option<Worker> {
    let link = dom::document()?.query_selector("link[rel=modulepreload]").ok()??;
    let script = link.unchecked_ref::<HtmlLinkElement>().href();
    let properties = BlobPropertyBag::new();
    properties.set_type("text/javascript");
    let source = Array::of1(&BOOT.into());
    let blob = Blob::new_with_str_sequence_and_options(&source, &properties).ok()?;
    let url = Url::create_object_url_with_blob(&blob).ok()?;
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    let worker = Worker::new_with_options(&url, &options).ok()?;
    worker.post_message(&Array::of2(&script.into(), &wasm_bindgen::module())).ok()?;
    Some(worker)
}

/// Serves requests if this program runs in a worker. False if it does not.
pub fn serve() -> bool {
    let Some(scope) = scope() else { return false };
    let here = scope.clone();
    let serves = Closure::<dyn FnMut(MessageEvent)>::new(move |e: MessageEvent| {
        let here = here.clone();
        later::when_here(move || {
            if let Some(table) = super::table::get() {
                (table.work)(&here, &e.data());
            }
        });
    });
    scope.set_onmessage(Some(serves.as_ref().unchecked_ref()));
    // It serves as long as the worker lives.
    serves.forget();
    true
}

/// The worker cannot work: the page does it itself.
pub fn resign() {
    if let Some(scope) = scope() {
        // The page is there: it asked.
        let _ = scope.post_message(&"the program could not be loaded".into());
    }
}

fn scope() -> Option<DedicatedWorkerGlobalScope> {
    JsValue::from(js_sys::global()).dyn_into().ok()
}

thread_local! {
    static DESK: RefCell<Desk> = RefCell::new(Desk::new(PATIENCE_AWAY));
}

/// Does what a message asks for, and says what there is to be said of it.
pub fn work(scope: &DedicatedWorkerGlobalScope, message: &JsValue) {
    DESK.with_borrow_mut(|desk| {
        work_on(desk, message, |reply| {
            // The page is there: it asked.
            let _ = scope.post_message(reply);
        })
    });
}

fn work_on(desk: &mut Desk, message: &JsValue, say: impl Fn(&JsValue)) -> Option<()> {
    let message: &Array = message.dyn_ref()?;
    let encoded = message.get(0).dyn_into::<Uint8Array>().ok()?;
    let file = message.get(1).dyn_into::<ArrayBuffer>().ok();
    let request = postcard::from_bytes::<Request>(&encoded.to_vec()).ok()?;
    desk.begin(&request, bytes(file.as_ref()));
    while desk.is_busy() {
        if let Some(reply) = desk.work() {
            say(&encode(reply)?);
        }
    }
    Some(())
}

fn encode(mut reply: Reply) -> Option<JsValue> {
    let file = match &mut reply {
        Reply::Answer(Answer::Copied(file)) => file.take(),
        _ => None,
    };
    let encoded = postcard::to_allocvec(&reply).ok()?;
    Some(Array::of2(&Uint8Array::from(&encoded[..]), &file.into()).into())
}

fn decoded(message: &JsValue) -> Option<Reply> {
    let message: &Array = message.dyn_ref()?;
    let encoded = message.get(0).dyn_into::<Uint8Array>().ok()?;
    let mut reply = postcard::from_bytes(&encoded.to_vec()).ok()?;
    if let Reply::Answer(Answer::Copied(file)) = &mut reply {
        *file = message.get(1).dyn_into().ok();
    }
    Some(reply)
}
