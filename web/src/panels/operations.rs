//! The panel of operations: verdicts of the judges, lanes along time, and a list.

use super::verdicts::Verdicts;
use crate::judging::Latest;
use crate::lanes::{Bar, Lanes, Source};
use crate::look::{AT_FAULT, Fate};
use crate::player::Player;
use crate::still::Drawn;
use crate::transport::scale;
use quorumscope_core::client::Operation;
use quorumscope_core::ids::{ClientId, OperationId};
use quorumscope_core::settings::Preset;
use quorumscope_core::time::Time;
use quorumscope_core::why::Question;
use quorumscope_core::world::World;
use std::rc::Rc;
use yew::prelude::*;

/// The largest number of operations in the list.
const LISTED: usize = 60;

/// A line of the list.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    id: u32,
    client: ClientId,
    asks: String,
    gets: String,
    fate: Fate,
    from: Time,
    to: Option<Time>,
}

impl Row {
    fn of(op: &Operation) -> Self {
        Self {
            id: op.id.0,
            client: op.client,
            asks: op.request.to_string(),
            gets: Fate::said(op),
            fate: Fate::of(op),
            from: op.invoked,
            to: op.end.as_ref().map(|e| e.at),
        }
    }
}

/// The last operations so far, oldest first.
#[must_use]
pub fn rows(world: &World) -> Vec<Row> {
    let all = world.operations();
    all.iter().skip(all.len().saturating_sub(LISTED)).map(Row::of).collect()
}

/// The input of the panel's drawing.
#[derive(PartialEq)]
pub struct Operations {
    /// The last operations, oldest first.
    pub rows: Vec<Row>,
    /// The player, from which the lanes read all operations.
    pub player: Player,
    /// The index of the cluster.
    pub cluster: usize,
    /// The preset of the cluster.
    pub preset: Preset,
    /// The latest verdicts of the judges.
    pub judged: Rc<Latest>,
    /// The operations at fault.
    pub faults: Rc<Vec<Bar>>,
    /// The names of the clients.
    pub clients: Rc<Vec<String>>,
    /// The time of the playhead, in steps of 50 ms.
    pub now: Time,
    /// Called with a time to seek to.
    pub on_seek: Callback<Time>,
    /// Called with a question.
    pub on_ask: Callback<(Option<usize>, Question)>,
}

impl Drawn for Operations {
    fn draw(&self) -> Html {
        if self.rows.is_empty() {
            let how =
                "No client has asked for anything yet. Click a client, or type c1 set x 1 below.";
            return html! { <p class="empty">{ how }</p> };
        }
        let on_pick = self.on_seek.reform(|bar: Bar| Time::from_us(bar.stroke.to));
        let cluster = Some(self.cluster);
        let source = Source::Run(self.player.clone(), self.cluster);
        let verdicts = Verdicts {
            verdicts: self.judged.of(self.cluster).collect(),
            faults: &self.faults,
            names: &self.clients,
            is_raft: self.preset == Preset::Raft,
            on_pick: on_pick.clone(),
            on_ask: Some(self.on_ask.reform(move |question| (cluster, question))),
        };
        html! {
            <div>
                { verdicts.draw() }
                <Lanes {source} names={Rc::clone(&self.clients)} judged={Rc::clone(&self.judged)} now={self.now} {on_pick} />
                <ol class="ops">{ for self.rows.iter().rev().map(|row| self.listed(row)) }</ol>
            </div>
        }
    }
}

impl Operations {
    fn listed(&self, row: &Row) -> Html {
        let took = row.to.map_or_else(String::new, |to| {
            let ms = to.since(row.from).as_us() / 1_000;
            format!("{ms} ms")
        });
        let at_fault = self.faults.iter().any(|bar| bar.stroke.number == row.id);
        let (to, on) = (row.to.unwrap_or(row.from), self.on_seek.clone());
        let (ask, question) = (self.on_ask.clone(), Question::Operation(OperationId(row.id)));
        let cluster = Some(self.cluster);
        let name = format!("Why? {}: {}, {}", row.client, row.asks, row.gets);
        html! {
            <li key={row.id} class={at_fault.then_some(AT_FAULT)}>
                <button type="button" onclick={move |_| on.emit(to)}>
                    <span class="who">{ row.client.to_string() }</span>
                    <span class="mono">{ &row.asks }<small>{ scale::moment(row.from) }</small></span>
                    <span class={classes!("verdict", row.fate.class())}>{ &row.gets }<small>{ took }</small></span>
                </button>
                <button type="button" class="ask" aria-label={name} onclick={move |_| ask.emit((cluster, question.clone()))}>{ "Why?" }</button>
            </li>
        }
    }
}
