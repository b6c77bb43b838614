//! Exports in progress.

use super::{App, Msg};
use crate::export::{self, Export, Making};
use crate::player::Progress;
use web_sys::Blob;
use yew::prelude::*;

/// An export in progress.
pub struct Exporting {
    what: Export,
    percent: u8,
    _making: Making,
}

impl App {
    /// Starts an export, unless the same one is in progress.
    pub(super) fn export(&mut self, ctx: &Context<Self>, what: Export) {
        if self.exports.iter().any(|exporting| exporting.what == what) {
            return;
        }
        let (link, player) = (ctx.link().clone(), &ctx.props().player);
        let meanwhile = link.callback(move |percent| Msg::Written(what, percent));
        let done = link.callback(move |file| Msg::Exported(what, file));
        let done = move |file| done.emit(file);
        let making = export::make(player, self.cluster, what, move |p| meanwhile.emit(p), done);
        self.exports.push(Exporting { what, percent: 0, _making: making });
    }

    pub(super) fn written(&mut self, what: Export, percent: u8) {
        let mut exports = self.exports.iter_mut();
        if let Some(exporting) = exports.find(|exporting| exporting.what == what) {
            exporting.percent = percent;
        }
    }

    pub(super) fn exported(&mut self, what: Export, file: Option<Blob>) {
        self.give_up(what);
        match file {
            Some(file) => export::save(&file, what.file()),
            None => self.alert = Some(export::NOTHING.to_owned()),
        }
    }

    pub(super) fn give_up(&mut self, what: Export) {
        self.exports.retain(|exporting| exporting.what != what);
    }

    /// The exports in progress with their cancel buttons, and the progress of a seek.
    pub(super) fn under_way(&self) -> Html {
        html! {
            <>
                <div class={if self.exports.is_empty() { "unseen" } else { "exporting" }} role="status">
                    { for self.exports.iter().map(|exporting| self.one_under_way(exporting)) }
                </div>
                <div class={if self.model.progress.is_some() { "exporting" } else { "unseen" }} role="status">
                    { for self.model.progress.iter().map(|progress| self.playhead_under_way(progress)) }
                </div>
            </>
        }
    }

    /// The progress of a long seek.
    fn playhead_under_way(&self, progress: &Progress) -> Html {
        let onclick = self.on.stop_here.reform(|_: MouseEvent| ());
        html! {
            <div class="making">
                <label>{ format!("{} \u{2026}", progress.label) }
                    <progress max="100" value={progress.percent.to_string()}></progress>
                </label>
                <button type="button" {onclick}>{ "Stop here" }</button>
            </div>
        }
    }

    fn one_under_way(&self, exporting: &Exporting) -> Html {
        let (what, file) = (exporting.what, exporting.what.file());
        let onclick = self.on.give_up.reform(move |_: MouseEvent| what);
        html! {
            <div class="making" key={file}>
                <label>{ format!("Writing {file} \u{2026}") }
                    <progress max="100" value={exporting.percent.to_string()}></progress>
                </label>
                <button type="button" aria-label={format!("Cancel {file}")} {onclick}>{ "Cancel" }</button>
            </div>
        }
    }
}
