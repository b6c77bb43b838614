//! The content of the scrubber: leaderships, faults, elections.

use super::scale;
use crate::language;
use crate::look::{AT_FAULT, FAULT, Fate, Hue, sign};
use crate::player::Player;
use crate::story::{BeatKind, Story, bands};
use quorumscope_core::order;
use quorumscope_core::protocol::Term;
use quorumscope_core::run::Command;
use quorumscope_core::time::Time;
use yew::prelude::*;

/// The content of the scrubber, as values that can be compared.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Strip {
    /// The time at the right end.
    pub end: Time,
    /// The leaderships.
    pub reigns: Vec<Piece>,
    /// The marks.
    pub marks: Vec<Mark>,
}

/// A piece of the band of leaderships.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Piece {
    /// Its beginning.
    pub from: Time,
    /// Its end.
    pub to: Time,
    /// The colour of its term.
    pub hue: Hue,
    /// Its row, and the number of rows.
    pub row: (usize, usize),
}

/// A mark on the scrubber.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// The time.
    pub at: Time,
    /// The class of its colour.
    pub class: &'static str,
    /// The shape.
    pub shape: Shape,
    /// The label above it; empty for none.
    pub label: String,
    /// The weight. If labels overlap, the heavier one is shown.
    pub weight: u8,
}

/// The shape of a mark, so that colour is not the only difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A line across the band: a statement, or a new leader.
    Line,
    /// A dashed line: an election that may come to nothing.
    Dashed,
    /// A crossed bar under the band: a client that was not answered.
    Crossed,
    /// A badge on the band: a violation.
    Badge,
}

impl Shape {
    /// Draws the shape at x = 0.
    pub fn draw(self) -> Html {
        let (class, d) = match self {
            Self::Line => ("mark", LINE),
            Self::Dashed => ("election", LINE),
            Self::Crossed => ("crossed", sign::UNANSWERED),
            Self::Badge => ("plate", sign::PLATE),
        };
        let transform = format!("translate(0 {})", self.middle());
        let exclamation = (self == Self::Badge).then(|| {
            html! { <path class="exclamation" d={sign::EXCLAMATION} transform={transform.clone()} /> }
        });
        html! { <><path {class} {d} {transform} />{ for exclamation }</> }
    }

    /// The y of its middle, in pixels.
    #[must_use]
    pub const fn middle(self) -> i32 {
        match self {
            Self::Line | Self::Dashed | Self::Badge => 34,
            Self::Crossed => 47,
        }
    }
}

/// A line across the band.
const LINE: &str = "M0-15V14";
/// The largest number of marks. Beyond it the lightest are left out.
const MOST_MARKS: usize = 400;
/// Half the average width of a letter of a label, in pixels.
const HALF_LETTER: f64 = 3.7;
/// From this width on, in pixels, labels are larger. The style sheet has the same number.
const WIDE: f64 = 1_200.0;
/// The length of a label, in letters. A longer statement is shortened to its first word.
const LABEL_CHARS: usize = 26;

impl Strip {
    /// The content for one cluster, as far as the player knows it.
    #[must_use]
    pub fn of_player(player: &Player, cluster: usize) -> Self {
        let session = player.session();
        let known = player.judging().violations(session.run());
        let violations = known.iter().filter(|v| v.0 == cluster);
        let violations: Vec<_> = violations.map(|(_, what, at)| (*at, what.as_str())).collect();
        let commands = &session.run().commands;
        Self::of(&player.story(cluster), commands, session.frontier(), &violations)
    }

    /// The content for a run, up to the frontier of the simulation, with the violations that were
    /// found and their times.
    fn of(
        story: &Story,
        commands: &[Command],
        frontier: Time,
        violations: &[(Time, &str)],
    ) -> Self {
        let told = commands.last().map_or(Time::ZERO, |c| c.at);
        let end = scale::end(frontier.max(told));
        // The right end of the bands moves in steps of about four pixels.
        let grain = (end.as_us() / 250).max(1);
        let painted = Time::from_us((frontier.as_us() / grain + 1) * grain).min(end);
        let reigns = story.reigns();
        let piece = |b: &crate::story::Band| Piece {
            from: b.from,
            to: b.to,
            hue: Hue::of(Some(reigns[b.reign].term)),
            row: (b.row, b.rows),
        };
        let bands = bands(reigns, painted);
        let mut marks = marks(story, commands);
        marks.extend(violations.iter().map(|&(at, what)| violation(at, what)));
        Self { end, reigns: bands.iter().map(piece).collect(), marks }
    }
}

fn marks(story: &Story, commands: &[Command]) -> Vec<Mark> {
    let mut marks: Vec<Mark> =
        story.beats().iter().filter_map(|b| mark(b.at, b.kind, commands)).collect();
    if marks.len() > MOST_MARKS {
        marks.retain(|m| m.weight > 1);
        let excess = marks.len().saturating_sub(MOST_MARKS);
        marks.drain(..excess);
    }
    marks
}

/// The mark of a violation.
fn violation(at: Time, property: &str) -> Mark {
    let label = format!("\u{2717} {property}");
    Mark { at, class: AT_FAULT, shape: Shape::Badge, label, weight: 4 }
}

fn mark(at: Time, kind: BeatKind, commands: &[Command]) -> Option<Mark> {
    let said = |place: u32| {
        let command = commands.get(place as usize)?;
        Some(shortened(&language::print_statement(&command.statement)))
    };
    let shape = match kind {
        BeatKind::Election(..) => Shape::Dashed,
        BeatKind::Failure(_) => Shape::Crossed,
        _ => Shape::Line,
    };
    let tint = |term: Term| Hue::of(Some(term)).class();
    let mark = |class, label, weight| Some(Mark { at, class, shape, label, weight });
    match kind {
        BeatKind::Fault(place) => mark(FAULT, said(place)?, 3),
        BeatKind::Change(place) => mark(Hue::NONE.class(), said(place)?, 2),
        BeatKind::Led(n, term) => mark(tint(term), format!("{n} leads {term}"), 2),
        BeatKind::Election(_, term) => mark(tint(term), String::new(), 1),
        BeatKind::Failure(_) => mark(Fate::Failed.class(), String::new(), 1),
        BeatKind::Ask(_) => None,
    }
}

/// The first word of a long statement.
fn shortened(statement: &str) -> String {
    if statement.chars().count() <= LABEL_CHARS / 2 {
        return statement.to_owned();
    }
    statement.split(' ').next().unwrap_or_default().to_owned()
}

/// The middles of the labels that fit beside each other, in pixels, by mark. Heavier labels are
/// placed first, and of equal weight the later ones. A label stands above its mark, or else just
/// beside it.
#[must_use]
pub fn labels(strip: &Strip, width: f64) -> Vec<Option<f64>> {
    let letter = if width < WIDE { HALF_LETTER } else { HALF_LETTER * 16.0 / 13.5 };
    let mut shown = vec![None; strip.marks.len()];
    let mut taken: Vec<(f64, f64)> = Vec::new();
    let mut places: Vec<usize> =
        (0..strip.marks.len()).filter(|&i| !strip.marks[i].label.is_empty()).collect();
    let rank = |i: usize| (strip.marks[i].weight, i);
    order::by(&mut places, |&a, &b| rank(b).cmp(&rank(a)));
    for i in places {
        let mark = &strip.marks[i];
        let half = mark.label.chars().count() as f64 * letter + 4.0;
        let over = x(mark.at, strip.end, width);
        let fits = |middle: &f64| {
            let (left, right) = (middle - half, middle + half);
            left >= 0.0 && right <= width && taken.iter().all(|&(l, r)| right < l || left > r)
        };
        let found = [over, over + half - 4.0, over - half + 4.0].into_iter().find(fits);
        taken.extend(found.map(|m| (m - half, m + half)));
        shown[i] = found;
    }
    shown
}

/// The x of a time, in pixels.
#[must_use]
pub fn x(at: Time, end: Time, width: f64) -> f64 {
    at.as_us() as f64 / end.as_us().max(1) as f64 * width
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark_at(ms: u64, label: &str, weight: u8) -> Mark {
        Mark {
            at: Time::from_ms(ms),
            class: FAULT,
            shape: Shape::Line,
            label: label.into(),
            weight,
        }
    }

    #[test]
    fn labels_that_collide_yield_to_the_heavier() {
        let marks = vec![
            mark_at(100, "n1 leads 1", 2),
            mark_at(160, "crash n1", 3),
            mark_at(900, "heal", 2),
        ];
        let strip = Strip { end: Time::from_ms(1_000), reigns: Vec::new(), marks };
        let shown: Vec<_> = labels(&strip, 800.0).iter().map(Option::is_some).collect();
        assert_eq!(shown, [true, true, true], "one stands beside its mark");
        let narrow: Vec<_> = labels(&strip, 160.0).iter().map(Option::is_some).collect();
        assert_eq!(narrow, [false, true, true]);
    }

    #[test]
    fn long_statements_are_named_by_their_first_word() {
        assert_eq!(shortened("partition n1 n2 | n3 n4 n5"), "partition");
        assert_eq!(shortened("crash n1"), "crash n1");
    }
}
