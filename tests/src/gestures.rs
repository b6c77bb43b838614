//! Gestures: dragging, clicking on small things, pressing keys.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use fantoccini::actions::{
    InputSource, KeyAction, KeyActions, MOUSE_BUTTON_LEFT, MouseActions, PointerAction,
};
use serde_json::{Value, json};

use crate::commands;
use crate::page::Page;

pub use fantoccini::key::Key;

/// A place on the page, in CSS pixels from its upper left corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// The distance to the right.
    pub x: f64,
    /// The distance downward.
    pub y: f64,
}

impl Point {
    fn of(value: &Value) -> Option<Self> {
        Some(Self { x: value["x"].as_f64()?, y: value["y"].as_f64()? })
    }

    fn move_to(self, ms: u64) -> PointerAction {
        PointerAction::MoveTo { duration: Some(Duration::from_millis(ms)), x: self.x, y: self.y }
    }
}

/// The place nearest to an element's middle at which the element is on top.
const VISIBLE_POINT: &str = "(css => {
    const box = document.querySelector(css).getBoundingClientRect();
    const places = [];
    for (let i = 1; i < 40; i++) for (let j = 1; j < 40; j++)
        places.push({ i, j, x: box.x + box.width * i / 40, y: box.y + box.height * j / 40 });
    places.sort((a, b) => Math.hypot(a.i - 20, a.j - 20) - Math.hypot(b.i - 20, b.j - 20));
    return places.find(p => document.elementFromPoint(p.x, p.y)?.closest(css)) ?? null;
})";

/// The ends of a straight line with the nodes of `side` on one side and all others on the other.
/// The ends lie outside of the cluster, where there is nothing to drag.
const SEPARATING_LINE: &str = "(side => {
    const nodes = [...document.querySelectorAll('[data-node]')].map(e => {
        const b = e.getBoundingClientRect();
        return { id: e.dataset.node, x: b.x + b.width / 2, y: b.y + b.height / 2 };
    });
    const mean = list => ({ x: list.reduce((s, p) => s + p.x, 0) / list.length,
                            y: list.reduce((s, p) => s + p.y, 0) / list.length });
    const ours = nodes.filter(n => side.includes(n.id)), theirs = nodes.filter(n => !side.includes(n.id));
    const a = mean(ours), b = mean(theirs), length = Math.hypot(b.x - a.x, b.y - a.y);
    const u = { x: (b.x - a.x) / length, y: (b.y - a.y) / length };
    const along = p => (p.x - a.x) * u.x + (p.y - a.y) * u.y;
    const near = Math.max(...ours.map(along)), far = Math.min(...theirs.map(along));
    if (near >= far) return null;
    const middle = { x: a.x + u.x * (near + far) / 2, y: a.y + u.y * (near + far) / 2 };
    const across = p => (p.x - middle.x) * -u.y + (p.y - middle.y) * u.x;
    const end = sign => {
        const edge = Math.max(0, ...nodes.map(p => sign * across(p)));
        for (let d = edge + 30; d < edge + 300; d += 5) {
            const p = { x: middle.x - sign * u.y * d, y: middle.y + sign * u.x * d };
            const top = document.elementFromPoint(p.x, p.y);
            const busy = top?.closest('[data-node], [data-link], [data-client], [data-message], button');
            if (top?.closest('svg') && !busy) return p;
        }
        return null;
    };
    const from = end(-1), to = end(1);
    return from && to ? { from, to } : null;
})";

impl Page {
    /// Drags with the left button from one place to another.
    ///
    /// # Errors
    /// If a place is outside of the page.
    pub async fn drag(&self, from: Point, to: Point) -> Result<()> {
        let hand = MouseActions::new("hand".to_owned())
            .then(from.move_to(0))
            .then(PointerAction::Down { button: MOUSE_BUTTON_LEFT })
            .then(from.between(to, 1, 4).move_to(60))
            .then(from.between(to, 2, 4).move_to(60))
            .then(from.between(to, 3, 4).move_to(60))
            .then(to.move_to(60))
            .then(PointerAction::Up { button: MOUSE_BUTTON_LEFT });
        Ok(self.client().perform_actions(hand).await?)
    }

    /// Moves fingers over the page together, each from its first place to its second. Touch must be
    /// switched on first, by `Emulation.setTouchEmulationEnabled`.
    ///
    /// # Errors
    /// If the browser refuses.
    pub async fn touch(&self, fingers: &[(Point, Point)]) -> Result<()> {
        const STEPS: u32 = 8;
        for step in 0..=STEPS {
            let kind = if step == 0 { "touchStart" } else { "touchMove" };
            let place = |(id, (from, to)): (usize, &(Point, Point))| {
                let at = from.between(*to, step, STEPS);
                json!({"x": at.x, "y": at.y, "id": id})
            };
            let points: Vec<Value> = fingers.iter().enumerate().map(place).collect();
            self.dispatch_touch(kind, &points).await?;
        }
        self.dispatch_touch("touchEnd", &[]).await
    }

    async fn dispatch_touch(&self, kind: &str, points: &[Value]) -> Result<()> {
        let event = json!({"type": kind, "touchPoints": points});
        self.cdp("Input.dispatchTouchEvent", event).await.map(|_| ())
    }

    /// Pinches with two fingers on a horizontal line around a place, from one distance to another,
    /// in pixels from the place.
    ///
    /// # Errors
    /// If the browser refuses.
    pub async fn pinch(&self, around: Point, from: f64, to: f64) -> Result<()> {
        let at = |by: f64| Point { x: around.x + by, y: around.y };
        self.touch(&[(at(-from), at(-to)), (at(from), at(to))]).await
    }

    /// Drags a line with the nodes of `side` on one side and all others on the other.
    ///
    /// # Errors
    /// If no straight line separates them.
    pub async fn drag_cut(&self, side: &[&str]) -> Result<()> {
        let line = self.eval(&format!("{SEPARATING_LINE}({})", json!(side))).await?;
        let ends = Point::of(&line["from"]).zip(Point::of(&line["to"]));
        let (from, to) =
            ends.with_context(|| format!("no straight line has just {side:?} on one side"))?;
        self.drag(from, to).await
    }

    /// The nodes of the first cluster, in the order in which they stand around their middle.
    ///
    /// # Errors
    /// If there are no nodes on the stage.
    pub async fn nodes_around(&self) -> Result<Vec<String>> {
        let script = "(() => {
            const nodes = [...document.querySelectorAll('[data-node]')].map(e => {
                const b = e.getBoundingClientRect();
                return { id: e.dataset.node, x: b.x + b.width / 2, y: b.y + b.height / 2 };
            });
            const x = nodes.reduce((s, n) => s + n.x, 0) / nodes.length;
            const y = nodes.reduce((s, n) => s + n.y, 0) / nodes.length;
            nodes.sort((a, b) => Math.atan2(a.y - y, a.x - x) - Math.atan2(b.y - y, b.x - x));
            return nodes.map(n => n.id);
        })()";
        Ok(crate::elements::strings(&self.eval(script).await?))
    }

    /// A place at which the first element that matches `css` is on top.
    ///
    /// # Errors
    /// If the element is covered everywhere.
    pub async fn point_on(&self, css: &str) -> Result<Point> {
        let point = self.eval(&format!("{VISIBLE_POINT}({})", json!(css))).await?;
        Point::of(&point).with_context(|| format!("{css} cannot be pointed at"))
    }

    /// Clicks an element where it is on top. This is for elements that are not rectangles.
    ///
    /// # Errors
    /// If the element is covered everywhere.
    pub async fn click_on(&self, css: &str) -> Result<()> {
        self.click_at(self.point_on(css).await?).await
    }

    /// Clicks at a place.
    ///
    /// # Errors
    /// If it is outside of the page.
    pub async fn click_at(&self, point: Point) -> Result<()> {
        let hand = MouseActions::new("hand".to_owned())
            .then(point.move_to(0))
            .then(PointerAction::Down { button: MOUSE_BUTTON_LEFT })
            .then(PointerAction::Up { button: MOUSE_BUTTON_LEFT });
        Ok(self.client().perform_actions(hand).await?)
    }

    /// Presses and releases a key. The focused element gets it.
    ///
    /// # Errors
    /// If the browser does not answer.
    pub async fn press(&self, key: impl Into<char>) -> Result<()> {
        self.chord(&[], key.into()).await
    }

    /// Presses and releases a key while others are held.
    ///
    /// # Errors
    /// If the browser does not answer.
    pub async fn chord(&self, held: &[Key], key: char) -> Result<()> {
        let mut keys = KeyActions::new("keys".to_owned());
        for held in held {
            keys = keys.then(KeyAction::Down { value: (*held).into() });
        }
        keys = keys.then(KeyAction::Down { value: key }).then(KeyAction::Up { value: key });
        for held in held.iter().rev() {
            keys = keys.then(KeyAction::Up { value: (*held).into() });
        }
        Ok(self.client().perform_actions(keys).await?)
    }

    /// Presses Tab until `reached` is true for the focused element `e`. `reached` is JavaScript,
    /// such as `e.dataset.node === 'n1'`.
    ///
    /// # Errors
    /// If it is not reached by 150 presses.
    pub async fn tab_to(&self, reached: &str) -> Result<()> {
        self.press_until(Key::Tab, reached, 150).await
    }

    /// Presses a key until `reached`, as in [`Page::tab_to`].
    ///
    /// # Errors
    /// If it is not reached by `most` presses.
    pub async fn press_until(&self, key: Key, reached: &str, most: usize) -> Result<()> {
        let test = format!("(e => e !== null && !!({reached}))(document.activeElement)");
        for _ in 0..most {
            if self.is_true(&test).await? {
                return Ok(());
            }
            self.press(key).await?;
        }
        bail!("{key:?} pressed {most} times does not lead to where {reached}")
    }

    /// The accessible name of the focused element.
    ///
    /// # Errors
    /// If no element has the focus.
    pub async fn focused_name(&self) -> Result<String> {
        let element = self.client().active_element().await?;
        commands::accessible_name(self.client(), &element).await
    }
}

impl Point {
    /// The place after `part` of `parts` of the way to `other`.
    fn between(self, other: Self, part: u32, parts: u32) -> Self {
        let share = f64::from(part) / f64::from(parts);
        Self { x: self.x + (other.x - self.x) * share, y: self.y + (other.y - self.y) * share }
    }
}
