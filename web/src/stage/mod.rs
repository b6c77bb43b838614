//! The stage: one cluster drawn from its World, with everything on it that can be clicked.
//!
//! This component draws what changes with events. Moving parts are drawn by the [`painter`].

mod balancer;
mod camps;
mod client;
mod controls;
mod crowd;
mod death;
pub mod gesture;
mod guests;
mod hull;
pub mod layout;
mod lens;
mod link;
mod mark;
pub mod menu;
mod node;
pub mod painter;
pub mod ring;
pub mod sample;
mod seats;
mod sides;
pub mod svg;
mod swarm;
mod target;

pub use target::Target;

use crate::geometry::{Anchor, Point, Size, point};
use crate::player::{Paint, Player};
use crate::px::px;
use crate::scene::{Blamed, LinkScene, NodeScene, Scene};
use crate::still::{keyed, still};
use balancer::Balancer;
use client::Client;
use controls::Pinch;
use gesture::Wire;
use gloo_events::EventListener;
use layout::{MARKS, Plan};
use lens::Lens;
use link::{Talk, Touchable, Wires};
pub use node::glyph;
use node::{Node, Side};
use painter::{Layers, Painter};
use quorumscope_core::ids::{Addr, NodeId};
use ring::{Band, Keys, RingScene};
use sides::Sides;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, ResizeObserver};
use yew::prelude::*;

/// The movement in pixels above which a pointer draws a line and does not click.
const DRAG_FROM: f64 = 8.0;
/// The least distance between two points of a drawn line, in pixels.
const LINE_GRAIN: f64 = 4.0;

/// The properties of the stage.
#[derive(PartialEq, Properties)]
pub struct StageProps {
    /// The player.
    pub player: Player,
    /// The index of the cluster.
    pub cluster: usize,
    /// The scene to draw.
    pub scene: Rc<Scene>,
    /// The node that the panels show.
    pub chosen: Option<NodeId>,
    /// The last zoom step by a key pressed elsewhere on the page, with a counter that tells two
    /// equal steps apart.
    pub zoom: (u32, i8),
    /// The nodes and clients at fault in violations.
    pub blamed: Rc<Blamed>,
    /// Called with the target that the user picked, and its place on the page.
    pub on_pick: Callback<(Target, Anchor)>,
    /// Called with the statements of a line that was drawn across wires.
    pub on_cut: Callback<Vec<String>>,
}

/// The width of the stage in the presenter view, in its own units, where there is room for twice the size.
const PRESENTED: f64 = 960.0;

/// The messages of the stage component.
pub enum Msg {
    /// The stage has a new size.
    Resized(Size),
    /// A pointer went down.
    Down(PointerEvent),
    /// A pointer moved.
    Move(PointerEvent),
    /// A pointer was lifted.
    Up(PointerEvent),
    /// A pointer was cancelled.
    Cancel,
    /// An element was clicked.
    Click(MouseEvent),
    /// A key was pressed on an element.
    Key(KeyboardEvent),
    /// The wheel was turned.
    Wheel(web_sys::WheelEvent),
    /// Zoom one step in (1) or out (-1), or show the whole stage (0).
    Zoom(i8),
    /// The pointer or the focus entered an element.
    Near(Event),
}

/// The component of one cluster's stage.
pub struct Stage {
    frame: NodeRef,
    messages: NodeRef,
    arcs: NodeRef,
    marks: NodeRef,
    /// The layout, seen through the lens.
    plan: Rc<Plan>,
    /// The same layout without clients. Clients move to the nodes that they talk to; drawings
    /// between nodes do not depend on that, and need not be redrawn.
    ground: Rc<Plan>,
    lens: Lens,
    pinch: Pinch,
    /// The node that the pointer was last on.
    near: Option<NodeId>,
    painter: Option<Rc<RefCell<Painter>>>,
    /// True if the layout changed since moving parts were painted.
    moved: bool,
    line: Vec<Point>,
    drawing: bool,
    /// True if the pointer drew a line, so that the click that follows is ignored.
    drew: bool,
    wheel: Option<EventListener>,
    observer: Option<(ResizeObserver, Closure<dyn FnMut()>)>,
}

impl Component for Stage {
    type Message = Msg;
    type Properties = StageProps;

    fn create(ctx: &Context<Self>) -> Self {
        let size = Size { w: 916.0, h: 540.0 };
        let plan = Plan::new(size, &ctx.props().scene.cast());
        Self {
            frame: NodeRef::default(),
            messages: NodeRef::default(),
            arcs: NodeRef::default(),
            marks: NodeRef::default(),
            ground: Rc::new(plan.without_clients()),
            plan: Rc::new(plan),
            lens: Lens::default(),
            pinch: Pinch::default(),
            near: None,
            wheel: None,
            painter: None,
            moved: false,
            line: Vec::new(),
            drawing: false,
            drew: false,
            observer: None,
        }
    }

    fn changed(&mut self, ctx: &Context<Self>, old: &StageProps) -> bool {
        if ctx.props().zoom.0 != old.zoom.0 {
            self.lens.step(ctx.props().zoom.1, self.plan.size);
        }
        self.plan_again(self.plan.size, &ctx.props().scene);
        true
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        match msg {
            Msg::Resized(size) => self.plan_again(size, &ctx.props().scene),
            Msg::Down(e) => self.down(&e),
            Msg::Move(e) => self.pinch(ctx, &e) || self.draw_line(&e),
            Msg::Up(e) => {
                self.pinch.lift(e.pointer_id());
                self.end_line(ctx, &e)
            }
            Msg::Cancel => {
                self.pinch = Pinch::default();
                self.forget_line()
            }
            Msg::Wheel(e) => self.wheel(ctx, &e),
            Msg::Zoom(step) => {
                self.lens.step(step, self.plan.size);
                self.plan_again(self.plan.size, &ctx.props().scene)
            }
            Msg::Near(e) => self.come_near(ctx, &e),
            Msg::Click(e) => self.click(ctx, &e),
            Msg::Key(e) => self.key(ctx, &e),
        }
    }

    fn rendered(&mut self, ctx: &Context<Self>, first: bool) {
        if first {
            self.watch_size(ctx);
            self.watch_wheel(ctx);
            self.begin_to_paint(ctx);
        }
        if std::mem::take(&mut self.moved) {
            ctx.props().player.paint_soon();
        }
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let link = ctx.link();
        let size = self.plan.size;
        let view_box = format!("0 0 {} {}", px(size.w), px(size.h));
        html! {
            <div class="stage" ref={self.frame.clone()} ~style={format!("--k:{}e-2", (self.plan.fineness() * 100.0) as i32)}
                onpointerdown={link.callback(Msg::Down)}
                onpointermove={link.callback(Msg::Move)}
                onpointerup={link.callback(Msg::Up)}
                onpointercancel={link.callback(|_| Msg::Cancel)}
                onclick={link.callback(Msg::Click)}
                onpointerover={link.callback(|e: PointerEvent| Msg::Near(e.into()))}
                onfocusin={link.callback(|e: FocusEvent| Msg::Near(e.into()))}
                onkeydown={link.callback(Msg::Key)}>
                <svg viewBox={view_box.clone()} role="group" aria-label="Stage">
                    { self.under(ctx) }
                    { self.cast(ctx) }
                    { self.touchable(ctx) }
                    { self.keys(ctx) }
                    <path class="blade" d={polyline(&self.line, self.drawing)} aria-hidden="true" />
                </svg>
                // Moving parts have layers of their own, so that the rest is not repainted with
                // them.
                <svg class="motion" viewBox={view_box} aria-hidden="true">
                    <g ref={self.arcs.clone()}></g>
                    <g ref={self.marks.clone()}></g>
                </svg>
                <div class="flights" role="group" aria-label="Messages" ref={self.messages.clone()}></div>
                { self.controls(ctx) }
            </div>
        }
    }

    fn destroy(&mut self, _ctx: &Context<Self>) {
        if let Some((observer, _)) = self.observer.take() {
            observer.disconnect();
        }
    }
}

impl Stage {
    /// The sides, the cut between them, and the wires.
    fn under(&self, ctx: &Context<Self>) -> Html {
        let scene = &ctx.props().scene;
        let plan = &self.plan;
        let nodes: Vec<NodeId> = scene.members().collect();
        html! {
            <>
                { still(Sides::of(scene, plan)) }
                { still(Wires { links: self.wires(ctx), ground: Rc::clone(&self.ground) }) }
                { still(Talk { clients: scene.clients.clone(), balancer: scene.balancer.clone(), nodes, plan: Rc::clone(plan) }) }
                { for scene.ring.iter().map(|ring| still(Band { ring: Rc::clone(ring), plan: Rc::clone(&self.ground), chosen: ctx.props().chosen })) }
            </>
        }
    }

    fn cast(&self, ctx: &Context<Self>) -> Html {
        let StageProps { scene, chosen, blamed, .. } = ctx.props();
        let plan = &self.plan;
        let is_named = |n: &NodeScene| {
            crowd::is_named(n, plan, *chosen == Some(n.id) || self.near == Some(n.id))
        };
        let above = |n: &&NodeScene| plan.radius < crowd::NAMED_FROM && is_named(n);
        let above: Vec<NodeId> = scene.nodes.iter().filter(above).map(|n| n.id).collect();
        let nodes = scene.nodes.iter().filter_map(|n| {
            let at = plan.place(n.id.into())?;
            let chosen = *chosen == Some(n.id);
            let named = plan.radius >= crowd::NAMED_FROM && is_named(n);
            let (node, radius, compact) = (n.shown(plan.compact), plan.radius, plan.compact);
            let blamed = blamed.nodes.contains(&n.id);
            let inward = at.x + radius + MARKS > plan.size.w;
            // Zooming moves nodes past the edges of the stage, and their text with them: no side
            // needs care then.
            let side = if self.lens.is_whole() { plan.side(at) } else { Side::Middle };
            let look = Node { node, at, radius, compact, named, chosen, blamed, side, inward };
            Some(keyed(n.id.0, look))
        });
        let clients = scene.clients.iter().filter_map(|c| {
            let at = plan.place(c.id.into())?;
            let blamed = blamed.clients.iter().find(|(id, _)| *id == c.id);
            let blamed = blamed.map(|(_, key)| key.clone());
            Some(keyed(c.id.0, Client { client: c.clone(), at, scale: plan.scale(), blamed }))
        });
        let balancer = scene.balancer.as_ref().zip(plan.place(Addr::Balancer));
        let balancer = balancer.map(|(balancer, at)| {
            still(Balancer { balancer: balancer.clone(), at, scale: plan.scale() })
        });
        html! { <><g>{ for nodes }</g>{ crowd::names(plan, &above) }<g>{ for clients }</g><g>{ for balancer }</g></> }
    }

    /// The keys on a ring. They lie above the links, because they are small and must be hoverable.
    fn keys(&self, ctx: &Context<Self>) -> Html {
        let keys = |ring: &Rc<RingScene>| {
            still(Keys { ring: Rc::clone(ring), plan: Rc::clone(&self.ground) })
        };
        html! { <g>{ for ctx.props().scene.ring.iter().map(keys) }</g> }
    }

    /// Lays the stage out again. Returns true if the layout changed.
    fn plan_again(&mut self, size: Size, scene: &Scene) -> bool {
        let plan = Plan::new(size, &scene.cast()).through(self.lens);
        let changed = plan != *self.plan;
        if changed {
            let ground = plan.without_clients();
            if ground != *self.ground {
                self.ground = Rc::new(ground);
            }
            self.plan = Rc::new(plan);
            self.moved = true;
            if let Some(painter) = &self.painter {
                painter.borrow_mut().set_plan(Rc::clone(&self.plan));
            }
        }
        changed
    }

    fn watch_size(&mut self, ctx: &Context<Self>) {
        let Some(frame) = self.frame.cast::<Element>() else { return };
        let (link, measured) = (ctx.link().clone(), frame.clone());
        let callback = Closure::<dyn FnMut()>::new(move || {
            let rect = measured.get_bounding_client_rect();
            if rect.width() > 0.0 && rect.height() > 0.0 {
                let by = magnified(&measured);
                magnify_flights(&measured, by);
                let size = Size { w: rect.width() / by, h: rect.height() / by };
                link.send_message(Msg::Resized(size));
            }
        });
        if let Ok(observer) = ResizeObserver::new(callback.as_ref().unchecked_ref()) {
            observer.observe(&frame);
            self.observer = Some((observer, callback));
        }
    }

    fn begin_to_paint(&mut self, ctx: &Context<Self>) {
        let layer = |r: &NodeRef| r.cast::<Element>();
        let all = (layer(&self.messages), layer(&self.arcs), layer(&self.marks));
        let (Some(messages), Some(arcs), Some(marks)) = all else { return };
        let layers = Layers { messages, arcs, marks };
        let painter = Painter::new(ctx.props().cluster, layers, Rc::clone(&self.plan));
        let painter = Rc::new(RefCell::new(painter));
        let dynamic: Rc<RefCell<dyn Paint>> = painter.clone();
        ctx.props().player.attach(&dynamic);
        self.painter = Some(painter);
        ctx.props().player.paint();
    }

    /// The wires that are shown and can be clicked.
    fn wires(&self, ctx: &Context<Self>) -> Rc<Vec<LinkScene>> {
        let scene = &ctx.props().scene;
        crowd::wires(&scene.links, scene.nodes.len(), self.near.or(ctx.props().chosen))
    }

    fn touchable(&self, ctx: &Context<Self>) -> Html {
        let crossed = self.crossed(ctx);
        let many = ctx.props().scene.nodes.len() > crowd::ABOVE;
        // Links that have elements of their own show the crossing themselves, if they are not too
        // many.
        let (links, others): (Vec<Wire>, Vec<Wire>) =
            crossed.into_iter().partition(|wire| !many && wire.nodes().is_some());
        let across = link::crossing(&others, &self.plan);
        let crossed = links.iter().filter_map(Wire::nodes).collect();
        let (links, ground) = (self.wires(ctx), Rc::clone(&self.ground));
        html! { <>{ still(Touchable { links, ground, crossed }) }{ across }</> }
    }

    /// The place of a pointer on the stage, in pixels.
    fn whereabouts(&self, e: &MouseEvent) -> Point {
        let frame = self.frame.cast::<Element>();
        let by = frame.as_ref().map_or(1.0, magnified);
        let rect = frame.map(|s| s.get_bounding_client_rect());
        let (left, top) = rect.map_or((0.0, 0.0), |r| (r.left(), r.top()));
        point((f64::from(e.client_x()) - left) / by, (f64::from(e.client_y()) - top) / by)
    }

    fn begin_line(&mut self, e: &PointerEvent) -> bool {
        self.drew = false;
        if e.button() == 0 && e.is_primary() {
            self.line = vec![self.whereabouts(e)];
        }
        false
    }

    fn draw_line(&mut self, e: &PointerEvent) -> bool {
        let Some(&last) = self.line.last() else { return false };
        let here = self.whereabouts(e);
        let far = last.distance(here);
        if !self.drawing {
            if far < DRAG_FROM {
                return false;
            }
            self.drawing = true;
            if let Some(svg) = self.frame.cast::<Element>() {
                let _ = svg.set_pointer_capture(e.pointer_id());
            }
        }
        if far >= LINE_GRAIN {
            self.line.push(here);
        }
        true
    }

    fn end_line(&mut self, ctx: &Context<Self>, e: &PointerEvent) -> bool {
        if self.drawing {
            self.drew = true;
            self.line.push(self.whereabouts(e));
            let scene = &ctx.props().scene;
            let wires = scene.wires();
            let crossed = gesture::crossed(&self.line, &wires, &self.plan);
            let nodes: Vec<NodeId> = scene.members().collect();
            let statements = gesture::statements(&nodes, &wires, &crossed);
            if !statements.is_empty() {
                ctx.props().on_cut.emit(statements);
            }
        }
        self.forget_line()
    }

    fn forget_line(&mut self) -> bool {
        self.line.clear();
        std::mem::take(&mut self.drawing)
    }

    /// The visible wires that the line crosses so far.
    fn crossed(&self, ctx: &Context<Self>) -> Vec<Wire> {
        if !self.drawing {
            return Vec::new();
        }
        let mut crossed = gesture::crossed(&self.line, &ctx.props().scene.wires(), &self.plan);
        crossed.retain(|wire| wire.drawn);
        crossed
    }

    fn click(&mut self, ctx: &Context<Self>, e: &MouseEvent) -> bool {
        if std::mem::take(&mut self.drew) {
            return false;
        }
        let here = self.whereabouts(e);
        let picked = match Target::of(e) {
            Some((target, element)) => Some((target, menu_place(target, &element, e))),
            None => self.nearest_in_swarm(ctx, here).map(|t| (t, click_place(e))),
        };
        if let Some(picked) = picked {
            ctx.props().on_pick.emit(picked);
        }
        false
    }

    /// Messages that are drawn together have no elements to click on.
    fn nearest_in_swarm(&self, ctx: &Context<Self>, here: Point) -> Option<Target> {
        let session = ctx.props().player.session();
        let world = session.world(ctx.props().cluster);
        swarm::nearest(world, &self.plan, (here.x, here.y)).map(Target::Message)
    }

    fn key(&mut self, ctx: &Context<Self>, e: &KeyboardEvent) -> bool {
        if !matches!(e.key().as_str(), "Enter" | " ") {
            return self.pan_by_key(ctx, e);
        }
        if let Some((target, element)) = Target::of(e) {
            e.prevent_default();
            e.stop_propagation();
            ctx.props().on_pick.emit((target, around(&element)));
        }
        false
    }
}

/// The anchor of a menu: beside a node, a client or the balancer; at the pointer for links and
/// messages.
fn menu_place(target: Target, element: &Element, e: &MouseEvent) -> Anchor {
    match target {
        Target::Node(_) | Target::Client(_) | Target::Balancer => around(element),
        // A click by assistive technology has no place.
        _ if e.client_x() == 0 && e.client_y() == 0 => around(element),
        _ => click_place(e),
    }
}

fn click_place(e: &MouseEvent) -> Anchor {
    Anchor { at: point(e.client_x().into(), e.client_y().into()), reach: 14.0 }
}

fn around(element: &Element) -> Anchor {
    // A link is as long as the way between its nodes. Its menu opens at its middle.
    let reaches = !element.has_attribute("data-link");
    let r = element.get_bounding_client_rect();
    let at = point(r.left() + r.width() / 2.0, r.top() + r.height() / 2.0);
    Anchor { at, reach: if reaches { r.width() / 2.0 } else { 14.0 } }
}

/// The pixels of a unit of the stage: more in the presenter view, for the back of the room.
fn magnified(frame: &Element) -> f64 {
    let presented = frame.closest(".presenter").is_ok_and(|found| found.is_some());
    let width = frame.get_bounding_client_rect().width();
    if presented { (width / PRESENTED).clamp(1.0, 2.0) } else { 1.0 }
}

/// Magnifies the layer of messages, which is placed in pixels, as much as the stage.
fn magnify_flights(frame: &Element, by: f64) {
    let flights = frame.query_selector(".flights").ok().flatten();
    if let Some(flights) = flights.and_then(|f| f.dyn_into::<web_sys::HtmlElement>().ok()) {
        // Only a name that is no property at all is refused.
        let _ = flights.style().set_property("--by", &by.to_string());
    }
}

fn polyline(line: &[Point], drawing: bool) -> String {
    use std::fmt::Write;
    let mut d = String::new();
    for (i, p) in line.iter().enumerate().filter(|_| drawing) {
        let _ = write!(d, "{}{} {}", if i == 0 { 'M' } else { 'L' }, px(p.x), px(p.y));
    }
    d
}
