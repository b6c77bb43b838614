//! Moves elements without repainting them: the place is a `transform`, and each element has a
//! compositing layer of its own.
//!
//! A steady movement is one animation. The compositor then draws it on every frame, and nothing
//! runs on the main thread.

use crate::geometry::Point;
use crate::px::px;
use js_sys::{Array, Object, Reflect};
use std::fmt::Write;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Animation, CssStyleDeclaration, Element, FillMode, KeyframeEffect, KeyframeEffectOptions,
    SvgElement,
};

/// Two movements that are never further apart than this, in pixels, count as equal.
const SAME_PX: f64 = 0.3;
/// The time for which an element keeps its animation after its arrival, in milliseconds. The end of
/// an animation costs a frame of the main thread, and the element soon gets another one.
const REST_MS: f64 = 2_000.0;

/// A steady movement from one place to another, by the page's clock.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Course {
    /// The first place.
    pub from: Point,
    /// The last place. The element stays there.
    pub to: Point,
    /// The time of its beginning, in milliseconds.
    pub begins_ms: f64,
    /// The time of its end, in milliseconds.
    pub ends_ms: f64,
}

impl Course {
    fn lasts_ms(&self) -> f64 {
        (self.ends_ms - self.begins_ms).max(0.0)
    }

    /// The place at a time.
    fn at(&self, ms: f64) -> Point {
        let part = (ms - self.begins_ms) / self.lasts_ms().max(0.001);
        self.from.toward(self.to, part.clamp(0.0, 1.0))
    }

    /// True if an element on this movement need not change to the other. Both are polylines in
    /// time, so it is enough to compare them at their corners.
    fn leads_like(&self, other: &Self) -> bool {
        let near = |ms: f64| self.at(ms).distance(other.at(ms)) < SAME_PX;
        [other.begins_ms, self.ends_ms.max(other.begins_ms), other.ends_ms].into_iter().all(near)
    }
}

/// True if the browser has the Web Animations API.
#[must_use]
pub fn is_possible() -> bool {
    let window = web_sys::window();
    window.is_some_and(|w| Reflect::has(&w, &"KeyframeEffect".into()).unwrap_or(false))
}

/// Moves one element.
pub struct Mover {
    element: Element,
    style: CssStyleDeclaration,
    text: String,
    stands: Option<Point>,
    glides: Option<(Course, Animation)>,
}

impl Mover {
    /// Takes an element that CSS lays out, such as an outermost `svg`.
    #[must_use]
    pub fn new(element: &Element) -> Self {
        // Every element has a style. `web_sys` declares it for SVG elements here.
        let style = element.unchecked_ref::<SvgElement>().style();
        Self { element: element.clone(), style, text: String::new(), stands: None, glides: None }
    }

    /// Puts the element a number of pixels from its own place, without animation.
    pub fn stand(&mut self, at: Point) {
        self.rest();
        if self.stands != Some(at) {
            self.stands = Some(at);
            self.write(at);
            let _ = self.style.set_property("transform", &self.text);
        }
    }

    /// Moves the element along a movement.
    pub fn go(&mut self, course: Course) {
        if self.glides.as_ref().is_some_and(|(old, _)| old.leads_like(&course)) {
            return;
        }
        match self.begin(course) {
            Ok(animation) => {
                self.rest();
                self.glides = Some((course, animation));
            }
            Err(_) => self.stand(course.from),
        }
    }

    /// Ends the movement. The element goes back to where it last stood.
    pub fn rest(&mut self) {
        if let Some((_, animation)) = self.glides.take() {
            animation.cancel();
        }
    }

    fn begin(&mut self, course: Course) -> Result<Animation, JsValue> {
        let whole = course.lasts_ms() + REST_MS;
        self.write(course.from);
        let from = JsValue::from_str(&self.text);
        self.write(course.to);
        let to = JsValue::from_str(&self.text);
        let keyframes = Object::new();
        Reflect::set(&keyframes, &"transform".into(), &Array::of3(&from, &to, &to))?;
        let offsets = Array::of2(&0.into(), &(course.lasts_ms() / whole).into());
        Reflect::set(&keyframes, &"offset".into(), &offsets)?;
        let options = KeyframeEffectOptions::new();
        options.set_duration_f64(whole);
        // Between two frames the page's clock is ahead of the clock of animations.
        options.set_fill(FillMode::Both);
        let effect =
            KeyframeEffect::new_with_opt_element_and_keyframes_and_keyframe_effect_options(
                Some(&self.element),
                Some(&keyframes),
                &options,
            )?;
        let animation = Animation::new_with_effect(Some(&effect))?;
        animation.set_start_time(Some(course.begins_ms));
        Ok(animation)
    }

    fn write(&mut self, at: Point) {
        self.text.clear();
        let (x, y) = (px(at.x), px(at.y));
        // Writing to a string cannot fail.
        let _ = write!(self.text, "translate({x}px,{y}px)");
    }
}

impl Drop for Mover {
    fn drop(&mut self) {
        self.rest();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::point;

    const COURSE: Course = Course {
        from: point(0.0, 0.0),
        to: point(100.0, 0.0),
        begins_ms: 1_000.0,
        ends_ms: 2_000.0,
    };

    #[test]
    fn a_course_is_gone_evenly_and_ends() {
        let x = [900.0, 1_000.0, 1_250.0, 2_000.0, 5_000.0].map(|ms| COURSE.at(ms).x);
        assert_eq!(x, [0.0, 0.0, 25.0, 100.0, 100.0]);
    }

    #[test]
    fn the_rest_of_a_course_leads_like_the_whole() {
        let later = Course { from: point(40.0, 0.1), begins_ms: 1_400.0, ..COURSE };
        assert!(COURSE.leads_like(&later));
        let arrived = Course { from: COURSE.to, begins_ms: 2_500.0, ends_ms: 2_500.0, ..COURSE };
        assert!(COURSE.leads_like(&arrived));
    }

    #[test]
    fn another_way_another_pace_and_another_place_lead_elsewhere() {
        let at = |from, to, ends_ms| Course { from, to, begins_ms: 1_400.0, ends_ms };
        let way = at(point(40.0, 0.0), point(100.0, 9.0), 2_000.0);
        let slower = at(point(40.0, 0.0), COURSE.to, 2_400.0);
        let sooner = at(point(40.0, 0.0), COURSE.to, 1_700.0);
        let place = at(point(41.0, 0.0), COURSE.to, 2_000.0);
        let back = at(point(40.0, 0.0), point(40.0, 0.0), 1_400.0);
        assert!([way, slower, sooner, place, back].iter().all(|other| !COURSE.leads_like(other)));
    }
}
