//! Files that are dropped on the page or chosen: a script becomes the run; a file of operations is
//! judged, and drawn over the page until it is closed.

mod explained;
mod file;
mod sheet;

pub use file::{check, picker, why};

use crate::clerk::Imported;
use crate::opening;
use crate::player::Player;
use file::Read;
use gloo_events::{EventListener, EventListenerOptions};
use sheet::Sheet;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{DragEvent, File, FileList, HtmlInputElement};
use yew::prelude::*;

/// What the importer needs.
#[derive(PartialEq, Properties)]
pub struct ImporterProps {
    /// Where scripts go, and whose clerk judges.
    pub player: Player,
    /// Told what is wrong with a file, in a sentence, or that nothing is.
    pub on_outcome: Callback<Option<String>>,
}

/// What comes to the importer.
pub enum Msg {
    /// Files were dropped, or one was chosen.
    Files(Vec<File>),
    /// The file of that name was read, or the sentence why not.
    Read(String, Result<Read, String>),
    /// The file that is shown is to be closed.
    Close,
}

/// Takes files, and shows what cannot be shown as a run.
pub struct Importer {
    /// The name of the file that is being read.
    reading: Option<String>,
    shown: Option<(String, Rc<Imported>)>,
    _listeners: Vec<EventListener>,
}

impl Component for Importer {
    type Message = Msg;
    type Properties = ImporterProps;

    fn create(ctx: &Context<Self>) -> Self {
        Self { reading: None, shown: None, _listeners: listeners(ctx) }
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
            Msg::Read(name, read) => {
                self.reading.take_if(|reading| *reading == name);
                match read {
                    Ok(Read::Script(run)) => {
                        self.shown = None;
                        on_outcome.emit(None);
                        opening::load(player, run);
                    }
                    Ok(Read::Operations(imported)) => {
                        player.pause();
                        on_outcome.emit(None);
                        self.shown = Some((name, Rc::new(imported)));
                    }
                    Err(why) => on_outcome.emit(Some(format!("{name}: {why}"))),
                }
            }
            Msg::Close => self.shown = None,
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let on_close = ctx.link().callback(|()| Msg::Close);
        let clerk = ctx.props().player.judging().clerk().clone();
        html! {
            <div>
                <div role="status" class={self.reading.as_ref().map_or("unseen", |_| "reading")}>
                    { for self.reading.iter().map(|name| html! { <span>{ format!("Reading {name} \u{2026}") }</span> }) }
                </div>
                { for self.shown.iter().map(|(name, imported)| html! {
                    <Sheet name={name.clone()} imported={Rc::clone(imported)} clerk={clerk.clone()} on_close={on_close.clone()} />
                }) }
            </div>
        }
    }
}

impl Importer {
    fn read(&mut self, ctx: &Context<Self>, file: File) {
        let name = file.name();
        self.reading = Some(name.clone());
        let clerk = ctx.props().player.judging().clerk().clone();
        ctx.link().send_future(async move { Msg::Read(name, file::read(clerk, file).await) });
    }
}

/// Files that come to the page, whichever way.
fn listeners(ctx: &Context<Importer>) -> Vec<EventListener> {
    let Some(document) = crate::dom::document() else { return Vec::new() };
    let options = EventListenerOptions::enable_prevent_default();
    // Without this the browser would leave the page for the file.
    let over =
        EventListener::new_with_options(&document, "dragover", options, |e| e.prevent_default());
    let link = ctx.link().clone();
    let dropped = EventListener::new_with_options(&document, "drop", options, move |e| {
        e.prevent_default();
        let data = e.dyn_ref::<DragEvent>().and_then(DragEvent::data_transfer);
        link.send_message(Msg::Files(all(data.and_then(|data| data.files()).as_ref())));
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

fn all(files: Option<&FileList>) -> Vec<File> {
    let count = files.map_or(0, FileList::length);
    (0..count).filter_map(|at| files?.item(at)).collect()
}
