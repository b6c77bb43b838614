//! The panel of messages in flight, soonest first, with their contents and actions. It offers to
//! keyboard users everything that the stage offers to pointer users.

use crate::compare;
use crate::look::Letter;
use crate::panels::capital;
use crate::px::text;
use crate::still::Drawn;
use crate::transport::scale;
use crate::words;
use quorumscope_core::ids::MessageId;
use quorumscope_core::session::Session;
use quorumscope_core::time::Time;
use quorumscope_core::world::Flight;
use yew::prelude::*;

/// The number of messages in the list, and the number that the button adds.
pub const LISTED: usize = 50;

/// A line of the list.
#[derive(Clone, Debug, PartialEq)]
struct Line {
    id: MessageId,
    letter: Letter,
    from: String,
    to: String,
    sent: Time,
    arrives: Time,
}

/// The details of one message.
#[derive(Clone, Debug, PartialEq)]
struct Detail {
    id: MessageId,
    bytes: u32,
    fields: Vec<(&'static str, String)>,
    /// The event that led to its sending: time and sentence.
    cause: Option<(Time, String)>,
    /// The messages of other clusters that a statement about it acts on.
    elsewhere: Option<String>,
}

/// The messages of one cluster.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct List {
    cluster: usize,
    lines: Vec<Line>,
    /// The number of all messages in flight.
    total: usize,
    open: Option<Detail>,
}

impl List {
    /// The first `most` messages in order of arrival, and the details of the message that is open.
    /// That one is listed even if it arrives later.
    #[must_use]
    pub fn of(session: &Session, cluster: usize, most: usize, open: Option<MessageId>) -> Self {
        let world = session.world(cluster);
        let mut soonest: Vec<&Flight> = Vec::with_capacity(most + 1);
        let rank = |f: &Flight| (f.arrives, f.id);
        for flight in world.flights() {
            let place = soonest.partition_point(|other| rank(other) < rank(flight));
            if place < most {
                soonest.insert(place, flight);
                soonest.truncate(most);
            }
        }
        let looked_at = open.and_then(|id| world.flight(id));
        if let Some(flight) = looked_at.filter(|f| soonest.iter().all(|other| other.id != f.id)) {
            soonest.push(flight);
        }
        Self {
            cluster,
            lines: soonest.into_iter().map(line).collect(),
            total: world.flight_count(),
            open: looked_at.map(|flight| detail(session, cluster, flight)),
        }
    }
}

fn line(flight: &Flight) -> Line {
    Line {
        id: flight.id,
        letter: Letter::of(flight),
        from: flight.from.to_string(),
        to: flight.to.to_string(),
        sent: flight.sent,
        arrives: flight.arrives,
    }
}

fn detail(session: &Session, cluster: usize, flight: &Flight) -> Detail {
    let trace = session.trace(cluster);
    let sending = trace.event(flight.cause);
    let cause = sending.and_then(|sent| sent.causes.first()).and_then(|id| {
        let at = trace.event(id)?.at;
        Some((at, words::sentence(session, cluster, id)?))
    });
    Detail {
        id: flight.id,
        bytes: flight.bytes,
        fields: flight.message.fields(),
        cause,
        elsewhere: compare::namesakes(session, cluster, flight.id),
    }
}

/// The input of the panel's drawing.
#[derive(PartialEq)]
pub struct Messages {
    /// The messages.
    pub list: List,
    /// Called with the message that the user opens, or with None.
    pub on_select: Callback<Option<(usize, MessageId)>>,
    /// Called when more messages are to be listed.
    pub on_more: Callback<MouseEvent>,
    /// Called with statements to run.
    pub on_say: Callback<Vec<String>>,
    /// Called with a time to seek to.
    pub on_seek: Callback<Time>,
}

impl Drawn for Messages {
    fn draw(&self) -> Html {
        let List { lines, total, .. } = &self.list;
        if lines.is_empty() {
            return html! { <p class="empty">{ "No message is in flight. Step on, and one will be." }</p> };
        }
        let plural = if *total == 1 { "message" } else { "messages" };
        let rest = total.saturating_sub(lines.len());
        html! {
            <div class="messages">
                <p class="count">{ format!("{total} {plural} in flight, soonest first") }</p>
                <ol>{ for lines.iter().map(|line| self.line(line)) }</ol>
                if rest > 0 {
                    <button type="button" class="more" onclick={self.on_more.clone()}>{ format!("Show {} more", rest.min(LISTED)) }</button>
                }
            </div>
        }
    }
}

impl Messages {
    fn line(&self, line: &Line) -> Html {
        let Line { id, letter, from, to, .. } = line;
        let detail = self.list.open.as_ref().filter(|d| d.id == *id);
        let wanted = detail.is_none().then_some((self.list.cluster, *id));
        let on_select = self.on_select.clone();
        let onclick = move |_: MouseEvent| on_select.emit(wanted);
        let times = format!("{} → {}", scale::moment(line.sent), scale::moment(line.arrives));
        html! {
            <li key={id.0.to_string()}>
                <button type="button" class="head-line" aria-expanded={detail.is_some().to_string()} {onclick}>
                    <svg class={letter.class("message")} width="22" height="22" viewBox={format!("-{0} -{0} {1} {1}", text(13.0), text(26.0))} aria-hidden="true"><path class="shape" d={letter.outline()} /></svg>
                    <span class="kind">{ letter.kind.name() }</span>
                    <span class="way">{ from }{ " → " }{ to }</span>
                    <small class="mono">{ times }</small>
                </button>
                // A container of its own: a sibling beside the line would recreate the line, which
                // would lose the focus.
                <div>{ for detail.map(|detail| self.detail(detail)) }</div>
            </li>
        }
    }

    fn detail(&self, detail: &Detail) -> Html {
        let id = detail.id;
        let fact = |(name, value): &(&'static str, String)| {
            html! { <><dt>{ capital(name) }</dt><dd>{ value }</dd></> }
        };
        let cause = detail.cause.as_ref().map(|(at, sentence)| {
            let (at, on_seek) = (*at, self.on_seek.clone());
            let onclick = move |_: MouseEvent| on_seek.emit(at);
            html! {
                <p class="cause">{ "Because at " }<button type="button" class="go mono" title="Go to this moment" {onclick}>{ scale::moment(at) }</button>{ ": " }{ sentence }</p>
            }
        });
        let say = |name: &'static str, statement: String| {
            let on_say = self.on_say.clone();
            let title = statement.clone();
            let onclick = move |_: MouseEvent| on_say.emit(vec![statement.clone()]);
            html! { <button key={name} type="button" {title} {onclick}>{ name }</button> }
        };
        html! {
            <div class="detail">
                <dl class="facts">
                    <dt>{ "Message" }</dt><dd>{ id.to_string() }</dd>
                    <dt>{ "Size" }</dt><dd>{ format!("{} bytes", detail.bytes) }</dd>
                    { for detail.fields.iter().map(fact) }
                </dl>
                <div>{ for cause }</div>
                <div>{ for detail.elsewhere.iter().map(|others| html! { <p class="cause">{ others }</p> }) }</div>
                <div class="pickers">
                    { say("Deliver now", format!("deliver {id}")) }
                    { say("Drop", format!("drop {id}")) }
                    { say("Duplicate", format!("duplicate {id}")) }
                    { say("Delay 50 ms", format!("delay {id} 50ms")) }
                </div>
            </div>
        }
    }
}
