//! The docks, and the input of each panel.

use super::{App, rest};
use crate::diagram::Diagram;
use crate::frame::{Bar, Dock, Splitter, panel_id};
use crate::hunting::{Finder, Rules};
use crate::panels::Tab;
use crate::panels::breakpoints::Breakpoints;
use crate::panels::console::Console;
use crate::panels::events::Events;
use crate::panels::health::Health;
use crate::panels::inspector::Inspector;
use crate::panels::messages::Messages;
use crate::panels::operations::Operations;
use crate::still::still;
use quorumscope_core::ids::NodeId;
use quorumscope_core::settings::Preset;
use quorumscope_core::view;
use std::rc::Rc;
use yew::prelude::*;

impl App {
    /// The dock beside the stage, or the sheet under it, with the console at its foot. A hidden
    /// dock stays in the document, because the console may hold a half-typed line.
    pub(super) fn side(&self, ctx: &Context<Self>) -> Html {
        let open = self.frame.is_open(Dock::Side);
        let gone = !open && !self.frame.is_narrow();
        html! {
            <aside class={classes!("side", (!open).then_some("folded"), self.frame.is_picture().then_some("picture"))} id={Dock::Side.id()} aria-label="Panels" hidden={gone}>
                { rest::get().map_or_else(Html::default, |rest| (rest.side)(self, ctx)) }
            </aside>
        }
    }

    /// The contents of the side dock.
    pub(super) fn in_side(&self, ctx: &Context<Self>) -> Html {
        html! {
            <>
                { self.splitter(Dock::Side) }
                { self.bar(Dock::Side) }
                { self.panel(ctx, Dock::Side) }
                { self.console(ctx) }
            </>
        }
    }

    /// The console, at the foot of the side dock.
    fn console(&self, ctx: &Context<Self>) -> Html {
        html! {
            <Console player={ctx.props().player.clone()} said={self.said()} cluster={self.cluster}
                typed={self.typed.clone()} on_enter={self.on.enter.clone()} />
        }
    }

    /// The dock under the stage.
    pub(super) fn bottom(&self, ctx: &Context<Self>) -> Html {
        if !self.frame.is_open(Dock::Bottom) {
            return html! { <div></div> };
        }
        html! {
            <section class="bottom" id={Dock::Bottom.id()} aria-label={Dock::Bottom.name()}>
                { rest::get().map_or_else(Html::default, |rest| (rest.bottom)(self, ctx)) }
            </section>
        }
    }

    /// The contents of the dock under the stage.
    pub(super) fn in_bottom(&self, ctx: &Context<Self>) -> Html {
        html! {
            <>
                { self.splitter(Dock::Bottom) }
                { self.bar(Dock::Bottom) }
                { self.panel(ctx, Dock::Bottom) }
            </>
        }
    }

    /// The docks with a button in the header, and whether each is open.
    pub(super) fn docks_beside(&self) -> Vec<(Dock, bool)> {
        let there = Dock::ALL.into_iter().filter(|&d| !self.frame.is_narrow() && self.frame.has(d));
        there.map(|dock| (dock, self.frame.is_open(dock))).collect()
    }

    fn splitter(&self, dock: Dock) -> Html {
        let lies = dock == Dock::Bottom || self.frame.is_narrow();
        let (extent, on_change) = (self.frame.extent(dock), self.on.dock.clone());
        let open = self.frame.is_open(dock);
        html! { <div>{ for open.then(|| still(Splitter { dock, lies, extent, on_change })) }</div> }
    }

    fn bar(&self, dock: Dock) -> Html {
        still(Bar {
            dock,
            tabs: self.frame.tabs(dock).collect(),
            tab: self.frame.chosen(dock),
            open: self.frame.is_open(dock),
            foldable: self.frame.is_narrow(),
            on_tab: self.on.tab.clone(),
            on_change: self.on.dock.clone(),
        })
    }

    fn panel(&self, ctx: &Context<Self>, dock: Dock) -> Html {
        let Some(tab) = self.frame.shown(dock) else {
            return html! { <div class="panel" id={panel_id(dock)} hidden=true></div> };
        };
        html! {
            <div class={classes!("panel", (tab == Tab::Diagram).then_some("drawn"))} id={panel_id(dock)} role="tabpanel" tabindex="0" aria-label={tab.name()}>
                <div>{ self.content(ctx, tab) }</div>
            </div>
        }
    }

    /// The content of a panel: one arm for each.
    fn content(&self, ctx: &Context<Self>, tab: Tab) -> Html {
        let (model, on) = (&self.model, &self.on);
        let Some(scene) = model.scenes.get(model.cluster) else { return html! { <p></p> } };
        match tab {
            Tab::Node => {
                let nodes: Vec<NodeId> = scene.nodes.iter().map(|n| n.id).collect();
                let (report, on_inspect) = (model.panels.report.clone(), on.inspect.clone());
                still(Inspector { nodes, report, on_inspect, on_ask: on.ask.clone() })
            }
            Tab::Operations => {
                let operations = Operations {
                    rows: model.panels.rows.clone(),
                    player: ctx.props().player.clone(),
                    cluster: model.cluster,
                    preset: scene.preset,
                    judged: Rc::clone(&model.judged),
                    faults: Rc::clone(&model.panels.faults),
                    clients: Rc::new(scene.clients.iter().map(|c| c.id.to_string()).collect()),
                    now: model.now,
                    on_seek: on.seek.clone(),
                    on_ask: on.ask.clone(),
                };
                html! {
                    <>
                        { self.failures(ctx, scene.preset) }
                        { still(operations) }
                    </>
                }
            }
            Tab::Events => still(Events {
                lines: model.panels.lines.clone(),
                selected: model.selected,
                on_select: on.select.clone(),
                on_ask: on.ask.clone(),
            }),
            Tab::Why => self.why(),
            Tab::Messages => still(Messages {
                list: model.panels.messages.clone(),
                on_select: on.select_message.clone(),
                on_more: on.more.clone(),
                on_say: on.cut.clone(),
                on_seek: on.seek.clone(),
            }),
            Tab::Breakpoints => still(Breakpoints {
                player: ctx.props().player.clone(),
                list: model.panels.breakpoints.clone(),
                stopped: model.stop.as_ref().map(|(id, _)| *id),
                on_problem: on.outcome.clone(),
            }),
            Tab::Health => still(Health {
                reports: Rc::clone(&model.panels.health),
                titles: model.titles.clone(),
            }),
            Tab::Diagram => {
                let selected = model.selected.filter(|(of, _)| *of == model.cluster);
                html! {
                    <Diagram player={ctx.props().player.clone()} cluster={model.cluster} strip={Rc::clone(&model.strip)}
                        judged={Rc::clone(&model.judged)} selected={selected.map(|(_, event)| event)} whose={self.subject().map(AttrValue::from)}
                        on_select={on.select.clone()} />
                }
            }
        }
    }

    /// The hunt for failures and the rules of the protocol, which stand above the verdicts.
    fn failures(&self, ctx: &Context<Self>, preset: Preset) -> Html {
        let player = ctx.props().player.clone();
        let cluster = self.model.cluster;
        let rules = view::rules(&player.session()).into_iter().nth(cluster);
        let rules = rules.map(|of| of.rules).unwrap_or_default();
        let on_problem = self.on.outcome.clone();
        html! {
            <>
                <details class="hunting"><summary>{ "Find a failure" }</summary><Finder player={player.clone()} {cluster} {preset} /></details>
                <details class="hunting-rules"><summary>{ "Rules of this system" }</summary>{ still(Rules { player, cluster, rules, on_problem }) }</details>
            </>
        }
    }
}
