//! The lists in the transport bar: speed, target of steps, target of jumps.

use crate::choice::Choice;
use crate::player::{CHOICES, Player, Speed};
use crate::still::Drawn;
use crate::story::Interest;
use quorumscope_core::protocol::Kind;
use yew::prelude::*;

/// The input of the lists' drawing.
#[derive(PartialEq)]
pub struct Steering {
    /// The player.
    pub player: Player,
    /// The speed.
    pub speed: Speed,
    /// The message kind of the step buttons. None for any event.
    pub kind: Option<Kind>,
    /// The message kinds that the step buttons can be set to.
    pub kinds: Vec<Kind>,
    /// The target of the jump buttons.
    pub interest: Interest,
}

impl Drawn for Steering {
    fn draw(&self) -> Html {
        html! {
            <div class="steering">{ self.speeds() }{ self.steps() }{ self.jumps() }</div>
        }
    }
}

impl Steering {
    fn speeds(&self) -> Html {
        let player = self.player.clone();
        let on_choose = Callback::from(move |value: String| {
            if let Some(speed) = Speed::chosen(&value) {
                player.set_speed(speed);
            }
        });
        let value = self.speed.millionths().to_string();
        let mut options: Vec<_> =
            CHOICES.iter().map(|(s, n)| (s.millionths().to_string(), (*n).to_owned())).collect();
        if options.iter().all(|(v, _)| *v != value) {
            options.push((value.clone(), self.speed.name()));
        }
        html! {
            <div class="pick speed">
                <Choice name="Speed" title="Virtual time beside real time" {options} {value} {on_choose} />
            </div>
        }
    }

    fn steps(&self) -> Html {
        let (player, kinds) = (self.player.clone(), self.kinds.clone());
        let on_choose = Callback::from(move |value: String| {
            player.set_step_kind(kinds.iter().copied().find(|k| k.name() == value));
        });
        let mut options = vec![(String::new(), "Step: event".to_owned())];
        let named = |k: &Kind| (k.name().to_owned(), format!("Step: {}", k.name()));
        options.extend(self.kinds.iter().map(named));
        let value = self.kind.map_or_else(String::new, |k| k.name().to_owned());
        html! {
            <div class="pick">
                <Choice name="Step to" title="What the step buttons go to: any event, or the delivery of a kind of message" {options} {value} {on_choose} />
            </div>
        }
    }

    fn jumps(&self) -> Html {
        let player = self.player.clone();
        let on_choose = Callback::from(move |value: String| {
            let chosen = Interest::ALL.into_iter().find(|(_, name, _)| *name == value);
            player.set_interest(chosen.map_or(Interest::Any, |(interest, ..)| interest));
        });
        let named = |(_, name, _): (Interest, &'static str, &'static str)| {
            (name.to_owned(), format!("Jump: {}", name.to_ascii_lowercase()))
        };
        let options: Vec<_> = Interest::ALL.into_iter().map(named).collect();
        let value = Interest::ALL.into_iter().find(|(i, ..)| *i == self.interest);
        let value = value.map_or_else(String::new, |(_, name, _)| name.to_owned());
        html! {
            <div class="pick">
                <Choice name="Jump to" title="What the jump buttons go to" {options} {value} {on_choose} />
            </div>
        }
    }
}
