//! Why? What is asked, from wherever it is.

use super::App;
use crate::asked::Asked;
use crate::panels::Tab;
use crate::panels::why::Why;
use crate::player::Player;
use crate::still::still;
use quorumscope_core::why::Question;
use std::rc::Rc;
use yew::prelude::*;

impl App {
    /// Asks at the playhead, and shows the answer.
    pub(super) fn ask(&mut self, player: &Player, cluster: Option<usize>, question: &Question) {
        self.attend(player, cluster.unwrap_or(self.cluster));
        let asked = Asked::of(&player.session(), self.cluster, question);
        match asked {
            Ok(asked) => {
                self.live = asked.answer.sentence.as_str().into();
                self.asked = Some(Rc::new(asked));
                self.alert = None;
                self.show(player, Tab::Why);
            }
            Err(why) => self.alert = Some(why),
        }
    }

    /// An answer about a run that is no more is forgotten. True if one was.
    pub(super) fn forget_answer(&mut self, player: &Player) -> bool {
        let gone = self.asked.as_ref().is_some_and(|asked| !asked.is_in(&player.session()));
        if gone {
            self.asked = None;
        }
        gone
    }

    /// The panel with the answer.
    pub(super) fn why(&self) -> Html {
        let (model, on) = (&self.model, &self.on);
        let moved = |asked: &Rc<Asked>| asked.at.as_us() / 50_000 * 50_000 != model.now.as_us();
        still(Why {
            asked: self.asked.clone(),
            selected: model.selected,
            moved: self.asked.as_ref().is_some_and(moved),
            on_select: on.select.clone(),
            on_ask: on.ask.clone(),
            on_seek: on.seek.clone(),
        })
    }

    /// Beside the sentences at the top: why it is so, where that is a problem.
    pub(super) fn ask_about(&self) -> Option<Html> {
        let wrong = self.model.wrong.as_ref().and_then(|wrong| wrong.question.clone());
        let question = wrong.or_else(|| self.model.problem.clone())?;
        let on = self.on.ask.clone();
        let name = question.to_string();
        Some(html! {
            <button type="button" class="ask" aria-label={format!("Why? Asks {name}")} onclick={move |_| on.emit((None, question.clone()))}>{ "Why?" }</button>
        })
    }
}
