//! The console: one line of the language, with history and completion.

use crate::focus;
use crate::language;
use crate::player::Player;
use crate::transport::scale;
use quorumscope_core::explain::Scene;
use quorumscope_core::time::Time;
use quorumscope_core::why;
use web_sys::{Element, HtmlInputElement};
use yew::prelude::*;

/// The id of the text box.
const ID: &str = "console";
/// What finds it.
pub const FIELD: &str = "#console";
/// The most completions that are offered.
const OFFERED: usize = 8;
/// The most lines that are remembered.
const REMEMBERED: usize = 200;

/// A statement that was carried out, or an answer that was given.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// Its place in the run; of an answer, before which statement it was given.
    pub place: usize,
    /// Which of the answers it is, if it is one.
    answer: Option<usize>,
    /// When.
    pub at: Time,
    /// What.
    pub text: String,
}

impl Said {
    /// A statement.
    #[must_use]
    pub fn statement(place: usize, at: Time, text: String) -> Self {
        Self { place, answer: None, at, text }
    }

    /// An answer, given before the statement at that place.
    #[must_use]
    pub fn answer(place: usize, number: usize, at: Time, text: String) -> Self {
        Self { place, answer: Some(number), at, text }
    }

    /// In which order they are shown: answers before the statement that came after them.
    #[must_use]
    pub fn order(&self) -> (usize, usize) {
        (self.place, self.answer.unwrap_or(usize::MAX))
    }
}

/// What the console shows and whom it tells.
#[derive(PartialEq, Properties)]
pub struct ConsoleProps {
    /// The player, for what the cluster has.
    pub player: Player,
    /// The last statements of the run, and the last answers, oldest first.
    pub said: Vec<Said>,
    /// The cluster that questions are asked of.
    pub cluster: usize,
    /// A beginning that was put into it from elsewhere, with a number that counts up.
    pub typed: (u32, String),
    /// Told what was entered; true if it was carried out.
    pub on_enter: Callback<Line, bool>,
}

/// A line that was entered.
pub struct Line {
    /// What it says.
    pub text: String,
    /// The cluster that people look at.
    pub cluster: usize,
}

/// What comes to the console.
pub enum Msg {
    /// The text is another.
    Typed(String),
    /// A key was pressed.
    Key(KeyboardEvent),
    /// The line is entered.
    Enter,
    /// A completion was taken.
    Take(String),
    /// The focus went elsewhere.
    Left,
}

/// The console.
pub struct Console {
    input: NodeRef,
    said: NodeRef,
    /// How many lines were shown last.
    shown: usize,
    text: String,
    history: Vec<String>,
    /// How far back in the history the line is; 0 is the line being typed.
    back: usize,
    offers: Vec<String>,
    offer: Option<usize>,
    typed: u32,
}

impl Component for Console {
    type Message = Msg;
    type Properties = ConsoleProps;

    fn create(_ctx: &Context<Self>) -> Self {
        Self {
            input: NodeRef::default(),
            said: NodeRef::default(),
            shown: 0,
            text: String::new(),
            history: Vec::new(),
            back: 0,
            offers: Vec::new(),
            offer: None,
            typed: 0,
        }
    }

    fn changed(&mut self, ctx: &Context<Self>, _old: &ConsoleProps) -> bool {
        let (count, text) = &ctx.props().typed;
        if *count != self.typed {
            self.typed = *count;
            self.text.clone_from(text);
            self.offer_completions(ctx);
            if let Some(input) = self.input.cast::<HtmlInputElement>() {
                let _ = input.focus();
            }
        }
        true
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        match msg {
            Msg::Typed(text) => {
                self.text = text;
                self.back = 0;
                self.offer_completions(ctx);
                true
            }
            Msg::Key(e) => self.key(ctx, &e),
            Msg::Enter => self.enter(ctx),
            Msg::Take(word) => {
                self.take(&word);
                self.offer_completions(ctx);
                if let Some(input) = self.input.cast::<HtmlInputElement>() {
                    let _ = input.focus();
                }
                true
            }
            Msg::Left => !std::mem::take(&mut self.offers).is_empty(),
        }
    }

    fn rendered(&mut self, ctx: &Context<Self>, _first: bool) {
        // The newest line is the one that was waited for.
        let lines = ctx.props().said.len();
        if std::mem::replace(&mut self.shown, lines) != lines
            && let Some(list) = self.said.cast::<Element>()
        {
            list.set_scroll_top(list.scroll_height());
        }
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let link = ctx.link();
        let oninput = link.callback(|e: InputEvent| {
            let input: HtmlInputElement = e.target_unchecked_into();
            Msg::Typed(input.value())
        });
        let onsubmit = link.callback(|e: SubmitEvent| {
            e.prevent_default();
            Msg::Enter
        });
        html! {
            <div class="console mono">
                { said(&ctx.props().said, &self.said) }
                { self.offered(ctx) }
                <form {onsubmit}>
                    <b aria-hidden="true">{ "›" }</b>
                    <input id={ID} type="text" aria-label="Console" ref={self.input.clone()} value={self.text.clone()}
                        placeholder="crash n1" autocomplete="off" autocapitalize="off" spellcheck="false"
                        {oninput} onkeydown={link.callback(Msg::Key)} onblur={link.callback(|_| Msg::Left)} />
                </form>
            </div>
        }
    }
}

impl Console {
    fn offer_completions(&mut self, ctx: &Context<Self>) {
        self.offer = None;
        self.offers.clear();
        if !self.text.trim().is_empty() {
            let session = ctx.props().player.session();
            self.offers = language::complete(&self.text, session.run());
            let cluster = ctx.props().cluster.min(session.run().clusters.len() - 1);
            self.offers.extend(why::complete(&Scene::of(&session, cluster), &self.text));
            self.offers.truncate(OFFERED);
        }
    }

    fn key(&mut self, ctx: &Context<Self>, e: &KeyboardEvent) -> bool {
        match e.key().as_str() {
            "ArrowUp" => self.remember(self.back + 1),
            "ArrowDown" => self.remember(self.back.saturating_sub(1)),
            "Tab" if !self.offers.is_empty() && !e.shift_key() => {
                let word = self.offers[self.offer.unwrap_or(0)].clone();
                self.take(&word);
                self.offer_completions(ctx);
            }
            "Escape" if self.offers.is_empty() => {
                if let Some(input) = self.input.cast::<HtmlInputElement>() {
                    focus::leave(&input);
                }
                return false;
            }
            "Escape" => self.offers.clear(),
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
        self.offers.clear();
        self.text = match back {
            0 => String::new(),
            n => self.history[self.history.len() - n].clone(),
        };
    }

    /// Puts a word in the place of the last, unfinished one.
    fn take(&mut self, word: &str) {
        let start = self.text.rfind(char::is_whitespace).map_or(0, |i| i + 1);
        self.text.truncate(start);
        self.text.push_str(word);
        if !word.ends_with('=') {
            self.text.push(' ');
        }
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
        self.offers.clear();
        // What was wrong stays in the line, to be mended.
        let cluster = ctx.props().cluster;
        if ctx.props().on_enter.emit(Line { text: line, cluster }) {
            self.text.clear();
        }
        true
    }

    fn offered(&self, ctx: &Context<Self>) -> Html {
        if self.offers.is_empty() {
            return html! { <div></div> };
        }
        let one = |word: &String| {
            let taken = word.clone();
            let onmousedown = |e: MouseEvent| e.prevent_default();
            let onclick = ctx.link().callback(move |_| Msg::Take(taken.clone()));
            html! {
                <button key={word.clone()} type="button" tabindex="-1" {onmousedown} {onclick}>{ word }</button>
            }
        };
        html! { <div class="completions">{ for self.offers.iter().map(one) }</div> }
    }
}

fn said(said: &[Said], list: &NodeRef) -> Html {
    let line = |s: &Said| {
        html! {
            <li key={format!("{:?}", s.order())} class={s.answer.map(|_| "answer")}><span class="at">{ scale::moment(s.at) }</span><span>{ &s.text }</span></li>
        }
    };
    html! { <ol aria-label="Statements and answers" ref={list.clone()}>{ for said.iter().map(line) }</ol> }
}
