//! What hands do: dragging, pointing at something small, pressing keys.

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
    /// To the right.
    pub x: f64,
    /// Down.
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

/// The place nearest to its middle at which the element is what lies on top.
const VISIBLE_POINT: &str = "(css => {
    const box = document.querySelector(css).getBoundingClientRect();
    const places = [];
    for (let i = 1; i < 40; i++) for (let j = 1; j < 40; j++)
        places.push({ i, j, x: box.x + box.width * i / 40, y: box.y + box.height * j / 40 });
    places.sort((a, b) => Math.hypot(a.i - 20, a.j - 20) - Math.hypot(b.i - 20, b.j - 20));
    return places.find(p => document.elementFromPoint(p.x, p.y)?.closest(css)) ?? null;
})";

/// The ends of a straight line that has `side` on one side and all other nodes on the other. They
/// lie outside the cluster, where nothing is that could be dragged.
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
    /// Draws a line from one place to another with the left button down.
    ///
    /// # Errors
    /// If a place is outside the page.
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

    /// Moves fingers over the page together, each from its first place to its second. The page must
    /// have been told before that there is a touch screen, by `Emulation.setTouchEmulationEnabled`.
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

    /// Two fingers on one level around a place, each so far from it at first and in the end.
    ///
    /// # Errors
    /// If the browser refuses.
    pub async fn pinch(&self, around: Point, from: f64, to: f64) -> Result<()> {
        let at = |by: f64| Point { x: around.x + by, y: around.y };
        self.touch(&[(at(-from), at(-to)), (at(from), at(to))]).await
    }

    /// Draws the cut line that has the nodes of `side` on one side and all others on the other.
    ///
    /// # Errors
    /// If no straight line does that.
    pub async fn drag_cut(&self, side: &[&str]) -> Result<()> {
        let line = self.eval(&format!("{SEPARATING_LINE}({})", json!(side))).await?;
        let ends = Point::of(&line["from"]).zip(Point::of(&line["to"]));
        let (from, to) =
            ends.with_context(|| format!("no straight line has just {side:?} on one side"))?;
        self.drag(from, to).await
    }

    /// Nodes of the first cluster, in the order in which they stand around their middle.
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

    /// A place at which the element that `css` names lies on top of all others.
    ///
    /// # Errors
    /// If it is covered everywhere.
    pub async fn point_on(&self, css: &str) -> Result<Point> {
        let point = self.eval(&format!("{VISIBLE_POINT}({})", json!(css))).await?;
        Point::of(&point).with_context(|| format!("{css} cannot be pointed at"))
    }

    /// Clicks where the element that `css` names can be seen; for what is not a rectangle.
    ///
    /// # Errors
    /// If it is covered everywhere.
    pub async fn click_on(&self, css: &str) -> Result<()> {
        self.click_at(self.point_on(css).await?).await
    }

    /// Clicks at a place.
    ///
    /// # Errors
    /// If it is outside the page.
    pub async fn click_at(&self, point: Point) -> Result<()> {
        let hand = MouseActions::new("hand".to_owned())
            .then(point.move_to(0))
            .then(PointerAction::Down { button: MOUSE_BUTTON_LEFT })
            .then(PointerAction::Up { button: MOUSE_BUTTON_LEFT });
        Ok(self.client().perform_actions(hand).await?)
    }

    /// Presses and releases a key, wherever the focus is.
    ///
    /// # Errors
    /// If the browser does not answer.
    pub async fn press(&self, key: impl Into<char>) -> Result<()> {
        self.chord(&[], key.into()).await
    }

    /// Presses and releases a key while the others are held.
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

    /// Presses Tab until what has the focus is what `reached` says in JavaScript of the element
    /// `e`, such as `e.dataset.node === 'n1'`.
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

    /// What assistive technology reads for the element that has the focus.
    ///
    /// # Errors
    /// If nothing has it.
    pub async fn focused_name(&self) -> Result<String> {
        let element = self.client().active_element().await?;
        commands::accessible_name(self.client(), &element).await
    }
}

impl Point {
    /// The place that has gone `part` of `parts` of the way to `other`.
    fn between(self, other: Self, part: u32, parts: u32) -> Self {
        let share = f64::from(part) / f64::from(parts);
        Self { x: self.x + (other.x - self.x) * share, y: self.y + (other.y - self.y) * share }
    }
}
