//! The transport bar: play, step, speed, and a scrubber with the leaderships and marks of the run.

pub mod legend;
mod needle;
pub mod scale;
mod steering;
pub mod strip;
pub mod tree;

use crate::glide::Mover;
use crate::icons;
use crate::keys::Key;
use crate::player::{Paint, Player, Speed};
use crate::px::text;
use crate::still::still;
use crate::story::Interest;
use needle::Needle;
use quorumscope_core::protocol::Kind;
use quorumscope_core::time::Time;
use std::cell::RefCell;
use std::rc::Rc;
use steering::Steering;
use strip::{Mark, Piece, Strip};
use tree::{Tree, Twig};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, HtmlInputElement, ResizeObserver};
use yew::prelude::*;

/// The top and the height of the scrubber's band, in pixels.
const BAND: (f64, f64) = (26.0, 16.0);

/// The properties of the transport bar.
#[derive(PartialEq, Properties)]
pub struct TransportProps {
    /// The player.
    pub player: Player,
    /// True if time runs.
    pub playing: bool,
    /// The speed.
    pub speed: Speed,
    /// The content of the scrubber.
    pub strip: Rc<Strip>,
    /// The message kind of the step buttons. None for any event.
    pub kind: Option<Kind>,
    /// The message kinds that the step buttons can be set to.
    pub kinds: Vec<Kind>,
    /// The target of the jump buttons.
    pub interest: Interest,
    /// The branches, if there are several.
    pub twigs: Vec<Twig>,
    /// The index of the current branch.
    pub current: usize,
    /// Called with two branches to compare.
    pub on_part: Callback<(usize, usize)>,
    /// Called with the sentence about a problem.
    pub on_problem: Callback<String>,
    /// Called with the command of a button, which is that of its key.
    pub on_key: Callback<Key>,
    /// The link to the full page, if this one is embedded.
    pub full_page: Option<AttrValue>,
}

/// The messages of the transport bar.
pub enum Msg {
    /// The scrubber has a new width, in pixels.
    Resized(f64),
    /// The user renames a branch, or stops renaming.
    Rename(Option<usize>),
    /// The lists are shown or hidden, on a narrow page.
    Unfold,
}

/// The component of the transport bar.
pub struct Transport {
    width: f64,
    renaming: Option<usize>,
    is_unfolded: bool,
    on_rename: Callback<Option<usize>>,
    frame: NodeRef,
    head: NodeRef,
    slider: NodeRef,
    clock: NodeRef,
    needle: Option<Rc<RefCell<Needle>>>,
    /// The current branch and the number of branches when the tree was last scrolled.
    tree: (usize, usize),
    observer: Option<(ResizeObserver, Closure<dyn FnMut()>)>,
}

impl Component for Transport {
    type Message = Msg;
    type Properties = TransportProps;

    fn create(ctx: &Context<Self>) -> Self {
        Self {
            width: 800.0,
            renaming: None,
            is_unfolded: false,
            on_rename: ctx.link().callback(Msg::Rename),
            frame: NodeRef::default(),
            head: NodeRef::default(),
            slider: NodeRef::default(),
            clock: NodeRef::default(),
            needle: None,
            tree: (0, 0),
            observer: None,
        }
    }

    fn update(&mut self, _ctx: &Context<Self>, msg: Msg) -> bool {
        match msg {
            Msg::Resized(width) => std::mem::replace(&mut self.width, width) != width,
            Msg::Rename(branch) => std::mem::replace(&mut self.renaming, branch) != branch,
            Msg::Unfold => {
                self.is_unfolded = !self.is_unfolded;
                true
            }
        }
    }

    fn rendered(&mut self, ctx: &Context<Self>, first: bool) {
        if first {
            self.watch_width(ctx);
            self.begin_to_paint(ctx);
        }
        if let Some(needle) = &self.needle
            && needle.borrow_mut().fit(ctx.props().strip.end, self.width)
        {
            ctx.props().player.paint_soon();
        }
        let tree = (ctx.props().current, ctx.props().twigs.len());
        if std::mem::replace(&mut self.tree, tree) != tree {
            tree::show_current();
        }
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let props = ctx.props();
        html! {
            <footer class={classes!("time", self.is_unfolded.then_some("unfolded"))}>
                <div class="tree">{ self.tree(ctx) }</div>
                <div class="buttons">
                    { buttons(props) }
                    <button type="button" class="round unfold" aria-label="Speed, steps and jumps" title="Speed, steps and jumps"
                        aria-expanded={self.is_unfolded.to_string()} onclick={ctx.link().callback(|_: MouseEvent| Msg::Unfold)}>{ icons::stroke(icons::MORE) }</button>
                    { still(Steering {
                        player: props.player.clone(),
                        speed: props.speed,
                        kind: props.kind,
                        kinds: props.kinds.clone(),
                        interest: props.interest,
                    }) }
                </div>
                <div class="scrubber" ref={self.frame.clone()}>
                    // Without a viewBox, because in a low bar that would scale the picture, away
                    // from the slider.
                    <svg aria-hidden="true">
                        { painted(&props.strip, self.width) }
                    </svg>
                    <div class="needle" ref={self.head.clone()} aria-hidden="true"></div>
                    <input type="range" aria-label="Time" min="0" step="any" ref={self.slider.clone()}
                        max={(props.strip.end.as_us() / 1_000).to_string()}
                        oninput={seek(&props.player)} onkeydown={arrows(&props.player)} />
                </div>
                <div class="clock">
                    <div class="now mono"><span ref={self.clock.clone()}></span><small>{ " s" }</small></div>
                    { legend::get().map_or_else(legend::folded, |legend| legend()) }
                    if let Some(link) = &props.full_page {
                        <a class="full-link" href={link.clone()} target="_blank" rel="noopener">{ "Open the full page" }</a>
                    }
                </div>
            </footer>
        }
    }

    fn destroy(&mut self, _ctx: &Context<Self>) {
        if let Some((observer, _)) = self.observer.take() {
            observer.disconnect();
        }
    }
}

impl Transport {
    fn tree(&self, ctx: &Context<Self>) -> Html {
        let props = ctx.props();
        still(Tree {
            player: props.player.clone(),
            twigs: props.twigs.clone(),
            current: props.current,
            end: props.strip.end,
            renaming: self.renaming,
            on_rename: self.on_rename.clone(),
            on_part: props.on_part.clone(),
            on_problem: props.on_problem.clone(),
        })
    }

    fn watch_width(&mut self, ctx: &Context<Self>) {
        let Some(frame) = self.frame.cast::<Element>() else { return };
        let (link, measured) = (ctx.link().clone(), frame.clone());
        let callback = Closure::<dyn FnMut()>::new(move || {
            let width = measured.get_bounding_client_rect().width();
            if width > 0.0 {
                link.send_message(Msg::Resized(width));
            }
        });
        if let Ok(observer) = ResizeObserver::new(callback.as_ref().unchecked_ref()) {
            observer.observe(&frame);
            self.observer = Some((observer, callback));
        }
    }

    fn begin_to_paint(&mut self, ctx: &Context<Self>) {
        let slider = self.slider.cast::<HtmlInputElement>();
        let parts = (self.head.cast::<Element>(), slider, self.clock.cast::<Element>());
        if let (Some(head), Some(slider), Some(clock)) = parts {
            let needle = Rc::new(RefCell::new(Needle::new(Mover::new(&head), slider, clock)));
            let dynamic: Rc<RefCell<dyn Paint>> = needle.clone();
            ctx.props().player.attach(&dynamic);
            self.needle = Some(needle);
        }
    }
}

fn buttons(props: &TransportProps) -> Html {
    let TransportProps { playing, on_key, .. } = props;
    let asks = |key: Key| on_key.reform(move |_: MouseEvent| key);
    let round = |name: &'static str, hint: &'static str, picture: Html, onclick| {
        html! {
            <button type="button" class="round" aria-label={name} title={hint} {onclick}>{ picture }</button>
        }
    };
    let (name, picture) = if *playing { ("Pause", icons::PAUSE) } else { ("Play", icons::PLAY) };
    let picture = if *playing {
        html! { <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true"><path d={picture} stroke-width="3.2" /></svg> }
    } else {
        icons::solid(picture)
    };
    let title = format!("{name} (Space)");
    html! {
        <div class="presses">
            { round("Last event of interest", "To the last event of interest ([)", icons::solid(icons::LAST), asks(Key::Jump(None, false))) }
            { round("Step back", "One event back (,)", icons::stroke(icons::BACK), asks(Key::Step(-1))) }
            <button type="button" class="round play" aria-label={name} {title} onclick={asks(Key::Toggle)}>{ picture }</button>
            { round("Step forward", "One event forward (.)", icons::stroke(icons::FORWARD), asks(Key::Step(1))) }
            { round("Next event of interest", "To the next event of interest (])", icons::solid(icons::NEXT), asks(Key::Jump(None, true))) }
        </div>
    }
}

fn seek(player: &Player) -> Callback<InputEvent> {
    let player = player.clone();
    Callback::from(move |e: InputEvent| {
        let input: HtmlInputElement = e.target_unchecked_into();
        player.seek(Time::from_us((input.value_as_number().max(0.0) * 1_000.0) as u64));
    })
}

/// Arrow keys move by a hundredth of the scrubber, page keys by a tenth.
fn arrows(player: &Player) -> Callback<KeyboardEvent> {
    let player = player.clone();
    Callback::from(move |e: KeyboardEvent| {
        let end = scale::end(player.session().frontier()).as_us() as i64;
        let now = player.session().now().as_us() as i64;
        let to = match e.key().as_str() {
            "ArrowRight" | "ArrowUp" => now + end / 100,
            "ArrowLeft" | "ArrowDown" => now - end / 100,
            "PageUp" => now + end / 10,
            "PageDown" => now - end / 10,
            _ => return,
        };
        e.prevent_default();
        player.seek(Time::from_us(to.max(0) as u64));
    })
}

fn painted(strip: &Strip, width: f64) -> Html {
    let (top, height) = BAND;
    let piece = |(i, p): (usize, &Piece)| {
        let (from, to) = (strip::x(p.from, strip.end, width), strip::x(p.to, strip.end, width));
        let rows = p.row.1 as f64;
        let y = top + height / rows * p.row.0 as f64;
        html! {
            <rect key={i} class={classes!("reign", p.hue.class())} x={text(from)} y={text(y)}
                width={text((to - from).max(1.0))} height={text(height / rows)} />
        }
    };
    let labels = strip::labels(strip, width);
    let mark = |(i, (m, label)): (usize, (&Mark, Option<f64>))| {
        let x = strip::x(m.at, strip.end, width);
        let label = label.map(|at| {
            html! { <text x={text(at)} y="13" text-anchor="middle">{ m.label.clone() }</text> }
        });
        let place = format!("translate({} 0)", text(x));
        html! { <g key={i} class={m.class}><g transform={place}>{ m.shape.draw() }</g>{ for label }</g> }
    };
    html! {
        <>
            <rect class="track" y={text(top)} width={text(width)} height={text(height)} rx="8" />
            <g>{ for strip.reigns.iter().enumerate().map(piece) }</g>
            <g>{ for strip.marks.iter().zip(labels).enumerate().map(mark) }</g>
            <g>{ for ticks(strip.end, width) }</g>
        </>
    }
}

fn ticks(end: Time, width: f64) -> Vec<Html> {
    let tick = |at: &Time| {
        let x = strip::x(*at, end, width);
        let anchor = match x {
            x if x < 10.0 => "start",
            x if x > width - 10.0 => "end",
            _ => "middle",
        };
        html! {
            <text key={at.as_us().to_string()} class="tick" x={text(x)} y="66" text-anchor={anchor}>
                { scale::tick_text(*at, end) }
            </text>
        }
    };
    scale::ticks(end, width).iter().map(tick).collect()
}
