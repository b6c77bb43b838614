//! Opens files that are dropped on the page or chosen. A script becomes the run; operations are
//! judged, and shown in a dialog over the page.

mod explained;
mod file;
mod sheet;

pub use file::{check, picker, why};

use crate::clerk::{Clerk, Imported};
use crate::opening;
use crate::player::Player;
use file::Read;
use gloo_events::{EventListener, EventListenerOptions};
use js_sys::Array;
use sheet::Sheet;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{DragEvent, Element, File, FileList, HtmlInputElement};
use yew::prelude::*;

/// The properties of the importer.
#[derive(PartialEq, Properties)]
pub struct ImporterProps {
    /// The player that runs scripts.
    pub player: Player,
    /// Called with the sentence about a file that cannot be opened, or with None if it can.
    pub on_outcome: Callback<Option<String>>,
}

/// The messages of the importer.
pub enum Msg {
    /// Files were dropped, or one was chosen.
    Files(Vec<File>),
    /// A text was dropped.
    Text(String),
    /// The file with this number was read, or could not be.
    Read(u32, Result<Read, String>),
    /// The user cancelled the reading of a file.
    GiveUp,
    /// The user closed the open file.
    Close,
}

/// The component that opens files, and shows files of operations.
pub struct Importer {
    /// The file that is being read.
    reading: Option<Reading>,
    /// The number of files so far.
    count: u32,
    shown: Option<Shown>,
    _listeners: Vec<EventListener>,
}

/// A file that is being read.
struct Reading {
    /// The number of this file. It tells a cancelled file from the next one.
    number: u32,
    name: String,
    /// A worker for this file only, so that it can be dismissed.
    clerk: Clerk,
}

/// An open file of operations.
struct Shown {
    name: String,
    imported: Rc<Imported>,
    /// The worker that keeps the operations, and answers questions about them.
    clerk: Clerk,
}

impl Component for Importer {
    type Message = Msg;
    type Properties = ImporterProps;

    fn create(ctx: &Context<Self>) -> Self {
        Self { reading: None, count: 0, shown: None, _listeners: listeners(ctx) }
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        let ImporterProps { player, on_outcome } = ctx.props();
        match msg {
            Msg::Files(files) => match <[File; 1]>::try_from(files) {
                Ok([file]) => self.read(ctx, file),
                Err(none) if none.is_empty() => return false,
                Err(several) => on_outcome.emit(Some(format!(
                    "{} files were dropped, and one is opened at a time",
                    several.len()
                ))),
            },
            Msg::Text(text) => {
                let parts = Array::of1(&text.into());
                let name = "the text that was dropped";
                match File::new_with_str_sequence(&parts, name) {
                    Ok(file) => self.read(ctx, file),
                    Err(_) => on_outcome.emit(Some("there is no room for this text".to_owned())),
                }
            }
            Msg::GiveUp => {
                if let Some(Reading { clerk, .. }) = self.reading.take() {
                    clerk.dismiss();
                }
            }
            Msg::Read(number, read) => {
                let is_this = |reading: &mut Reading| reading.number == number;
                // The result of a cancelled file is dropped.
                let Some(Reading { name, clerk, .. }) = self.reading.take_if(is_this) else {
                    return false;
                };
                match read {
                    Ok(Read::Script(run)) => {
                        clerk.dismiss();
                        self.close();
                        on_outcome.emit(None);
                        opening::load(player, run);
                    }
                    Ok(Read::Operations(imported)) => {
                        self.close();
                        player.pause();
                        on_outcome.emit(None);
                        self.shown = Some(Shown { name, imported: Rc::new(imported), clerk });
                    }
                    Err(why) => {
                        clerk.dismiss();
                        on_outcome.emit(Some(format!("{name}: {why}")));
                    }
                }
            }
            Msg::Close => self.close(),
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let on_close = ctx.link().callback(|()| Msg::Close);
        html! {
            <div>
                <div role="status" class={self.reading.as_ref().map_or("unseen", |_| "reading")}>
                    { for self.reading.iter().map(|Reading { name, .. }| html! { <>
                        <span>{ format!("Reading {name} \u{2026}") }</span>
                        <button type="button" aria-label={format!("Cancel reading {name}")} onclick={ctx.link().callback(|_| Msg::GiveUp)}>{ "Cancel" }</button>
                    </> }) }
                </div>
                { for self.shown.iter().map(|Shown { name, imported, clerk }| html! {
                    <Sheet name={name.clone()} imported={Rc::clone(imported)} clerk={clerk.clone()} on_close={on_close.clone()} />
                }) }
            </div>
        }
    }
}

impl Importer {
    /// Closes the open file.
    fn close(&mut self) {
        if let Some(shown) = self.shown.take() {
            shown.clerk.dismiss();
        }
    }

    /// Reads a file, and cancels the one that is still being read.
    fn read(&mut self, ctx: &Context<Self>, file: File) {
        self.count += 1;
        let (number, name, clerk) = (self.count, file.name(), Clerk::default());
        let reading = Reading { number, name, clerk: clerk.clone() };
        if let Some(before) = self.reading.replace(reading) {
            before.clerk.dismiss();
        }
        let link = ctx.link().clone();
        spawn_local(
            async move { link.send_message(Msg::Read(number, file::read(clerk, file).await)) },
        );
    }
}

/// The listeners for dropped and chosen files.
fn listeners(ctx: &Context<Importer>) -> Vec<EventListener> {
    let Some(document) = crate::dom::document() else { return Vec::new() };
    let options = EventListenerOptions::enable_prevent_default();
    // Without this the browser would leave the page for the file.
    let over = EventListener::new_with_options(&document, "dragover", options, |e| {
        if !is_field(e) {
            e.prevent_default();
        }
    });
    let link = ctx.link().clone();
    let dropped = EventListener::new_with_options(&document, "drop", options, move |e| {
        if is_field(e) {
            return;
        }
        e.prevent_default();
        let data = e.dyn_ref::<DragEvent>().and_then(DragEvent::data_transfer);
        let Some(data) = data else { return };
        let files = all(data.files().as_ref());
        let text = data.get_data("text").unwrap_or_default();
        link.send_message(match files.is_empty() && !text.trim().is_empty() {
            true => Msg::Text(text),
            false => Msg::Files(files),
        });
    });
    let link = ctx.link().clone();
    let chosen = EventListener::new(&document, "change", move |e| {
        let input = e.target().and_then(|t| t.dyn_into::<HtmlInputElement>().ok());
        let Some(input) = input.filter(|input| input.type_() == "file") else { return };
        link.send_message(Msg::Files(all(input.files().as_ref())));
        // The same file can be chosen again.
        input.set_value("");
    });
    vec![over, dropped, chosen]
}

/// True if text is dropped on an input field, which then takes it as typed text.
fn is_field(e: &web_sys::Event) -> bool {
    let on = e.target().and_then(|t| t.dyn_into::<Element>().ok());
    let data = e.dyn_ref::<DragEvent>().and_then(DragEvent::data_transfer);
    let is_file = data.is_some_and(|data| data.types().includes(&"Files".into(), 0));
    !is_file && on.is_some_and(|on| on.closest("input,textarea").is_ok_and(|found| found.is_some()))
}

fn all(files: Option<&FileList>) -> Vec<File> {
    let count = files.map_or(0, FileList::length);
    (0..count).filter_map(|at| files?.item(at)).collect()
}
