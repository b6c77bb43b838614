//! The dialog with a file of operations: its name, the verdicts, the answer to a question, its
//! lanes.

use super::explained::ExplainedCard;
use crate::clerk::{Answer, Clerk, Explained, Imported, Request};
use crate::icons;
use crate::lanes::{Bar, Lanes, Source, Stroke};
use crate::panels::verdicts::Verdicts;
use quorumscope_core::ids::OperationId;
use quorumscope_core::why::Question;
use std::rc::Rc;
use web_sys::HtmlDialogElement;
use yew::prelude::*;

/// The properties of the dialog.
#[derive(PartialEq, Properties)]
pub struct SheetProps {
    /// The name of the file.
    pub name: AttrValue,
    /// The operations and their verdicts.
    pub imported: Rc<Imported>,
    /// The worker that keeps the rest.
    pub clerk: Clerk,
    /// Called when the dialog is closed.
    pub on_close: Callback<()>,
}

/// The dialog. It keeps the focus, and Escape closes it.
#[component]
pub fn Sheet(props: &SheetProps) -> Html {
    let dialog = use_node_ref();
    {
        let dialog = dialog.clone();
        use_effect_with((), move |()| {
            if let Some(dialog) = dialog.cast::<HtmlDialogElement>() {
                // The dialog was not open before, so this cannot fail.
                let _ = dialog.show_modal();
            }
        });
    }
    let show = use_state(|| None::<Stroke>);
    let SheetProps { name, imported, clerk, on_close } = props;
    let on_show = {
        let show = show.clone();
        Callback::from(move |bar: Stroke| show.set(Some(bar)))
    };
    let explained = use_state(|| None::<Rc<Explained>>);
    let ask = {
        let (clerk, explained) = (clerk.clone(), explained.clone());
        Callback::from(move |question: Question| {
            let explained = explained.clone();
            clerk.ask(Request::Why(question.to_string()), None, move |answer| {
                // Every question that can be asked here has an answer.
                if let Answer::Why(Ok(told)) = answer {
                    explained.set(Some(Rc::new(told)));
                }
            });
        })
    };
    let on_pick = {
        let ask = ask.clone();
        Callback::from(move |bar: Bar| {
            ask.emit(Question::Operation(OperationId(bar.stroke.number)));
        })
    };
    let names: Rc<Vec<String>> = use_memo(Rc::clone(imported), |imported| imported.lanes.clone());
    let verdicts = Verdicts {
        verdicts: imported.verdicts.iter().collect(),
        faults: &imported.faults,
        names: &imported.lanes,
        is_raft: false,
        on_pick: on_show.reform(|bar: Bar| bar.stroke),
        on_ask: Some(ask),
    };
    let on_read = {
        let explained = explained.clone();
        Callback::from(move |_: MouseEvent| explained.set(None))
    };
    let source = Source::File(clerk.clone(), Rc::clone(imported));
    let count = match (imported.operations, imported.lanes.len()) {
        (1, _) => "1 operation".to_owned(),
        (operations, 1) => format!("{operations} operations of 1 process"),
        (operations, processes) => format!("{operations} operations of {processes} processes"),
    };
    // Keyboard shortcuts of the page have no effect while the dialog is open.
    let onkeydown = |e: KeyboardEvent| e.stop_propagation();
    html! {
        <dialog class="sheet" ref={dialog} aria-label={format!("Operations of {name}")} onclose={on_close.reform(|_: Event| ())} {onkeydown}>
            <header>
                <h1>{ name }</h1><span class="soft">{ count }</span><span class="grow"></span>
                <button type="button" class="icon" aria-label="Close" title="Back to the run" onclick={on_close.reform(|_: MouseEvent| ())}>{ icons::stroke(icons::CLOSE) }</button>
            </header>
            { verdicts.draw() }
            <div>{ for explained.as_ref().map(|told| html! {
                <ExplainedCard explained={Rc::clone(told)} on_show={on_show.clone()} on_close={on_read.clone()} />
            }) }</div>
            <Lanes {source} {names} show={*show} {on_pick} />
        </dialog>
    }
}
