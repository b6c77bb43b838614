//! The script that a hunt begins with.

use crate::language;
use crate::player::Player;
use quorumscope_core::hunt::Options;
use quorumscope_core::run::{Command, Run, Statement};
use quorumscope_core::time::Time;

/// The options for the player's run: from the start, or from the playhead on.
#[must_use]
pub fn options(player: &Player, cluster: usize, from_here: bool) -> Options {
    let session = player.session();
    let run = Run { show: None, ..session.run().clone() };
    let from_us = from_here.then(|| session.now().as_us());
    Options { cluster, from_us, ..Options::of(&language::print(&run)) }
}

/// The options that show the purpose of a rule: it is broken from the start, and a failure counts
/// only if it does not happen with the rule followed.
#[must_use]
pub fn without_rule(player: &Player, cluster: usize, name: &str, breaks: Option<&str>) -> Options {
    let session = player.session();
    let mut run = Run { show: None, ..session.run().clone() };
    let place = run.commands.partition_point(|c| c.at == Time::ZERO);
    let statement = Statement::Rule(name.into(), false);
    run.commands.insert(place, Command { at: Time::ZERO, statement });
    Options {
        cluster,
        properties: breaks.into_iter().map(str::to_owned).collect(),
        because_of: Some(name.to_owned()),
        ..Options::of(&language::print(&run))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use quorumscope_core::hunt::{Hunt, Step};

    fn player(script: &str) -> Player {
        Player::new(language::run(script).expect("the script is right"))
    }

    #[test]
    fn a_hunt_of_the_page_finds_a_lost_write() {
        let player = player("cluster primary-backup replication=async\n");
        let options =
            Options { properties: vec!["lost-writes".into()], ..options(&player, 0, false) };
        let mut hunt = Hunt::new(&options).expect("the options are right");
        let finding = (0..100_000).find_map(|_| match hunt.step() {
            Step::Found(finding) => Some(finding),
            _ => None,
        });
        let finding = finding.expect("asynchronous replication loses a write");
        assert_eq!(finding.property, "lost-writes");
        let run = language::run(&finding.script).expect("the script of a finding is right");
        let mut session = player.session().clone();
        assert_eq!(session.branch_off(&finding.kind, run), Ok(Time::ZERO));
        assert_eq!(session.branches()[1].name, finding.kind);
    }

    #[test]
    fn a_rule_is_broken_from_the_start() {
        let player = player("cluster raft seed=3\n");
        let options = without_rule(&player, 0, "vote-once", Some("election-safety"));
        assert!(options.script.contains("@0s rule vote-once off"), "{}", options.script);
        assert!(Hunt::new(&options).is_ok());
    }
}
