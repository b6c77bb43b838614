use super::*;
use crate::run::Run;
use crate::settings::Preset;
use crate::world::World;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

const NAMES: Names = Names { nodes: 5, clients: 2 };

fn read(text: &str) -> Condition {
    parse(text, NAMES).unwrap_or_else(|e| panic!("{text}: {e}"))
}

fn node() -> impl Strategy<Value = NodeId> {
    (1u16..=5).prop_map(NodeId)
}

fn word() -> impl Strategy<Value = Word> {
    prop_oneof![
        "[a-zA-Z0-9_.-]{1,8}",
        "[ \"\\\\;#()=<a\u{e9}]{0,6}",
        select(vec!["not", "and", "or", "at", "none", "leader", "n1", "c1", "3", "violation"])
            .prop_map(str::to_owned),
    ]
    .prop_map(Word::from)
}

fn sign() -> impl Strategy<Value = Sign> {
    use Sign::{AtLeast, AtMost, Equal, Less, More, Unequal};
    select(vec![Equal, Unequal, Less, AtMost, More, AtLeast])
}

fn quantity() -> impl Strategy<Value = Quantity> {
    let of = proptest::option::of(node());
    prop_oneof![
        (select(vec![Quantity::Term, Quantity::Commit, Quantity::Log]), of).prop_map(|(q, n)| q(n)),
        select(vec![
            Quantity::Leaders,
            Quantity::Up,
            Quantity::Crashed,
            Quantity::Messages,
            Quantity::Waiting
        ]),
    ]
}

fn span() -> impl Strategy<Value = Span> {
    (0u64..=86_400_000_000).prop_map(Span::from_us)
}

fn plain() -> impl Strategy<Value = Condition> {
    let state = select(vec![
        State::Status(Status::Crashed),
        State::Status(Status::Left),
        State::Role(Role::PreCandidate),
        State::Role(Role::Recovered),
    ]);
    let client = (1u16..=2).prop_map(ClientId);
    prop_oneof![
        Just(Condition::Elected),
        Just(Condition::Fails),
        Just(Condition::Violation),
        (node(), state).prop_map(|(n, s)| Condition::Is(n, s)),
        (any::<bool>(), proptest::option::of(node())).prop_map(|(yes, n)| Condition::Leads(yes, n)),
        (word(), node(), any::<bool>(), proptest::option::of(word()))
            .prop_map(|(k, n, yes, v)| Condition::Holds(k, n, yes, v)),
        (quantity(), sign(), any::<u64>()).prop_map(|(q, s, n)| Condition::Count(q, s, n)),
        (client, sign(), span()).prop_map(|(c, s, t)| Condition::Lasts(Duration::Wait(c), s, t)),
        (sign(), span()).prop_map(|(s, t)| Condition::Lasts(Duration::Run, s, t)),
    ]
}

fn condition() -> impl Strategy<Value = Condition> {
    plain().prop_recursive(4, 12, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|c| Condition::Not(Box::new(c))),
            vec(inner.clone(), 2..4).prop_map(Condition::All),
            vec(inner, 2..4).prop_map(Condition::Any),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_printed_reads_back_as_the_same(condition in condition()) {
        let printed = condition.to_string();
        prop_assume!(printed.len() <= MAX_BYTES);
        prop_assert_eq!(parse(&printed, NAMES), Ok(condition), "{}", printed);
    }

    #[test]
    fn whatever_is_typed_is_read_or_refused(text in ".{0,60}") {
        if let Ok(condition) = parse(&text, NAMES) {
            prop_assert_eq!(parse(&condition.to_string(), NAMES), Ok(condition));
        }
    }

    #[test]
    fn words_in_any_order_are_read_or_refused(
        words in vec(select(vec!["not", "and", "or", "(", ")", "at", "n1", "c1", "=", ">", "x",
            "3", "term", "leader", "elected", "is", "crashed", "waiting", "5ms", "\"a\""]), 0..12)
    ) {
        let text = words.join(" ");
        if let Ok(condition) = parse(&text, NAMES) {
            prop_assert_eq!(parse(&condition.to_string(), NAMES), Ok(condition), "{}", text);
        }
    }
}

#[test]
fn not_binds_more_than_and_and_that_more_than_or() {
    let plainly = read("not leaders > 1 and term >= 3 or violation");
    let fully = read("((not (leaders > 1)) and term>=3) or (violation)");
    assert_eq!(plainly, fully);
    assert_eq!(plainly.to_string(), "not leaders > 1 and term >= 3 or violation");
    assert_eq!(read("not (up = 5 or up = 4)").to_string(), "not (up = 5 or up = 4)");
}

#[test]
fn every_form_of_the_help_is_read() {
    for (form, _) in &FORMS[..FORMS.len() - 1] {
        assert_eq!(read(form).to_string(), *form);
    }
}

#[test]
fn errors_say_where_and_what() {
    let says = |text: &str, wanted: &str| {
        let error = parse(text, NAMES).expect_err(text).to_string();
        assert!(error.contains(wanted), "{text}: {error}");
    };
    says("", "column 1: found the end, expected a condition");
    says("n9 is crashed", "column 1: there is no node n9 in a cluster of 5");
    says("term >= 3 and commit(n6) > 2", "column 22: there is no node n6 in a cluster of 5");
    says("c3 waiting > 1s", "column 1: there is no client c3");
    says("n1 is dead", "column 7: found \"dead\", expected one of up, crashed");
    says("term 3", "column 6: found \"3\", expected one of =");
    says("term >= x", "column 9: found \"x\", expected a whole number");
    says("c1 waiting > 3", "column 14: found \"3\", expected a time such as");
    says("(term > 3", "column 10: found the end, expected )");
    says("term > 3 term > 4", "column 10: found \"term\", expected and, or, or the end");
    says("leader", "column 7: found the end, expected elected, = or !=");
    says("x at n1 = \"a", "column 11: found a quote that does not end");
    says("x at n1 ~ 3", "column 9: found \"~\", expected a word or a sign");
    says(&"(".repeat(500), "at most 32 deep");
    says(&"not ".repeat(200), "at most 32 deep");
    says(&" ".repeat(2_000), "expected at most 1000");
}

#[test]
fn comparisons_with_what_is_not_there_do_not_hold() {
    let world = World::new(&Run::of(Preset::Quorum).clusters[0]);
    let moment = Moment { world: &world, happened: Happened::default(), violated: false };
    let holds = |text: &str| read(text).holds(&moment);
    assert!(!holds("term(n1) >= 0") && !holds("commit(n1) = 0") && !holds("c1 waiting >= 0s"));
    assert!(holds("leader = none") && holds("not leader = n1") && holds("leader != n1"));
    assert!(holds("x at n1 = none") && holds("x at n1 != 3") && !holds("x at n1 = 3"));
    assert!(holds("n1 is up and n1 is replica and up >= 3 and crashed = 0 and time = 0s"));
    assert!(!holds("violation or leader elected or client fails"));
}
