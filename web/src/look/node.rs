//! The look of a node by its role, and the words for it. A leader is filled and crowned; a follower
//! is a ring; one of equals is a double ring; a learner is a thin ring; a candidate is a dashed
//! ring, and a pre-candidate a dotted one.

use super::{FAULT, Hue};
use quorumscope_core::protocol::{Role, Term};
use quorumscope_core::world::Status;

/// The figure of a role. On the stage it is the rim of a disc, along a lane a band with the same
/// rims.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    /// It leads.
    Leads,
    /// It follows a leader.
    Follows,
    /// It is one of equals.
    Equal,
    /// It has no vote yet.
    Learns,
    /// It stands for election.
    Stands,
    /// It asks whether it could win an election.
    Asks,
}

impl Figure {
    /// The figure of a role.
    #[must_use]
    pub const fn of(role: Role) -> Self {
        match role {
            Role::Leader | Role::Primary | Role::Head => Self::Leads,
            Role::Follower | Role::Backup | Role::Middle => Self::Follows,
            Role::Replica | Role::Active | Role::Tail => Self::Equal,
            Role::Learner
            | Role::Recover
            | Role::Recovered
            | Role::Joining
            | Role::Configurator => Self::Learns,
            Role::Candidate => Self::Stands,
            Role::PreCandidate => Self::Asks,
        }
    }

    /// The class.
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Self::Leads => "leads",
            Self::Follows => "follows",
            Self::Equal => "equal",
            Self::Learns => "learns",
            Self::Stands => "stands",
            Self::Asks => "asks",
        }
    }

    /// The height of its band along a lane, in pixels, and whether the band is filled.
    #[must_use]
    pub const fn band(self) -> (f64, bool) {
        match self {
            Self::Leads => (9.0, true),
            Self::Follows => (5.0, true),
            Self::Equal => (5.0, false),
            Self::Learns => (0.0, false),
            Self::Stands => (7.0, false),
            Self::Asks => (6.0, false),
        }
    }
}

/// The class of the label with a node's words.
#[must_use]
pub const fn plate(status: Status, hue: Hue) -> &'static str {
    match status {
        Status::Crashed => FAULT,
        Status::Up | Status::Paused => hue.class(),
        Status::Left => Hue::NONE.class(),
    }
}

/// The words for a status and the time at which it began.
#[must_use]
pub fn since(status: Status, moment: &str) -> String {
    match status {
        Status::Up | Status::Paused => format!("{} since {moment}", status.name()),
        Status::Crashed | Status::Left => format!("{} at {moment}", status.name()),
    }
}

/// The word for a status and role. A running client has none.
fn word(status: Status, role: Option<Role>) -> &'static str {
    match (status, role) {
        (Status::Up, Some(Role::PreCandidate)) => "pre-vote",
        (Status::Up, role) => role.map_or("", Role::name),
        (status, _) => status.name(),
    }
}

/// The words for a status and role where there is little room: `leader 2`, `pre-vote 3`, `crashed`.
#[must_use]
pub fn being(status: Status, role: Option<Role>, term: Option<Term>) -> String {
    told(status, role, term, " ")
}

/// The same words where there is room: `leader, term 2`.
#[must_use]
pub fn tag(status: Status, role: Option<Role>, term: Option<Term>) -> String {
    told(status, role, term, ", term ")
}

fn told(status: Status, role: Option<Role>, term: Option<Term>, between: &str) -> String {
    let word = word(status, role);
    match term.filter(|_| status == Status::Up) {
        Some(term) => format!("{word}{between}{term}"),
        None => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_words_short_and_long() {
        let two = Some(Term(2));
        let both = |status, role| (being(status, role, two), tag(status, role, two));
        let words = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        let leader = Some(Role::Leader);
        assert_eq!(both(Status::Up, leader), words("leader 2", "leader, term 2"));
        let asks = Some(Role::PreCandidate);
        assert_eq!(both(Status::Up, asks), words("pre-vote 2", "pre-vote, term 2"));
        assert_eq!(both(Status::Paused, leader), words("paused", "paused"));
        assert_eq!(both(Status::Crashed, None), words("crashed", "crashed"));
    }

    #[test]
    fn whoever_leads_looks_like_it() {
        for role in [Role::Leader, Role::Primary] {
            assert!(role.leads() && Figure::of(role) == Figure::Leads);
        }
    }
}
