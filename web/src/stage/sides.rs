//! Draws the sides of a split network: hulls, the cut between them, and its label.

use super::hull;
use super::layout::Plan;
use crate::geometry::Point;
use crate::look::{FAULT, Hue};
use crate::px::{px, text};
use crate::scene::Scene;
use crate::still::Drawn;
use quorumscope_core::explain::Ability;
use quorumscope_core::ids::{Addr, NodeId};
use quorumscope_core::protocol::Term;
use std::rc::Rc;
use yew::prelude::*;

/// The input of the sides' drawing. Finding a line for the cut is slow, so it is not done on every
/// frame.
#[derive(PartialEq)]
pub struct Sides {
    sides: Vec<Vec<NodeId>>,
    /// The sides with their clients.
    camps: Vec<Vec<Addr>>,
    /// The class of each side's colour.
    classes: Vec<&'static str>,
    /// The abilities of each side, in a sentence.
    words: Vec<String>,
    plan: Rc<Plan>,
}

impl Sides {
    /// The sides of a scene. A side that can do all of its work has the colour of its term; one
    /// that can do a part is grey; one that can do nothing has the colour of faults.
    pub fn of(scene: &Scene, plan: &Rc<Plan>) -> Self {
        let class = |(side, (ability, _)): (&Vec<NodeId>, &(Ability, String))| {
            let term = side.iter().filter_map(|&n| scene.node(n)?.term).max();
            tint(*ability, term)
        };
        let classes = scene.sides.iter().zip(&scene.abilities).map(class).collect();
        let words = scene.abilities.iter().map(|(_, words)| words.clone()).collect();
        let camps = scene.camps.clone();
        Self { sides: scene.sides.clone(), camps, classes, words, plan: Rc::clone(plan) }
    }
}

/// The class of a side's hull.
pub fn tint(ability: Ability, term: Option<Term>) -> &'static str {
    match ability {
        Ability::All => Hue::of(term).class(),
        Ability::Some => Hue::NONE.class(),
        Ability::Nothing => FAULT,
    }
}

impl Drawn for Sides {
    fn draw(&self) -> Html {
        let Self { sides, camps, classes, words, plan } = self;
        let Some(cut) = hull::cut(plan, camps) else { return html! {} };
        let pad = text(hull::pad(plan));
        let one = |((side, class), words): ((&Vec<NodeId>, &&'static str), &String)| {
            let d = hull::outline(plan, side);
            let key = side.first().map_or(0, |n| n.0);
            html! {
                <path {key} class={classes!("hull", *class)} {d} stroke-width={pad.clone()}><title>{ words.clone() }</title></path>
            }
        };
        let label = |Point { x, y }| {
            html! {
                <g class="cut-label" transform={format!("translate({} {})scale({})", px(x), px(y), text(hull::label_scale(plan)))}>
                    <rect x="-41" y="-12" width="82" height="24" rx="12" />
                    <text y="4.5">{ "partition" }</text>
                </g>
            }
        };
        html! {
            <g aria-hidden="true">
                <g>{ for sides.iter().zip(classes).zip(words).map(one) }</g>
                <path class="side-cut" d={cut.d} />
                <g>{ for cut.label.map(label) }</g>
            </g>
        }
    }
}
