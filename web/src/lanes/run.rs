//! The operations of a run as bars, read from its World.

use super::{Bar, Stroke, View, gather};
use crate::judging::Latest;
use crate::look::Fate;
use quorumscope_core::client::Operation;
use quorumscope_core::ids::OperationId;
use quorumscope_core::world::World;

/// The bars of a cluster in a view, with their verdicts.
pub fn bars(world: &World, judged: &Latest, cluster: usize, view: &View) -> Vec<Bar> {
    let at_fault = judged.at_fault(cluster);
    let stroke = |op: &Operation| stroke(world, op, at_fault.contains(&op.id.0));
    let places = judged.places.get(cluster).map_or(&[][..], |places| places);
    let bar = |(stroke, count): (Stroke, u32)| {
        let place = places.binary_search_by(|(number, _)| number.cmp(&stroke.number));
        let point = place.ok().filter(|_| count == 1).map(|place| places[place].1);
        let point = point.filter(|&at| at <= world.now().as_us());
        Some(Bar { count, point, ..bar(world, stroke)? })
    };
    let all = world.operations();
    let first = all.partition_point(|op| op.invoked.as_us() < view.from);
    let end = all.partition_point(|op| op.invoked.as_us() <= view.to);
    let seen = all.range(first.saturating_sub(LONGEST)..end);
    gather(seen.map(stroke), view).into_iter().filter_map(bar).collect()
}

/// The largest number of operations that begin while one is open. Clients give up long before.
const LONGEST: usize = 200_000;

/// The operations at fault in a cluster, as far as the World has them.
#[must_use]
pub fn at_fault(world: &World, judged: &Latest, cluster: usize) -> Vec<Bar> {
    let numbers = judged.at_fault(cluster).into_iter();
    let one = |number| {
        let op = world.operations().get(number as usize - 1)?;
        bar(world, stroke(world, op, true))
    };
    numbers.filter_map(one).collect()
}

fn stroke(world: &World, op: &Operation, at_fault: bool) -> Stroke {
    Stroke {
        number: op.id.0,
        lane: op.client.index() as u32,
        from: op.invoked.as_us(),
        to: op.end.as_ref().map_or(world.now(), |end| end.at).as_us(),
        fate: Fate::of(op),
        at_fault,
    }
}

fn bar(world: &World, stroke: Stroke) -> Option<Bar> {
    let op = world.operation(OperationId(stroke.number))?;
    let (asks, gets) = (op.request.to_string(), Fate::said(op));
    Some(Bar { stroke, count: 1, point: None, asks, gets })
}
