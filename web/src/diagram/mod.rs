//! The space-time diagram: one lane for each node and client, time from left to right, messages as
//! slanted lines. It shares the playhead with the stage.
//!
//! The wheel zooms at the pointer, with or without Ctrl (a pinch on a touchpad arrives as Ctrl and
//! wheel). Shift and wheel, a sideways wheel, and dragging all pan. Lanes that do not fit scroll.

mod captions;
mod film;
mod lit;
mod over;
mod paper;
mod pens;
mod ruler;
mod slide;
mod tile;
mod touch;
mod window;

pub use pens::escape;

use crate::export;
use crate::icons;
use crate::judging::Latest;
use crate::player::{Paint, Player};
use crate::transport::strip::Strip;
use film::{Film, Layers, Subject};
use gloo_events::{EventListener, EventListenerOptions};
use quorumscope_core::ids::EventId;
use quorumscope_core::session::Session;
use std::cell::RefCell;
use std::rc::Rc;
use touch::{Gesture, Touch};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, ResizeObserver, WheelEvent};
use window::Window;
use yew::prelude::*;

/// The zoom factor of one key press or button press.
const ZOOM_STEP: f64 = 1.5;
/// The change of the zoom factor for each pixel of wheel movement.
const ZOOM_WHEEL: f64 = 0.0025;
/// The height of one line of wheel movement, in pixels.
const WHEEL_LINE: f64 = 16.0;
/// The part of the window's width that a page key moves by.
const PAGE: f64 = 0.8;

/// The properties of the diagram.
#[derive(PartialEq, Properties)]
pub struct DiagramProps {
    /// The player.
    pub player: Player,
    /// The index of the cluster.
    pub cluster: usize,
    /// The marks along the run.
    pub strip: Rc<Strip>,
    /// The latest verdicts of the judges.
    pub judged: Rc<Latest>,
    /// The selected event, if it belongs to this cluster.
    pub selected: Option<EventId>,
    /// The name of the cluster, if the page shows several.
    #[prop_or_default]
    pub whose: Option<AttrValue>,
    /// Called with the cluster and the event when the user selects an event.
    pub on_select: Callback<(usize, EventId)>,
}

/// The messages of the diagram component.
pub enum Msg {
    /// The view has a new width and height, in pixels.
    Resized(f64, f64),
    /// A pointer went down in the view.
    Down(PointerEvent),
    /// A pointer moved.
    Move(PointerEvent),
    /// A pointer was lifted.
    Up(PointerEvent),
    /// A pointer was cancelled, or left the view.
    Leave(PointerEvent),
    /// The wheel was turned.
    Wheel(WheelEvent),
    /// A key was pressed.
    Key(KeyboardEvent),
    /// The view lost the focus.
    Blur,
    /// Zoom: the time in the window is multiplied by this factor.
    Zoom(f64),
    /// Turn following the playhead on or off.
    Follow,
    /// Save the picture as an SVG file.
    Save,
    /// Move the window to a point of the overview.
    Overview(PointerEvent),
}

/// The component of the diagram.
pub struct Diagram {
    scroll: NodeRef,
    view: NodeRef,
    parts: [NodeRef; 9],
    live: NodeRef,
    film: Option<Rc<RefCell<Film>>>,
    touch: Touch,
    follows: bool,
    observer: Option<(ResizeObserver, Closure<dyn FnMut()>)>,
    wheel: Option<EventListener>,
}

impl Component for Diagram {
    type Message = Msg;
    type Properties = DiagramProps;

    fn create(_ctx: &Context<Self>) -> Self {
        Self {
            scroll: NodeRef::default(),
            view: NodeRef::default(),
            parts: Default::default(),
            live: NodeRef::default(),
            film: None,
            touch: Touch::default(),
            follows: true,
            observer: None,
            wheel: None,
        }
    }

    fn changed(&mut self, ctx: &Context<Self>, old: &DiagramProps) -> bool {
        if let Some(film) = &self.film {
            film.borrow_mut().set_subject(subject(ctx.props()));
        }
        if !ctx.props().player.is_playing() {
            ctx.props().player.paint();
        }
        old.whose != ctx.props().whose
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        let Some(film) = self.film.clone() else { return false };
        let player = &ctx.props().player;
        // A hover is highlighted at once and changes nothing else.
        let points = matches!(msg, Msg::Move(_)) && !self.touch.is_down();
        match msg {
            Msg::Resized(width, height) => film.borrow_mut().resize(width, height),
            Msg::Down(e) => self.down(&e),
            Msg::Move(e) => self.moved(&film, player, &e),
            Msg::Up(e) => self.up(ctx, &film, &e),
            Msg::Leave(e) => {
                self.touch.up(e.pointer_id());
                film.borrow_mut().point_at(&player.session(), None);
            }
            Msg::Wheel(e) => self.turn(&film, player, &e),
            Msg::Key(e) => self.key(ctx, &film, &e),
            Msg::Blur => film.borrow_mut().leave(&player.session()),
            Msg::Zoom(factor) => zoom(&film, player, factor),
            Msg::Follow => {
                let mut film = film.borrow_mut();
                let follows = !film.window.follows();
                film.window.follow(follows);
                if follows {
                    film.window.centre(player.session().now());
                }
                film.touch();
            }
            Msg::Save => export::save_diagram(),
            Msg::Overview(e) => self.overview(ctx, &film, &e),
        }
        if !points {
            player.paint();
        }
        let follows = film.borrow().window.follows();
        std::mem::replace(&mut self.follows, follows) != follows
    }

    fn rendered(&mut self, ctx: &Context<Self>, first: bool) {
        if first {
            self.begin(ctx);
        }
        if !ctx.props().player.is_playing() {
            ctx.props().player.paint();
        }
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let link = ctx.link();
        let [film, ruler, names, edge, needle, overview, frame, said, pinned] = self.parts.clone();
        let follows = self.follows;
        html! {
            <div class="dg">
                <p class="dg-said" ref={said}></p>
                <div class="dg-bar">
                    <span class="dg-whose">{ ctx.props().whose.clone() }</span>
                    <button type="button" class="dg-button" aria-pressed={follows.to_string()} title="Keep the playhead in view"
                        onclick={link.callback(|_| Msg::Follow)}>{ "Follow" }</button>
                    <button type="button" class="icon" aria-label="Zoom out" title="Zoom out (-)"
                        onclick={link.callback(|_| Msg::Zoom(ZOOM_STEP))}>{ icons::stroke(MINUS) }</button>
                    <button type="button" class="icon" aria-label="Zoom in" title="Zoom in (+)"
                        onclick={link.callback(|_| Msg::Zoom(1.0 / ZOOM_STEP))}>{ icons::stroke(PLUS) }</button>
                    <button type="button" class="icon" aria-label="Save the diagram" title="Save what is shown as a picture (SVG)"
                        onclick={link.callback(|_| Msg::Save)}>{ icons::stroke(SAVE) }</button>
                </div>
                <div class="dg-picture">
                <div class="dg-overview" onpointerdown={link.callback(Msg::Overview)} onpointermove={link.callback(Msg::Overview)} aria-hidden="true">
                    <svg ref={overview}></svg><div class="dg-frame" ref={frame}></div>
                </div>
                <div class="dg-ruler" aria-hidden="true"><div class="dg-film" ref={ruler}></div></div>
                <div class="dg-scroll" ref={self.scroll.clone()}>
                    <div class="dg-names" ref={names}></div>
                    <div class="dg-view" ref={self.view.clone()} tabindex="0" role="application" aria-roledescription="space-time diagram"
                        aria-label="Diagram: left and right go from event to event, up and down from lane to lane, Enter goes to that moment, plus and minus zoom"
                        onpointerdown={link.callback(Msg::Down)} onpointermove={link.callback(Msg::Move)}
                        onpointerup={link.callback(Msg::Up)} onpointercancel={link.callback(Msg::Leave)}
                        onpointerleave={link.callback(Msg::Leave)}
                        onkeydown={link.callback(Msg::Key)} onblur={link.callback(|_| Msg::Blur)}>
                        <div class="dg-film" ref={film} aria-hidden="true"></div>
                        <svg class="dg-sheet dg-pinned" ref={pinned} aria-hidden="true"></svg>
                        <div class="dg-edge" ref={edge}></div>
                        <div class="dg-needle" ref={needle}><i class="dg-known"></i><i class="dg-head"></i></div>
                    </div>
                </div>
                </div>
                <div class="unseen" aria-live="polite" ref={self.live.clone()}></div>
            </div>
        }
    }

    fn destroy(&mut self, _ctx: &Context<Self>) {
        if let Some((observer, _)) = self.observer.take() {
            observer.disconnect();
        }
    }
}

const PLUS: &str = "M10 4v12M4 10h12";
const MINUS: &str = "M4 10h12";
const SAVE: &str = "M10 3.5v9M6.5 9l3.5 3.5L13.5 9M4 16.5h12";

fn subject(props: &DiagramProps) -> Subject {
    Subject {
        cluster: props.cluster,
        strip: Rc::clone(&props.strip),
        judged: Rc::clone(&props.judged),
        selected: props.selected,
    }
}

/// Zooms at the playhead if it is visible, else at the middle of the window.
fn zoom(film: &RefCell<Film>, player: &Player, factor: f64) {
    let mut film = film.borrow_mut();
    let width = film.window.width();
    let head = film.window.x(player.session().now());
    let x = if (0.0..=width).contains(&head) { head } else { width / 2.0 };
    film.window.zoom(factor, x);
    film.window.keep_within(player.session().frontier());
    film.touch();
}

impl Diagram {
    fn begin(&mut self, ctx: &Context<Self>) {
        let part = |place: usize| self.parts[place].cast::<Element>();
        let all = || {
            Some(Layers {
                film: part(0)?,
                ruler: part(1)?,
                names: part(2)?,
                edge: part(3)?,
                needle: part(4)?,
                overview: part(5)?,
                frame: part(6)?,
                said: part(7)?,
                pinned: part(8)?,
                view: self.view.cast()?,
            })
        };
        let Some(layers) = all() else { return };
        let film = Rc::new(RefCell::new(Film::new(layers, subject(ctx.props()))));
        let dynamic: Rc<RefCell<dyn Paint>> = film.clone();
        ctx.props().player.attach(&dynamic);
        self.film = Some(film);
        self.watch_size(ctx);
        self.watch_wheel(ctx);
    }

    fn watch_size(&mut self, ctx: &Context<Self>) {
        let (Some(scroll), Some(view)) =
            (self.scroll.cast::<Element>(), self.view.cast::<Element>())
        else {
            return;
        };
        let (link, measured) = (ctx.link().clone(), scroll.clone());
        let callback = Closure::<dyn FnMut()>::new(move || {
            let width = view.get_bounding_client_rect().width();
            let height = f64::from(measured.client_height());
            if width > 0.0 && height > 0.0 {
                link.send_message(Msg::Resized(width, height));
            }
        });
        if let Ok(observer) = ResizeObserver::new(callback.as_ref().unchecked_ref()) {
            observer.observe(&scroll);
            self.observer = Some((observer, callback));
        }
    }

    /// The listener is not passive, because it must prevent the zoom of the page.
    fn watch_wheel(&mut self, ctx: &Context<Self>) {
        let Some(view) = self.view.cast::<Element>() else { return };
        let link = ctx.link().clone();
        let options = EventListenerOptions::enable_prevent_default();
        self.wheel = Some(EventListener::new_with_options(&view, "wheel", options, move |e| {
            if let Some(e) = e.dyn_ref::<WheelEvent>() {
                e.prevent_default();
                link.send_message(Msg::Wheel(e.clone()));
            }
        }));
    }

    /// The place of a pointer in the view, in pixels.
    fn whereabouts(&self, e: &MouseEvent) -> (f64, f64) {
        let rect = self.view.cast::<Element>().map(|v| v.get_bounding_client_rect());
        let (left, top) = rect.map_or((0.0, 0.0), |r| (r.left(), r.top()));
        (f64::from(e.client_x()) - left, f64::from(e.client_y()) - top)
    }

    fn down(&mut self, e: &PointerEvent) {
        if e.button() != 0 {
            return;
        }
        self.touch.down(e.pointer_id(), self.whereabouts(e));
        if let Some(view) = self.view.cast::<Element>() {
            let _ = view.set_pointer_capture(e.pointer_id());
        }
    }

    fn moved(&mut self, film: &RefCell<Film>, player: &Player, e: &PointerEvent) {
        let here = self.whereabouts(e);
        let mut film = film.borrow_mut();
        match self.touch.moved(e.pointer_id(), here) {
            Gesture::Hover => {
                let event = film.pick(here.0, here.1);
                film.point_at(&player.session(), event);
                return;
            }
            Gesture::Nothing => return,
            Gesture::Pan(by) => {
                film.window.follow(false);
                film.window.pan(-by);
            }
            Gesture::Pinch { factor, x, by } => {
                film.window.follow(false);
                film.window.pan(-by);
                film.window.zoom(factor, x);
            }
        }
        film.window.keep_within(player.session().frontier());
        film.touch();
    }

    fn up(&mut self, ctx: &Context<Self>, film: &RefCell<Film>, e: &PointerEvent) {
        if self.touch.up(e.pointer_id()) {
            let (x, y) = self.whereabouts(e);
            let event = film.borrow().pick(x, y);
            if let Some(event) = event {
                self.select(ctx, film, event);
            }
        }
    }

    fn select(&self, ctx: &Context<Self>, film: &RefCell<Film>, event: EventId) {
        film.borrow_mut().touch();
        ctx.props().on_select.emit((ctx.props().cluster, event));
    }

    fn turn(&self, film: &RefCell<Film>, player: &Player, e: &WheelEvent) {
        let unit = if e.delta_mode() == WheelEvent::DOM_DELTA_PIXEL { 1.0 } else { WHEEL_LINE };
        let (dx, dy) = (e.delta_x() * unit, e.delta_y() * unit);
        let mut film = film.borrow_mut();
        film.window.follow(false);
        if e.shift_key() || dx.abs() > dy.abs() {
            film.window.pan(if dx == 0.0 { dy } else { dx });
        } else {
            let factor = 1.0 + (dy.abs() * ZOOM_WHEEL).min(1.0);
            film.window.zoom(if dy > 0.0 { factor } else { 1.0 / factor }, self.whereabouts(e).0);
        }
        film.window.keep_within(player.session().frontier());
        film.touch();
    }

    fn key(&self, ctx: &Context<Self>, film: &RefCell<Film>, e: &KeyboardEvent) {
        let player = &ctx.props().player;
        if e.ctrl_key() || e.meta_key() || e.alt_key() {
            return;
        }
        let session = player.session();
        let said = match e.key().as_str() {
            "ArrowLeft" | "ArrowRight" if e.shift_key() => {
                let by = if e.key() == "ArrowLeft" { -TILE } else { TILE };
                pan(film, &session, by);
                None
            }
            "ArrowLeft" => film.borrow_mut().go_along(&session, false),
            "ArrowRight" => film.borrow_mut().go_along(&session, true),
            "ArrowUp" => film.borrow_mut().go_across(&session, false),
            "ArrowDown" => film.borrow_mut().go_across(&session, true),
            "PageUp" | "PageDown" => {
                let width = film.borrow().window.width() * PAGE;
                pan(film, &session, if e.key() == "PageUp" { -width } else { width });
                None
            }
            "Home" => {
                go(film, Window::show_beginning);
                None
            }
            "End" => {
                go(film, |window| window.show_end(session.frontier()));
                None
            }
            "+" | "=" => {
                zoom(film, player, 1.0 / ZOOM_STEP);
                None
            }
            "-" => {
                zoom(film, player, ZOOM_STEP);
                None
            }
            "Enter" => {
                let event = film.borrow().at_cursor();
                drop(session);
                if let Some(event) = event {
                    self.select(ctx, film, event);
                }
                e.prevent_default();
                return;
            }
            _ => return,
        };
        e.prevent_default();
        e.stop_propagation();
        if let (Some(said), Some(live)) = (said, self.live.cast::<Element>()) {
            live.set_text_content(Some(&said));
        }
    }

    /// Centres the window on the point of the overview under the pointer.
    fn overview(&self, ctx: &Context<Self>, film: &RefCell<Film>, e: &PointerEvent) {
        if e.buttons() & 1 == 0 {
            return;
        }
        let Some(strip) = self.parts[5].cast::<Element>() else { return };
        let rect = strip.get_bounding_client_rect();
        let _ = strip.set_pointer_capture(e.pointer_id());
        let mut film = film.borrow_mut();
        let part = (f64::from(e.client_x()) - rect.left()) / film.window.width();
        film.window.follow(false);
        let (_, long) = film.window.extent();
        let end = ctx.props().strip.end.as_us() as f64;
        film.window.go_to(part.clamp(0.0, 1.0) * end - long / 2.0);
        film.touch();
    }
}

/// The distance that Shift and an arrow key move by, in pixels.
const TILE: f64 = window::TILE_PX / 2.0;

fn pan(film: &RefCell<Film>, session: &Session, by: f64) {
    let mut film = film.borrow_mut();
    film.window.follow(false);
    film.window.pan(by);
    film.window.keep_within(session.frontier());
    film.touch();
}

fn go(film: &RefCell<Film>, to: impl FnOnce(&mut Window)) {
    let mut film = film.borrow_mut();
    film.window.follow(false);
    to(&mut film.window);
    film.touch();
}
