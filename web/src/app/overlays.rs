//! What lies over the page: what is wrong, menus, the glossary, the link.

use super::headline;
use super::{App, Parting};
use crate::asked;
use crate::compare;
use crate::header::Shared;
use crate::icons;
use crate::menu::Menu;
use crate::player::Player;
use crate::stage::{Target, menu};
use crate::still::still;
use crate::transport::scale;
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
                <div>{ for self.defined.map(|entry| html! {
                    <div class="popover glossary" role="note">
                        <b>{ entry.term }</b><p>{ headline::with_terms(entry.text, &on.define) }</p>
                    </div>
                }) }</div>
                <div>{ for self.shared.iter().map(|(link, copied)| {
                    still(Shared { link: link.clone().into(), copied: *copied, on_export: on.export.clone(), on_theme: on.theme.clone() })
                }) }</div>
                <div>{ for self.parting.iter().map(|parting| self.parted(parting)) }</div>
            </>
        }
    }

    /// Where two branches first differ.
    fn parted(&self, parting: &Parting) -> Html {
        let (at, seek) = (parting.at, self.on.seek.clone());
        let onclick = move |_: MouseEvent| seek.emit(at);
        html! {
            <div class="popover parting" role="dialog" aria-label="Where two branches differ">
                <b>{ format!("The two first differ at {}", scale::moment(at)) }</b>
                { for parting.lines.iter().map(|line| html! { <p key={line.clone()}>{ line }</p> }) }
                <div class="pickers"><button type="button" {onclick}>{ "Go there" }</button></div>
            </div>
        }
    }

    fn open_menu(&self, player: &Player) -> Option<Html> {
        let open = self.menu.as_ref()?;
        let (title, mut items) = menu::menu(self.model.scenes.get(open.cluster)?, open.target);
        let session = player.session();
        items.extend(asked::entries(&session, open.cluster, open.target));
        let about = match open.target {
            Target::Message(id) => compare::namesakes(&session, open.cluster, id),
            _ => None,
        };
        Some(html! {
            <Menu {title} about={about.map(AttrValue::from)} {items} at={open.at} on_choose={self.on.act.clone()} on_close={self.on.close_menu.clone()} />
        })
    }
}
