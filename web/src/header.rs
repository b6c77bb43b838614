//! The head of the page: which cluster, undo and redo, theme, Share.

use crate::icons;
use crate::still::Drawn;
use quorumscope_core::settings::Preset;
use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// What the head shows and whom it tells.
#[derive(PartialEq)]
pub struct Header {
    /// The preset of the first cluster.
    pub preset: Preset,
    /// Nodes and clients in words.
    pub what: AttrValue,
    /// Whether there is anything to undo.
    pub can_undo: bool,
    /// Whether there is anything to redo.
    pub can_redo: bool,
    /// Told which preset was chosen.
    pub on_choose: Callback<Preset>,
    /// Undo was pressed.
    pub on_undo: Callback<()>,
    /// Redo was pressed.
    pub on_redo: Callback<()>,
    /// The other theme is wanted.
    pub on_theme: Callback<()>,
    /// Share was pressed.
    pub on_share: Callback<()>,
}

/// What people call a preset.
#[must_use]
pub const fn title(preset: Preset) -> &'static str {
    match preset {
        Preset::WriteAll => "Write to all",
        Preset::Peers => "Peers",
        Preset::Ring => "Ring",
        Preset::PrimaryBackup => "Primary-backup",
        Preset::Quorum => "Quorums",
        Preset::Election => "Election",
        Preset::Raft => "Raft",
    }
}

impl Drawn for Header {
    fn draw(&self) -> Html {
        let choose = self.on_choose.reform(|e: Event| {
            let select: HtmlSelectElement = e.target_unchecked_into();
            Preset::named(&select.value()).unwrap_or(Preset::Raft)
        });
        let option = |p: Preset| {
            html! {
                <option key={p.name()} value={p.name()} selected={p == self.preset}>{ title(p) }</option>
            }
        };
        html! {
            <header class="head">
                <h1>{ icons::logo() }<span>{ "Quorumscope" }</span></h1>
                <div class="pick">
                    <select aria-label="Cluster" onchange={choose}>{ for Preset::ALL.into_iter().map(option) }</select>
                </div>
                <div class="what">{ &self.what }</div>
                <div class="grow"></div>
                { icon("Undo", icons::stroke(icons::UNDO), self.can_undo, &self.on_undo) }
                { icon("Redo", icons::stroke(icons::REDO), self.can_redo, &self.on_redo) }
                { icon("Light or dark", icons::theme(), true, &self.on_theme) }
                <button type="button" class="cta" onclick={self.on_share.reform(|_| ())}>{ "Share" }</button>
            </header>
        }
    }
}

fn icon(name: &'static str, picture: Html, enabled: bool, on: &Callback<()>) -> Html {
    html! {
        <button type="button" class="icon" aria-label={name} title={name} disabled={!enabled}
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
    /// It is to be closed.
    pub on_close: Callback<()>,
}

impl Drawn for Shared {
    fn draw(&self) -> Html {
        let said = if self.copied {
            "Copied. Whoever opens it sees exactly this run, standing at this moment."
        } else {
            "Copy it: whoever opens it sees exactly this run, standing at this moment."
        };
        let escape = self.on_close.clone();
        let onkeydown = move |e: KeyboardEvent| {
            if e.key() == "Escape" {
                escape.emit(());
            }
        };
        let select = |e: FocusEvent| {
            if let Some(input) =
                e.target().and_then(|t| t.dyn_into::<web_sys::HtmlInputElement>().ok())
            {
                input.select();
            }
        };
        html! {
            <div class="popover" {onkeydown}>
                <label for="link">{ "Link" }</label>
                <input id="link" type="text" readonly=true value={self.link.clone()} onfocus={select} />
                <p>{ said }</p>
            </div>
        }
    }
}
