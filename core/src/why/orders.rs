//! Executed statements as causes.

use super::case::{Case, moment};
use crate::ids::{Addr, EventId};
use crate::run::{Behaviour, Heal, Link, Statement};
use crate::time::Time;
use crate::trace::What;
use crate::world::Clock;

/// An executed statement.
#[derive(Clone, Copy)]
pub struct Order {
    /// Its event.
    pub event: EventId,
    /// Its time.
    pub at: Time,
}

impl Order {
    /// `n2's clock jumps 1.00 s back (5.00 s)`
    pub fn told(self, case: &Case<'_>) -> String {
        format!("{} ({})", case.clause(self.event), moment(self.at))
    }
}

/// The last statement before an event that satisfies a condition.
pub fn last(
    case: &Case<'_>,
    before: EventId,
    wanted: impl Fn(&Statement) -> bool,
) -> Option<Order> {
    let commands = &case.scene.commands[..case.scene.world.commands_done()];
    let wanted = commands.iter().enumerate().rev().filter(|(_, c)| wanted(&c.statement));
    let order = |(place, _)| Some(Order { event: of(case, place)?, at: commands[place].at });
    wanted.filter_map(order).find(|order| order.event < before)
}

/// The event of the statement at that place, if it was executed.
pub fn of(case: &Case<'_>, place: usize) -> Option<EventId> {
    let at = case.scene.commands.get(place)?.at;
    case.first_at(at, &|w| w == What::Commanded(place as u32))
}

/// The last statement that changed the loss of a link, if it made it lose messages.
pub fn lossy(case: &Case<'_>, from: Addr, to: Addr, before: EventId) -> Option<Order> {
    behaviour(case, from, to, before, |b| b.loss.is_some())
}

/// The last statement that set the latency of a link.
pub fn slow(case: &Case<'_>, from: Addr, to: Addr, before: EventId) -> Option<Order> {
    behaviour(case, from, to, before, |b| b.latency.is_some())
}

/// The last statement that changed one part of a link's behaviour. Settings of single links end
/// when everything is healed.
pub fn behaviour(
    case: &Case<'_>,
    from: Addr,
    to: Addr,
    before: EventId,
    wanted: impl Fn(&Behaviour) -> bool,
) -> Option<Order> {
    let healed = last(case, before, |s| matches!(s, Statement::Heal(Heal::Everything)));
    let of_link = last(case, before, |statement| match statement {
        Statement::Link(link, behaviour) => covers(*link, from, to) && wanted(behaviour),
        _ => false,
    });
    let of_link = of_link.filter(|order| healed.is_none_or(|heal| heal.event < order.event));
    let of_all = last(case, before, |statement| match statement {
        Statement::Network(behaviour) => wanted(behaviour),
        _ => false,
    });
    [of_link, of_all].into_iter().flatten().max_by_key(|order| order.event)
}

/// Whether a link of a statement includes that direction.
pub fn covers(link: Link, from: Addr, to: Addr) -> bool {
    (link.from, link.to) == (from, to) || !link.one_way && (link.to, link.from) == (from, to)
}

/// The last statement that set the clock of a node or client.
pub fn clock(case: &Case<'_>, whose: Addr, before: EventId) -> Option<Order> {
    last(case, before, |statement| match statement {
        Statement::ClockJump(who, _) | Statement::ClockRate(who, _) => *who == whose,
        _ => false,
    })
}

/// The deviation of a clock before an event, in microseconds, and the last statement that set it;
/// positive when it was ahead.
pub fn offset(case: &Case<'_>, whose: Addr, before: EventId) -> Option<(Order, i64)> {
    let order = clock(case, whose, before)?;
    let now = case.event(before)?.at;
    let mut clock = Clock::default();
    let done = &case.scene.commands[..case.scene.world.commands_done()];
    for command in done.iter().take_while(|c| c.at <= order.at) {
        match command.statement {
            Statement::ClockJump(who, by_us) if who == whose => clock.jump(command.at, by_us),
            Statement::ClockRate(who, rate) if who == whose => {
                clock.run_at(command.at, rate);
            }
            _ => {}
        }
    }
    Some((order, clock.offset_us(now)))
}

/// The last statement that broke a rule, if the rule is still broken.
pub fn broken(case: &Case<'_>, rule: &str, before: EventId) -> Option<Order> {
    let about = |s: &Statement, on: Option<bool>| match s {
        Statement::Rule(name, followed) => &**name == rule && on.is_none_or(|on| on == *followed),
        _ => false,
    };
    let set = last(case, before, |s| about(s, None))?;
    let off = last(case, before, |s| about(s, Some(false)))?;
    (set.event == off.event).then_some(off)
}
