//! The legend: the marks of the page with a word or two for each, and the keyboard shortcuts.

use super::strip::Shape;
use crate::keys;
use crate::later::late;
use crate::look::{AT_FAULT, FAULT, Fate, Figure, Hue, Letter};
use crate::stage::glyph;
use crate::stage::sample::{self, Sample};
use crate::still::{Drawn, still};
use quorumscope_core::protocol::{Kind, Role, Term};
use quorumscope_core::world::Status;
use yew::prelude::*;

/// The radius of a node in the legend, in pixels.
const R: f64 = 10.0;

/// The looks of nodes.
const NODES: [(Status, Role, &str); 8] = [
    (Status::Up, Role::Leader, "leads"),
    (Status::Up, Role::Follower, "follows"),
    (Status::Up, Role::Replica, "is one of equals"),
    (Status::Up, Role::Learner, "learns, has no vote"),
    (Status::Up, Role::PreCandidate, "asks whether it could win"),
    (Status::Up, Role::Candidate, "stands for election"),
    (Status::Crashed, Role::Follower, "has crashed"),
    (Status::Paused, Role::Follower, "is paused"),
];

/// A kind of message for each shape.
const MESSAGES: [(Kind, &str); 10] = [
    (Kind::Ask, "a client asks"),
    (Kind::Reply, "and is answered"),
    (Kind::AppendEntries, "something is replicated"),
    (Kind::AppendReply, "and acknowledged"),
    (Kind::RequestVote, "a vote is asked for"),
    (Kind::PreVote, "would it be given?"),
    (Kind::Read, "something is fetched or compared"),
    (Kind::InstallSnapshot, "a whole state is handed over"),
    (Kind::Heartbeat, "somebody is alive"),
    (Kind::Ping, "sent by hand"),
];

/// The outcomes of operations.
const FATES: [(Fate, &str); 4] = [
    (Fate::Answered, "was answered"),
    (Fate::Waiting, "waits"),
    (Fate::Unknown, "ended without an answer"),
    (Fate::Failed, "failed"),
];

type Draw = fn() -> Html;

late!(Draw = legend as Draw);

fn legend() -> Html {
    still(Legend)
}

/// The button alone: what is behind it comes with the second module.
pub fn folded() -> Html {
    html! { <details class="legend">{ summary() }</details> }
}

fn summary() -> Html {
    html! { <summary aria-label="What means what" title="What means what, and keys (?)">{ "?" }</summary> }
}

/// The legend, behind a button.
#[derive(PartialEq)]
pub struct Legend;

impl Drawn for Legend {
    fn draw(&self) -> Html {
        let hue = term(1);
        let bar = |class, letter, words| row(operation(class, letter), words, "");
        html! {
            <details class="legend">
                { summary() }
                <div class="popover" role="group" aria-label="What means what" tabindex="0">
                    <div>
                        <b>{ "What means what" }</b>
                        <p>{ "Colour is the term. Red-violet is what broke, or was not answered." }</p>
                        <h2>{ "A node" }</h2>
                        <ul>{ for NODES.into_iter().map(|(status, role, words)| row(node(status, role), words, "")) }</ul>
                        <h2>{ "A message: filled asks, open answers, small carries nothing" }</h2>
                        <ul>{ for MESSAGES.into_iter().map(|(kind, words)| row(message(kind), words, "")) }</ul>
                        <h2>{ "An operation of a client" }</h2>
                        <ul>
                            { for FATES.into_iter().map(|(fate, words)| bar(fate.class(), fate.letter(false), words)) }
                            { bar(AT_FAULT, Fate::Answered.letter(true), "is at fault in a violation") }
                        </ul>
                        <h2>{ "An entry of a log" }</h2>
                        <ul>
                            { row(cell(hue, "committed"), "is committed", "") }
                            { row(cell(hue, ""), "is not committed yet", "") }
                        </ul>
                        <h2>{ "At a node" }</h2>
                        <ul>{ for sample::at_nodes().into_iter().map(sampled) }</ul>
                    </div>
                    <div>
                        <h2>{ "On the bar, and the keys that lead there" }</h2>
                        <ul class="wide">
                            { row(band(hue), "who leads; in two rows, two believe that they do", "l L") }
                            { row(mark(Shape::Dashed, term(2)), "an election that may come to nothing", "") }
                            { row(mark(Shape::Line, FAULT), "a statement that breaks something; others are grey", "f F") }
                            { row(mark(Shape::Crossed, Fate::Failed.class()), "a client that was not answered", "c C") }
                            { row(mark(Shape::Badge, AT_FAULT), "answers that contradict each other", "v V") }
                        </ul>
                        <h2>{ "Between nodes" }</h2>
                        <ul>{ for sample::between_nodes().into_iter().map(sampled) }</ul>
                        <h2>{ "On the ring" }</h2>
                        <ul>{ for sample::on_the_ring().into_iter().map(sampled) }</ul>
                        <p>{ "A small letter jumps to the next, a capital to the last before." }</p>
                        <h2>{ "More keys" }</h2>
                        <dl>{ for keys::SAID.into_iter().map(|(key, does)| html! { <><dt><kbd>{ key }</kbd></dt><dd>{ does }</dd></> }) }</dl>
                    </div>
                </div>
            </details>
        }
    }
}

fn term(number: u32) -> &'static str {
    Hue::of(Some(Term(number))).class()
}

fn row(picture: Html, words: &'static str, keys: &'static str) -> Html {
    html! { <li key={words}>{ picture }<span>{ words }</span><kbd>{ keys }</kbd></li> }
}

fn sampled(Sample { class, picture: inside, words }: Sample) -> Html {
    html! { <li key={class}>{ picture(0, inside) }<span>{ words }</span></li> }
}

/// A drawing around the origin, which lies `down` units below the centre of the picture.
fn picture(down: i32, inside: Html) -> Html {
    let view_box = format!("-15 {} 30 30", down - 15);
    html! { <svg class="scrubber-key" width="26" height="26" viewBox={view_box} aria-hidden="true">{ inside }</svg> }
}

fn node(status: Status, role: Role) -> Html {
    let figure = Figure::of(role);
    let running = (status != Status::Crashed).then_some(figure);
    let hue = if running.is_some() { term(1) } else { Hue::NONE.class() };
    let class = classes!("node", hue, running.map(Figure::class), status.name());
    // A crown needs room above.
    let down = if figure == Figure::Leads { -4 } else { 0 };
    picture(
        down,
        html! {
            <g {class}><circle class="ground" r={R.to_string()} />{ glyph(status, running, R) }</g>
        },
    )
}

fn message(kind: Kind) -> Html {
    let letter = Letter { kind, hue: Hue::of(Some(Term(1))), light: false };
    picture(
        0,
        html! { <g class={letter.class("message")}><path class="shape" d={letter.outline()} /></g> },
    )
}

fn operation(class: &'static str, letter: &'static str) -> Html {
    let cross = (class == Fate::Failed.class()).then(|| {
        html! { <path class="mark" d="M-13-7L13 7M-13 7L13-7" /> }
    });
    picture(
        0,
        html! {
            <g class={classes!("key-bar", class)}>
                <rect x="-13" y="-7" width="26" height="14" rx="3" />{ for cross }<text class="in" y="5" text-anchor="middle">{ letter }</text>
            </g>
        },
    )
}

fn cell(hue: &'static str, committed: &'static str) -> Html {
    picture(
        0,
        html! { <rect class={classes!("cell", hue, committed)} x="-9" y="-7" width="18" height="14" rx="3" /> },
    )
}

fn band(hue: &'static str) -> Html {
    picture(0, html! { <path class={classes!("reign", hue)} d="M-14-7h28v14h-28z" /> })
}

fn mark(shape: Shape, class: &'static str) -> Html {
    picture(shape.middle(), html! { <g {class}>{ shape.draw() }</g> })
}
