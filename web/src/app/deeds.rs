//! The effects of users' actions.

use super::{App, Msg, Open, Parting, rest};
use crate::compare::Change;
use crate::crash;
use crate::dom;
use crate::geometry::Anchor;
use crate::kept::{self, Kept};
use crate::keys::Key;
use crate::opening;
use crate::panels::{Tab, console};
use crate::player::Player;
use crate::popover;
use crate::selected::Selected;
use crate::share;
use crate::stage::Target;
use crate::stage::menu::Action;
use crate::story::Interest;
use crate::transport::scale;
use crate::words;
use quorumscope_core::explain::{self, Entry};
use quorumscope_core::ids::{EventId, NodeId};
use quorumscope_core::time::Time;
use quorumscope_core::view;
use std::rc::Rc;
use yew::prelude::*;

/// The least time between two announcements to screen readers while time runs, in milliseconds.
/// Polite announcements are queued, so more of them would be heard long after the event. The latest
/// event is announced then.
const QUIET_MS: f64 = 3_000.0;

impl App {
    /// Makes the model again. True if it changed.
    pub(super) fn look_again(&mut self, player: &Player) -> bool {
        self.frame.set_several(player.session().run().clusters.len() > 1);
        // In another run the selected event is a different one, or missing.
        self.selected = self.selected.filter(|s| s.is_in(&player.session()));
        let model =
            self.memory.model(player, &self.frame, self.cluster, self.chosen, self.selected());
        let mut changed = model != self.model;
        let problem = player.take_problem();
        changed |= problem.is_some();
        self.alert = problem.or_else(|| self.alert.take());
        changed |= self.forget_answer(player);
        let now = player.session().now();
        changed |= self.note.take_if(|(at, _)| *at != now).is_some();
        let news = model.wrong.clone().filter(|_| model.wrong != self.model.wrong);
        self.model = model;
        if self.cluster != self.model.cluster {
            (self.cluster, self.announced) = (self.model.cluster, EventId(u32::MAX));
        }
        let revision = player.session().revision();
        if self.remembered != Some(revision) {
            self.remembered = Some(revision);
            self.link = share::link(player);
            crash::remember(self.link.clone());
            changed |= self.meet(player);
        }
        if let Some(rest) = rest::get() {
            (rest.keep)(&self.keeper, player);
        }
        changed |= self.announce(player);
        if let Some(wrong) = news {
            self.live = wrong.to_string().into();
        }
        // A menu of a cluster that was removed is closed.
        if let Some(open) = &self.menu {
            let gone = open.cluster >= self.model.scenes.len();
            changed |= gone;
            if gone {
                self.menu = None;
            }
        }
        changed
    }

    /// Announces the headline after the clusters have changed. Events of the old clusters are not
    /// announced.
    fn meet(&mut self, player: &Player) -> bool {
        let session = player.session();
        if self.clusters == session.run().clusters {
            return false;
        }
        self.clusters.clone_from(&session.run().clusters);
        self.announced = session.timeline(self.cluster).next_event();
        self.live = explain::plain(&words::headline(player, &session, self.cluster).bold).into();
        true
    }

    /// Announces the last notable event that the playhead has passed since the last announcement.
    pub(super) fn announce(&mut self, player: &Player) -> bool {
        if let Some((_, stop)) = &self.model.stop
            && self.live != *stop
        {
            self.live = Rc::clone(stop);
            self.announced = EventId(u32::MAX);
            return true;
        }
        let now_ms = dom::now_ms();
        if self.model.playing && now_ms < self.quiet_until_ms {
            return false;
        }
        let session = player.session();
        let cluster = self.cluster;
        let head = session.timeline(cluster).next_event();
        let since = std::mem::replace(&mut self.announced, head);
        if head <= since {
            return false;
        }
        let last = player.beats(cluster).before(head).last().copied().filter(|&id| id >= since);
        let said = last.and_then(|id| self.memory.sentence(&session, cluster, id));
        said.is_some_and(|text| {
            let changed = self.live != text;
            self.live = text;
            self.quiet_until_ms = now_ms + QUIET_MS;
            changed
        })
    }

    pub(super) fn pick(&mut self, player: &Player, cluster: usize, target: Target, at: Anchor) {
        self.attend(player, cluster);
        if let Target::Node(node) = target {
            self.chosen = Some(node);
            self.look_again(player);
        }
        self.menu = Some(Open { cluster, target, at });
    }

    /// Makes a cluster the subject of the headline and the panels.
    pub(super) fn attend(&mut self, player: &Player, cluster: usize) {
        if self.cluster != cluster {
            // Events that happened there before are not news.
            self.announced = EventId(u32::MAX);
            (self.cluster, self.chosen) = (cluster, None);
            self.look_again(player);
        }
    }

    /// Seeks to an event, and selects it in all views.
    pub(super) fn select(&mut self, player: &Player, cluster: usize, event: EventId) {
        self.attend(player, cluster);
        self.selected = Selected::of(&player.session(), cluster, event);
        if let Some(selected) = self.selected {
            player.seek(selected.at());
        }
        self.look_again(player);
    }

    fn selected(&self) -> Option<(usize, EventId)> {
        self.selected.map(Selected::key)
    }

    /// Adds a cluster to the comparison or removes one. The playhead stays.
    pub(super) fn compare(&mut self, player: &Player, change: Change) {
        let (changed, now) = {
            let session = player.session();
            (change.of(session.run()), session.now())
        };
        match changed {
            Ok(run) => {
                self.alert = None;
                player.load(run);
                player.seek(now);
            }
            Err(why) => self.alert = Some(why),
        }
    }

    /// Closes the menu. The focus goes back to its target.
    pub(super) fn close_menu(&mut self) {
        if let Some(open) = self.menu.take() {
            dom::focus(&open.target.selector(open.cluster));
        }
    }

    pub(super) fn act(&mut self, player: &Player, action: Action) {
        let target = self.menu.as_ref().map(|open| (open.cluster, open.target));
        self.close_menu();
        match (action, target) {
            (Action::Say(statement), _) => self.say(player, &statement),
            (Action::Type(beginning), _) => {
                self.frame.show_console();
                self.to_focus = Some(console::FIELD);
                self.typed = (self.typed.0 + 1, beginning);
            }
            (Action::Inspect, Some((_, Target::Node(node)))) => self.inspect(player, node),
            (Action::Inspect, Some((cluster, Target::Message(id)))) => {
                player.select_message(Some((cluster, id)));
                self.show(player, Tab::Messages);
            }
            (Action::Inspect, _) => {}
            (Action::Ask(question), target) => {
                self.ask(player, target.map(|(cluster, _)| cluster), &question);
            }
        }
    }

    /// Shows the place where two branches first differ.
    pub(super) fn part(&mut self, player: &Player, one: usize, other: usize) {
        let session = player.session();
        let name = |place: usize| session.branches().get(place).map_or("", |b| b.name.as_str());
        match view::difference(&session, one, other) {
            Ok(Some(found)) => {
                let line = |(event, place): (&Option<view::Parting>, usize)| match event {
                    Some(event) => {
                        let at = scale::moment(Time::from_us((event.at * 1_000.0) as u64));
                        format!("{} at {at}: {}", name(place), event.text)
                    }
                    None => format!("{}: nothing more happens.", name(place)),
                };
                let lines = [line((&found.events[0], one)), line((&found.events[1], other))];
                let at = Time::from_us((found.at * 1_000.0).round() as u64);
                self.parting = Some(Parting { at, lines });
                self.to_focus = Some(".parting .pickers button");
            }
            Ok(None) => {
                self.alert = Some("the two are the same as far as they were looked at".into());
            }
            Err(why) => self.alert = Some(why.to_string()),
        }
    }

    /// Plays the run from its beginning.
    pub(super) fn play_from_the_start(player: &Player) {
        player.play_from_start();
    }

    /// Opens the run that an earlier visit left, or removes it.
    pub(super) fn open_last(&mut self, player: &Player, wanted: bool) {
        let Some(last) = self.last.take() else { return };
        if !wanted {
            kept::forget_last();
        } else if last.open(player) {
            self.alert = None;
        } else {
            self.alert = Some("The run that was kept cannot be read by this version.".to_owned());
        }
    }

    pub(super) fn say(&mut self, player: &Player, statements: &str) {
        self.alert = player.append(statements).err();
    }

    pub(super) fn inspect(&mut self, player: &Player, node: NodeId) {
        self.chosen = Some(node);
        self.show(player, Tab::Node);
    }

    /// Shows a panel.
    pub(super) fn show(&mut self, player: &Player, tab: Tab) {
        self.frame.show(tab);
        self.look_again(player);
    }

    /// Opens the glossary at a term beside the focused word, or closes it.
    pub(super) fn define(&mut self, entry: Option<&'static Entry>) {
        let Some(entry) = entry else {
            self.defined = None;
            return;
        };
        // A term inside the glossary is explained in the same place.
        let here = self.defined.take().map(|(_, place)| place);
        let word = dom::document().and_then(|d| d.query_selector(".term:focus").ok()?);
        let beside = word.map(|word| popover::beside(&word, dom::window_size()));
        self.defined =
            Some((entry, here.or(beside).unwrap_or_else(|| "left:10px;top:140px".into())));
        self.to_focus = Some(".glossary .close");
    }

    pub(super) fn share(&mut self, ctx: &Context<Self>) {
        let link = share::link(&ctx.props().player);
        self.shared = Some((link.clone(), false));
        self.to_focus = Some("#link");
        ctx.link().send_future(async move { Msg::Copied(share::copy(link).await) });
    }

    pub(super) fn follow_address(&mut self, player: &Player) {
        // After Back, the state of that history entry is restored.
        if Kept::here().is_some_and(|kept| kept.open(player)) {
            self.alert = None;
            return;
        }
        match share::from_address() {
            Ok(Some(opened)) => self.alert = opening::follow(player, opened),
            // A problem of the last address does not concern an empty one.
            Ok(None) => self.alert = None,
            Err(why) => self.alert = Some(why),
        }
    }

    /// Jumps to the next target of a kind, or of the kind in the list. If there is none, the
    /// playhead stays, and a note says so.
    fn jump(&mut self, player: &Player, interest: Option<Interest>, forward: bool) {
        let found = match interest {
            Some(interest) => player.jump(interest, forward),
            None => player.stop_at(forward),
        };
        self.note = (!found).then(|| {
            let what = interest.unwrap_or_else(|| player.interest()).none();
            let side = if forward { "after" } else { "before" };
            (player.session().now(), format!("{what} is known {side} this moment.").into())
        });
        if let Some((_, note)) = &self.note {
            self.live = Rc::clone(note);
        }
    }

    pub(super) fn key(&mut self, player: &Player, key: Key) {
        match key {
            Key::Toggle => player.toggle(),
            Key::Step(by) => {
                if let Err(why) = player.step_as_chosen(by) {
                    self.alert = Some(why);
                }
            }
            Key::Jump(interest, forward) => self.jump(player, interest, forward),
            Key::Chapter(forward) => {
                player.go_to_chapter(forward);
            }
            Key::Undo => player.undo(),
            Key::Redo => player.redo(),
            Key::Zoom(step) => self.zoomed = (self.zoomed.0 + 1, step),
            Key::Legend => dom::unfold(".legend", ".legend .popover"),
            Key::Console => {
                self.frame.show_console();
                self.to_focus = Some(console::FIELD);
            }
        }
    }
}
