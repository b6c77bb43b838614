//! A statement about a message acts in every cluster of a comparison, on each cluster's own message
//! of that number. The page says which messages these are before the statement runs.

use quorumscope_core::ids::MessageId;
use quorumscope_core::session::Session;

/// The messages of other clusters that such a statement acts on, in a sentence. None if there is
/// only one cluster.
#[must_use]
pub fn namesakes(session: &Session, cluster: usize, id: MessageId) -> Option<String> {
    let titles = super::titles(session.run());
    let others = titles.iter().enumerate().filter(|(other, _)| *other != cluster);
    let all: Vec<String> = others
        .map(|(other, title)| match session.world(other).flight(id) {
            Some(flight) => {
                let kind = flight.message.kind().name();
                format!("in {title} {id} is {kind} from {} to {}", flight.from, flight.to)
            }
            None => format!("in {title} no {id} is in flight"),
        })
        .collect();
    (!all.is_empty()).then(|| format!("Acts in every cluster: {}.", all.join("; ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language;
    use quorumscope_core::time::Time;

    fn said(script: &str, ms: u64, id: u64) -> Option<String> {
        let mut session = Session::new(language::run(script).expect("a script"));
        session.seek(Time::from_ms(ms));
        namesakes(&session, 0, MessageId(id))
    }

    #[test]
    fn it_is_said_what_a_message_of_that_number_is_elsewhere() {
        assert_eq!(said("cluster raft\n", 1_000, 1), None, "one cluster has no others");
        let both = "cluster peers latency=100ms\ncluster quorum latency=100ms\n@0s c1 set x 1\n";
        let sentence = said(both, 50, 1).expect("there are two");
        assert!(sentence.starts_with("Acts in every cluster: in Quorum N=3 R=2 W=2 m1 is "));
        let gone = said(both, 50, 999_999).expect("there are two");
        assert!(gone.ends_with("no m999999 is in flight."), "{gone}");
    }
}
