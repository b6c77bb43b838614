//! The transport bar: play, step, speed, and a scrubber on which the run's story is painted.

mod needle;
pub mod scale;
pub mod strip;

use crate::icons;
use crate::player::{CHOICES, Paint, Player, Speed};
use crate::px::text;
use crate::stage::place_of;
use needle::Needle;
use quorumscope_core::time::Time;
use std::cell::RefCell;
use std::rc::Rc;
use strip::{Mark, Piece, Strip};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, HtmlInputElement, HtmlSelectElement, ResizeObserver};
use yew::prelude::*;

/// The top and the height of the painted band.
const BAND: (f64, f64) = (26.0, 16.0);

/// What the transport bar shows.
#[derive(PartialEq, Properties)]
pub struct TransportProps {
    /// The player.
    pub player: Player,
    /// Whether time runs.
    pub playing: bool,
    /// How fast.
    pub speed: Speed,
    /// What is painted on the scrubber.
    pub strip: Rc<Strip>,
    /// The names of the branches.
    pub branches: Vec<String>,
    /// The one that is looked at.
    pub current: usize,
    /// The link to the full page, when this one is embedded.
    pub full_page: Option<AttrValue>,
}

/// What comes to the transport bar.
pub enum Msg {
    /// The scrubber has another width.
    Resized(f64),
}

/// The transport bar.
pub struct Transport {
    width: f64,
    frame: NodeRef,
    head: NodeRef,
    slider: NodeRef,
    clock: NodeRef,
    needle: Option<Rc<RefCell<Needle>>>,
    observer: Option<(ResizeObserver, Closure<dyn FnMut()>)>,
}

impl Component for Transport {
    type Message = Msg;
    type Properties = TransportProps;

    fn create(_ctx: &Context<Self>) -> Self {
        Self {
            width: 800.0,
            frame: NodeRef::default(),
            head: NodeRef::default(),
            slider: NodeRef::default(),
            clock: NodeRef::default(),
            needle: None,
            observer: None,
        }
    }

    fn update(&mut self, _ctx: &Context<Self>, Msg::Resized(width): Msg) -> bool {
        std::mem::replace(&mut self.width, width) != width
    }

    fn rendered(&mut self, ctx: &Context<Self>, first: bool) {
        if first {
            self.watch_width(ctx);
            self.begin_to_paint(ctx);
        }
        if let Some(needle) = &self.needle {
            needle.borrow_mut().fit(ctx.props().strip.end, self.width);
            ctx.props().player.paint();
        }
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let props = ctx.props();
        html! {
            <footer class="time">
                { buttons(&props.player, props.playing, props.speed) }
                <div class="scrubber" ref={self.frame.clone()}>
                    <svg viewBox={format!("0 0 {} 76", text(self.width))} aria-hidden="true">
                        { painted(&props.strip, self.width) }
                        <g ref={self.head.clone()}>
                            <path class="head-line" d="M0 14V54" />
                            <circle class="head-knob" cy="34" r="8" />
                        </g>
                    </svg>
                    <input type="range" aria-label="Time" min="0" step="any" ref={self.slider.clone()}
                        max={(props.strip.end.as_us() / 1_000).to_string()}
                        oninput={seek(&props.player)} onkeydown={arrows(&props.player)} />
                </div>
                <div class="clock">
                    <div class="now mono"><span ref={self.clock.clone()}></span><small>{ " s" }</small></div>
                    { branches(props) }
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
            let needle = Rc::new(RefCell::new(Needle::new(place_of(&head), slider, clock)));
            let dynamic: Rc<RefCell<dyn Paint>> = needle.clone();
            ctx.props().player.attach(&dynamic);
            self.needle = Some(needle);
        }
    }
}

fn buttons(player: &Player, playing: bool, speed: Speed) -> Html {
    let on = |f: fn(&Player)| {
        let player = player.clone();
        Callback::from(move |_: MouseEvent| f(&player))
    };
    let round = |name: &'static str, hint: &'static str, picture: Html, f: fn(&Player)| {
        html! {
            <button type="button" class="round" aria-label={name} title={hint} onclick={on(f)}>{ picture }</button>
        }
    };
    let (name, picture) = if playing { ("Pause", icons::PAUSE) } else { ("Play", icons::PLAY) };
    let picture = if playing {
        html! { <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true"><path d={picture} stroke-width="3.2" /></svg> }
    } else {
        icons::solid(picture)
    };
    let title = format!("{name} (Space)");
    html! {
        <div class="buttons">
            { round("Last event of interest", "To the last event of interest", icons::solid(icons::LAST), Player::last_stop) }
            { round("Step back", "One event back (,)", icons::stroke(icons::BACK), |p| p.step(-1)) }
            <button type="button" class="round play" aria-label={name} {title} onclick={on(Player::toggle)}>{ picture }</button>
            { round("Step forward", "One event forward (.)", icons::stroke(icons::FORWARD), |p| p.step(1)) }
            { round("Next event of interest", "To the next event of interest", icons::solid(icons::NEXT), Player::next_stop) }
            { speeds(player, speed) }
        </div>
    }
}

fn speeds(player: &Player, speed: Speed) -> Html {
    let player = player.clone();
    let onchange = move |e: Event| {
        let select: HtmlSelectElement = e.target_unchecked_into();
        if let Some(speed) = Speed::chosen(&select.value()) {
            player.set_speed(speed);
        }
    };
    let option = |s: Speed, name: String| {
        let value = s.millionths().to_string();
        html! { <option key={value.clone()} {value} selected={s == speed}>{ name }</option> }
    };
    let other = CHOICES.iter().all(|(s, _)| *s != speed);
    let all = CHOICES.iter().map(|(s, n)| option(*s, (*n).to_owned()));
    html! {
        <div class="pick speed">
            <select aria-label="Speed" title="Virtual time beside real time" {onchange}>
                { for all }
                { for other.then(|| option(speed, speed.name())) }
            </select>
        </div>
    }
}

fn branches(props: &TransportProps) -> Html {
    if props.branches.len() < 2 {
        return html! {};
    }
    let player = props.player.clone();
    let onchange = move |e: Event| {
        let select: HtmlSelectElement = e.target_unchecked_into();
        if let Ok(place) = select.value().parse() {
            // Places come from the list itself.
            let _ = player.switch(place);
        }
    };
    let option = |(i, name): (usize, &String)| {
        html! { <option key={i} value={i.to_string()} selected={i == props.current}>{ name }</option> }
    };
    html! {
        <div class="pick">
            <select aria-label="Branch" title="Runs with the same beginning" {onchange}>
                { for props.branches.iter().enumerate().map(option) }
            </select>
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

/// Arrow keys move by a hundredth of what is shown, page keys by a tenth.
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
            <rect key={i} class={format!("reign t{}", p.hue)} x={text(from)} y={text(y)}
                width={text((to - from).max(1.0))} height={text(height / rows)} />
        }
    };
    let shown = strip::shown_labels(strip, width);
    let mark = |(i, (m, shown)): (usize, (&Mark, bool))| {
        let x = strip::x(m.at, strip.end, width);
        let half = m.label.chars().count() as f64 * 3.5 + 5.0;
        let label = shown.then(|| {
            let at = text(strip::label_middle(x, half, width));
            html! { <text x={at} y="13" text-anchor="middle">{ m.label.clone() }</text> }
        });
        let d = format!("M{} 19V48", text(x));
        let line = if m.dashed { "election" } else { "mark" };
        html! { <g key={i} class={m.class.clone()}><path class={line} {d} />{ for label }</g> }
    };
    html! {
        <>
            <rect class="track" y={text(top)} width={text(width)} height={text(height)} rx="8" />
            <g>{ for strip.reigns.iter().enumerate().map(piece) }</g>
            <g>{ for strip.marks.iter().zip(shown).enumerate().map(mark) }</g>
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
