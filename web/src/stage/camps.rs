//! Places of clients while the network is split: each client stands on its own side.
//!
//! Clients choose one after the other from the places at the rim. A place is good if a line still
//! separates the client's side from the others, if the client covers nothing, and if its node is
//! near.

use super::guests::{CLIENT_MIDDLE, CLIENT_ROOM};
use super::layout::{Cast, Plan};
use crate::geometry::{Point, point};
use quorumscope_core::ids::{Addr, ClientId};
use std::f64::consts::{PI, TAU};

/// The number of directions in which a line between two sides is searched for.
const DIRECTIONS: usize = 72;
/// The width of a gap between two sides, in pixels, that has room for a line and for a client
/// beside it.
const WIDE: f64 = 64.0;
/// The costs of a place, in pixels of distance: no line separates the sides any more; each pixel by
/// which the gap is too narrow; each pixel by which the client covers another client, or a node.
const MIXED: f64 = 40_000.0;
const NARROW: f64 = 12.0;
const ON_CLIENT: f64 = 60.0;
const ON_NODE: f64 = 40.0;
/// Half the width and height of a client with the text under it, in pixels.
const CLIENT: (f64, f64) = (56.0, 46.0);

/// The extent of one side in every direction.
#[derive(Clone)]
struct Extent {
    /// The least and the greatest coordinate of its members along each direction.
    spans: Vec<(f64, f64)>,
    /// The angles of its members from the middle of the stage, in radians.
    angles: Vec<f64>,
}

impl Extent {
    fn new() -> Self {
        Self { spans: vec![(f64::MAX, f64::MIN); DIRECTIONS], angles: Vec::new() }
    }

    fn add(&mut self, at: Point, centre: Point) {
        for (i, span) in self.spans.iter_mut().enumerate() {
            let (sin, cos) = (i as f64 * TAU / DIRECTIONS as f64).sin_cos();
            let along = at.x * cos + at.y * sin;
            *span = (span.0.min(along), span.1.max(along));
        }
        self.angles.push(at.angle_from(centre));
    }

    /// The width of the widest gap between two sides, in pixels; zero or less if there is none.
    fn apart(&self, other: &Self) -> f64 {
        let both = self.spans.iter().zip(&other.spans);
        both.map(|(one, two)| two.0 - one.1).fold(f64::MIN, f64::max)
    }

    /// The angle to its nearest member, in radians.
    fn turn_to(&self, angle: f64) -> f64 {
        let turn = |&a: &f64| {
            let apart = (a - angle).abs() % TAU;
            apart.min(TAU - apart)
        };
        self.angles.iter().map(turn).fold(PI, f64::min)
    }
}

impl Plan {
    /// Places the clients of a split network.
    pub(super) fn clients_in_camps(&mut self, cast: &Cast, mut free: Vec<Point>) {
        let mut camps: Vec<Extent> = cast.camps.iter().map(|_| Extent::new()).collect();
        for (camp, members) in camps.iter_mut().zip(&cast.camps) {
            let nodes = members.iter().filter(|who| who.node().is_some());
            nodes.filter_map(|&who| self.place(who)).for_each(|at| camp.add(at, self.centre));
        }
        let camp_of = |client: ClientId| {
            cast.camps.iter().position(|camp| camp.contains(&Addr::from(client)))
        };
        // Clients that belong to a side choose before those that may stand anywhere.
        let mut order: Vec<_> = cast.clients.clone();
        quorumscope_core::order::by(&mut order, |a, b| {
            let key = |c: &(ClientId, Option<Addr>)| (camp_of(c.0).is_none(), c.0);
            key(a).cmp(&key(b))
        });
        let mut taken: Vec<Point> = Vec::new();
        for (client, with) in order {
            let camp = camp_of(client);
            let near = self.wanted(cast, camp, with);
            let cost = |seat: &Point| {
                let parted = camp.map_or(0.0, |camp| mixed(*seat, camp, &camps, self.centre));
                seat.distance(near) + self.covers(*seat, &taken) + parted
            };
            let costs: Vec<f64> = free.iter().map(cost).collect();
            let best = (0..free.len()).min_by(|&a, &b| costs[a].total_cmp(&costs[b]));
            let Some(best) = best else { return };
            let seat = free.remove(best);
            taken.push(seat);
            if let Some(camp) = camp {
                camps[camp].add(seat, self.centre);
            }
            self.put(client.into(), seat);
        }
    }

    /// The ideal place of a client: at the node that it talks to if that is on its side, else in
    /// the middle of its side.
    fn wanted(&self, cast: &Cast, camp: Option<usize>, with: Option<Addr>) -> Point {
        let camp = camp.map(|camp| &cast.camps[camp]);
        let with = with.filter(|with| camp.is_none_or(|camp| camp.contains(with)));
        if let Some(at) = with.and_then(|with| self.place(with)) {
            return at;
        }
        let members = camp.into_iter().flatten().filter(|who| who.node().is_some());
        let places: Vec<Point> = members.filter_map(|&who| self.place(who)).collect();
        if places.is_empty() { self.centre } else { crate::geometry::centroid(&places) }
    }

    /// The cost of the clients and nodes that a client at this place would cover.
    fn covers(&self, seat: Point, taken: &[Point]) -> f64 {
        let k = self.scale().max(1.0);
        let middle = point(seat.x, seat.y + CLIENT_MIDDLE);
        let over = |x: f64, y: f64, room: (f64, f64)| (room.0 - x).min(room.1 - y).max(0.0);
        let on_client = |other: &Point| {
            let (x, y) = ((other.x - seat.x).abs(), (other.y - seat.y).abs());
            over(x, y, (CLIENT.0 * 2.0 * k, CLIENT.1 * 2.0 * k))
        };
        let room = (self.radius + CLIENT_ROOM.0, self.radius * 1.6 + CLIENT_ROOM.1);
        let on_node = |n: Point| over((n.x - middle.x).abs(), (n.y - middle.y).abs(), room);
        let client = taken.iter().map(on_client).fold(0.0, f64::max);
        client * ON_CLIENT + self.nodes().map(on_node).fold(0.0, f64::max) * ON_NODE
    }
}

/// The cost of a place that mixes the sides: they can no longer be separated by a line, or by rays
/// from the middle if there are more than two.
fn mixed(seat: Point, camp: usize, camps: &[Extent], centre: Point) -> f64 {
    let mut own = camps[camp].clone();
    own.add(seat, centre);
    let others = || camps.iter().enumerate().filter(|(i, c)| *i != camp && !c.angles.is_empty());
    if camps.len() > 2 {
        let angle = seat.angle_from(centre);
        let other = others().map(|(_, c)| c.turn_to(angle)).fold(PI, f64::min);
        let own = if camps[camp].angles.is_empty() { 0.0 } else { camps[camp].turn_to(angle) };
        return if own < other { 0.0 } else { MIXED * (1.0 + own - other) };
    }
    let gap = others().map(|(_, other)| own.apart(other)).fold(WIDE, f64::min);
    (WIDE - gap) * NARROW + if gap > 0.0 { 0.0 } else { MIXED - gap }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::{Size, segments_cross};
    use crate::stage::hull;
    use quorumscope_core::ids::NodeId;

    const SIZES: [(f64, f64); 7] = [
        (916.0, 560.0),
        (1372.0, 490.0),
        (868.0, 578.0),
        (700.0, 240.0),
        (458.0, 290.0),
        (390.0, 420.0),
        (390.0, 310.0),
    ];

    /// Splits nodes by the bits of one number, and clients by the bits of another.
    fn cast(nodes: u16, clients: u16, split: u16, of: u16) -> (Cast, [Vec<Addr>; 2]) {
        let is_left = |bits: u16, id: u16| bits >> (id - 1) & 1 == 1;
        let side = |left: bool| -> Vec<NodeId> {
            (1..=nodes).filter(|&n| is_left(split, n) == left).map(NodeId).collect()
        };
        let camps = [true, false].map(|left| {
            let clients = (1..=clients).filter(|&c| is_left(of, c) == left);
            let clients = clients.map(|c| Addr::from(ClientId(c)));
            side(left).into_iter().map(Addr::from).chain(clients).collect::<Vec<Addr>>()
        });
        // A client may still talk to a node of the other side, as just after a split.
        let with = |c: u16| Some(NodeId(c * 3 % nodes + 1).into());
        let cast = Cast {
            nodes: (1..=nodes).map(NodeId).collect(),
            clients: (1..=clients).map(|c| (ClientId(c), with(c))).collect(),
            sides: vec![side(true), side(false)],
            camps: camps.to_vec(),
            ..Cast::default()
        };
        (cast, camps)
    }

    /// The clients whose line to their own side crosses the cut, or whose line to the other side
    /// does not. Where the cut bends, a line may cross it there and back.
    fn misplaced(plan: &Plan, camps: &[Vec<Addr>; 2]) -> Vec<Addr> {
        let line = hull::line(plan, camps);
        let crosses = |a: Addr, b: Addr| {
            let (a, b) = (plan.place(a).expect("it stands"), plan.place(b).expect("it stands"));
            line.windows(2).filter(|piece| segments_cross(piece[0], piece[1], a, b)).count() % 2
                == 1
        };
        let mut wrong = Vec::new();
        for (side, other) in [(&camps[0], &camps[1]), (&camps[1], &camps[0])] {
            for &client in side.iter().filter(|who| who.client().is_some()) {
                let nodes = |of: &Vec<Addr>| {
                    of.iter().filter(|w| w.node().is_some()).copied().collect::<Vec<_>>()
                };
                let astray = nodes(side).iter().any(|&n| crosses(client, n));
                if astray || !nodes(other).iter().all(|&n| crosses(client, n)) {
                    wrong.push(client);
                }
            }
        }
        wrong
    }

    /// Tries every split of up to six nodes, with clients on either side.
    #[test]
    fn clients_stand_on_their_side_of_the_cut() {
        let (mut all, mut wrong) = (0, Vec::new());
        for (w, h) in SIZES {
            for nodes in [2, 3, 5, 6] {
                for split in 1..(1 << (nodes - 1)) {
                    for (clients, of) in [(1, 1), (2, 1), (2, 2), (2, 3), (4, 6)] {
                        let (cast, camps) = cast(nodes, clients, split, of);
                        let plan = Plan::new(Size { w, h }, &cast);
                        all += usize::from(clients);
                        let found = misplaced(&plan, &camps);
                        wrong.extend(
                            found.into_iter().map(|c| format!("{c} of {camps:?} on {w} x {h}")),
                        );
                    }
                }
            }
        }
        assert!(wrong.is_empty(), "{} of {all}: {:#?}", wrong.len(), &wrong[..wrong.len().min(12)]);
    }

    #[test]
    fn a_client_that_is_cut_off_stands_with_the_nodes_that_it_reaches() {
        let script = "cluster raft seed=42\n@50ms timeout n5\n@500ms c1 set x 1 via n5\n\
            @2s partition n1 n5 c1 | n2 n3 n4 c2\n@2.1s c1 set x 2 via n5\n@3s c2 set x 3 via n2\n";
        let mut session = quorumscope_core::session::Session::new(
            crate::language::run(script).expect("a script"),
        );
        session.seek(quorumscope_core::time::Time::from_ms(4_000));
        let scene = crate::scene::Scene::of(session.world(0));
        let camps: [Vec<Addr>; 2] = scene.camps.clone().try_into().expect("two sides");
        let names =
            |camp: &Vec<Addr>| camp.iter().map(Addr::to_string).collect::<Vec<_>>().join(" ");
        assert_eq!([names(&camps[0]), names(&camps[1])], ["n1 n5 c1", "n2 n3 n4 c2"]);
        for (w, h) in SIZES {
            let plan = Plan::new(Size { w, h }, &scene.cast());
            assert_eq!(misplaced(&plan, &camps), [], "on {w} x {h}");
        }
        let cut = scene.clients[0].cut.iter().map(|(who, _)| who.to_string()).collect::<Vec<_>>();
        assert_eq!(cut, ["n2", "n3", "n4"]);
    }
}
