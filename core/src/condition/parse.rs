//! The parser of conditions: `then` over `or` over `and` over `not` over `for` over the plain ones, by
//! recursive descent.

use super::lexis::{ConditionError, Token, fault, tokens};
use super::{Breach, Condition, Deed, Duration, Quantity, Sign, State};
use crate::ids::{ClientId, NodeId};
use crate::protocol::Role;
use crate::run::{Run, Statement};
use crate::script;
use crate::store::{MAX_WORD_BYTES, Word};
use crate::time::{Span, Time};
use crate::world::Status;

/// The longest condition, in bytes.
pub const MAX_BYTES: usize = 1_000;
/// How deep `not` and parentheses may nest.
const MAX_DEPTH: usize = 32;

/// The nodes and clients that a condition can name: those of any cluster of a run, now or later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Names {
    /// The highest node.
    pub nodes: u16,
    /// The highest client.
    pub clients: u16,
}

impl Names {
    /// The names of a run.
    #[must_use]
    pub fn of(run: &Run) -> Self {
        let most = |of: fn(&crate::settings::Settings) -> u16| {
            run.clusters.iter().map(|c| of(&c.settings)).max().unwrap_or(0)
        };
        let added = run.commands.iter().filter_map(|c| match c.statement {
            Statement::Add(node) => Some(node.0),
            _ => None,
        });
        Self {
            nodes: added.max().unwrap_or(0).max(most(|s| s.nodes)),
            clients: most(|s| s.clients),
        }
    }
}

/// Reads a condition.
///
/// # Errors
/// One sentence with its column when the text is no condition, or names a node or client that the
/// run does not have.
pub fn parse(text: &str, names: Names) -> Result<Condition, ConditionError> {
    if text.len() > MAX_BYTES {
        let sentence =
            format!("the condition has {} bytes, expected at most {MAX_BYTES}", text.len());
        return Err(ConditionError { column: 1, sentence });
    }
    let mut parser = Parser { text, tokens: tokens(text)?, next: 0, depth: 0, names };
    let condition = parser.sequence()?;
    match parser.peek() {
        Token::End => Ok(condition),
        _ => Err(parser.found("and, or, then, for, or the end")),
    }
}

/// Whether a condition may begin so: the text has no error, except possibly an early end.
pub(super) fn may_begin(text: &str, names: Names) -> bool {
    let Ok(tokens) = tokens(text) else { return false };
    let mut parser = Parser { text, tokens, next: 0, depth: 0, names };
    let read = parser.sequence();
    let at_end = *parser.peek() == Token::End;
    let end = text.chars().count() + 1;
    text.len() <= MAX_BYTES && at_end && read.err().is_none_or(|fault| fault.column == end)
}

/// The words for all states of a node.
pub(super) fn states() -> impl Iterator<Item = &'static str> {
    STATES.iter().map(|state| state.name())
}

/// The signs of comparison.
pub(super) fn signs() -> impl Iterator<Item = String> {
    SIGNS.iter().map(Sign::to_string)
}

/// The words for all quantities.
pub(super) fn quantities() -> impl Iterator<Item = &'static str> {
    MEASURES.iter().map(|(name, _)| *name).chain(COUNTS.iter().map(|(name, _)| *name))
}

type Parsed<T> = Result<T, ConditionError>;

struct Parser<'a> {
    text: &'a str,
    tokens: Vec<(usize, Token<'a>)>,
    next: usize,
    depth: usize,
    names: Names,
}

const A_CONDITION: &str = "a condition, such as leader elected, n1 is crashed or term >= 3";
const A_SIGN: &str = "one of = != < <= > >=";

/// The quantities that need no node.
const COUNTS: [(&str, Quantity); 6] = [
    ("leaders", Quantity::Leaders),
    ("up", Quantity::Up),
    ("crashed", Quantity::Crashed),
    ("messages", Quantity::Messages),
    ("waiting", Quantity::Waiting),
    ("statements", Quantity::Statements),
];

/// A quantity of a node, or the greatest of any node.
type Measure = fn(Option<NodeId>) -> Quantity;

/// The quantities of nodes.
const MEASURES: [(&str, Measure); 3] =
    [("term", Quantity::Term), ("commit", Quantity::Commit), ("log", Quantity::Log)];

const SIGNS: [Sign; 6] =
    [Sign::Equal, Sign::Unequal, Sign::Less, Sign::AtMost, Sign::More, Sign::AtLeast];

/// All states of a node.
const STATES: [State; 15] = [
    State::Status(Status::Up),
    State::Status(Status::Crashed),
    State::Status(Status::Paused),
    State::Status(Status::Left),
    State::Role(Role::Leader),
    State::Role(Role::Follower),
    State::Role(Role::PreCandidate),
    State::Role(Role::Candidate),
    State::Role(Role::Learner),
    State::Role(Role::Primary),
    State::Role(Role::Backup),
    State::Role(Role::Replica),
    State::Role(Role::Active),
    State::Role(Role::Recover),
    State::Role(Role::Recovered),
];

impl<'a> Parser<'a> {
    fn peek(&self) -> &Token<'a> {
        &self.tokens[self.next].1
    }

    /// The token after the next.
    fn beyond(&self) -> &Token<'a> {
        let last = self.tokens.len() - 1;
        &self.tokens[(self.next + 1).min(last)].1
    }

    fn skip(&mut self) {
        self.next = (self.next + 1).min(self.tokens.len() - 1);
    }

    fn found(&self, expected: &str) -> ConditionError {
        let (at, token) = &self.tokens[self.next];
        fault(self.text, *at, format!("found {token}, expected {expected}"))
    }

    /// An error at the last token read.
    fn wrong(&self, sentence: String) -> ConditionError {
        fault(self.text, self.tokens[self.next.saturating_sub(1)].0, sentence)
    }

    /// Reads a word, if it is next.
    fn takes(&mut self, word: &str) -> bool {
        let is = matches!(self.peek(), Token::Bare(w) | Token::Sign(w) if *w == word);
        if is {
            self.skip();
        }
        is
    }

    fn expect(&mut self, word: &str) -> Parsed<()> {
        if self.takes(word) { Ok(()) } else { Err(self.found(word)) }
    }

    fn sequence(&mut self) -> Parsed<Condition> {
        let mut first = self.any()?;
        let mut many = 0;
        while self.takes("then") {
            many += 1;
            if many > MAX_DEPTH {
                return Err(self.found(&format!("at most {MAX_DEPTH} times then")));
            }
            first = Condition::Then(Box::new(first), Box::new(self.any()?));
        }
        Ok(first)
    }

    fn any(&mut self) -> Parsed<Condition> {
        self.series("or", Self::all, Condition::Any)
    }

    fn all(&mut self) -> Parsed<Condition> {
        self.series("and", Self::negated, Condition::All)
    }

    fn series(
        &mut self,
        joint: &str,
        part: fn(&mut Self) -> Parsed<Condition>,
        join: fn(Vec<Condition>) -> Condition,
    ) -> Parsed<Condition> {
        let first = part(self)?;
        let mut parts = vec![first];
        while self.takes(joint) {
            parts.push(part(self)?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { join(parts) })
    }

    fn negated(&mut self) -> Parsed<Condition> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.found(&format!("not and parentheses at most {MAX_DEPTH} deep")));
        }
        let names_key = *self.beyond() == Token::Bare("at");
        let condition = if !names_key && self.takes("not") {
            Condition::Not(Box::new(self.negated()?))
        } else if self.takes("(") {
            let inner = self.sequence()?;
            self.expect(")")?;
            self.lasting(inner)?
        } else {
            let plain = self.plain()?;
            self.lasting(plain)?
        };
        self.depth -= 1;
        Ok(condition)
    }

    /// `for 2s` behind a condition, if it stands here.
    fn lasting(&mut self, inner: Condition) -> Parsed<Condition> {
        if !self.takes("for") {
            return Ok(inner);
        }
        Ok(Condition::For(Box::new(inner), self.span()?))
    }

    fn plain(&mut self) -> Parsed<Condition> {
        if *self.beyond() == Token::Bare("at") {
            return self.holds();
        }
        let Token::Bare(word) = *self.peek() else { return Err(self.found(A_CONDITION)) };
        if let Some((_, quantity)) = COUNTS.iter().find(|(name, _)| *name == word) {
            self.skip();
            return self.count(*quantity);
        }
        if let Some((_, quantity)) = MEASURES.iter().find(|(name, _)| *name == word) {
            self.skip();
            let node = self.of_node()?;
            return self.count(quantity(node));
        }
        match word {
            "leader" => self.leader(),
            "client" => {
                self.skip();
                self.expect("fails").map(|()| Condition::Fails)
            }
            "violation" => {
                self.skip();
                Ok(Condition::Violation)
            }
            "violated" => {
                self.skip();
                let all = Breach::all().map(Breach::word);
                self.named("a property", Breach::named, all).map(Condition::Violated)
            }
            "did" => {
                self.skip();
                let all = Deed::all().map(|deed| deed.word().to_owned());
                let deed = self.named("a statement", Deed::named, all)?;
                self.count_or(Condition::Did(deed), Quantity::Did(deed))
            }
            "answered" => self.told(Condition::Answered, Quantity::Answered),
            "failed" => self.told(Condition::Failed, Quantity::Failed),
            "time" => {
                self.skip();
                self.lasts(Duration::Run)
            }
            _ if numbered(word, 'n').is_some() => self.is(),
            _ if numbered(word, 'c').is_some() => {
                let client = self.client()?;
                if self.takes("read") {
                    return self.read(client);
                }
                if self.takes("waiting") {
                    return self.lasts(Duration::Wait(client));
                }
                Err(self.found("waiting or read"))
            }
            _ => Err(self.found(A_CONDITION)),
        }
    }

    /// `leader elected`, `leader = n2`
    fn leader(&mut self) -> Parsed<Condition> {
        self.skip();
        if self.takes("elected") {
            return Ok(Condition::Elected);
        }
        if !matches!(self.peek(), Token::Sign("=" | "!=")) {
            return Err(self.found("elected, = or !="));
        }
        let yes = self.equality()?;
        let node = if self.takes("none") { None } else { Some(self.node()?) };
        Ok(Condition::Leads(yes, node))
    }

    /// `n1 is crashed`
    fn is(&mut self) -> Parsed<Condition> {
        let node = self.node()?;
        self.expect("is")?;
        let state = STATES.iter().find(|s| *self.peek() == Token::Bare(s.name()));
        let Some(state) = state else {
            let names: Vec<_> = STATES.iter().map(|s| s.name()).collect();
            return Err(self.found(&format!("one of {}", names.join(", "))));
        };
        self.skip();
        Ok(Condition::Is(node, *state))
    }

    /// `x at n1 = 2`
    fn holds(&mut self) -> Parsed<Condition> {
        let key = self.word("a key")?;
        self.expect("at")?;
        let node = self.node()?;
        let yes = self.equality()?;
        let value = if self.takes("none") { None } else { Some(self.word("a value or none")?) };
        Ok(Condition::Holds(key, node, yes, value))
    }

    /// `c1 read x = 1`, behind the client's `read`
    fn read(&mut self, client: ClientId) -> Parsed<Condition> {
        let key = self.word("a key")?;
        let yes = self.equality()?;
        let value = if self.takes("none") { None } else { Some(self.word("a value or none")?) };
        Ok(Condition::Read(client, key, yes, value))
    }

    /// `failed(c1)`, `failed(c1) > 0`, `failed > 0`
    fn told(
        &mut self,
        holds: fn(ClientId) -> Condition,
        quantity: fn(Option<ClientId>) -> Quantity,
    ) -> Parsed<Condition> {
        self.skip();
        if !self.takes("(") {
            return self.count(quantity(None));
        }
        let client = self.client()?;
        self.expect(")")?;
        self.count_or(holds(client), quantity(Some(client)))
    }

    /// A comparison, if a sign follows; else the condition.
    fn count_or(&mut self, condition: Condition, quantity: Quantity) -> Parsed<Condition> {
        let is_sign = |s: &Sign| matches!(self.peek(), Token::Sign(w) if *w == s.to_string());
        if SIGNS.iter().any(is_sign) { self.count(quantity) } else { Ok(condition) }
    }

    /// `(word)`, one of some names.
    fn named<T>(
        &mut self,
        wanted: &str,
        named: fn(&str) -> Option<T>,
        all: impl Iterator<Item = String>,
    ) -> Parsed<T> {
        self.expect("(")?;
        let found = match self.peek() {
            Token::Bare(word) => named(word),
            _ => None,
        };
        let Some(found) = found else {
            let all: Vec<String> = all.collect();
            return Err(self.found(&format!("{wanted}: {}", all.join(", "))));
        };
        self.skip();
        self.expect(")")?;
        Ok(found)
    }

    fn count(&mut self, quantity: Quantity) -> Parsed<Condition> {
        let sign = self.sign()?;
        let number = match self.peek() {
            Token::Bare(word) => word.parse().ok(),
            _ => None,
        };
        let Some(number) = number else { return Err(self.found("a whole number")) };
        self.skip();
        Ok(Condition::Count(quantity, sign, number))
    }

    fn lasts(&mut self, what: Duration) -> Parsed<Condition> {
        let sign = self.sign()?;
        Ok(Condition::Lasts(what, sign, self.span()?))
    }

    fn span(&mut self) -> Parsed<Span> {
        let Token::Bare(word) = *self.peek() else {
            return Err(self.found("a time such as 500ms"));
        };
        let time: Time = script::parse_time(word).map_err(|e| self.at_next(e.sentence))?;
        self.skip();
        Ok(Span::from_us(time.as_us()))
    }

    fn at_next(&self, sentence: String) -> ConditionError {
        fault(self.text, self.tokens[self.next].0, sentence)
    }

    fn sign(&mut self) -> Parsed<Sign> {
        let written = |s: &&Sign| matches!(self.peek(), Token::Sign(w) if *w == s.to_string());
        let Some(sign) = SIGNS.iter().find(written) else { return Err(self.found(A_SIGN)) };
        self.skip();
        Ok(*sign)
    }

    fn equality(&mut self) -> Parsed<bool> {
        if self.takes("=") {
            return Ok(true);
        }
        if self.takes("!=") { Ok(false) } else { Err(self.found("= or !=")) }
    }

    /// `(n3)`, if it is next.
    fn of_node(&mut self) -> Parsed<Option<NodeId>> {
        if !self.takes("(") {
            return Ok(None);
        }
        let node = self.node()?;
        self.expect(")")?;
        Ok(Some(node))
    }

    fn node(&mut self) -> Parsed<NodeId> {
        let number = self.name('n', "a node such as n1")?;
        let most = self.names.nodes;
        let known = u16::try_from(number).ok().filter(|n| (1..=most).contains(n));
        known
            .map(NodeId)
            .ok_or_else(|| self.wrong(format!("there is no node n{number} in a cluster of {most}")))
    }

    fn client(&mut self) -> Parsed<ClientId> {
        let number = self.name('c', "a client such as c1")?;
        let most = self.names.clients;
        let known = u16::try_from(number).ok().filter(|n| (1..=most).contains(n));
        known.map(ClientId).ok_or_else(|| {
            self.wrong(format!("there is no client c{number} in a cluster of {most}"))
        })
    }

    fn name(&mut self, letter: char, wanted: &str) -> Parsed<u64> {
        let number = match self.peek() {
            Token::Bare(word) => numbered(word, letter),
            _ => None,
        };
        let Some(number) = number else { return Err(self.found(wanted)) };
        self.skip();
        Ok(number)
    }

    fn word(&mut self, wanted: &str) -> Parsed<Word> {
        let word = match self.peek() {
            Token::Bare(word) if word.len() <= MAX_WORD_BYTES => Word::from(*word),
            Token::Quoted(word) => word.clone(),
            _ => return Err(self.found(wanted)),
        };
        self.skip();
        Ok(word)
    }
}

/// The number of `n3`.
fn numbered(word: &str, letter: char) -> Option<u64> {
    let digits = word.strip_prefix(letter)?;
    let all = !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit());
    all.then(|| digits.parse().unwrap_or(u64::MAX))
}
