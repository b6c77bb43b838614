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
        select(vec![
            "not",
            "and",
            "or",
            "at",
            "none",
            "leader",
            "n1",
            "c1",
            "3",
            "violation",
            "then",
            "for",
            "did",
            "failed"
        ])
        .prop_map(str::to_owned),
    ]
    .prop_map(Word::from)
}

fn sign() -> impl Strategy<Value = Sign> {
    use Sign::{AtLeast, AtMost, Equal, Less, More, Unequal};
    select(vec![Equal, Unequal, Less, AtMost, More, AtLeast])
}

fn client() -> impl Strategy<Value = ClientId> {
    (1u16..=2).prop_map(ClientId)
}

fn deed() -> impl Strategy<Value = Deed> {
    select(Deed::all().collect::<Vec<_>>())
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
            Quantity::Waiting,
            Quantity::Statements,
        ]),
        deed().prop_map(Quantity::Did),
        (any::<bool>(), proptest::option::of(client())).prop_map(|(failed, c)| {
            if failed { Quantity::Failed(c) } else { Quantity::Answered(c) }
        }),
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
    prop_oneof![
        Just(Condition::Elected),
        Just(Condition::Fails),
        Just(Condition::Violation),
        (node(), state).prop_map(|(n, s)| Condition::Is(n, s)),
        (any::<bool>(), proptest::option::of(node())).prop_map(|(yes, n)| Condition::Leads(yes, n)),
        (word(), node(), any::<bool>(), proptest::option::of(word()))
            .prop_map(|(k, n, yes, v)| Condition::Holds(k, n, yes, v)),
        (quantity(), sign(), any::<u64>()).prop_map(|(q, s, n)| Condition::Count(q, s, n)),
        (client(), word(), any::<bool>(), proptest::option::of(word()))
            .prop_map(|(c, k, yes, v)| Condition::Read(c, k, yes, v)),
        client().prop_map(Condition::Answered),
        client().prop_map(Condition::Failed),
        deed().prop_map(Condition::Did),
        select(Breach::all().collect::<Vec<_>>()).prop_map(Condition::Violated),
        (client(), sign(), span()).prop_map(|(c, s, t)| Condition::Lasts(Duration::Wait(c), s, t)),
        (sign(), span()).prop_map(|(s, t)| Condition::Lasts(Duration::Run, s, t)),
    ]
}

fn condition() -> impl Strategy<Value = Condition> {
    plain().prop_recursive(4, 12, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|c| Condition::Not(Box::new(c))),
            vec(inner.clone(), 2..4).prop_map(Condition::All),
            vec(inner.clone(), 2..4).prop_map(Condition::Any),
            (inner.clone(), span()).prop_map(|(c, s)| Condition::For(Box::new(c), s)),
            (inner.clone(), inner).prop_map(|(a, b)| Condition::Then(Box::new(a), Box::new(b))),
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
            "3", "term", "leader", "elected", "is", "crashed", "waiting", "5ms", "\"a\"",
            "then", "for", "did", "crash", "failed", "answered", "read", "violated", "lost-writes"]), 0..12)
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
    says("term > 3 term > 4", "column 10: found \"term\", expected and, or, then, for, or the end");
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
    let moment = Moment {
        world: &world,
        happened: Happened::default(),
        violated: false,
        broken: Breaches::default(),
        done: &[],
    };
    let holds = |text: &str| read(text).holds(&moment);
    assert!(!holds("term(n1) >= 0") && !holds("commit(n1) = 0") && !holds("c1 waiting >= 0s"));
    assert!(holds("leader = none") && holds("not leader = n1") && holds("leader != n1"));
    assert!(holds("x at n1 = none") && holds("x at n1 != 3") && !holds("x at n1 = 3"));
    assert!(holds("n1 is up and n1 is replica and up >= 3 and crashed = 0 and time = 0s"));
    assert!(!holds("violation or leader elected or client fails"));
}

#[test]
fn for_binds_more_than_not_and_then_less_than_or() {
    let plainly = read("not leaders > 1 for 2s or up = 5 then did(crash) then failed(c1) > 0");
    let fully = read("((not ((leaders > 1) for 2s)) or up = 5) then did(crash) then failed(c1)>0");
    assert_eq!(plainly, fully);
    assert_eq!(
        plainly.to_string(),
        "not leaders > 1 for 2s or up = 5 then did(crash) then failed(c1) > 0"
    );
    let parted = read("up = 5 then (up = 4 then up = 5) for 1s").to_string();
    assert_eq!(parted, "up = 5 then (up = 4 then up = 5) for 1s");
}

/// The times, in milliseconds, at which a condition begins to hold.
fn begins(script: &str, text: &str) -> Vec<u64> {
    let run = crate::script::parse(script).unwrap_or_else(|e| panic!("{e}"));
    let mut follower = Follower::new(&run.clusters[0], vec![read(text)]);
    follower.follow(&run.clusters[0], &run.commands);
    let (mut held, mut found) = (follower.holds_at_rest(0), Vec::new());
    while follower.step(run.show.expect("it shows").at) {
        if follower.holds(0) && !held {
            found.push(follower.world().now().as_us() / 1_000);
        }
        held = follower.holds_at_rest(0);
    }
    found
}

const TOLD: &str = "cluster quorum nodes=3 seed=4 latency=10ms timeout=200ms retries=0\n\
    @100ms c1 set x 1\n@1s c2 get x\n@2s partition c1 | n1 n2 n3\n@2.1s c1 get x\n\
    @3s heal\n@3.1s c1 get x\n@4s c1 get y\n@5s show";

#[test]
fn what_clients_were_told_is_known() {
    let at = |text: &str| begins(TOLD, text).first().map_or(0, |ms| ms / 100);
    assert_eq!(at("answered(c1)"), 1);
    assert_eq!(at("c2 read x = 1"), 10);
    assert_eq!(at("failed(c1)"), 23);
    assert_eq!(at("failed(c1) > 0"), 23);
    assert_eq!(at("failed = 1 and answered = 2"), 23);
    assert_eq!(at("c1 read x = 1"), 31);
    assert_eq!(at("c1 read y = none"), 40);
    assert_eq!(at("answered(c1) >= 3"), 40);
    assert_eq!(at("did(partition)"), 20);
    assert_eq!(at("did(get) > 2"), 31);
    assert_eq!(at("statements > 3"), 21);
    assert_eq!(begins(TOLD, "c1 read x = 2 or violated(linearizable)"), [0; 0]);
}

#[test]
fn one_after_the_other_and_durations_are_remembered() {
    let at = |text: &str| begins(TOLD, text).first().map_or(0, |ms| ms / 100);
    assert_eq!(at("failed(c1) then answered(c1)"), 31);
    assert_eq!(begins(TOLD, "c1 read y = none then failed(c1)"), [0; 0]);
    let crashed =
        "cluster raft nodes=3 seed=4\n@1s crash n1\n@2s restart n1\n@3s crash n1\n@9s show";
    let at = begins(crashed, "n1 is crashed for 1.5s");
    assert!(matches!(at[..], [ms] if (4_500..4_600).contains(&ms)), "{at:?}");
    let elected = begins(crashed, "leader elected then leader elected");
    let every = begins(crashed, "leader elected");
    assert_eq!(elected[..], every[1..]);
}

#[test]
fn violations_are_known_by_property_and_by_name() {
    let lost = "cluster primary-backup nodes=3 seed=3 replication=async failover=bully\n\
        @1s c1 set x 1\n@1.02s partition n1 c1 | n2 n3 c2\n@1.1s c1 set x 2\n@4s wipe n1\n\
        @6s heal\n@7s c2 get x\n@12s show";
    assert!(!begins(lost, "violated(lost-writes)").is_empty());
    assert_eq!(begins(lost, "violated(lost-writes)"), begins(lost, "violated(lost-write)"));
    assert_eq!(begins(lost, "violated(linearizable)"), begins(lost, "violation"));
}

#[test]
fn a_follower_goes_back_and_takes_another_run() {
    let run = crate::script::parse(TOLD).expect("it is right");
    let setup = &run.clusters[0];
    let mut follower = Follower::new(setup, vec![read("failed(c1) then answered(c1)")]);
    follower.follow(setup, &run.commands);
    let unlimited = || crate::timeline::Budget::UNLIMITED;
    while follower.step(run.show.expect("it shows").at) {}
    let steps = follower.world().steps();
    assert!(follower.holds(0));
    assert!(follower.go_to(20, &mut unlimited()) && !follower.holds(0));
    follower.follow(setup, &run.commands[..2]);
    assert!(follower.go_to(steps, &mut unlimited()) && !follower.holds(0));
    follower.follow(setup, &run.commands);
    assert!(follower.go_to(steps, &mut unlimited()) && follower.holds(0));
}
