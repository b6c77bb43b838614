//! Opens runs: the place of the playhead, and whether time runs.

use crate::kept::{self, Kept};
use crate::player::Player;
use crate::share;
use quorumscope_core::protocol::Fact;
use quorumscope_core::run::Run;
use quorumscope_core::script::link::Opened;
use quorumscope_core::session::Session;
use quorumscope_core::settings::Preset;
use quorumscope_core::time::{Span, Time};
use quorumscope_core::trace::What;

/// The time in which the first election of a new cluster is searched for.
const WATCHED: Time = Time::from_ms(2_000);
/// The virtual time between the playhead and that election.
const LEAD: Span = Span::from_ms(12);

/// Opens a preset shortly before its first election, and plays.
pub fn open(player: &Player, preset: Preset) {
    let run = Run::of(preset);
    let first = first_event(&run);
    player.load(run);
    player.seek(first);
    player.play();
}

/// A new player with a preset, which plays.
#[must_use]
pub fn fresh(preset: Preset) -> Player {
    let run = Run::of(preset);
    let first = first_event(&run);
    let player = Player::new(run);
    player.seek(first);
    if !share::stands_still() {
        player.play();
    }
    player
}

/// Loads the run of a link. If the run names a moment, the playhead goes there and stands still;
/// otherwise it plays.
pub fn load(player: &Player, run: Run) {
    let show = run.show;
    player.pause();
    let shown = player.clone();
    player.load_then(run, move |arrived| {
        let seen = show.and_then(|s| s.state).filter(|_| arrived.is_ok());
        if seen.is_some_and(|seen| seen != shown.session().hash()) {
            shown.complain(PLAYS_DIFFERENTLY.to_owned());
        }
    });
    if show.is_none() {
        player.play();
    }
}

/// How the page opens where the address names a run, which comes with the second module: the player,
/// and a problem to be told.
type Named = fn() -> (Player, Option<String>);

mod table {
    use super::{Named, named};

    crate::later::late!(Named = named as Named);
}

pub use table::install;

/// The player that the page opens with: the run that was on it before a reload, else the one in the
/// address, else a Raft cluster.
pub fn first_player() -> (Player, Option<String>) {
    match table::get().filter(|_| share::names_a_run() || kept::is_here()) {
        Some(named) => named(),
        None => (fresh(Preset::Raft), None),
    }
}

fn named() -> (Player, Option<String>) {
    if let Some(kept) = Kept::here() {
        let player = Player::new(Run::of(Preset::Raft));
        if kept.open(&player) {
            return (player, None);
        }
    }
    match share::from_address() {
        Ok(None) => (fresh(Preset::Raft), None),
        Ok(Some(opened)) => {
            let player = Player::new(Run::of(Preset::Raft));
            let problem = follow(&player, opened);
            (player, problem)
        }
        Err(why) => (fresh(Preset::Raft), Some(why)),
    }
}

/// Said of a link whose sharer saw something else.
const PLAYS_DIFFERENTLY: &str =
    "This link was made by another version of Quorumscope: the run plays differently here.";

/// Loads the run of a link. Returns a notice for the user, if there is one: that the run may play
/// differently. If it does play differently, a sentence says so once the playhead has arrived.
pub fn follow(player: &Player, opened: Opened) -> Option<String> {
    load(player, opened.run);
    opened.notice.map(str::to_owned)
}

/// The moment shortly before the first candidacy or pre-vote, so that nobody has to wait for it: at
/// the usual speed there is a leader a second or two later.
fn first_event(run: &Run) -> Time {
    let mut watched = Session::new(run.clone());
    watched.seek(WATCHED);
    let trace = watched.trace(0);
    let first = |wanted: fn(&Fact) -> bool| {
        let mut all = trace.iter_from(quorumscope_core::ids::EventId(0));
        all.find(|(_, e)| matches!(&e.what, What::Noted(_, fact) if wanted(fact)))
    };
    let stood = first(|fact| matches!(fact, Fact::Stood(_)));
    let moment = stood.or_else(|| first(|fact| matches!(fact, Fact::Canvassed(_))));
    moment.map_or(Time::ZERO, |(_, e)| e.at - LEAD)
}
