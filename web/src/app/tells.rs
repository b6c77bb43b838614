//! The story of the run, the presenter view, and the dialogues of the page.

use super::App;
use crate::header::Sheet;
use crate::player::Player;
use crate::scenes::Scenes;
use crate::settings_form::{Settings, chips};
use crate::still::still;
use crate::telling::{Telling, Told};
use crate::transport::scale;
use yew::prelude::*;

impl App {
    /// The bar with the story of the run. The presenter view always has it, for its buttons.
    pub(super) fn telling(&self, player: &Player) -> Option<Html> {
        let told = self.telling.clone().or_else(|| self.presenting.then(Told::default))?;
        let figures = self.presenting.then(|| {
            let now = scale::moment(player.session().now());
            format!("{} \u{b7} {now}", self.model.speed.name())
        });
        Some(still(Telling {
            told,
            playing: self.model.playing,
            figures,
            on_key: self.on.key.clone(),
            on_start: self.on.over.clone(),
        }))
    }

    /// Reads the story and the settings at the playhead again. True if either is another; a new
    /// caption is said aloud.
    pub(super) fn listen_to_story(&mut self, player: &Player) -> bool {
        let telling = Told::of(&player.session());
        let chips = Self::unusual(player, self.cluster);
        let changed = telling != self.telling || chips != self.chips;
        self.chips = chips;
        let before = self.telling.as_ref().and_then(Told::sentence);
        let sentence = telling.as_ref().and_then(Told::sentence);
        if let Some(sentence) = sentence.filter(|said| Some(said) != before.as_ref()) {
            self.live = sentence.into();
        }
        self.telling = telling;
        changed
    }

    /// The settings of a cluster that are not as usual at the playhead.
    pub(super) fn unusual(player: &Player, cluster: usize) -> Vec<String> {
        let session = player.session();
        let setup = session.run().clusters.get(cluster);
        setup.map_or_else(Vec::new, |s| chips(s.preset, session.world(cluster).settings()))
    }

    /// The dialogue that is open.
    pub(super) fn sheet(&self, player: &Player) -> Option<Html> {
        let (player, on_close) = (player.clone(), self.on.close_sheet.clone());
        self.sheet.map(|sheet| match sheet {
            Sheet::Scenes => {
                let on_problem = self.on.problem.clone();
                html! { <Scenes {player} {on_close} {on_problem} /> }
            }
            Sheet::Settings => html! { <Settings {player} {on_close} /> },
        })
    }
}
