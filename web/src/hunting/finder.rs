//! The panel that hunts for failures: options, progress and the result.

use super::{Hunting, Opening, Phase, Report, script};
use crate::panels::capital;
use crate::player::Player;
use quorumscope_core::check::Property;
use quorumscope_core::hunt::{FaultKind, Weight, usual_faults};
use quorumscope_core::settings::Preset;
use std::collections::BTreeSet;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// The budgets, in seconds.
const BUDGETS: [u32; 4] = [10, 30, 60, 120];

/// The button that begins a hunt, and gives it up.
pub const STOP: &str = ".finder .pickers .add";

/// The properties of the panel.
#[derive(PartialEq, Properties)]
pub struct FinderProps {
    /// The player.
    pub player: Player,
    /// The index of the cluster.
    pub cluster: usize,
    /// Its system.
    pub preset: Preset,
}

/// Events of the panel.
pub enum Msg {
    /// The hunt has gone on.
    Heard,
    /// The property to break; empty for any.
    Break(String),
    /// A kind of fault is switched.
    Switch(FaultKind),
    /// The budget in seconds.
    Budget(u32),
    /// Whether the hunt begins at the playhead.
    FromHere(bool),
    /// Begins.
    Find,
    /// Goes on.
    Another,
}

/// The panel.
pub struct Finder {
    property: String,
    faults: BTreeSet<FaultKind>,
    preset: Preset,
    budget_s: u32,
    from_here: bool,
    problem: Option<String>,
    listener: u32,
}

impl Component for Finder {
    type Message = Msg;
    type Properties = FinderProps;

    fn create(ctx: &Context<Self>) -> Self {
        let link = ctx.link().clone();
        let listener = Hunting::here().listen(move |_| link.send_message(Msg::Heard));
        let preset = ctx.props().preset;
        Self {
            property: String::new(),
            faults: usual(preset),
            preset,
            budget_s: 30,
            from_here: false,
            problem: None,
            listener,
        }
    }

    fn changed(&mut self, ctx: &Context<Self>, _old: &FinderProps) -> bool {
        if self.preset != ctx.props().preset {
            self.preset = ctx.props().preset;
            (self.faults, self.property) = (usual(self.preset), String::new());
        }
        true
    }

    fn destroy(&mut self, _ctx: &Context<Self>) {
        Hunting::here().forget(self.listener);
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        match msg {
            Msg::Heard => {}
            Msg::Break(property) => self.property = property,
            Msg::Switch(kind) => {
                if !self.faults.remove(&kind) {
                    self.faults.insert(kind);
                }
            }
            Msg::Budget(seconds) => self.budget_s = seconds,
            Msg::FromHere(from_here) => self.from_here = from_here,
            Msg::Find => self.problem = self.find(ctx.props()).err(),
            Msg::Another => self.problem = Hunting::here().find_another().err(),
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let report = Hunting::here().report();
        let is_running = report.phase.is_running();
        html! {
            <div class="finder">
                { self.form(ctx, is_running) }
                <div class="pickers">
                    if is_running {
                        <button type="button" class="add" onclick={|_: MouseEvent| Hunting::here().give_up()}>
                            { if report.phase == Phase::Shrinking { "Take it as it is" } else { "Give up" } }
                        </button>
                    } else {
                        <button type="button" class="add" onclick={ctx.link().callback(|_: MouseEvent| Msg::Find)}>{ "Start searching" }</button>
                    }
                </div>
                if is_running {
                    <p class="progress">{ going(&report) }</p>
                }
                <div role="status">{ self.end(ctx, &report) }</div>
            </div>
        }
    }
}

impl Finder {
    fn find(&self, props: &FinderProps) -> Result<(), String> {
        if self.faults.is_empty() {
            return Err("Choose at least one kind of fault.".to_owned());
        }
        let mut options = script::options(&props.player, props.cluster, self.from_here);
        options.properties =
            Some(&self.property).filter(|p| !p.is_empty()).cloned().into_iter().collect();
        let usual = usual_faults(self.preset);
        let weight =
            |kind: FaultKind| usual.iter().find(|w| w.kind == kind).map_or(2, |w| w.weight);
        options.faults =
            self.faults.iter().map(|&kind| Weight { kind, weight: weight(kind) }).collect();
        let budget_ms = f64::from(self.budget_s) * 1_000.0;
        Hunting::here().start(&props.player, options, budget_ms, Opening::Branch)
    }

    fn form(&self, ctx: &Context<Self>, disabled: bool) -> Html {
        let link = ctx.link();
        let chosen = |e: &Event| e.target_unchecked_into::<HtmlSelectElement>().value();
        let on_break = link.callback(move |e: Event| Msg::Break(chosen(&e)));
        let on_budget =
            link.callback(move |e: Event| Msg::Budget(chosen(&e).parse().unwrap_or(30)));
        let on_begin = link.callback(move |e: Event| {
            Msg::FromHere(e.target_unchecked_into::<HtmlInputElement>().checked())
        });
        let property = |p: Property| {
            let word = p.word();
            html! { <option value={word.clone()} selected={word == self.property}>{ capital(&p.to_string()) }</option> }
        };
        let has_data = self.preset.traits().has_data;
        let applies = |p: &Property| {
            has_data && (self.preset == Preset::Raft || !matches!(p, Property::Raft(_)))
        };
        let fault = |kind: FaultKind| {
            let onchange = link.callback(move |_: Event| Msg::Switch(kind));
            html! { <label key={kind.word()}><input type="checkbox" checked={self.faults.contains(&kind)} {onchange} />{ kind.word() }</label> }
        };
        let kinds = FaultKind::ALL.into_iter().filter(|kind| is_possible(self.preset, *kind));
        let budget = |seconds: u32| html! { <option value={seconds.to_string()} selected={seconds == self.budget_s}>{ format!("{seconds} s") }</option> };
        html! {
            <fieldset {disabled}>
                <legend class="unseen">{ "Options of the hunt" }</legend>
                <label class="choice">{ "Break " }
                    <select onchange={on_break}>
                        <option value="" selected={self.property.is_empty()}>{ if has_data { "Any property" } else { "One leader at a time" } }</option>
                        { for Property::ALL.into_iter().filter(applies).map(property) }
                    </select>
                </label>
                <label class="choice">{ "Search for " }<select onchange={on_budget}>{ for BUDGETS.into_iter().map(budget) }</select></label>
                <label class="choice"><input type="checkbox" checked={self.from_here} onchange={on_begin} />{ "Begin at the playhead" }</label>
                <fieldset class="kinds"><legend>{ "Faults that may happen" }</legend>{ for kinds.map(fault) }</fieldset>
            </fieldset>
        }
    }

    fn end(&self, ctx: &Context<Self>, report: &Report) -> Html {
        if let Some(problem) = &self.problem {
            return html! { <p class="problem">{ problem }</p> };
        }
        let more = ctx.link().callback(|_: MouseEvent| Msg::Another);
        match (&report.found, &report.sentence) {
            (Some(found), _) => {
                let plural = if found.statements == 1 { "" } else { "s" };
                let needs = if found.faults.is_empty() {
                    "no fault".to_owned()
                } else {
                    found.faults.join(", ")
                };
                let facts = format!(
                    "{} statement{plural}, after {} runs. It needs: {needs}.",
                    found.statements, found.runs
                );
                html! {
                    <section class="violated">
                        <h2><b aria-hidden="true">{ "\u{2717}" }</b>{ &found.kind }</h2>
                        <p>{ &found.sentence }</p>
                        <p class="soft">{ facts }</p>
                        <div class="pickers">
                            if Hunting::here().is_open() {
                                <button type="button" class="add" onclick={|_: MouseEvent| Hunting::here().play()}>{ "Play it" }</button>
                                <button type="button" class="add" onclick={|_: MouseEvent| Hunting::here().go_there()}>{ "Go to the violation" }</button>
                            }
                            <button type="button" class="add" onclick={more}>{ "Find another, different one" }</button>
                        </div>
                    </section>
                }
            }
            (None, Some(sentence)) => html! { <p class="nothing">{ sentence }</p> },
            (None, None) => Html::default(),
        }
    }
}

/// The sentence about a hunt that goes on.
fn going(report: &Report) -> String {
    let progress = &report.progress;
    let seconds = report.took_ms / 1_000.0;
    if let Some(best) = progress.best {
        return format!(
            "Found one. Making it smaller: {best} statements left, {} versions tried.",
            progress.tries
        );
    }
    let rate = if seconds > 0.0 { report.runs as f64 / seconds } else { 0.0 };
    format!(
        "{seconds:.0} s: {} runs ({rate:.0} a second), {} distinct states.",
        progress.runs, progress.states
    )
}

fn usual(preset: Preset) -> BTreeSet<FaultKind> {
    usual_faults(preset).into_iter().map(|w| w.kind).collect()
}

/// Whether a kind of fault can happen to a system. The usual faults of a system say so for those
/// that not every system knows.
fn is_possible(preset: Preset, kind: FaultKind) -> bool {
    let is_special = matches!(kind, FaultKind::Transfer | FaultKind::Member | FaultKind::Timeout);
    !is_special || usual_faults(preset).iter().any(|w| w.kind == kind)
}
