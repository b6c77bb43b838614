//! The stages, and the elements around them.

use super::App;
use crate::compare::{self, Table};
use crate::icons;
use crate::panels::Tab;
use crate::stage::Stage;
use crate::still::still;
use std::rc::Rc;
use yew::prelude::*;

/// Shown while a message waits for the second module.
const WAITING: &str = "This page is still loading. What you did is carried out when it is there.";

impl App {
    pub(super) fn stages(&self, ctx: &Context<Self>) -> Vec<Html> {
        let on = &self.on;
        let several = self.model.scenes.len() > 1;
        let one = |(cluster, scene): (usize, &Rc<crate::scene::Scene>)| {
            let meant = cluster == self.cluster;
            let chosen = self.chosen.filter(|_| meant && self.frame.shows(Tab::Node));
            let zoom = self.zoomed;
            let title = &self.model.titles[cluster];
            let (name, rest) = compare::parts(title, &self.model.titles);
            html! {
                <section key={cluster} class={classes!("cluster", meant.then_some("meant"))} data-cluster={cluster.to_string()} aria-label={title.clone()}>
                    if several {
                        <h2><button type="button" aria-pressed={meant.to_string()} title={title.clone()} onclick={on.attend[cluster].clone()}>{ name }<span class="rest">{ rest }</span></button></h2>
                    }
                    <Stage {cluster} player={ctx.props().player.clone()} scene={Rc::clone(scene)} {chosen} blamed={Rc::clone(&self.model.blamed[cluster])} {zoom}
                        on_pick={on.pick[cluster].clone()} on_cut={on.cut.clone()} />
                </section>
            }
        };
        self.model.scenes.iter().enumerate().map(one).collect()
    }

    pub(super) fn stages_class(&self) -> Classes {
        let count = self.model.scenes.len();
        classes!("stages", (count > 1).then_some("several"), (count > 2).then_some("many"))
    }

    /// The title of the cluster that the headline is about, if there are several.
    pub(super) fn subject(&self) -> Option<&str> {
        self.title(self.cluster)
    }

    /// The title of a cluster, if there are several.
    pub(super) fn title(&self, cluster: usize) -> Option<&str> {
        let several = self.model.titles.len() > 1;
        self.model.titles.get(cluster).filter(|_| several).map(String::as_str)
    }

    /// The table that compares the clusters, if there are several.
    pub(super) fn comparison(&self) -> Html {
        let columns = Rc::clone(&self.model.panels.columns);
        let judged = Rc::clone(&self.model.judged);
        html! { <div class="compared">{ for (!columns.is_empty()).then(|| still(Table { columns, judged })) }</div> }
    }

    /// The buttons of a run that was opened at a later moment, or that an earlier visit left.
    pub(super) fn offers(&self) -> Html {
        let on = &self.on;
        let from_the_start = self.model.at_show.then(|| html! {
            <button key="start" type="button" class="cta" onclick={on.from_the_start.clone()}>{ "Play from the start" }</button>
        });
        let last = self.last.as_ref().filter(|_| self.model.untouched || self.model.at_show);
        let last = last.map(|last| {
            let [open, forget] = on.last.clone();
            html! {
                <>
                    <button type="button" onclick={open} title={last.told()}>{ "Open the run you left" }</button>
                    <button type="button" class="icon" aria-label="Forget the run you left" title="Forget the run you left" onclick={forget}>{ icons::stroke(icons::CLOSE) }</button>
                </>
            }
        });
        // A notice lies where they would be.
        let raised = self.alert.as_ref().map(|_| "raised");
        html! { <div class={classes!("offers", raised)}>{ for from_the_start }{ for last }</div> }
    }

    /// A hint for a first action, until the user does something.
    pub(super) fn hint(&self) -> Html {
        if !self.waiting.is_empty() {
            return html! { <p class="hint waits" role="status">{ WAITING }</p> };
        }
        if let Some((_, stop)) = &self.model.stop {
            return html! { <p class="hint stop">{ &**stop }</p> };
        }
        if let Some((_, note)) = &self.note {
            return html! { <p class="hint">{ &**note }</p> };
        }
        if !self.model.untouched || self.model.scenes.len() > 1 {
            return html! { <p class="hint"></p> };
        }
        html! { <p class="hint">{ "Click a node to crash it, draw a line to cut wires." }</p> }
    }
}
