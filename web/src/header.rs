//! The header of the page: cluster, comparison, undo and redo, theme, Share.

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

/// A dialogue of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sheet {
    /// The menu of scenes.
    Scenes,
    /// The form of settings.
    Settings,
}

/// The input of the header's drawing.
#[derive(PartialEq)]
pub struct Header {
    /// The preset of the first cluster.
    pub preset: Preset,
    /// The titles of the clusters.
    pub titles: Vec<String>,
    /// The numbers of nodes and clients, in words.
    pub what: AttrValue,
    /// The settings that are not as usual, such as `reads=local`.
    pub chips: Vec<String>,
    /// Called with the dialogue to open.
    pub on_sheet: Callback<Sheet>,
    /// Called for the presenter view.
    pub on_present: Callback<()>,
    /// True if there is anything to undo.
    pub can_undo: bool,
    /// True if there is anything to redo.
    pub can_redo: bool,
    /// Called with the preset that the user chose.
    pub on_choose: Callback<Preset>,
    /// Called with a cluster to add to the comparison, or to remove.
    pub on_compare: Callback<Change>,
    /// Called for undo.
    pub on_undo: Callback<()>,
    /// Called for redo.
    pub on_redo: Callback<()>,
    /// Called to change the theme.
    pub on_theme: Callback<()>,
    /// Called for Share.
    pub on_share: Callback<()>,
    /// The docks, and whether each is open.
    pub docks: Vec<(Dock, bool)>,
    /// Called with a dock and its change.
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
                <button type="button" class="plain" onclick={self.on_sheet.reform(|_: MouseEvent| Sheet::Scenes)}>{ "Scenes" }</button>
                { self.compare() }
                <button type="button" class="plain adjust" onclick={self.on_sheet.reform(|_: MouseEvent| Sheet::Settings)}>{ "Settings" }</button>
                <div class="what">{ for self.chips.iter().map(|chip| html! { <span key={chip.clone()} class="chip">{ chip }</span> }) }{ &self.what }</div>
                <div class="grow"></div>
                { icon("Undo", icons::stroke(icons::UNDO), self.can_undo, &self.on_undo) }
                { icon("Redo", icons::stroke(icons::REDO), self.can_redo, &self.on_redo) }
                { import::picker("") }
                { icon("Presenter view", icons::stroke(icons::PRESENT), true, &self.on_present) }
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
    /// The list of clusters to add to the comparison, and to remove from it.
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

/// A button with an icon. A disabled one uses `aria-disabled`, so that it keeps the focus after the
/// last press.
fn icon(name: &'static str, picture: Html, enabled: bool, on: &Callback<()>) -> Html {
    html! {
        <button type="button" class="icon" aria-label={name} title={name} aria-disabled={(!enabled).to_string()}
            onclick={on.reform(|_| ())}>{ picture }</button>
    }
}

/// The input of the drawing of the Share popover.
#[derive(PartialEq)]
pub struct Shared {
    /// The link.
    pub link: AttrValue,
    /// True if the link was copied.
    pub copied: bool,
    /// Called with an export to save.
    pub on_export: Callback<Export>,
    /// Called to change the theme.
    pub on_theme: Callback<()>,
    /// Called to close the popover.
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
