//! The README's links to runs: each shows at its end the result that the text claims.

mod play;

use play::{answers, data};
use quorumscope_core::check::Property;
use quorumscope_core::ids::{ClientId, NodeId};
use quorumscope_core::script::link;
use quorumscope_core::session::Session;
use quorumscope_core::time::Time;
use quorumscope_core::view::{verdict, verdict_on};
use quorumscope_core::world::{Status, World};

const README: &str = include_str!("../../README.md");

/// The links, in the order of the text.
fn links() -> Vec<&'static str> {
    README.split('`').filter(|span| span.starts_with("#v")).collect()
}

/// The end of a link's run, with the checks of the claims.
struct End(Session);

impl End {
    fn world(&self) -> &World {
        self.0.world(0)
    }

    /// A client received that answer.
    fn told(&self, line: &str) -> &Self {
        let answers = answers(self.world());
        assert!(answers.lines().any(|l| l == line), "expected {line} among\n{answers}");
        self
    }

    /// A node has that data.
    fn holds(&self, node: u16, expected: &str) -> &Self {
        assert_eq!(data(self.world(), node), expected, "at n{node}");
        self
    }

    fn is_down(&self, node: u16) -> &Self {
        assert_eq!(self.world().node(NodeId(node)).unwrap().status(), Status::Crashed);
        self
    }

    /// These nodes lead, and no others.
    fn led_by(&self, expected: &[u16]) -> &Self {
        let leads =
            |h: &&quorumscope_core::world::Host| h.machine().is_some_and(|m| m.sign().role.leads());
        let leading: Vec<u16> = self.world().nodes().filter(leads).map(|h| h.id().0).collect();
        assert_eq!(leading, expected);
        self
    }

    fn violates(&self, cluster: usize, property: Property) -> &Self {
        let found = verdict_on(&self.0, cluster, property).expect("it is judged");
        assert_eq!(found.holds, Some(false), "{property}: {}", found.text);
        self
    }

    fn violates_nothing(&self) -> &Self {
        for found in verdict(&self.0) {
            assert_ne!(found.holds, Some(false), "{}: {}", found.property, found.text);
        }
        self
    }

    /// Number of a client's operations that were answered since a time.
    fn answered(&self, cluster: usize, client: u16, since_ms: u64) -> usize {
        let since = Time::from_ms(since_ms);
        let operations = self.0.world(cluster).operations();
        let mine = operations.iter().filter(|o| o.client == ClientId(client));
        mine.filter(|o| o.took().is_some() && o.end.as_ref().is_some_and(|e| e.at > since)).count()
    }
}

/// The claim of a link: its first preset, and the checks at its end.
type Claim = (&'static str, fn(&End));

#[rustfmt::skip]
const CLAIMS: [Claim; 17] = [
    ("raft", |end| {
        end.told("c1 set x 2: Ok(Done)").is_down(4).led_by(&[5]).violates_nothing();
        for node in [1, 2, 3, 5] { end.holds(node, "x=2"); }
    }),
    ("raft", |end| { end.told("c1 get x: Ok(Read(Some(\"1\")))").violates(0, Property::Linearizability); }),
    ("write-all", |end| {
        end.told("c2 get name: Ok(Read(Some(\"Cody\")))").told("c2 get name: Ok(Read(Some(\"Ada\")))");
        end.is_down(3).holds(1, "name=Ada").holds(2, "name=Ada").violates_nothing();
    }),
    ("write-all", |end| {
        end.told("c1 set x 1: Ok(Done)").told("c2 get x: Ok(Read(None))");
        end.is_down(1).is_down(2).is_down(3).violates(0, Property::Linearizability);
    }),
    ("peers", |end| {
        for node in 1..=3 { end.holds(node, "x=2"); }
        end.told("c1 upd x 2: Ok(Done)").violates_nothing();
    }),
    ("peers", |end| {
        end.holds(1, "x=left").holds(2, "x=right").violates(0, Property::Convergence);
    }),
    ("ring", |end| {
        end.told("c1 get user1: Ok(Read(Some(\"Alice\")))").is_down(2).violates_nothing();
        assert_eq!(end.world().node(NodeId(6)).unwrap().status(), Status::Up);
    }),
    ("ring", |end| {
        end.told("c1 set x 2: Ok(Done)").told("c1 get x: Ok(Read(Some(\"1\")))");
        end.is_down(5).violates(0, Property::Linearizability);
    }),
    ("primary-backup", |end| {
        end.told("c1 get x: Ok(Read(Some(\"1\")))").is_down(3).led_by(&[2]).violates_nothing();
    }),
    ("primary-backup", |end| {
        end.told("c1 set x lost: Ok(Done)").told("c2 get x: Ok(Read(Some(\"kept\")))");
        end.led_by(&[2]).violates(0, Property::Linearizability);
    }),
    ("quorum", |end| {
        for node in 1..=3 { end.holds(node, "x=2"); }
        end.told("c2 get x: Ok(Read(Some(\"2\")))").violates_nothing();
    }),
    ("quorum", |end| {
        end.told("c2 set x new: Ok(Done)").told("c1 get x: Ok(Read(Some(\"old\")))");
        end.violates(0, Property::Linearizability);
    }),
    ("chain", |end| {
        for node in 1..=3 { end.holds(node, "x=12"); }
        end.told("c2 get x: Ok(Read(Some(\"12\")))").violates_nothing();
    }),
    ("chain", |end| {
        end.told("c1 set x 2: Ok(Done)").told("c2 get x: Ok(Read(Some(\"1\")))");
        end.violates(0, Property::Linearizability);
    }),
    ("election", |end| { end.led_by(&[5]).violates_nothing(); }),
    ("election", |end| { end.led_by(&[4, 5]); }),
    ("raft", |end| {
        let (raft, quorum) = (end.answered(0, 1, 2_100), end.answered(1, 1, 2_100));
        assert!(raft == 0 && quorum > 5, "answers to c1 behind the cut: {raft} and {quorum}");
        let linearizable = verdict_on(&end.0, 0, Property::Linearizability).unwrap();
        assert_eq!(linearizable.holds, Some(true), "{}", linearizable.text);
        end.violates(1, Property::Linearizability);
    }),
];

#[test]
fn every_link_shows_what_it_claims() {
    let links = links();
    assert_eq!(links.len(), CLAIMS.len(), "each link has a claim here, in the order of the text");
    for (link, (preset, claim)) in links.into_iter().zip(CLAIMS) {
        let opened = link::decode(link).unwrap_or_else(|e| panic!("{link}: {e}"));
        assert_eq!(opened.notice, None, "{link}");
        assert_eq!(opened.run.clusters[0].preset.name(), preset, "{link}");
        let show = opened.run.show.unwrap_or_else(|| panic!("{link} shows nothing"));
        let mut session = Session::new(opened.run);
        session.seek(show.at);
        println!("{link}");
        claim(&End(session));
    }
}
