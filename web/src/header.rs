//! The head of the page: which cluster, undo and redo, theme, Share.

use crate::choice::Choice;
use crate::compare::Change;
use crate::export::Export;
use crate::frame::{self, Dock, Toggle};
use crate::icons;
use crate::import;
use crate::popover::popover;
use crate::still::{Drawn, keyed};
use quorumscope_core::run::MAX_CLUSTERS;
use quorumscope_core::settings::Preset;
use wasm_bindgen::JsCast;
use yew::prelude::*;

/// What the head shows and whom it tells.
#[derive(PartialEq)]
pub struct Header {
    /// The preset of the first cluster.
    pub preset: Preset,
    /// What the clusters are called.
    pub titles: Vec<String>,
    /// Nodes and clients in words.
    pub what: AttrValue,
    /// Whether there is anything to undo.
    pub can_undo: bool,
    /// Whether there is anything to redo.
    pub can_redo: bool,
    /// Told which preset was chosen.
    pub on_choose: Callback<Preset>,
    /// Told which cluster is to stand beside the others, or no more.
    pub on_compare: Callback<Change>,
    /// Undo was pressed.
    pub on_undo: Callback<()>,
    /// Redo was pressed.
    pub on_redo: Callback<()>,
    /// The other theme is wanted.
    pub on_theme: Callback<()>,
    /// Share was pressed.
    pub on_share: Callback<()>,
    /// The docks that can be shown and hidden, and whether they are open.
    pub docks: Vec<(Dock, bool)>,
    /// Told that one is to be.
    pub on_dock: Callback<(Dock, frame::Change)>,
}

impl Drawn for Header {
    fn draw(&self) -> Html {
        let on_choose =
            self.on_choose.reform(|name: String| Preset::named(&name).unwrap_or(Preset::Raft));
        let all = Preset::ALL.into_iter();
        let options: Vec<_> =
            all.map(|p| (p.name().to_owned(), p.traits().title.to_owned())).collect();
        html! {
            <header class="head">
                <h1>{ icons::logo() }<span>{ "Quorumscope" }</span></h1>
                <div class="pick">
                    <Choice name="Cluster" {options} value={self.preset.name()} {on_choose} />
                </div>
                { self.compare() }
                <div class="what">{ &self.what }</div>
                <div class="grow"></div>
                { icon("Undo", icons::stroke(icons::UNDO), self.can_undo, &self.on_undo) }
                { icon("Redo", icons::stroke(icons::REDO), self.can_redo, &self.on_redo) }
                { import::picker("") }
                { icon("Light or dark", icons::theme(), true, &self.on_theme) }
                <div class="docks">{ for self.docks.iter().map(|&(dock, open)| {
                    keyed(dock.id(), Toggle { dock, lies: dock == Dock::Bottom, open, on_change: self.on_dock.clone() })
                }) }</div>
                <button type="button" class="cta" onclick={self.on_share.reform(|_| ())}>{ "Share" }</button>
            </header>
        }
    }
}

impl Header {
    /// What can stand beside the clusters, and which of them can go.
    fn compare(&self) -> Html {
        let several = self.titles.len() > 1;
        let mut options = vec![(String::new(), "Compare".to_owned())];
        if self.titles.len() < MAX_CLUSTERS {
            let with = |p: Preset| (p.name().to_owned(), format!("with {}", p.traits().title));
            options.extend(Preset::ALL.into_iter().map(with));
        }
        let without = |(i, t): (usize, &String)| (i.to_string(), format!("without {t}"));
        options.extend(self.titles.iter().enumerate().filter(|_| several).map(without));
        let tell = self.on_compare.clone();
        let on_choose = move |chosen: String| match (Preset::named(&chosen), chosen.parse()) {
            (Some(preset), _) => tell.emit(Change::Add(preset)),
            (None, Ok(place)) => tell.emit(Change::Remove(place)),
            (None, Err(_)) => {}
        };
        html! {
            <div class="pick compare">
                <Choice name="Compare" title="Another cluster beside this one, in the same run" {options} value="" {on_choose} />
            </div>
        }
    }
}

/// One that can do nothing says so, and keeps the focus of who has pressed it for the last time.
fn icon(name: &'static str, picture: Html, enabled: bool, on: &Callback<()>) -> Html {
    html! {
        <button type="button" class="icon" aria-label={name} title={name} aria-disabled={(!enabled).to_string()}
            onclick={on.reform(|_| ())}>{ picture }</button>
    }
}

/// What the box with the link shows.
#[derive(PartialEq)]
pub struct Shared {
    /// The link.
    pub link: AttrValue,
    /// Whether it was copied.
    pub copied: bool,
    /// Told what is to be saved as a file.
    pub on_export: Callback<Export>,
    /// The other theme is wanted.
    pub on_theme: Callback<()>,
    /// It is to be closed.
    pub on_close: Callback<MouseEvent>,
}

impl Drawn for Shared {
    fn draw(&self) -> Html {
        let said = if self.copied {
            "Copied. Whoever opens it sees exactly this run, standing at this moment."
        } else {
            "Copy it: whoever opens it sees exactly this run, standing at this moment."
        };
        let select = |e: FocusEvent| {
            if let Some(input) =
                e.target().and_then(|t| t.dyn_into::<web_sys::HtmlInputElement>().ok())
            {
                input.select();
            }
        };
        let content = html! {
            <>
                <label class="unseen" for="link">{ "Link" }</label>
                <input id="link" type="text" readonly=true value={self.link.clone()} onfocus={select} />
                <p>{ said }</p>
                <h2>{ "Export" }</h2>
                <div class="exports" role="group" aria-label="Export">{ for Export::ALL.into_iter().map(|entry| self.export(entry)) }</div>
                <div class="moved" role="group" aria-label="More">
                    { import::picker("Open a file") }
                    <button type="button" onclick={self.on_theme.reform(|_| ())}>{ icons::theme() }{ "Light or dark" }</button>
                </div>
            </>
        };
        popover("shared", "Share", "Share", self.on_close.clone(), content)
    }
}

impl Shared {
    fn export(&self, entry: (Export, &'static str, &'static str, &'static str)) -> Html {
        let (export, word, name, file) = entry;
        let onclick = self.on_export.reform(move |_: MouseEvent| export);
        html! { <button key={word} type="button" title={format!("Save {file}")} {onclick}>{ name }</button> }
    }
}
