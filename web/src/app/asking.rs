//! Questions of `why`, from wherever they are asked.

use super::{App, Msg};
use crate::asked::{self, Asked};
use crate::panels::Tab;
use crate::panels::console::{Line, Said};
use crate::panels::why::Why;
use crate::player::Player;
use crate::still::still;
use quorumscope_core::order;
use quorumscope_core::why::Question;
use std::rc::Rc;
use yew::html::Scope;
use yew::prelude::*;

/// The largest number of answers that the console repeats.
const MOST_TOLD: usize = 20;

impl App {
    /// Asks a question at the playhead, and shows the answer.
    pub(super) fn ask(&mut self, player: &Player, cluster: Option<usize>, question: &Question) {
        self.attend(player, cluster.unwrap_or(self.cluster));
        let judged = player.judging().latest();
        let asked = Asked::of(&player.session(), self.cluster, question, &judged);
        match asked {
            Ok(asked) => {
                self.live = asked.answer.sentence.as_str().into();
                self.tell(player, &asked);
                self.asked = Some(Rc::new(asked));
                self.alert = None;
                self.show(player, Tab::Why);
            }
            Err(why) => self.alert = Some(why),
        }
    }

    /// Drops the answer if the run no longer has its events. True if it was dropped.
    pub(super) fn forget_answer(&mut self, player: &Player) -> bool {
        let gone = self.asked.as_ref().is_some_and(|asked| !asked.is_in(&player.session()));
        if gone {
            self.asked = None;
            self.told.clear();
        }
        gone
    }

    /// Carries out a line of the console: a question, or statements. True if it could be.
    pub(super) fn enter(player: &Player, link: &Scope<Self>, line: Line) -> bool {
        let question = asked::question(&line.text, &player.session(), line.cluster);
        if let Some(question) = question {
            let is_right = question.is_ok();
            let ask = |(cluster, question)| Msg::Ask(Some(cluster), question);
            link.send_message(question.map_or_else(Msg::Refuse, ask));
            return is_right;
        }
        let line = line.text;
        match player.append(&line) {
            Ok(()) => {
                link.send_message(Msg::Dismiss);
                true
            }
            Err(_) => {
                // Said again so that the page shows why.
                link.send_message(Msg::Say(vec![line]));
                false
            }
        }
    }

    /// Says the answer in the console as well.
    fn tell(&mut self, player: &Player, asked: &Asked) {
        let after = self.model.panels.said.last().map_or(0, |said| said.place + 1);
        let question = asked::written(&asked.answer.question, asked.cluster, &player.session());
        let text = format!("{question}: {}", asked.answer.sentence);
        self.told.push(Said::answer(after, self.told.len(), asked.at, text));
        if self.told.len() > MOST_TOLD {
            self.told.remove(0);
        }
    }

    /// The lines of the console: statements, and answers between them.
    pub(super) fn said(&self) -> Vec<Said> {
        let mut said = self.model.panels.said.clone();
        said.extend(self.told.iter().cloned());
        order::by_key(&mut said, |said| said.order());
        said
    }

    /// The panel with the answer.
    pub(super) fn why(&self) -> Html {
        let (model, on) = (&self.model, &self.on);
        let moved = |asked: &Rc<Asked>| asked.at.as_us() / 50_000 * 50_000 != model.now.as_us();
        still(Why {
            asked: self.asked.clone(),
            subject: self
                .asked
                .as_ref()
                .and_then(|asked| self.title(asked.cluster))
                .map(|title| title.to_owned().into()),
            selected: model.selected,
            moved: self.asked.as_ref().is_some_and(moved),
            on_select: on.select.clone(),
            on_ask: on.ask.clone(),
            on_seek: on.seek.clone(),
            define: on.define.clone(),
        })
    }

    /// The button that asks about the problem in the headline, if there is one.
    pub(super) fn ask_about(&self) -> Option<Html> {
        let wrong = self.model.wrong.as_ref().and_then(|wrong| wrong.question.clone());
        let question = wrong.or_else(|| self.model.panels.problem.clone())?;
        let on = self.on.ask.clone();
        let name = question.to_string();
        Some(html! {
            <button type="button" class="ask" aria-label={format!("Why? Asks {name}")} onclick={move |_| on.emit((None, question.clone()))}>{ "Why?" }</button>
        })
    }
}
