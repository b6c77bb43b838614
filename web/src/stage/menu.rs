//! The context menus of the stage: entries, and the statements that they run.

use super::Target;
use crate::scene::{BalancerScene, ClientScene, Cut, Scene};
use quorumscope_core::ids::{ClientId, NodeId};
use quorumscope_core::protocol::Role;
use quorumscope_core::settings::Preset;
use quorumscope_core::why::Question;
use quorumscope_core::world::Status;
use std::borrow::Cow;

/// The effect of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Runs a statement.
    Say(String),
    /// Puts the beginning of a statement into the console.
    Type(String),
    /// Shows the target in the panels.
    Inspect,
    /// Asks a question of `why`.
    Ask(Question),
}

/// An entry of a menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its label.
    pub name: Cow<'static, str>,
    /// Its effect.
    pub action: Action,
}

fn say(name: &'static str, statement: String) -> Item {
    Item { name: name.into(), action: Action::Say(statement) }
}

/// The title of a target's menu, and its entries.
#[must_use]
pub fn menu(scene: &Scene, target: Target) -> (String, Vec<Item>) {
    match target {
        Target::Node(id) => (id.to_string(), node(scene, id)),
        Target::Link(a, b) => (format!("link {a}-{b}"), link(scene, a, b)),
        Target::Message(id) => (format!("message {id}"), message(&id.to_string())),
        Target::Client(id) => (id.to_string(), client(scene, id)),
        Target::Balancer => {
            (scene.balancer.as_ref().map_or_else(String::new, BalancerScene::name), balancer(scene))
        }
    }
}

fn node(scene: &Scene, id: NodeId) -> Vec<Item> {
    let Some(node) = scene.node(id) else { return Vec::new() };
    let mut items = match node.status {
        Status::Up => {
            vec![say("Crash", format!("crash {id}")), say("Pause", format!("pause {id}"))]
        }
        Status::Paused => {
            vec![say("Resume", format!("resume {id}")), say("Crash", format!("crash {id}"))]
        }
        Status::Crashed => vec![say("Restart", format!("restart {id}"))],
        Status::Left => return Vec::new(),
    };
    let (all_cut, some_cut) = scene.cut_around(id);
    if !all_cut && scene.nodes.len() > 1 {
        items.push(say("Isolate", format!("isolate {id}")));
    }
    if some_cut {
        items.push(say("Reconnect", format!("heal {id}")));
    }
    items.push(say("Wipe disk", format!("wipe {id}")));
    if node.has_own_disk_time {
        items.push(say("Usual disk", format!("disk {id} usual")));
    } else if scene.preset.keeps_disk() {
        items.push(say("Slow disk", format!("disk {id} 200ms")));
    }
    let may_stand =
        matches!(node.role, Some(Role::Follower | Role::PreCandidate | Role::Candidate));
    if node.status == Status::Up && may_stand {
        items.push(say("Election timeout", format!("timeout {id}")));
    }
    let hands_over = scene.preset == Preset::Raft && node.role == Some(Role::Leader);
    if node.status == Status::Up && hands_over {
        let name = "Hand leadership to…";
        items.push(Item { name: name.into(), action: Action::Type(format!("transfer {id} ")) });
    }
    let can_be_asked = scene.preset.traits().has_data && node.status != Status::Crashed;
    if let Some(client) = scene.clients.first().filter(|_| can_be_asked) {
        items.push(say("Ask for x", format!("{} get x via {id}", client.id)));
    }
    items.push(Item { name: "Inspect".into(), action: Action::Inspect });
    items
}

fn link(scene: &Scene, a: NodeId, b: NodeId) -> Vec<Item> {
    let Some(link) = scene.link(a, b) else { return Vec::new() };
    let mut items = Vec::new();
    if link.cut != Cut::Both {
        items.push(say("Cut", format!("cut {a}-{b}")));
    }
    if link.cut == Cut::None {
        items.push(say("Cut one way, forth", format!("cut {a}>{b}")));
        items.push(say("Cut one way, back", format!("cut {b}>{a}")));
    }
    if link.cut != Cut::Both {
        items.push(say("Slow", format!("link {a}-{b} latency=80ms..120ms")));
        items.push(say("Lossy", format!("link {a}-{b} loss=30%")));
    }
    if link.cut != Cut::None || link.note.is_some() {
        items.push(say("Heal", format!("heal {a}-{b}")));
    }
    items
}

fn message(id: &str) -> Vec<Item> {
    vec![
        Item { name: "Inspect".into(), action: Action::Inspect },
        say("Drop", format!("drop {id}")),
        say("Duplicate", format!("duplicate {id}")),
        say("Deliver now", format!("deliver {id}")),
        say("Delay 50 ms", format!("delay {id} 50ms")),
        Item { name: "Delay by\u{2026}".into(), action: Action::Type(format!("delay {id} ")) },
    ]
}

fn client(scene: &Scene, id: ClientId) -> Vec<Item> {
    let mut items = Vec::new();
    if scene.preset.traits().has_data {
        items.push(say("Get x", format!("{id} get x")));
        items.push(say("Set x", format!("{id} set x 1")));
        let name = "Ask something…";
        items.push(Item { name: name.into(), action: Action::Type(format!("{id} ")) });
    }
    let Some(client) = scene.client(id) else { return items };
    let is_whole = |n: &NodeId| client.cut_from((*n).into()) == Cut::None;
    let reached: Vec<String> = scene.members().filter(is_whole).map(|n| n.to_string()).collect();
    if !reached.is_empty() {
        let all = format!("partition {id} | {}", reached.join(" "));
        items.push(say("Cut from all nodes", all));
    }
    if !client.cut.is_empty() {
        items.push(say("Reconnect", format!("heal {id}")));
    }
    items
}

fn balancer(scene: &Scene) -> Vec<Item> {
    let Some(balancer) = &scene.balancer else { return Vec::new() };
    let mut items = Vec::new();
    if let Some(ClientScene { id, .. }) = scene.clients.first() {
        items.push(say("Ask for x", format!("{id} get x via lb")));
        items.push(say("Set x", format!("{id} set x 1 via lb")));
    }
    let reached: Vec<String> =
        scene.members().filter(|n| !balancer.cut.contains(n)).map(|n| n.to_string()).collect();
    if !reached.is_empty() {
        let all = format!("partition lb | {}", reached.join(" "));
        items.push(say("Cut from all nodes", all));
        let name = "Cut from\u{2026}";
        items.push(Item { name: name.into(), action: Action::Type("cut lb-".into()) });
    }
    if !balancer.cut.is_empty() {
        items.push(say("Reconnect", "heal lb".into()));
    }
    items
}

#[cfg(test)]
mod tests {
    use super::*;
    use quorumscope_core::run::Run;
    use quorumscope_core::session::Session;
    use quorumscope_core::world::World;
    use std::rc::Rc;

    fn names(scene: &Scene, target: Target) -> Vec<&'static str> {
        let name = |item: Item| match item.name {
            Cow::Borrowed(name) => Some(name),
            Cow::Owned(_) => None,
        };
        menu(scene, target).1.into_iter().filter_map(name).collect()
    }

    #[test]
    fn a_node_that_is_up_can_crash_and_one_that_is_down_can_restart() {
        let world = World::new(&Run::of(Preset::Raft).clusters[0]);
        let mut scene = Scene::of(&world);
        let n1 = Target::Node(NodeId(1));
        assert!(names(&scene, n1).starts_with(&["Crash", "Pause", "Isolate", "Wipe disk"]));
        scene.nodes[0].status = Status::Crashed;
        let down = names(&scene, n1);
        assert!(down.contains(&"Restart") && !down.contains(&"Crash") && !down.contains(&"Pause"));
    }

    #[test]
    fn where_nothing_is_stored_nothing_is_asked_for() {
        for preset in Preset::ALL {
            let world = World::new(&Run::of(preset).clusters[0]);
            let scene = Scene::of(&world);
            let client = names(&scene, Target::Client(ClientId(1)));
            let node = names(&scene, Target::Node(NodeId(1)));
            let stores = preset != Preset::Election;
            assert_eq!(client.contains(&"Get x"), stores, "{preset}");
            assert_eq!(client.contains(&"Set x"), stores, "{preset}");
            assert_eq!(node.contains(&"Ask for x"), stores, "{preset}");
            assert!(client.contains(&"Cut from all nodes"), "{preset}");
        }
    }

    #[test]
    fn a_client_is_cut_off_and_reconnected() {
        let mut session = Session::new(Run::of(Preset::Raft));
        for (name, cut) in [("Cut from all nodes", 5), ("Reconnect", 0)] {
            let scene = Scene::of(session.world(0));
            let items = menu(&scene, Target::Client(ClientId(1))).1;
            let item = items.into_iter().find(|item| item.name == name).expect(name);
            let Action::Say(statement) = item.action else { panic!("{name} says nothing") };
            for statement in crate::language::statements(&statement, session.run()).expect(name) {
                session.enter(statement).expect(name);
            }
            let scene = Scene::of(session.world(0));
            assert_eq!(scene.clients[0].cut.len(), cut, "{name}");
            assert_eq!(scene.camps.len(), if cut > 0 { 2 } else { 0 }, "{name}");
        }
    }

    #[test]
    fn a_disk_is_slow_until_it_is_as_usual_again() {
        let mut session = Session::new(Run::of(Preset::Raft));
        let entry = |session: &Session| {
            let items = menu(&Scene::of(session.world(0)), Target::Node(NodeId(1))).1;
            let disk = items
                .into_iter()
                .find(|item| item.name.ends_with(" disk") && item.name != "Wipe disk");
            match disk.expect("there is an entry for the disk").action {
                Action::Say(statement) => statement,
                other => panic!("{other:?}"),
            }
        };
        for expected in ["disk n1 200ms", "disk n1 usual", "disk n1 200ms"] {
            assert_eq!(entry(&session), expected);
            for statement in crate::language::statements(expected, session.run()).expect(expected) {
                session.enter(statement).expect("it can be done");
            }
        }
        let peers = World::new(&Run::of(Preset::Peers).clusters[0]);
        assert!(!names(&Scene::of(&peers), Target::Node(NodeId(1))).contains(&"Slow disk"));
    }

    #[test]
    fn a_leader_can_hand_over() {
        let mut session = Session::new(Run::of(Preset::Raft));
        session.seek(quorumscope_core::time::Time::from_ms(1_000));
        let world = session.world(0);
        let scene = Scene::of(world);
        let may = |id| names(&scene, Target::Node(id)).contains(&"Hand leadership to…");
        let leader = world.leader().expect("somebody leads");
        assert!(world.nodes().all(|host| may(host.id()) == (host.id() == leader)));
    }

    #[test]
    fn the_balancer_is_asked_cut_off_and_reconnected() {
        let script = "cluster ring nodes=4 balancer=on\n";
        let mut session = Session::new(crate::language::run(script).expect("a script"));
        let entries = |session: &Session| menu(&Scene::of(session.world(0)), Target::Balancer).1;
        let said = |items: Vec<Item>, wanted: &str| {
            let item = items.into_iter().find(|item| item.name == wanted)?;
            match item.action {
                Action::Say(statement) => Some(statement),
                _ => None,
            }
        };
        assert_eq!(said(entries(&session), "Reconnect"), None);
        for (name, statement) in [
            ("Ask for x", "c1 get x via lb"),
            ("Set x", "c1 set x 1 via lb"),
            ("Cut from all nodes", "partition lb | n1 n2 n3 n4"),
            ("Reconnect", "heal lb"),
        ] {
            assert_eq!(said(entries(&session), name).as_deref(), Some(statement));
            let read = crate::language::statements(statement, session.run()).expect(statement);
            for statement in read {
                session.enter(statement).expect("it can be done");
            }
        }
        assert_eq!(said(entries(&session), "Reconnect"), None);
    }

    #[test]
    fn what_is_cut_can_be_healed() {
        let world = World::new(&Run::of(Preset::Raft).clusters[0]);
        let mut scene = Scene::of(&world);
        let link = Target::Link(NodeId(1), NodeId(2));
        assert!(!names(&scene, link).contains(&"Heal"));
        Rc::make_mut(&mut scene.links)[0].cut = Cut::Both;
        assert_eq!(names(&scene, link), ["Heal"]);
        assert!(names(&scene, Target::Node(NodeId(2))).contains(&"Reconnect"));
    }
}
