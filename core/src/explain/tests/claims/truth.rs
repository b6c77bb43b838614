//! The truth of a claim, by the World alone: by independent arithmetic, and by continuing a copy of
//! the World.

use crate::client::Operation;
use crate::explain::{Claim, Keys, Serves};
use crate::ids::{Addr, ClientId, NodeId, OperationId};
use crate::protocol::raft::{Payload, Server};
use crate::protocol::{Kind, Machine, Outcome, Role, Sign, Term};
use crate::rng::Ppm;
use crate::run::{Command, Statement};
use crate::store::{Answer, Op, Request, Word};
use crate::time::{Span, Time};
use crate::trace::What;
use crate::world::{Host, Status, World};

/// The error of a claim; Ok where it holds. `deep` also continues a copy of the World.
pub fn check(world: &World, claim: &Claim, deep: bool) -> Result<(), String> {
    state(world, claim)?;
    if deep { future(world, claim) } else { Ok(()) }
}

fn hold(holds: bool, otherwise: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(otherwise()) }
}

fn status(world: &World, n: NodeId) -> Status {
    world.node(n).map_or(Status::Left, Host::status)
}

fn up(world: &World) -> Vec<NodeId> {
    world.nodes().map(Host::id).filter(|&n| status(world, n) == Status::Up).collect()
}

/// Whether a message from one can get to the other.
fn gets(world: &World, from: impl Into<Addr>, to: impl Into<Addr>) -> bool {
    let (from, to) = (from.into(), to.into());
    let links = world.links();
    from == to || !(links.is_cut(from, to) || links.behaviour(from, to).loss == Ppm::ALWAYS)
}

fn talks(world: &World, a: impl Into<Addr> + Copy, b: impl Into<Addr> + Copy) -> bool {
    gets(world, a, b) && gets(world, b, a)
}

fn sign(world: &World, n: NodeId) -> Option<Sign> {
    Some(world.node(n).filter(|h| h.status() == Status::Up)?.machine()?.sign())
}

fn raft(world: &World, n: NodeId) -> Option<&Server> {
    match world.node(n)?.machine()? {
        Machine::Raft(server) => Some(server),
        _ => None,
    }
}

/// The running nodes that believe that they lead, and their terms.
fn leaders(world: &World) -> Vec<(NodeId, Option<Term>)> {
    let leads = |n: NodeId| sign(world, n).filter(|s| s.role.leads()).map(|s| (n, s.term));
    up(world).into_iter().filter_map(leads).collect()
}

fn holds_value(world: &World, n: NodeId, key: &Word) -> Option<Word> {
    let machine = world.node(n).filter(|h| h.status() == Status::Up)?.machine()?;
    machine.view(0).data.into_iter().find(|(k, _)| k == key).map(|(_, v)| v)
}

/// Numbers of voters that a leader can count on, and whether they are a majority of each half.
fn counted(world: &World, leader: NodeId) -> Option<(usize, usize, bool)> {
    let configuration = raft(world, leader)?.members().configuration();
    let good = |n: NodeId| status(world, n) == Status::Up && talks(world, leader, n);
    let voters: Vec<NodeId> = configuration.voters().iter().collect();
    let half = |half: &[NodeId]| 2 * half.iter().filter(|&&n| good(n)).count() > half.len();
    let old: Vec<NodeId> =
        configuration.transition().map(|t| t.outgoing.iter().collect()).unwrap_or_default();
    let both = half(&voters) && (old.is_empty() || half(&old));
    Some((voters.iter().filter(|&&n| good(n)).count(), voters.len(), both))
}

/// The chain of the highest version that some node knows.
fn newest_chain(world: &World) -> Vec<NodeId> {
    let mut newest = (0, Vec::new());
    for host in world.nodes() {
        if let Some(Machine::Chain(server)) = host.machine()
            && let Some(config) = server.config()
            && config.version > newest.0
        {
            newest = (config.version, config.chain.iter().map(|m| m.node).collect());
        }
    }
    newest.1
}

/// Checks a claim against the World at its present moment.
fn state(world: &World, claim: &Claim) -> Result<(), String> {
    let ups = up(world);
    match claim {
        Claim::General(_) => Ok(()),
        Claim::Run(some, of) => {
            let present = world.nodes().filter(|h| h.status() != Status::Left).count();
            hold(*some == ups.len() && *of == present, || format!("{} of {present} run", ups.len()))
        }
        Claim::Chain(chain) => {
            let all_run = chain.iter().all(|&n| status(world, n) == Status::Up);
            hold(all_run && newest_chain(world) == *chain, || "the chain is another".into())
        }
        Claim::ChainStalls(away) => {
            let chain = newest_chain(world);
            let named = |n: &NodeId| away.contains(n) != (status(world, *n) == Status::Up);
            hold(!away.is_empty() && chain.iter().all(named), || format!("{chain:?} is the chain"))
        }
        Claim::NoConfigurator(n) => {
            let is_it = world.settings().chain.configurator == n.0;
            hold(is_it && status(world, *n) != Status::Up, || format!("{n} runs"))
        }
        Claim::NoneRuns => hold(ups.is_empty(), || format!("{ups:?} run")),
        Claim::Away { down, paused } => {
            let all = |who: &[NodeId], s| who.iter().all(|&n| status(world, n) == s);
            let named = |n: &NodeId| down.contains(n) || paused.contains(n);
            let is_away =
                |n: &NodeId| matches!(status(world, *n), Status::Crashed | Status::Paused);
            let complete = world.preset() == crate::settings::Preset::Raft
                || world.members().iter().all(|n| named(n) == is_away(n));
            hold(all(down, Status::Crashed) && all(paused, Status::Paused) && complete, || {
                "others are away".into()
            })
        }
        Claim::Sides(sides) => {
            let apart = sides.iter().enumerate().all(|(i, one)| {
                sides[i + 1..]
                    .iter()
                    .flatten()
                    .all(|&b| one.iter().all(|&a| !gets(world, a, b) && !gets(world, b, a)))
            });
            let all: usize = sides.iter().map(Vec::len).sum();
            let present = world.nodes().filter(|h| h.status() != Status::Left).count();
            hold(sides.len() > 1 && apart && all == present, || "they talk".into())
        }
        Claim::Cut(a, b, both) => {
            let links = world.links();
            let back = links.is_cut(*b, *a);
            hold(links.is_cut(*a, *b) && back == *both, || "the link is otherwise".into())
        }
        Claim::Cuts(some) => {
            let links = world.links();
            let all: Vec<Addr> = world.nodes().map(|h| h.id().into()).collect();
            let clients: Vec<Addr> = world.clients().map(|c| c.id().into()).collect();
            let pairs = all
                .iter()
                .enumerate()
                .flat_map(|(i, &a)| all[i + 1..].iter().chain(&clients).map(move |&b| (a, b)));
            let cut = pairs.filter(|&(a, b)| links.is_cut(a, b) || links.is_cut(b, a)).count();
            hold(*some <= cut && *some > 2, || format!("{cut} are cut"))
        }
        Claim::CutOff(who) => {
            let hears = |a: Addr| {
                let present = world.nodes().filter(|h| h.status() != Status::Left).map(Host::id);
                present.into_iter().any(|n| gets(world, a, n) || gets(world, n, a))
            };
            hold(!who.iter().any(|&a| hears(a)), || "one hears a node".into())
        }
        Claim::Leads(n, term, _) => {
            let all = leaders(world);
            let later = |(m, t): &(NodeId, Option<Term>)| {
                m != n && *t > sign(world, *n).and_then(|s| s.term)
            };
            let leads = all.iter().any(|(m, t)| m == n && (term.is_none() || t == term));
            // In elections by id two nodes can coordinate at once, which the headline mentions.
            let rightly = term.is_none() || !all.iter().any(later);
            hold(leads && rightly, || format!("leaders: {all:?}"))
        }
        Claim::NobodyLeads(_) => hold(leaders(world).is_empty(), || "somebody does".into()),
        Claim::Stands(n, term) => {
            let stands = sign(world, *n)
                .is_some_and(|s| s.role == Role::Candidate && s.term.is_none_or(|t| t == *term));
            hold(stands, || format!("{:?}", sign(world, *n)))
        }
        Claim::Heartbeats(n, every) => {
            let leads = sign(world, *n).is_some_and(|s| s.role.leads());
            hold(leads && world.settings().heartbeat == *every, || "it does not lead".into())
        }
        Claim::Alone(n) => {
            let others = world.nodes().filter(|h| h.status() != Status::Left).count() - 1;
            let voters = raft(world, *n).map_or(1, |s| s.members().configuration().voters().len());
            hold(others == 0 || voters == 1, || "it is not alone".into())
        }
        Claim::SeveralLead(who, _) => {
            let all: Vec<NodeId> = leaders(world).into_iter().map(|(n, _)| n).collect();
            hold(all == *who && who.len() > 1, || format!("{all:?} do"))
        }
        Claim::Holds(key, values, none) => {
            let right = values.iter().all(|(value, nodes)| {
                nodes.iter().all(|&n| holds_value(world, n, key).as_ref() == Some(value))
            });
            let without = none.iter().all(|&n| holds_value(world, n, key).is_none());
            hold(right && without, || "they hold something else".into())
        }
        Claim::OwnersAway(who) => {
            let away = who.iter().all(|&n| status(world, n) != Status::Up);
            hold(away && !who.is_empty(), || "one runs".into())
        }
        Claim::Serves(sides) => sides.iter().try_for_each(|side| serves(world, side)),
        Claim::ReadsMeet(r, w, n) => {
            let set = &world.settings().quorum;
            hold((set.r, set.w, set.n) == (*r, *w, *n) && r + w > *n, || "not as it is set".into())
        }
        _ => of_reach(world, claim),
    }
}

/// Checks claims about reachability.
fn of_reach(world: &World, claim: &Claim) -> Result<(), String> {
    match claim {
        Claim::Believes(n, term) => {
            let mine = sign(world, *n).filter(|s| s.role.leads() && s.term == Some(*term));
            let later = leaders(world).iter().any(|(m, t)| m != n && *t > Some(*term));
            hold(mine.is_some() && later, || "it does not, or rightly".into())
        }
        Claim::KnowsLater(n, by, term) => {
            let knows = raft(world, *by).is_some_and(|s| s.term() == *term);
            let later = raft(world, *n).is_some_and(|s| s.term() < *term);
            let up = status(world, *by) == Status::Up;
            hold(knows && later && up && talks(world, *n, *by), || "it does not".into())
        }
        Claim::CannotCommit(n, reached, of, need) => {
            let (some, all, enough) = counted(world, *n).ok_or("it does not run")?;
            let right = (some, all) == (*reached, *of) && *need == all / 2 + 1;
            hold(right && !enough, || format!("it reaches {some} of {all}"))
        }
        Claim::CannotCommitJointly(n) => {
            let (.., enough) = counted(world, *n).ok_or("it does not run")?;
            hold(!enough, || "it reaches enough".into())
        }
        Claim::WritesWait(n, clients) => {
            let server = raft(world, *n).ok_or("it does not run")?;
            clients.iter().try_for_each(|&c| {
                let open = world.clients().find(|s| s.id() == c).and_then(|s| s.open());
                let lies = open.is_some_and(|op| lies_uncommitted(server, op));
                hold(lies, || format!("{c} has nothing there"))
            })
        }
        Claim::Counts(n, index, (have, of, need), durable) => {
            let server = raft(world, *n).ok_or("it does not run")?;
            let voters = server.members().configuration().voters();
            let last = server.log().last();
            let holds = |m: NodeId| {
                status(world, m) == Status::Crashed
                    || raft(world, m).is_some_and(|s| s.log().holds(last))
            };
            let copies = voters.iter().filter(|&m| holds(m)).count();
            let waits = last.index == *index && server.commit() < *index;
            let sums = voters.len() == *of && *need == of / 2 + 1 && *have < *need;
            let fsync = *durable == world.settings().fsync;
            hold(waits && sums && fsync && *have <= copies, || format!("{copies} have it"))
        }
        Claim::Tolerates(n, (reached, of, need), more) => {
            let (some, all, _) = counted(world, *n).ok_or("it does not run")?;
            hold((some, all) == (*reached, *of) && *need == all / 2 + 1, || "counts".into())?;
            more.map_or(Ok(()), |more| survives(world, *n, more))
        }
        Claim::TooFewRun(some, of, need) | Claim::TooFewReached(some, of, need) => {
            hold(some < need && *need == of / 2 + 1, || "enough".into())
        }
        Claim::ClientsWait(_) => hold(leaders(world).is_empty(), || "somebody leads".into()),
        Claim::Deaf(who, leader) | Claim::DeafToPrimary(who, leader) => {
            let deaf =
                who.iter().all(|&n| !gets(world, *leader, n) && status(world, n) == Status::Up);
            hold(deaf, || "they hear it".into())
        }
        Claim::Unheard(who, leader) | Claim::PrimaryDeaf(leader, who) => {
            let one_way = |&n: &NodeId| gets(world, *leader, n) && !gets(world, n, *leader);
            hold(who.iter().all(one_way), || "not one way only".into())
        }
        Claim::Apart(who, primary) => {
            let both = |&n: &NodeId| !gets(world, *primary, n) && !gets(world, n, *primary);
            hold(who.iter().all(both), || "one hears the other".into())
        }
        Claim::OnlyCopy(n) => {
            let other = |&m: &NodeId| m != *n && talks(world, *n, m);
            hold(!up(world).iter().any(other), || "another is in reach".into())
        }
        Claim::TooFewBackups(n, have, need) => {
            let others = up(world).into_iter().filter(|&m| m != *n && talks(world, *n, m)).count();
            hold(others == *have && have < need, || format!("it reaches {others}"))
        }
        other => panic!("nothing checks {other:?}"),
    }
}

/// Whether an operation's entry lies behind the commit index of a server.
fn lies_uncommitted(server: &Server, operation: OperationId) -> bool {
    let is_it = |payload: &Payload| match payload {
        Payload::Command(command) => command.operation == operation,
        _ => false,
    };
    server.log().tail(usize::MAX).any(|(i, e)| i > server.commit() && is_it(&e.payload))
}

/// Checks that the rest can elect and commit after the loss of any `more` voters, but not of one
/// more.
fn survives(world: &World, leader: NodeId, more: usize) -> Result<(), String> {
    let server = raft(world, leader).ok_or("it does not run")?;
    let voters: Vec<NodeId> = server.members().configuration().voters().iter().collect();
    let need = voters.len() / 2 + 1;
    let alive: Vec<NodeId> =
        voters.into_iter().filter(|&n| status(world, n) == Status::Up).collect();
    let works = |gone: u32| {
        let left: Vec<NodeId> =
            alive.iter().enumerate().filter(|(i, _)| gone & 1 << i == 0).map(|(_, n)| *n).collect();
        left.iter().any(|&a| left.iter().filter(|&&b| talks(world, a, b)).count() >= need)
    };
    let sets = 0..1_u32 << alive.len();
    let all = |size: usize| sets.clone().filter(|s| s.count_ones() as usize == size).all(works);
    hold(all(more) && !all(more + 1), || format!("not {more} more of {alive:?}"))
}

/// Checks that a side can serve exactly the keys of the claim.
fn serves(world: &World, said: &Serves) -> Result<(), String> {
    let set = &world.settings().quorum;
    let nodes = world.nodes().count();
    let homes = |key: &str| {
        let place = crate::hash_ring::position(key.as_bytes());
        let first = ((u128::from(place) * nodes as u128) >> 64) as usize;
        (0..usize::from(set.n)).map(move |i| NodeId((1 + (first + i) % nodes) as u16))
    };
    let alive: Vec<NodeId> =
        said.side.iter().copied().filter(|&n| status(world, n) == Status::Up).collect();
    let have = |key: &str| match set.sloppy {
        true => alive.len(),
        false => homes(key).filter(|n| alive.contains(n)).count(),
    };
    let known = ["x", "y", "k7"];
    let check = |keys: &Keys, enough: u16| {
        known.iter().all(|key| {
            let can = have(key) >= usize::from(enough) && !alive.is_empty();
            match keys {
                Keys::All => can,
                Keys::None => {
                    // Without any key held the claim is about all keys, such as these.
                    !can || world
                        .nodes()
                        .all(|h| holds_value(world, h.id(), &(*key).into()).is_none())
                }
                Keys::These(some) => {
                    let named = some.iter().any(|k| **k == **key);
                    let held =
                        world.nodes().any(|h| holds_value(world, h.id(), &(*key).into()).is_some());
                    if named { can } else { !held || !can }
                }
                Keys::Ranges(some, of) => some < of && *some > 0,
            }
        })
    };
    hold(check(&said.reads, set.r) && check(&said.writes, set.w), || format!("{said:?}"))
}

/// The client that only the test uses.
fn prober() -> ClientId {
    ClientId(super::runs::CLIENTS as u16)
}

/// A copy of the World, in which the test's client makes a request.
struct Probe {
    world: World,
    operation: Option<OperationId>,
}

impl Probe {
    fn ask(world: &World, op: Op, key: &str, via: NodeId) -> Self {
        let mut world = world.clone();
        world.set_recording(false);
        let request = Request { key: key.into(), op };
        let statement = Statement::Ask { client: prober(), request, via: Some(via.into()) };
        let at = world.now();
        while world.next_due().is_some_and(|due| due <= at) {
            world.step();
        }
        let before = world.operations().len();
        world.execute(&Command { at, statement });
        let operation = (world.operations().len() > before)
            .then(|| OperationId(world.operations().len() as u32));
        Self { world, operation }
    }

    /// Lets time pass; ends early when `goes_on` returns false.
    fn run(&mut self, span: Span, mut goes_on: impl FnMut(&World) -> bool) {
        let until = self.world.now() + span;
        while self.world.next_due().is_some_and(|due| due <= until) {
            self.world.step();
            if !goes_on(&self.world) {
                return;
            }
        }
    }

    fn outcome(&self) -> Option<&Outcome> {
        Some(&self.world.operation(self.operation?)?.end.as_ref()?.outcome)
    }
}

/// Checks a claim by the future without further statements.
fn future(world: &World, claim: &Claim) -> Result<(), String> {
    match claim {
        Claim::CannotCommit(n, ..) | Claim::CannotCommitJointly(n) => commits_nothing(world, *n),
        Claim::ReadsMeet(..) => reads_meet(world),
        Claim::TooFewRun(..) | Claim::TooFewReached(..) => elects_nobody(world),
        Claim::OwnersAway(who) => owners_write_nothing(world, who),
        Claim::Heartbeats(n, every) => sends_heartbeats(world, *n, *every),
        _ => Ok(()),
    }
}

/// Checks that a leader never commits entries that it accepts from now on, as long as it leads.
fn commits_nothing(world: &World, n: NodeId) -> Result<(), String> {
    let Some(term) = raft(world, n).map(Server::term) else { return Err("it is down".into()) };
    let before = raft(world, n).map(|s| s.log().last_index());
    let mut probe = Probe::ask(world, Op::Set("probe".into()), "probe", n);
    let mut committed = None;
    probe.run(Span::from_ms(2_000), |world| {
        let mine = raft(world, n).filter(|s| s.leads() && s.term() == term);
        committed = mine.map(Server::commit).filter(|&i| Some(i) > before);
        mine.is_some() && committed.is_none()
    });
    hold(committed.is_none(), || format!("{n} committed entry {committed:?}"))
}

fn elects_nobody(world: &World) -> Result<(), String> {
    let mut copy = Probe { world: world.clone(), operation: None };
    copy.world.set_recording(false);
    copy.world.execute(&Command { at: world.now(), statement: Statement::Workload(None) });
    let mut elected = None;
    copy.run(Span::from_ms(2_000), |world| {
        elected = leaders(world).first().copied();
        elected.is_none()
    });
    hold(elected.is_none(), || format!("{elected:?} was elected"))
}

/// Checks that no read of any key, through any node, returns a value older than the acknowledged
/// ones.
fn reads_meet(world: &World) -> Result<(), String> {
    for key in ["x", "y", "k7"] {
        for n in up(world) {
            let mut probe = Probe::ask(world, Op::Get, key, n);
            let asked = probe.world.now();
            probe.run(Span::from_ms(1_500), |_| true);
            let Some(Outcome::Ok(Answer::Read(read))) = probe.outcome() else { continue };
            let writes: Vec<&Operation> = probe
                .world
                .operations()
                .iter()
                .filter(|op| *op.request.key == *key && op.request.op.writes())
                .collect();
            is_recent(&writes, read.as_ref(), asked).map_err(|e| format!("{key} by {n}: {e}"))?;
        }
    }
    Ok(())
}

/// Whether a value that was read after `asked` had not been replaced by an acknowledged write.
fn is_recent(writes: &[&Operation], read: Option<&Word>, asked: Time) -> Result<(), String> {
    let done = |op: &Operation| match &op.end {
        Some(end) if matches!(end.outcome, Outcome::Ok(Answer::Done)) => Some(end.at),
        _ => None,
    };
    let acknowledged: Vec<&&Operation> =
        writes.iter().filter(|op| done(op).is_some_and(|at| at < asked)).collect();
    let Some(read) = read else {
        return hold(acknowledged.is_empty(), || "nothing was read".into());
    };
    // The workload may write the same value as another client: one of the two must be recent.
    let sources = writes.iter().filter(|op| op.request.op == Op::Set(read.clone()));
    let replaced = |source: &&Operation| {
        let ended = done(source)?;
        acknowledged.iter().find(|op| op.invoked > ended)
    };
    let replaced: Vec<_> = sources.map(replaced).collect();
    hold(replaced.contains(&None), || match replaced.first() {
        Some(Some(newer)) => format!("{read} was read, not {}", newer.request),
        _ => format!("nobody wrote {read}"),
    })
}

/// Checks that no key of an absent owner can be written.
fn owners_write_nothing(world: &World, owners: &[NodeId]) -> Result<(), String> {
    let ring = crate::hash_ring::HashRing::new(
        world.members().iter().copied(),
        world.settings().ring.vnodes,
    );
    let owned = |key: &String| ring.owner(key).is_some_and(|n| owners.contains(&n));
    let Some(key) = (0..50).map(|i| format!("p{i}")).find(owned) else { return Ok(()) };
    for n in up(world) {
        let mut probe = Probe::ask(world, Op::Set("probe".into()), &key, n);
        probe.run(Span::from_ms(1_500), |_| true);
        let done = matches!(probe.outcome(), Some(Outcome::Ok(_)));
        hold(!done, || format!("{key} was written by way of {n}"))?;
    }
    Ok(())
}

/// Checks that a leader sends a heartbeat within two periods by its clock, or no longer leads.
fn sends_heartbeats(world: &World, n: NodeId, every: Span) -> Result<(), String> {
    let rate = world.node(n).map_or(1_000_000, |h| h.clock().rate_ppm());
    let mut copy = Probe { world: world.clone(), operation: None };
    copy.world.set_recording(true);
    copy.world.take_events();
    let kinds = [Kind::AppendEntries, Kind::Heartbeat, Kind::InstallSnapshot];
    let mut sent = false;
    // Messages leave only when the disk has completed the earlier writes.
    let span = every.scaled(2_000_000, rate.into()) + world.settings().disk + world.settings().disk;
    copy.run(span, |world| {
        let is_sent = |w: &What| match w {
            What::Sent(p) => p.from == n.into() && kinds.contains(&p.kind),
            _ => false,
        };
        sent |= world.fresh_events().iter().any(|e| is_sent(&e.what));
        !sent && sign(world, n).is_some_and(|s| s.role.leads())
    });
    let leads = sign(&copy.world, n).is_some_and(|s| s.role.leads());
    hold(sent || !leads, || format!("{n} sends none"))
}
