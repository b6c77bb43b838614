//! A controlled `select`: it always shows the value of its properties.

use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// The properties of the list.
#[derive(PartialEq, Properties)]
pub struct ChoiceProps {
    /// The name for assistive technology.
    pub name: &'static str,
    /// The tooltip.
    #[prop_or_default]
    pub title: Option<&'static str>,
    /// The values and their labels.
    pub options: Vec<(String, String)>,
    /// The present value.
    pub value: String,
    /// Called with the value that the user chose.
    pub on_choose: Callback<String>,
}

/// A controlled `select`.
#[component]
pub fn Choice(props: &ChoiceProps) -> Html {
    let select = use_node_ref();
    {
        let select = select.clone();
        // A `select` keeps the user's last choice until its value is set.
        use_effect_with(props.value.clone(), move |value| {
            if let Some(select) = select.cast::<HtmlSelectElement>() {
                select.set_value(value);
            }
        });
    }
    // It goes back to the present value; the callback decides whether that changes.
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
