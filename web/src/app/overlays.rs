//! The overlays of the page: alert, progress, menus, glossary, link.

use super::headline;
use super::{App, Parting};
use crate::asked;
use crate::compare;
use crate::header::Shared;
use crate::icons;
use crate::menu::Menu;
use crate::player::Player;
use crate::popover::popover;
use crate::stage::{Target, menu};
use crate::still::still;
use crate::transport::scale;
use quorumscope_core::explain::Entry;
use yew::prelude::*;

impl App {
    pub(super) fn overlays(&self, player: &Player) -> Html {
        let on = &self.on;
        html! {
            <>
                <div class="alert" role="alert">
                    { for self.alert.iter().map(|why| html! { <span>{ why }</span> }) }
                    { for self.alert.iter().map(|_| html! {
                        <button type="button" class="icon" aria-label="Dismiss" onclick={on.dismiss.clone()}>{ icons::stroke(icons::CLOSE) }</button>
                    }) }
                </div>
                { self.under_way() }
                <div>{ for self.open_menu(player) }</div>
                <div ~style={self.defined.as_ref().map_or_else(String::new, |(_, place)| place.clone())} class={self.defined.as_ref().map(|_| "explains")}>
                    { for self.defined.as_ref().map(|(entry, _)| self.glossary(entry)) }
                </div>
                <div>{ for self.shared.iter().map(|(link, copied)| {
                    let (on_export, on_close) = (on.export.clone(), on.close_share.clone());
                    still(Shared { link: link.clone().into(), copied: *copied, on_export, on_theme: on.theme.clone(), on_close })
                }) }</div>
                <div>{ for self.parting.iter().map(|parting| self.parted(parting)) }</div>
            </>
        }
    }

    /// The popover with a term of the glossary.
    fn glossary(&self, entry: &'static Entry) -> Html {
        let text = html! { <p>{ headline::with_terms(entry.text, &self.on.define) }</p> };
        popover("glossary", "Glossary", entry.term, self.on.close_glossary.clone(), text)
    }

    /// The popover about the place where two branches first differ.
    fn parted(&self, parting: &Parting) -> Html {
        let (at, seek) = (parting.at, self.on.seek.clone());
        let onclick = move |_: MouseEvent| seek.emit(at);
        let content = html! {
            <>
                { for parting.lines.iter().map(|line| html! { <p key={line.clone()}>{ line }</p> }) }
                <div class="pickers"><button type="button" {onclick}>{ "Go there" }</button></div>
            </>
        };
        let title = format!("The two first differ at {}", scale::moment(at));
        let name = "Where two branches differ";
        popover("parting", name, &title, self.on.close_part.clone(), content)
    }

    fn open_menu(&self, player: &Player) -> Option<Html> {
        let open = self.menu.as_ref()?;
        let (title, mut items) = menu::menu(self.model.scenes.get(open.cluster)?, open.target);
        let session = player.session();
        let judged = player.judging().latest();
        items.extend(asked::entries(&session, open.cluster, open.target, &judged));
        let about = match open.target {
            Target::Message(id) => compare::namesakes(&session, open.cluster, id),
            _ => None,
        };
        let title = match open.target {
            // A message that has arrived has only its id.
            Target::Message(id) => session.world(open.cluster).flight(id).map_or(title, |flight| {
                let kind = flight.message.kind().name();
                format!("{kind} {id}, {} → {}", flight.from, flight.to)
            }),
            _ => title,
        };
        Some(html! {
            <Menu {title} about={about.map(AttrValue::from)} {items} at={open.at} on_choose={self.on.act.clone()} on_close={self.on.close_menu.clone()} />
        })
    }
}
