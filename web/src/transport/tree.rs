//! The tree of branches above the scrubber, on its time axis: a line for each branch, from the time
//! at which it was forked. Empty if there is only one branch.

use super::scale;
use crate::dom;
use crate::icons;
use crate::player::Player;
use crate::still::Drawn;
use quorumscope_core::session::{Branch, MAX_NAME_CHARS, Session};
use quorumscope_core::time::Time;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// If there are more branches, the last visible ones fade.
const MOST_SEEN: usize = 3;
/// From this part of the scrubber on, in percent, a name has no room to the right.
const LATE: f64 = 60.0;
/// The height at the foot of a scrolling list that fades, in pixels.
const FADE: f64 = 18.0;

/// A branch as a line of the tree.
#[derive(Clone, Debug, PartialEq)]
pub struct Twig {
    place: usize,
    name: String,
    /// The name of the branch that it was forked from, and the time of the fork.
    from: Option<(String, Time)>,
    /// The number of branches between it and the root.
    depth: usize,
    until: Time,
}

/// All branches, each after the one that it was forked from. Empty if there is only one.
#[must_use]
pub fn twigs(session: &Session) -> Vec<Twig> {
    let branches = session.branches();
    let mut twigs = Vec::new();
    if branches.len() > 1 {
        for (place, _) in branches.iter().enumerate().filter(|(_, b)| b.forked.is_none()) {
            grow(branches, place, 0, &mut twigs);
        }
    }
    twigs
}

fn grow(branches: &[Branch], place: usize, depth: usize, twigs: &mut Vec<Twig>) {
    let branch = &branches[place];
    let from = branch.forked.map(|(from, at)| (branches[from].name.clone(), at));
    twigs.push(Twig { place, name: branch.name.clone(), from, depth, until: branch.frontier() });
    let children = |(_, b): &(usize, &Branch)| b.forked.is_some_and(|(from, _)| from == place);
    for (child, _) in branches.iter().enumerate().filter(children) {
        grow(branches, child, depth + 1, twigs);
    }
}

/// The input of the tree's drawing.
#[derive(PartialEq)]
pub struct Tree {
    /// The player.
    pub player: Player,
    /// The branches.
    pub twigs: Vec<Twig>,
    /// The index of the current branch.
    pub current: usize,
    /// The time at the right end of the scrubber.
    pub end: Time,
    /// The branch that is being renamed.
    pub renaming: Option<usize>,
    /// Called with the branch to rename, or with None to stop renaming.
    pub on_rename: Callback<Option<usize>>,
    /// Called with two branches to compare.
    pub on_part: Callback<(usize, usize)>,
    /// Called with the sentence about a problem.
    pub on_problem: Callback<String>,
}

impl Drawn for Tree {
    fn draw(&self) -> Html {
        if self.twigs.is_empty() {
            return html! { <div></div> };
        }
        html! {
            <ol class={classes!("branches", (self.twigs.len() > MOST_SEEN).then_some("many"))} aria-label="Branches">{ for self.twigs.iter().map(|twig| self.twig(twig)) }</ol>
        }
    }
}

impl Tree {
    fn twig(&self, twig: &Twig) -> Html {
        let share = |at: Time| at.as_us() as f64 / self.end.as_us().max(1) as f64 * 100.0;
        let from = twig.from.as_ref().map_or(0.0, |(_, at)| share(*at)).min(100.0);
        let until = share(twig.until).clamp(from, 100.0);
        let is_current = twig.place == self.current;
        let style = format!("--from:{from:.2}%;--long:{:.2}%", until - from);
        html! {
            <li key={twig.place} class={classes!(is_current.then_some("current"), (from > LATE).then_some("late"))} ~style={style}>
                <div class="twig" aria-hidden="true"></div>
                if self.renaming == Some(twig.place) {
                    { self.name_box(twig) }
                } else {
                    { self.name(twig, is_current) }
                }
            </li>
        }
    }

    fn name(&self, twig: &Twig, is_current: bool) -> Html {
        let (place, name) = (twig.place, &twig.name);
        let origin = match &twig.from {
            Some((parent, at)) => format!("{name}, left {parent} at {}", scale::moment(*at)),
            None => name.clone(),
        };
        let player = self.player.clone();
        let problem = self.on_problem.clone();
        let delete = move |_: MouseEvent| tell(&problem, player.delete_branch(place));
        let player = self.player.clone();
        let problem = self.on_problem.clone();
        let switch = move |_: MouseEvent| tell(&problem, player.switch(place));
        let (current, on_part) = (self.current, self.on_part.clone());
        let compare = move |_: MouseEvent| on_part.emit((current, place));
        let on_rename = self.on_rename.clone();
        let rename = move |_: MouseEvent| on_rename.emit(Some(place));
        html! {
            <div class="twig-name">
                <button type="button" class="switch" aria-pressed={is_current.to_string()} title={origin} onclick={switch}>{ name }</button>
                <button type="button" aria-label={format!("Rename {name}")} title="Rename" onclick={rename}>{ icons::stroke(icons::PEN) }</button>
                if !is_current {
                    <button type="button" aria-label={format!("Where {name} differs")} title="Where it first differs from the branch that is looked at" onclick={compare}>{ icons::stroke(icons::PART) }</button>
                }
                <button type="button" aria-label={format!("Delete {name}")} title="Delete" onclick={delete}>{ icons::stroke(icons::CLOSE) }</button>
            </div>
        }
    }

    fn name_box(&self, twig: &Twig) -> Html {
        let (player, place) = (self.player.clone(), twig.place);
        let (on_rename, on_problem) = (self.on_rename.clone(), self.on_problem.clone());
        let before = twig.name.clone();
        let done = Callback::from(move |name: Option<String>| {
            if let Some(name) = name.filter(|name| *name != before) {
                tell(&on_problem, player.rename_branch(place, &name));
            }
            on_rename.emit(None);
        });
        html! { <NameBox name={twig.name.clone()} {done} /> }
    }
}

/// Scrolls the current branch into view.
pub fn show_current() {
    let found = |css: &str| dom::document().and_then(|d| d.query_selector(css).ok()?);
    let (Some(list), Some(current)) = (found(".branches"), found(".branches .current")) else {
        return;
    };
    let (outer, inner) = (list.get_bounding_client_rect(), current.get_bounding_client_rect());
    let by = if inner.top() < outer.top() {
        inner.top() - outer.top()
    } else {
        (inner.bottom() + FADE - outer.bottom()).max(0.0)
    };
    list.set_scroll_top(list.scroll_top() + by.round() as i32);
}

fn tell(on_problem: &Callback<String>, result: Result<(), String>) {
    if let Err(why) = result {
        on_problem.emit(why);
    }
}

#[derive(PartialEq, Properties)]
struct NameBoxProps {
    name: String,
    /// Called with the new name, or with None if it stays.
    done: Callback<Option<String>>,
}

/// An input field for a name, which takes the focus at once. Enter and the loss of the focus accept
/// the name; Escape does not.
#[component]
fn NameBox(props: &NameBoxProps) -> Html {
    let input = use_node_ref();
    {
        let input = input.clone();
        use_effect_with((), move |()| {
            if let Some(input) = input.cast::<HtmlInputElement>() {
                let _ = input.focus();
                input.select();
            }
        });
    }
    // The field loses the focus once more when it is removed.
    let over = use_mut_ref(|| false);
    let end = {
        let (input, done) = (input.clone(), props.done.clone());
        move |takes: bool| {
            if !std::mem::replace(&mut *over.borrow_mut(), true) {
                let typed = input.cast::<HtmlInputElement>().map(|i| i.value());
                done.emit(typed.filter(|_| takes));
            }
        }
    };
    let onblur = {
        let end = end.clone();
        move |_: FocusEvent| end(true)
    };
    let onkeydown = move |e: KeyboardEvent| match e.key().as_str() {
        "Enter" => end(true),
        "Escape" => end(false),
        _ => {}
    };
    html! {
        <input class="twig-box" type="text" aria-label="Name of the branch" ref={input} value={props.name.clone()}
            maxlength={MAX_NAME_CHARS.to_string()} {onkeydown} {onblur} />
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use quorumscope_core::run::{Run, Statement};
    use quorumscope_core::settings::Preset;

    #[test]
    fn a_branch_stands_behind_the_one_that_it_left() {
        let mut session = Session::new(Run::of(Preset::Raft));
        session.seek(Time::from_ms(3_000));
        assert!(twigs(&session).is_empty());
        let heal = || Statement::Heal(quorumscope_core::run::Heal::Everything);
        for (branch, ms) in [(0, 1_000), (0, 2_000), (1, 500)] {
            session.switch(branch).expect("it is there");
            session.seek(Time::from_ms(ms));
            session.append(heal()).expect("it can be done");
        }
        let shape: Vec<_> = twigs(&session).iter().map(|t| (t.place, t.depth)).collect();
        assert_eq!(shape, [(0, 0), (1, 1), (3, 2), (2, 1)]);
    }
}
