//! Every possible question at any moment of a random run is answered, and the claims of the answer
//! about nodes, links and entries hold at that moment.

mod anything;
mod seeds;

use anything::{END_MS, script};
use quorumscope_core::explain::Scene;
use quorumscope_core::ids::NodeId;
use quorumscope_core::protocol::{Index, Machine, raft};
use quorumscope_core::rng::{Concern, Rng};
use quorumscope_core::script::parse;
use quorumscope_core::session::Session;
use quorumscope_core::time::Time;
use quorumscope_core::why::{self, Answer, Question};
use quorumscope_core::world::{Host, Status, World};

/// All questions of menus, and those that the console adds.
fn questions(scene: &Scene<'_>) -> Vec<Question> {
    let world = scene.world;
    let nodes: Vec<NodeId> = world.nodes().map(Host::id).collect();
    let mut offers = vec![("".to_owned(), Question::Now), ("".to_owned(), Question::NoLeader)];
    for &n in &nodes {
        offers.extend(why::of_node(scene, n));
        for &m in nodes.iter().filter(|&&m| m > n) {
            offers.extend(why::of_link(world, n, m));
        }
        for index in entries(world, n) {
            offers.push(("".into(), Question::Entry(index, Some(n))));
        }
        for key in anything::KEYS {
            offers.push(("".into(), Question::Key(key.into(), Some(n))));
        }
    }
    if world.balancer().is_some() {
        offers.extend(why::of_balancer(scene));
    }
    for client in world.clients() {
        offers.extend(why::of_client(world, client.id()));
    }
    offers.into_iter().map(|(_, question)| question).collect()
}

fn server(world: &World, n: NodeId) -> Option<&raft::Server> {
    match world.node(n)?.machine()? {
        Machine::Raft(server) => Some(server),
        _ => None,
    }
}

/// The first entry that a server does not know to be committed, and the last of its log.
fn entries(world: &World, n: NodeId) -> Vec<Index> {
    let Some(server) = server(world, n) else { return Vec::new() };
    let last = server.log().last_index();
    let first = Index(server.commit().0 + 1);
    if last == Index(0) { Vec::new() } else { vec![first.min(last), last] }
}

/// The nodes in `n1, n2 and n4` or `n1–n3`.
fn named(list: &str) -> Option<Vec<NodeId>> {
    let mut nodes = Vec::new();
    for part in list.replace(" and ", ", ").split(", ") {
        let number = |word: &str| word.strip_prefix('n')?.parse::<u16>().ok();
        match part.split_once('\u{2013}') {
            Some((low, high)) => nodes.extend((number(low)?..=number(high)?).map(NodeId)),
            None => nodes.push(NodeId(number(part)?)),
        }
    }
    Some(nodes)
}

/// The nodes that a clause names as the subject of `said`.
fn subjects(clause: &str, said: &str) -> Vec<NodeId> {
    let before = clause.split(said).next().filter(|_| clause.contains(said));
    // The list of names stands directly before: `n4 has it: n1 and n2`.
    let before = before.map(|text| text.rsplit(": ").next().unwrap_or(text));
    before.and_then(named).unwrap_or_default()
}

/// A false claim of a clause, if there is one.
fn false_claim(world: &World, clause: &str) -> Option<String> {
    let status = |n: NodeId| world.node(n).map(Host::status);
    let claims = [
        (" is down since", Status::Crashed),
        (" are down since", Status::Crashed),
        (" is paused since", Status::Paused),
        (" are paused since", Status::Paused),
        (" left the cluster at", Status::Left),
    ];
    for (said, wanted) in claims {
        let wrong = subjects(clause, said).into_iter().find(|&n| status(n) != Some(wanted));
        if let Some(n) = wrong {
            return Some(format!("{n} is {:?}", status(n)));
        }
    }
    if clause.contains("cannot be reached since") {
        let who = subjects(clause, " cannot be reached since");
        let is_cut = |n: NodeId| {
            let all = world.nodes().map(|h| h.id().into());
            let all = all.chain(world.clients().map(|c| c.id().into()));
            let mut all = all.chain([quorumscope_core::ids::Addr::Balancer]);
            all.any(|from| world.links().is_cut(from, n.into()))
        };
        if let Some(n) = who.into_iter().find(|&n| !is_cut(n)) {
            return Some(format!("no link to {n} is cut"));
        }
    }
    if clause.contains(" writing first") {
        let wrong = subjects(clause, " is writing first").into_iter();
        let mut wrong = wrong.chain(subjects(clause, " are writing first"));
        let idle =
            |n: NodeId| world.node(n).is_none_or(|h| h.disk().durable() == h.disk().written());
        return wrong.find(|&n| idle(n)).map(|n| format!("the disk of {n} is idle"));
    }
    None
}

/// Whether some running server knows the entry of another server at an index to be committed.
fn is_committed(world: &World, n: NodeId, index: Index) -> bool {
    let Some(own) = server(world, n).and_then(|s| s.log().term(index)) else { return false };
    let nodes = world.nodes().filter_map(|h| server(world, h.id()));
    nodes.into_iter().any(|s| s.commit() >= index && s.log().term(index) == Some(own))
}

/// A false statement in the answer to a question about an entry, or about the leader.
fn false_answer(world: &World, answer: &Answer) -> Option<String> {
    let said = &answer.sentence;
    match answer.question {
        Question::Entry(index, Some(n)) => {
            let denies = said.contains("is not committed") || said.contains("can never be");
            (denies && is_committed(world, n, index)).then(|| "it is committed".to_owned())
        }
        Question::NoLeader => {
            let none = said.starts_with("There is no ");
            (none && world.leader().is_some()).then(|| "there is one".to_owned())
        }
        Question::Node(n) => {
            let leads = [" is leader", " is primary", " is coordinator"];
            let says = leads.iter().any(|role| said.starts_with(&format!("{n}{role}")));
            let sign = world
                .node(n)
                .and_then(Host::machine)
                .map(quorumscope_core::protocol::Machine::sign);
            (says && !sign.is_some_and(|s| s.role.leads())).then(|| format!("{n} does not lead"))
        }
        _ => None,
    }
}

#[test]
fn every_offer_is_answered_and_what_it_says_holds() {
    let mut asked = 0;
    for seed in seeds::seeds().take(120) {
        let (_, script) = script(seed);
        let run = parse(&script).unwrap_or_else(|e| panic!("{e}\n{script}"));
        let mut session = Session::new(run);
        let mut rng = Rng::new(seed, Concern::Script);
        let mut moments: Vec<u64> = (0..12).map(|_| rng.between(50, END_MS)).collect();
        moments.sort_unstable();
        for ms in moments {
            session.seek(Time::from_ms(ms));
            let scene = Scene::of(&session, 0);
            for question in questions(&scene) {
                asked += 1;
                let replay = format!("seed {seed}, {ms} ms, why {question:?}\n{script}");
                let answer =
                    why::why(&scene, &question).unwrap_or_else(|e| panic!("{e}: {replay}"));
                assert!(answer.sentence.len() > 5, "{answer:?}: {replay}");
                let missing = answer
                    .missing
                    .iter()
                    .find_map(|clause| Some((clause, false_claim(scene.world, clause)?)));
                assert_eq!(missing, None, "{answer}{replay}");
                let sentence = false_claim(scene.world, &answer.sentence)
                    .or_else(|| false_answer(scene.world, &answer));
                assert_eq!(sentence, None, "{answer}{replay}");
                assert!(answer.missing.iter().all(|clause| !clause.is_empty()), "{answer}{replay}");
            }
        }
    }
    assert!(asked > 1_000, "only {asked} questions");
}
