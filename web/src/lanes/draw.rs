//! Draws the lanes of operations.
//!
//! The outcome of an operation looks as everywhere on the page ([`Fate`]). A dot marks the moment
//! at which an operation takes effect.

use super::flag::{self, Flag};
use super::gather::{Bar, View};
use super::{Lanes, Msg};
use crate::look::{AT_FAULT, Fate};
use crate::px::{px, text};
use crate::transport::scale;
use crate::words::fitted;
use quorumscope_core::time::Time;
use std::rc::Rc;
use yew::html::Scope;
use yew::prelude::*;

/// The height of a lane and of a bar in it, in pixels.
const LANE: f64 = 30.0;
const BAR: f64 = 20.0;
/// The room for the names of clients, for the times below, and at the right, in pixels.
const NAMES: f64 = 34.0;
const FOOT: f64 = 20.0;
const RIGHT: f64 = 6.0;
/// The average width of a letter in a bar, in pixels.
const LETTER: f64 = 7.5;
/// A bar with room for fewer letters has no shortened caption.
const LEAST_LETTERS: usize = 6;
/// On crowded lanes, a bar that is not wider has no dot, in pixels: the dots would run together.
const DOT_ROOM: f64 = 12.0;

/// The width of the time axis, in pixels, of a picture's width.
pub fn room(width: f64) -> f64 {
    (width - NAMES - RIGHT).max(1.0)
}

/// The fraction of the time axis that lies left of an x.
pub fn part(x: f64, width: f64) -> f64 {
    ((x - NAMES) / room(width)).clamp(0.0, 1.0)
}

/// The input of the drawing.
pub struct Picture {
    /// The bars to draw.
    pub bars: Rc<Vec<Bar>>,
    /// The faults and repairs to draw.
    pub flags: Rc<Vec<Flag>>,
    /// The names of all lanes.
    pub names: Rc<Vec<String>>,
    /// The visible part of lanes and time.
    pub view: View,
    /// The width of the picture, in pixels.
    pub width: f64,
    /// The factor by which it is enlarged.
    pub scale: f64,
    /// The playhead, in microseconds, if there is one.
    pub now: Option<u64>,
    /// True if positions are times, and not only an order of events.
    pub is_timed: bool,
    /// The index of the bar in the tab order.
    pub current: Option<usize>,
}

impl Picture {
    fn x(&self, at: u64) -> f64 {
        let View { from, to, .. } = self.view;
        let part = (at as f64 - from as f64) / (to - from).max(1) as f64;
        NAMES + part * room(self.width)
    }

    fn is_crowded(&self) -> bool {
        let lanes = room(self.width) * f64::from(self.view.lanes.1);
        self.bars.len() as f64 * DOT_ROOM > lanes
    }

    /// Draws the lanes as SVG.
    pub fn draw(&self, link: &Scope<Lanes>) -> Html {
        if self.width <= 0.0 {
            return html! { <p></p> };
        }
        let (first, count) = self.view.lanes;
        let foot = f64::from(count) * LANE;
        let height = foot + FOOT;
        let lane = |i: u32| {
            let y = f64::from(i) * LANE + LANE / 2.0;
            let name = self.names.get((first + i) as usize).cloned().unwrap_or_default();
            html! {
                <g key={i}>
                    <text class="name" x="0" y={text(y + 4.5)}>{ name }</text>
                    <path class="lane" d={format!("M0 {}H{}", px(y + LANE / 2.0), px(self.width))} />
                </g>
            }
        };
        let bars = self.bars.iter().enumerate().map(|(i, bar)| self.bar(i, bar, link));
        let now = self.now.map(|now| self.x(now)).filter(|x| (NAMES..=self.width).contains(x));
        html! {
            <svg viewBox={format!("0 0 {} {}", px(self.width), px(height))} height={text(height * self.scale)} role="group" aria-label="Operations of the clients along time">
                <g>{ for (0..count).map(lane) }</g>
                <g>{ for flag::draw(&self.flags, &self.view, |at| self.x(at), foot, |at| self.moment(at)) }</g>
                <g>{ for now.map(|x| html! { <path class="now" d={format!("M{} 0V{}", px(x), px(foot))} /> }) }</g>
                <g>{ for bars }</g>
                <g aria-hidden="true">{ for self.ticks(foot) }</g>
            </svg>
        }
    }

    fn ticks(&self, foot: f64) -> Vec<Html> {
        let ends = [(self.view.from, NAMES, "start"), (self.view.to, self.width, "end")];
        let tick = |(at, x, anchor): (u64, f64, &'static str)| {
            html! { <text key={anchor} class="tick" x={text(x)} y={text(foot + 15.0)} text-anchor={anchor}>{ self.moment(at) }</text> }
        };
        ends.into_iter().map(tick).collect()
    }

    fn moment(&self, at: u64) -> String {
        if self.is_timed {
            scale::moment(Time::from_us(at))
        } else {
            format!("event {}", at / 1_000 + 1)
        }
    }

    fn bar(&self, place: usize, bar: &Bar, link: &Scope<Lanes>) -> Html {
        let stroke = &bar.stroke;
        let from = self.x(stroke.from).max(NAMES);
        let width = (self.x(stroke.to).min(self.width) - from).max(4.0);
        let y = f64::from(stroke.lane - self.view.lanes.0) * LANE + (LANE - BAR) / 2.0;
        let class = classes!("lane-bar", stroke.fate.class(), stroke.at_fault.then_some(AT_FAULT));
        let tabindex = if self.current == Some(place) { "0" } else { "-1" };
        let onclick = link.callback(move |_: MouseEvent| Msg::Pick(place));
        let name = self.name(bar);
        let dotted = width > DOT_ROOM || stroke.at_fault || !self.is_crowded();
        let dot = bar.point.filter(|_| dotted).map(|at| self.x(at));
        let dot = dot.filter(|x| (NAMES..=self.width).contains(x));
        let right = from + width;
        let dot = dot.map(|x| {
            // An operation without an answer can take effect after its client has given up.
            let tail = (x > right).then(|| {
                html! { <path class="tail" d={format!("M{} {}H{}", px(right), px(y + BAR), px(x))} /> }
            });
            html! { <>{ for tail }<path class="point" d={format!("M{} {}h0", px(x), px(y + BAR))} /></> }
        });
        html! {
            <g key={stroke.number} {class} role="button" {tabindex} aria-label={name.clone()} {onclick}>
                <title>{ name }</title>
                <rect x={text(from)} y={text(y)} width={text(width)} height={text(BAR)} rx="3" />
                { mark(stroke.fate, from, y, width) }
                { self.words(bar, from, y, width) }
                { for dot }
            </g>
        }
    }

    /// The longest caption that fits into a bar: request and result, else the request, else a
    /// shortened request, else a letter.
    fn words(&self, bar: &Bar, from: f64, y: f64, width: f64) -> Html {
        let letters = ((width - 8.0) / LETTER).max(0.0) as usize;
        let (fate, at_fault) = (bar.stroke.fate, bar.stroke.at_fault);
        let asks = fate.told(at_fault, &bar.asks, None);
        let all = if bar.count > 1 {
            vec![bar.count.to_string()]
        } else {
            let cut = if letters < LEAST_LETTERS { String::new() } else { fitted(&asks, letters) };
            let whole = fate.told(at_fault, &bar.asks, Some(&bar.gets));
            vec![whole, asks, cut, fate.letter(at_fault).to_owned()]
        };
        let mut fits = all.into_iter().filter(|text| !text.is_empty());
        let fits = fits.find(|text| text.chars().count() <= letters);
        let Some(fits) = fits else {
            return html! { <text></text> };
        };
        html! { <text class="in" x={text(from + width / 2.0)} y={text(y + 14.7)} text-anchor="middle">{ fits }</text> }
    }

    /// The name for assistive technology, which is also the tooltip.
    fn name(&self, bar: &Bar) -> String {
        let stroke = &bar.stroke;
        let who = self.names.get(stroke.lane as usize).map_or("", String::as_str);
        let (from, to) = (self.moment(stroke.from), self.moment(stroke.to));
        if bar.count > 1 {
            return format!("{who}: {} operations from {from} to {to}", bar.count);
        }
        let until = match stroke.fate {
            Fate::Waiting => "on".to_owned(),
            _ => format!("to {to}"),
        };
        let fault = if stroke.at_fault { ", at fault" } else { "" };
        format!("{who}: {}, {}, {from} {until}{fault}", bar.asks, bar.gets)
    }

    /// The name of the bar in the tab order.
    pub fn note(&self) -> String {
        let current = self.current.and_then(|place| self.bars.get(place));
        current.map_or_else(String::new, |bar| self.name(bar))
    }
}

/// The shape that shows the outcome of an operation without colour.
fn mark(fate: Fate, from: f64, y: f64, width: f64) -> Html {
    let (left, right, top, foot) = (px(from), px(from + width), px(y), px(y + BAR));
    let d = match fate {
        Fate::Failed => format!("M{left} {top}L{right} {foot}M{right} {top}L{left} {foot}"),
        _ => String::new(),
    };
    html! { <path class="mark" {d} aria-hidden="true" /> }
}
