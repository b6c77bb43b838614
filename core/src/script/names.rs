//! Names of things: `n1`, `c2`, `lb`, `m17`, `n1-n2`.

use super::error::Fault;
use super::lexis::{Input, Parsed, at_end, expect, found, integer, offset, spaces, whole};
use crate::ids::{Addr, ClientId, MAX_NODES, MessageId, NodeId};
use crate::run::Link;
use crate::sorted::SortedSet;
use winnow::Parser;
use winnow::combinator::{alt, opt, preceded};
use winnow::token::take_while;

/// A node that the clusters have.
pub(super) fn node(input: &mut Input<'_>) -> Parsed<NodeId> {
    expect("a node such as n1", whole(bare_node)).parse_next(input)
}

/// A node that joins.
pub(super) fn new_node(input: &mut Input<'_>) -> Parsed<NodeId> {
    let start = offset(input);
    let number = expect("a node such as n6", whole(preceded('n', integer))).parse_next(input)?;
    match u16::try_from(number) {
        Ok(number @ 1..=MAX_NODES) => Ok(NodeId(number)),
        _ => {
            let sentence = format!("found node n{number}, expected n1 to n{MAX_NODES}");
            Err(Fault { at: start, sentence })
        }
    }
}

/// A node, a client, or the balancer.
pub(super) fn addr(input: &mut Input<'_>) -> Parsed<Addr> {
    let wanted = "a node such as n1, a client such as c1, or lb";
    expect(wanted, whole(bare_addr)).parse_next(input)
}

/// A node or a client: the owners of clocks.
pub(super) fn clocked(input: &mut Input<'_>) -> Parsed<Addr> {
    let bare = alt((bare_node.map(Addr::Node), bare_client.map(Addr::Client)));
    expect("a node such as n1 or a client such as c1", whole(bare)).parse_next(input)
}

/// A node or the balancer: the possible targets of a client.
pub(super) fn server(input: &mut Input<'_>) -> Parsed<Addr> {
    let bare = alt((bare_node.map(Addr::Node), balancer));
    expect("a node such as n1, or lb", whole(bare)).parse_next(input)
}

/// `c1`
pub(super) fn client(input: &mut Input<'_>) -> Parsed<ClientId> {
    expect("a client such as c1", whole(bare_client)).parse_next(input)
}

/// `m17`
pub(super) fn message(input: &mut Input<'_>) -> Parsed<MessageId> {
    let number = preceded('m', integer).verify(|&n| n > 0);
    expect("a message such as m17", whole(number)).map(MessageId).parse_next(input)
}

/// `n1-n2` or `n1>n2`
pub(super) fn link(input: &mut Input<'_>) -> Parsed<Link> {
    let start = offset(input);
    let wanted = "a link such as n1-n2, or n1>n2 for one direction";
    let ends = whole((bare_addr, alt(('-', '>')), bare_addr));
    let (from, sign, to) = expect(wanted, ends).parse_next(input)?;
    let fault = |sentence| Err(Fault { at: start, sentence });
    match (from, to) {
        _ if from == to => fault(format!("found {from} twice, expected the two ends of a link")),
        (Addr::Client(_), Addr::Client(_)) => {
            fault(format!("there is no link between {from} and {to}, expected a node at one end"))
        }
        _ => Ok(Link { from, to, one_way: sign == '>' }),
    }
}

/// Whether the word at the input's place is a link and not one name.
pub(super) fn is_link(word: &str) -> bool {
    word.contains(['-', '>'])
}

/// `n1 n2 | n3 n4 n5`
pub(super) fn groups(input: &mut Input<'_>) -> Parsed<Vec<Vec<Addr>>> {
    let mut groups = vec![Vec::new()];
    let mut named = SortedSet::new();
    while !at_end(input) {
        let start = offset(input);
        let group = groups.last_mut().expect("there is always one");
        if opt('|').parse_next(input)?.is_none() {
            let addr = addr(input)?;
            if !named.insert(addr) {
                let sentence = format!("found {addr} a second time, expected it in one group");
                return Err(Fault { at: start, sentence });
            }
            group.push(addr);
        } else if group.is_empty() {
            let sentence = "found | behind nothing, expected a node or client before it".into();
            return Err(Fault { at: start, sentence });
        } else {
            groups.push(Vec::new());
        }
        spaces(input);
    }
    if groups.len() < 2 || groups.iter().any(Vec::is_empty) {
        return Err(found(input, "two groups or more, as in partition n1 n2 | n3 n4 n5"));
    }
    Ok(groups)
}

fn bare_addr(input: &mut Input<'_>) -> Parsed<Addr> {
    alt((bare_node.map(Addr::Node), bare_client.map(Addr::Client), balancer)).parse_next(input)
}

fn bare_node(input: &mut Input<'_>) -> Parsed<NodeId> {
    let start = offset(input);
    let digits = preceded('n', digits).parse_next(input)?;
    match digits.parse() {
        Ok(number @ 1..=MAX_NODES) => {
            input.state.mention(NodeId(number), start);
            Ok(NodeId(number))
        }
        _ => {
            let sentence = input.state.no_such_node(&format!("n{digits}"));
            Err(Fault { at: start, sentence })
        }
    }
}

fn bare_client(input: &mut Input<'_>) -> Parsed<ClientId> {
    let start = offset(input);
    let digits = preceded('c', digits).parse_next(input)?;
    let client = ClientId(digits.parse().unwrap_or(u16::MAX));
    match input.state.no_client(client) {
        Some(sentence) => Err(Fault { at: start, sentence }),
        None => Ok(client),
    }
}

fn balancer(input: &mut Input<'_>) -> Parsed<Addr> {
    let start = offset(input);
    "lb".parse_next(input)?;
    match input.state.no_balancer() {
        Some(sentence) => Err(Fault { at: start, sentence }),
        None => Ok(Addr::Balancer),
    }
}

fn digits<'a>(input: &mut Input<'a>) -> Parsed<&'a str> {
    take_while(1.., |c: char| c.is_ascii_digit()).parse_next(input)
}
