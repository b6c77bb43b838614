//! A text field for a small language, with completion and history.
//!
//! ↓ moves into the completions and ↑ out of them. Enter and Tab take the selected completion; Tab
//! takes the first if none is selected. ↑ without a selection goes back in history.

use crate::focus;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// The largest number of completions.
const OFFERED: usize = 12;
/// The largest number of lines in history.
const REMEMBERED: usize = 200;

/// The properties of the field.
#[derive(PartialEq, Properties)]
pub struct FieldProps {
    /// The id of the input element. The ids of the completions begin with it.
    pub id: &'static str,
    /// The name for assistive technology.
    pub label: &'static str,
    /// An example, shown while the field is empty.
    pub placeholder: &'static str,
    /// True for the role `combobox`, false for a plain text box.
    #[prop_or(true)]
    pub is_combobox: bool,
    /// The largest length, in bytes.
    pub most_bytes: usize,
    /// The completions of a text: words that may replace its last, unfinished word.
    pub complete: Callback<String, Vec<String>>,
    /// Called with a line that was entered. If it returns false, the line stays, to be corrected.
    pub on_enter: Callback<String, bool>,
    /// Text that was put into the field from elsewhere, with a counter that tells two equal texts
    /// apart.
    pub typed: (u32, String),
    /// The content before the input element.
    #[prop_or_default]
    pub before: Html,
    /// The content after it.
    #[prop_or_default]
    pub after: Html,
}

/// The messages of the field.
pub enum Msg {
    /// The text changed.
    Typed(String),
    /// A key was pressed.
    Key(KeyboardEvent),
    /// The line was entered.
    Enter,
    /// The completion with this index was taken.
    Take(usize),
    /// The field lost the focus.
    Left,
}

/// The component of a field.
#[derive(Default)]
pub struct Field {
    input: NodeRef,
    text: String,
    history: Vec<String>,
    /// The position in history; 0 is the line that is being typed.
    back: usize,
    offers: Vec<String>,
    /// The completion that was selected with the arrow keys.
    chosen: Option<usize>,
    typed: u32,
}

impl Component for Field {
    type Message = Msg;
    type Properties = FieldProps;

    fn create(_ctx: &Context<Self>) -> Self {
        Self::default()
    }

    fn changed(&mut self, ctx: &Context<Self>, _old: &FieldProps) -> bool {
        let (count, text) = &ctx.props().typed;
        if *count != self.typed {
            self.typed = *count;
            self.write(ctx, text.clone());
            self.focus();
        }
        true
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        match msg {
            Msg::Typed(text) => {
                self.back = 0;
                self.write(ctx, text);
                true
            }
            Msg::Key(e) => self.key(ctx, &e),
            Msg::Enter => self.enter(ctx),
            Msg::Take(place) => {
                self.take(ctx, place);
                self.focus();
                true
            }
            Msg::Left => !self.forget_offers(),
        }
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let (link, props) = (ctx.link(), ctx.props());
        let oninput = link.callback(|e: InputEvent| {
            let input: HtmlInputElement = e.target_unchecked_into();
            Msg::Typed(input.value())
        });
        let onsubmit = link.callback(|e: SubmitEvent| {
            e.prevent_default();
            Msg::Enter
        });
        let is_open = !self.offers.is_empty();
        let is_combobox = props.is_combobox;
        html! {
            <div class="field">
                <form {onsubmit}>
                    { props.before.clone() }
                    <input id={props.id} type="text" class="mono" role={is_combobox.then_some("combobox")} aria-label={props.label} ref={self.input.clone()}
                        value={self.text.clone()} placeholder={props.placeholder} maxlength={props.most_bytes.to_string()}
                        autocomplete="off" autocapitalize="off" spellcheck="false"
                        aria-autocomplete="list" aria-expanded={is_combobox.then(|| is_open.to_string())}
                        aria-controls={is_open.then(|| list_id(props.id))} aria-activedescendant={self.chosen.map(|place| option_id(props.id, place))}
                        {oninput} onkeydown={link.callback(Msg::Key)} onblur={link.callback(|_| Msg::Left)} />
                    { props.after.clone() }
                </form>
                <div>{ for is_open.then(|| self.offered(ctx)) }</div>
            </div>
        }
    }
}

fn list_id(id: &str) -> String {
    format!("{id}-offers")
}

fn option_id(id: &str, place: usize) -> String {
    format!("{id}-offer-{place}")
}

impl Field {
    fn focus(&self) {
        if let Some(input) = self.input.cast::<HtmlInputElement>() {
            // A hidden field cannot take the focus, and need not.
            let _ = input.focus();
        }
    }

    /// Sets the text, and updates the completions.
    fn write(&mut self, ctx: &Context<Self>, text: String) {
        self.text = text;
        self.forget_offers();
        if !self.text.trim().is_empty() {
            self.offer(ctx);
        }
    }

    fn offer(&mut self, ctx: &Context<Self>) {
        self.offers = ctx.props().complete.emit(self.text.clone());
        self.offers.truncate(OFFERED);
    }

    /// Clears the completions. True if there were none.
    fn forget_offers(&mut self) -> bool {
        self.chosen = None;
        std::mem::take(&mut self.offers).is_empty()
    }

    fn key(&mut self, ctx: &Context<Self>, e: &KeyboardEvent) -> bool {
        match (e.key().as_str(), self.chosen) {
            ("ArrowDown", _) if self.back > 0 => self.remember(self.back - 1),
            ("ArrowDown", chosen) => {
                if self.offers.is_empty() {
                    self.offer(ctx);
                }
                let next = chosen.map_or(0, |place| place + 1);
                self.chosen = (!self.offers.is_empty()).then(|| next % self.offers.len());
            }
            ("ArrowUp", Some(place)) => self.chosen = place.checked_sub(1),
            ("ArrowUp", None) => self.remember(self.back + 1),
            ("Enter", Some(place)) => self.take(ctx, place),
            ("Tab", chosen) if !self.offers.is_empty() && !e.shift_key() => {
                self.take(ctx, chosen.unwrap_or(0));
            }
            ("Escape", _) => {
                if self.forget_offers() {
                    if let Some(input) = self.input.cast::<HtmlInputElement>() {
                        focus::leave(&input);
                    }
                    return false;
                }
            }
            _ => return false,
        }
        e.prevent_default();
        true
    }

    fn remember(&mut self, back: usize) {
        if back > self.history.len() {
            return;
        }
        self.back = back;
        self.forget_offers();
        self.text = match back {
            0 => String::new(),
            n => self.history[self.history.len() - n].clone(),
        };
    }

    /// Replaces the last, unfinished word by a completion.
    fn take(&mut self, ctx: &Context<Self>, place: usize) {
        let Some(word) = self.offers.get(place) else { return };
        let text = with_word(&self.text, word);
        self.write(ctx, text);
    }

    fn enter(&mut self, ctx: &Context<Self>) -> bool {
        let line = self.text.trim().to_owned();
        if line.is_empty() {
            return false;
        }
        if self.history.last() != Some(&line) {
            self.history.push(line.clone());
        }
        if self.history.len() > REMEMBERED {
            self.history.remove(0);
        }
        self.back = 0;
        self.forget_offers();
        if ctx.props().on_enter.emit(line) {
            self.text.clear();
        }
        true
    }

    fn offered(&self, ctx: &Context<Self>) -> Html {
        let id = ctx.props().id;
        let one = |(place, word): (usize, &String)| {
            // The focus stays in the field.
            let onmousedown = |e: MouseEvent| e.prevent_default();
            let onclick = ctx.link().callback(move |_| Msg::Take(place));
            let selected = self.chosen == Some(place);
            html! {
                <div key={word.clone()} id={option_id(id, place)} role="option" aria-selected={selected.to_string()} {onmousedown} {onclick}>{ word }</div>
            }
        };
        html! {
            // On a phone it scrolls by touch. Keyboard users never focus it, because it closes when
            // the field loses the focus.
            <div class="completions" id={list_id(id)} role="listbox" tabindex="0" aria-label="What may stand next">
                { for self.offers.iter().enumerate().map(one) }
            </div>
        }
    }
}

/// The text with its last, unfinished word replaced, and a space for the next word.
fn with_word(text: &str, word: &str) -> String {
    let start = text.rfind(char::is_whitespace).map_or(0, |i| i + 1);
    let mut text = format!("{}{word}", &text[..start]);
    // No space follows `latency=` and `(`. An operator that stands alone has one.
    let names_value = word.ends_with('=') && word.starts_with(char::is_alphanumeric);
    if !names_value && !word.ends_with('(') {
        text.push(' ');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_takes_the_place_of_the_one_that_was_begun() {
        assert_eq!(with_word("", "crash"), "crash ");
        assert_eq!(with_word("crash n", "n1"), "crash n1 ");
        assert_eq!(with_word("link n1-n2 lat", "latency="), "link n1-n2 latency=");
        assert_eq!(with_word("leader !", "!="), "leader != ");
        assert_eq!(with_word("not (n1 i", "is"), "not (n1 is ");
        assert_eq!(with_word("not ", "("), "not (");
    }
}
