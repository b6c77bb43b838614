//! The page.
use yew::prelude::*;

#[component]
fn App() -> Html {
    html! { <main>{ "Quorumscope" }</main> }
}

fn main() {
    yew::Renderer::<App>::new().render();
}
