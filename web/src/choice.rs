//! A list to choose from: a `select` that shows what is, also when that changed elsewhere.

use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// What a list shows and whom it tells.
#[derive(PartialEq, Properties)]
pub struct ChoiceProps {
    /// Its name.
    pub name: &'static str,
    /// What it is about, for those who point at it.
    #[prop_or_default]
    pub title: Option<&'static str>,
    /// The values, and how they are written.
    pub options: Vec<(String, String)>,
    /// The value that is.
    pub value: String,
    /// Told which is to be.
    pub on_choose: Callback<String>,
}

/// A list to choose from.
#[component]
pub fn Choice(props: &ChoiceProps) -> Html {
    let select = use_node_ref();
    {
        let select = select.clone();
        // What the person chose last stays in the element until it is told otherwise.
        use_effect_with(props.value.clone(), move |value| {
            if let Some(select) = select.cast::<HtmlSelectElement>() {
                select.set_value(value);
            }
        });
    }
    // It goes on showing what is: whether that changes is for who is told to decide.
    let is = props.value.clone();
    let onchange = props.on_choose.reform(move |e: Event| {
        let select: HtmlSelectElement = e.target_unchecked_into();
        let wanted = select.value();
        select.set_value(&is);
        wanted
    });
    let option = |(value, name): &(String, String)| {
        let selected = *value == props.value;
        html! { <option key={value.clone()} value={value.clone()} {selected}>{ name }</option> }
    };
    html! {
        <select ref={select} aria-label={props.name} title={props.title} {onchange}>
            { for props.options.iter().map(option) }
        </select>
    }
}
