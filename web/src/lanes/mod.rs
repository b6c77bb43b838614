//! The lanes of operations: one lane for each client, bars along time, of a run or of a file.
//!
//! The number of bars and lanes on the screen is bounded, so that a hundred thousand operations
//! cost no more than ten.

mod draw;
mod flag;
mod gather;
mod run;
mod sight;

pub use flag::Flag;
pub use gather::{Bar, Stroke, View, gather};
pub use run::at_fault;

use crate::clerk::{Answer, Clerk, Imported, Request};
use crate::dom;
use crate::judging::Latest;
use crate::player::Player;
use draw::Picture;
use quorumscope_core::time::Time;
use sight::{Extent, Sight};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, ResizeObserver};
use yew::prelude::*;

/// The usual font size, in pixels, for which lanes are measured.
const USUAL: f64 = 14.0;

/// The source of the operations.
#[derive(Clone)]
pub enum Source {
    /// The operations of one cluster of the run, up to the playhead.
    Run(Player, usize),
    /// The operations of a file that the worker keeps.
    File(Clerk, Rc<Imported>),
}

impl PartialEq for Source {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Run(a, i), Self::Run(b, j)) => a == b && i == j,
            (Self::File(_, a), Self::File(_, b)) => Rc::ptr_eq(a, b),
            _ => false,
        }
    }
}

/// The properties of the lanes.
#[derive(PartialEq, Properties)]
pub struct LanesProps {
    /// The source of the operations.
    pub source: Source,
    /// The names of the lanes.
    pub names: Rc<Vec<String>>,
    /// The latest verdicts on the run.
    #[prop_or_default]
    pub judged: Rc<Latest>,
    /// The time of the playhead, in steps of 50 ms.
    #[prop_or_default]
    pub now: Time,
    /// The operation to bring into view, if there is one.
    #[prop_or_default]
    pub show: Option<Stroke>,
    /// Called with the operation that the user picked. Bars of several operations zoom in instead.
    pub on_pick: Callback<Bar>,
}

/// The messages of the lanes component.
pub enum Msg {
    /// The lanes have a new width, in pixels, and a new scale.
    Resized(f64, f64),
    /// Another part is to be visible.
    Sight(Sight),
    /// The worker answered with the bars of a view.
    Bars(View, Vec<Bar>),
    /// The bar with this index was picked.
    Pick(usize),
    /// A key was pressed on the bars.
    Key(KeyboardEvent),
    /// The wheel was turned.
    Wheel(WheelEvent),
    /// A pointer went down (true), moved or was lifted (false).
    Drag(PointerEvent, bool),
}

/// The component of the lanes.
pub struct Lanes {
    frame: NodeRef,
    width: f64,
    /// The factor by which everything is enlarged, following the font size of the page.
    scale: f64,
    sight: Sight,
    /// The bars that are drawn, and the view that they belong to.
    bars: Rc<Vec<Bar>>,
    flags: Rc<Vec<Flag>>,
    view: View,
    /// The operation number of the bar in the tab order.
    current: Option<u32>,
    to_focus: bool,
    drag: Option<(i32, Sight)>,
    observer: Option<(ResizeObserver, Closure<dyn FnMut()>)>,
}

impl Component for Lanes {
    type Message = Msg;
    type Properties = LanesProps;

    fn create(ctx: &Context<Self>) -> Self {
        let sight = first_sight(&ctx.props().source);
        let view = View { from: 0, to: 0, pixel: 1, lanes: (0, 0) };
        Self {
            frame: NodeRef::default(),
            width: 0.0,
            scale: 1.0,
            sight,
            bars: Rc::default(),
            flags: Rc::default(),
            view,
            current: None,
            to_focus: false,
            drag: None,
            observer: None,
        }
    }

    fn changed(&mut self, ctx: &Context<Self>, old: &LanesProps) -> bool {
        let props = ctx.props();
        if props.source != old.source {
            self.sight = first_sight(&props.source);
        }
        if let Some(stroke) = props.show.filter(|_| props.show != old.show) {
            self.sight = self.sight.at(&stroke, self.extent(ctx), self.view.lanes);
            self.current = Some(stroke.number);
            self.to_focus = true;
        }
        self.look(ctx);
        true
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        match msg {
            Msg::Resized(width, scale) => {
                if (width / scale, scale) == (self.width, self.scale) {
                    return false;
                }
                (self.width, self.scale) = (width / scale, scale);
                self.look(ctx);
            }
            Msg::Sight(sight) => {
                self.sight = sight;
                self.look(ctx);
            }
            Msg::Bars(view, bars) => {
                // An answer to an older question is dropped.
                if view != self.view {
                    return false;
                }
                self.bars = Rc::new(bars);
            }
            Msg::Pick(place) => self.pick(ctx, place),
            Msg::Key(e) => return self.key(ctx, &e),
            Msg::Wheel(e) => return self.wheel(ctx, &e),
            Msg::Drag(e, down) => return self.drag(ctx, &e, down),
        }
        true
    }

    fn rendered(&mut self, ctx: &Context<Self>, first: bool) {
        if first {
            self.watch_width(ctx);
        }
        if std::mem::take(&mut self.to_focus) {
            let found = self.frame.cast::<Element>();
            let found = found.and_then(|f| f.query_selector(".lane-bar[tabindex='0']").ok()?);
            if let Some(bar) = found {
                let _ = bar.unchecked_ref::<web_sys::HtmlElement>().focus();
            }
        }
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let props = ctx.props();
        let link = ctx.link();
        let picture = Picture {
            bars: Rc::clone(&self.bars),
            flags: Rc::clone(&self.flags),
            names: Rc::clone(&props.names),
            view: self.view,
            width: self.width,
            scale: self.scale,
            now: matches!(props.source, Source::Run(..)).then_some(props.now.as_us()),
            is_timed: self.is_timed(ctx),
            current: self.current(),
        };
        let extent = self.extent(ctx);
        html! {
            <div class="lanes" ref={self.frame.clone()}>
                { sight::controls(self.sight, extent, self.view, link) }
                <div class="lane-picture"
                    onwheel={link.callback(Msg::Wheel)}
                    onkeydown={link.callback(Msg::Key)}
                    onpointerdown={link.callback(|e| Msg::Drag(e, true))}
                    onpointermove={link.callback(|e| Msg::Drag(e, false))}>
                    { picture.draw(link) }
                </div>
                <p class="lane-note">{ picture.note() }</p>
            </div>
        }
    }

    fn destroy(&mut self, _ctx: &Context<Self>) {
        if let Some((observer, _)) = self.observer.take() {
            observer.disconnect();
        }
    }
}

/// The first visible part.
fn first_sight(source: &Source) -> Sight {
    match source {
        Source::Run(..) => Sight::FOLLOW,
        Source::File(..) => Sight::ALL,
    }
}

impl Lanes {
    fn extent(&self, ctx: &Context<Self>) -> Extent {
        let props = ctx.props();
        let lanes = props.names.len() as u32;
        match &props.source {
            Source::Run(player, cluster) => {
                let session = player.session();
                // A cluster that has just been removed has nothing to show.
                let count = session.run().clusters.len();
                let world = (*cluster < count).then(|| session.world(*cluster));
                let first = world.and_then(|w| Some(w.operations().get(0)?.invoked.as_us()));
                let to = session.now().as_us();
                Extent { from: first.unwrap_or(0).min(to), to, lanes }
            }
            Source::File(_, file) => Extent { from: file.span.0, to: file.span.1, lanes },
        }
    }

    fn is_timed(&self, ctx: &Context<Self>) -> bool {
        match &ctx.props().source {
            Source::Run(..) => true,
            Source::File(_, file) => file.is_timed,
        }
    }

    /// Updates the bars of the visible part.
    fn look(&mut self, ctx: &Context<Self>) {
        if self.width <= 0.0 {
            return;
        }
        let view = self.sight.view(self.extent(ctx), draw::room(self.width));
        match &ctx.props().source {
            Source::Run(player, cluster) => {
                let session = player.session();
                if *cluster < session.run().clusters.len() {
                    let world = session.world(*cluster);
                    let judged = &ctx.props().judged;
                    self.bars = Rc::new(run::bars(world, judged, *cluster, &view));
                    let (story, until) = (player.story(*cluster), session.now().as_us());
                    let flags = flag::of_run(&story, &session.run().commands, until);
                    self.flags = Rc::new(flags);
                }
                drop(session);
                player.judge_since(Time::from_us(view.from));
            }
            Source::File(clerk, file) if view != self.view => {
                self.flags = Rc::clone(&file.flags);
                let link = ctx.link().clone();
                clerk.ask(Request::Lanes(view), None, move |answer| {
                    if let Answer::Lanes(bars) = answer {
                        link.send_message(Msg::Bars(view, bars));
                    }
                });
            }
            Source::File(..) => {}
        }
        self.view = view;
    }

    /// The index of the bar in the tab order: the picked one, else the last.
    fn current(&self) -> Option<usize> {
        let chosen = self.bars.iter().position(|bar| Some(bar.stroke.number) == self.current);
        chosen.or_else(|| self.bars.len().checked_sub(1))
    }

    fn pick(&mut self, ctx: &Context<Self>, place: usize) {
        let Some(bar) = self.bars.get(place) else { return };
        self.current = Some(bar.stroke.number);
        if bar.count > 1 {
            self.sight = self.sight.at(&bar.stroke, self.extent(ctx), self.view.lanes);
            self.look(ctx);
        } else {
            ctx.props().on_pick.emit(bar.clone());
        }
    }

    fn key(&mut self, ctx: &Context<Self>, e: &KeyboardEvent) -> bool {
        if e.ctrl_key() || e.meta_key() || e.alt_key() {
            return false;
        }
        let Some(current) = self.current() else { return false };
        let key = e.key();
        let moved = match key.as_str() {
            "ArrowRight" => self.beside(current, 1),
            "ArrowLeft" => self.beside(current, -1),
            "ArrowDown" => self.across(current, 1),
            "ArrowUp" => self.across(current, -1),
            "Enter" | " " => Some(current),
            "+" | "=" | "-" => {
                let extent = self.extent(ctx);
                self.sight =
                    self.sight.zoomed(if key == "-" { 2.0 } else { 0.5 }, 0.5, self.view, extent);
                self.look(ctx);
                None
            }
            _ => return false,
        };
        e.prevent_default();
        e.stop_propagation();
        match (moved, key.as_str()) {
            (Some(place), "Enter" | " ") => self.pick(ctx, place),
            (Some(place), _) => self.current = Some(self.bars[place].stroke.number),
            _ => {}
        }
        self.to_focus = true;
        true
    }

    /// The next (1) or previous (-1) bar of the same lane.
    fn beside(&self, place: usize, by: isize) -> Option<usize> {
        let here = self.bars.get(place)?.stroke;
        let same = self.bars.iter().enumerate().filter(|(_, bar)| bar.stroke.lane == here.lane);
        match by {
            1.. => {
                same.filter(|(_, b)| b.stroke.from > here.from).min_by_key(|(_, b)| b.stroke.from)
            }
            _ => same.filter(|(_, b)| b.stroke.from < here.from).max_by_key(|(_, b)| b.stroke.from),
        }
        .map(|(place, _)| place)
    }

    /// The nearest bar of the next (1) or previous (-1) lane that has any.
    fn across(&self, place: usize, by: i64) -> Option<usize> {
        let here = self.bars.get(place)?.stroke;
        let away = |bar: &Bar| (i64::from(bar.stroke.lane) - i64::from(here.lane)) * by;
        let others = self.bars.iter().enumerate().filter(|(_, bar)| away(bar) > 0);
        let nearest = others.min_by_key(|(_, b)| (away(b), b.stroke.from.abs_diff(here.from)));
        nearest.map(|(place, _)| place)
    }

    fn wheel(&mut self, ctx: &Context<Self>, e: &WheelEvent) -> bool {
        let extent = self.extent(ctx);
        let sight = if e.ctrl_key() || e.meta_key() {
            let factor = if e.delta_y() > 0.0 { 1.25 } else { 0.8 };
            self.sight.zoomed(
                factor,
                draw::part(f64::from(e.offset_x()) / self.scale, self.width),
                self.view,
                extent,
            )
        } else {
            let by = if e.shift_key() { e.delta_y() } else { e.delta_x() };
            if by == 0.0 {
                return false;
            }
            self.sight.panned(by / self.scale, self.view, extent)
        };
        e.prevent_default();
        self.sight = sight;
        self.look(ctx);
        true
    }

    fn drag(&mut self, ctx: &Context<Self>, e: &PointerEvent, down: bool) -> bool {
        if down {
            self.drag = Some((e.client_x(), Sight::fixed(self.view)));
            return false;
        }
        if e.buttons() & 1 == 0 {
            self.drag = None;
        }
        let Some((x, sight)) = self.drag else { return false };
        let by = f64::from(x - e.client_x());
        if by.abs() < 4.0 {
            return false;
        }
        self.sight = sight.panned(by / self.scale, self.view, self.extent(ctx));
        self.look(ctx);
        true
    }

    fn watch_width(&mut self, ctx: &Context<Self>) {
        let Some(frame) = self.frame.cast::<Element>() else { return };
        let (link, measured) = (ctx.link().clone(), frame.clone());
        let callback = Closure::<dyn FnMut()>::new(move || {
            // The width of the picture, and not of its frame: an SVG of another width would be
            // scaled.
            let picture = measured.query_selector(".lane-picture").ok().flatten();
            let width = picture.map_or(0.0, |p| p.get_bounding_client_rect().width());
            let letters = dom::letters_px(&measured).unwrap_or(USUAL);
            link.send_message(Msg::Resized(width, letters / USUAL));
        });
        if let Ok(observer) = ResizeObserver::new(callback.as_ref().unchecked_ref()) {
            observer.observe(&frame);
            self.observer = Some((observer, callback));
        }
    }
}
