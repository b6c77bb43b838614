//! The bar that tells a run's story: the chapter, the caption, and the ways between chapters.

use crate::icons;
use crate::keys::Key;
use crate::still::Drawn;
use quorumscope_core::session::Session;
use yew::prelude::*;

/// The story of a run at the playhead, as values that compare.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// The caption.
    pub note: Option<String>,
    /// The title of the chapter.
    pub title: Option<String>,
    /// The number of the chapter, from 1 (0 before the first), and how many there are.
    pub chapter: (usize, usize),
    /// Whether there is a chapter before the playhead, and one after it.
    pub ways: (bool, bool),
}

impl Told {
    /// The story of the run that is looked at; None where it has none.
    #[must_use]
    pub fn of(session: &Session) -> Option<Self> {
        let (story, now) = (&session.run().story, session.now());
        if story.cues().is_empty() {
            return None;
        }
        let place = story.chapter_at(now);
        let title = place.and_then(|place| story.chapters().nth(place));
        Some(Self {
            note: story.note_at(now).map(str::to_owned),
            title: title.map(|(_, title)| title.to_owned()),
            chapter: (place.map_or(0, |place| place + 1), story.chapters().count()),
            ways: (story.previous_chapter(now).is_some(), story.next_chapter(now).is_some()),
        })
    }

    /// The sentence for people who do not see the bar.
    #[must_use]
    pub fn sentence(&self) -> Option<String> {
        let parts: Vec<&str> = self.title.iter().chain(&self.note).map(String::as_str).collect();
        (!parts.is_empty()).then(|| parts.join(". "))
    }
}

/// The bar.
#[derive(PartialEq)]
pub struct Telling {
    /// The story at the playhead.
    pub told: Told,
    /// Whether it plays.
    pub playing: bool,
    /// The speed and the time, where they are shown here.
    pub figures: Option<String>,
    /// Told what a key would ask for.
    pub on_key: Callback<Key>,
    /// The run is to be played from its beginning.
    pub on_start: Callback<()>,
}

impl Drawn for Telling {
    fn draw(&self) -> Html {
        let told = &self.told;
        let way = |name: &'static str, forward: bool, enabled: bool| {
            let d = if forward { icons::FORWARD } else { icons::BACK };
            let key = if forward { "Page Down" } else { "Page Up" };
            let onclick = self.on_key.reform(move |_: MouseEvent| Key::Chapter(forward));
            html! {
                <button type="button" class="round" aria-label={name} title={format!("{name} ({key})")}
                    aria-disabled={(!enabled).to_string()} {onclick}>{ icons::stroke(d) }</button>
            }
        };
        let (number, count) = told.chapter;
        let place = match (number, count) {
            (_, 0) => String::new(),
            (0, 1) => "1 chapter".to_owned(),
            (0, _) => format!("{count} chapters"),
            _ => format!("chapter {number} of {count}"),
        };
        let figures = self.figures.iter().map(String::as_str);
        let place = std::iter::once(place.as_str()).chain(figures).filter(|part| !part.is_empty());
        let place = place.collect::<Vec<_>>().join(" \u{b7} ");
        html! {
            <section class="telling" aria-label="Story">
                { way("Previous chapter", false, told.ways.0) }
                { way("Next chapter", true, told.ways.1) }
                <div class="told">
                    <b>{ told.title.clone().unwrap_or_default() }</b>
                    <p>{ told.note.clone().unwrap_or_default() }</p>
                </div>
                <span class="place">{ place }</span>
                { for (!self.playing).then(|| html! {
                    <button type="button" class="cta" onclick={self.on_key.reform(|_: MouseEvent| Key::Toggle)}>{ "Go on" }</button>
                }) }
                <button type="button" class="start-over" onclick={self.on_start.reform(|_: MouseEvent| ())}>{ "Play from the start" }</button>
            </section>
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use quorumscope_core::time::Time;

    #[test]
    fn the_bar_says_where_the_story_is() {
        let script =
            "cluster raft\n@0s chapter \"One\"\n@1s note \"It waits.\"\n@2s chapter \"Two\"";
        let mut session = Session::new(crate::language::run(script).expect("a script"));
        session.seek(Time::from_ms(1_500));
        let told = Told::of(&session).expect("it has a story");
        assert_eq!((told.chapter, told.ways), ((1, 2), (true, true)));
        assert_eq!(told.sentence().as_deref(), Some("One. It waits."));
        let bare = Session::new(crate::language::run("cluster raft").expect("a script"));
        assert_eq!(Told::of(&bare), None);
    }
}
