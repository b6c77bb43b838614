//! The language as in its contract.

use super::*;
use crate::ids::{Addr, ClientId, NodeId};
use crate::settings::Preset;
use expect_test::expect;
use proptest::prelude::*;

const EXAMPLE: &str = "cluster raft nodes=5 seed=42 latency=10ms..15ms
@0s     c1 set x 1
@1.2s   crash n1
@2s     partition n2 n3 | n4 n5
@2.5s   c2 get x via n4
@4s     heal
@5s     show
";

fn said(text: &str) -> String {
    parse(text).map_or_else(|e| e.to_string(), |run| format!("parses: {}", print(&run)))
}

/// The answer to a script of a `raft` cluster and this second line.
fn raft(line: &str) -> String {
    said(&format!("cluster raft\n{line}"))
}

#[test]
fn the_example_reads_and_prints() {
    let run = parse(EXAMPLE).unwrap();
    assert_eq!(run.clusters[0].settings.seed, 42);
    assert_eq!(run.commands.len(), 5);
    assert_eq!(run.show, Some(Show { at: Time::from_ms(5_000), state: None }));
    expect![[r"
        cluster raft seed=42 latency=10ms..15ms
        @0s c1 set x 1
        @1.2s crash n1
        @2s partition n2 n3 | n4 n5
        @2.5s c2 get x via n4
        @4s heal
        @5s show
    "]]
    .assert_eq(&print(&run));
}

#[test]
fn every_statement_of_the_contract_reads_and_prints_as_it_was_written() {
    let statements = "crash n1;restart n1;pause n1;resume n1;wipe n1;corrupt n1;isolate n1;\
        cut n1-n2;cut n1>n2;heal n1-n2;heal n1;heal;partition n1 n2 | n3 n4 n5;\
        link n1-n2 latency=80ms loss=0.2 duplicate=0.05;network latency=1ms reorder=0.01;\
        drop m17;duplicate m17;deliver m17;delay m17 50ms;clock n1 +50ms;clock n1 -50ms;\
        clock n1 x1.05;timeout n1;ping n1 n2;transfer n1 n2;c1 get x;c1 set x 1;c1 upd x 2;c1 del x;\
        c1 cas x 1 2;c1 append x 3 via n2;workload rate=20/s reads=0.5 keys=3;workload off;\
        set timeout=1s;set election=100ms..200ms;set reads=lease;show state=00000000000000ff";
    let run = Run::of(Preset::Raft);
    let entries = parse_statement(statements, &run).unwrap();
    let printed: Vec<_> = entries.iter().map(print_entry).collect();
    assert_eq!(printed.join(";"), statements);
}

#[test]
fn every_form_reads_its_own_usage() {
    let run = Run::of(Preset::Raft);
    for form in FORMS {
        let usage = form.usage.split('[').next().unwrap();
        assert!(usage.starts_with(form.word));
        parse_statement(usage, &run).unwrap_or_else(|e| panic!("{usage}: {e}"));
    }
}

#[test]
fn latencies_of_every_shape() {
    for latency in [
        "10ms",
        "10ms..15ms",
        "exp(5ms)",
        "pareto(1ms,1.5)",
        "0.9*pareto(240us,10)+0.1*exp(1.66ms)",
        "0.5*1ms..2ms+0.5*1s",
    ] {
        let printed = raft(&format!("@0s network latency={latency}"));
        assert_eq!(printed, format!("parses: cluster raft\n@0s network latency={latency}\n"));
    }
}

#[test]
fn line_ends_comments_and_quotes() {
    let text = "\u{feff}# a comment; not two\r\n\r\n  cluster raft # five nodes\r\n\
        @1s c1 set \"a;b#c\" \"\\\"\\\\ é\";@2s crash n1;;# the end";
    expect![[r#"
        cluster raft
        @1s c1 set "a;b#c" "\"\\ é"
        @2s crash n1
    "#]]
    .assert_eq(&print(&parse(text).unwrap()));
}

#[test]
fn times_in_any_order_and_ties_as_written() {
    let run =
        parse("cluster raft\n@2s crash n1\n@1s crash n2\n@2s crash n3\n@1s crash n4").unwrap();
    expect![[r"
        cluster raft
        @1s crash n2
        @1s crash n4
        @2s crash n1
        @2s crash n3
    "]]
    .assert_eq(&print(&run));
}

#[test]
fn clusters_side_by_side_share_one_seed() {
    let run = parse("cluster raft\ncluster write-all nodes=4 seed=7\n@1s crash n4").unwrap();
    assert!(run.clusters.iter().all(|c| c.settings.seed == 7));
    assert_eq!(print(&run), "cluster raft seed=7\ncluster write-all nodes=4\n@1s crash n4\n");
    let answers = [
        said("cluster raft seed=1\ncluster raft seed=2"),
        said("cluster raft\ncluster write-all\n@1s crash n4"),
        said("cluster raft\ncluster write-all\n@1s set election=1s..2s"),
        said(&"cluster raft\n".repeat(5)),
        said("cluster raft\n@1s heal\ncluster raft"),
    ];
    expect![[r#"
        line 2, column 14: found seed=2, expected seed=1 as in the line before, since all clusters run on one seed
        line 3, column 11: there is no node n4 in the write-all cluster of 3
        line 3, column 9: election is a setting of raft and not of write-all, and set changes every cluster: expected disk, fsync, heartbeat, timeout or retries
        line 5, column 1: found "cluster", expected a statement, since a run has at most 4 clusters
        line 3, column 1: found "cluster", expected a statement; cluster lines stand before all statements"#]].assert_eq(&answers.join("\n"));
}

#[test]
fn names_that_nobody_has() {
    let answers = [
        said("cluster raft\n# \u{1f980}\n@1.2s  crash n9"),
        raft("@1s crash n0"),
        raft("@1s crash n77777777777777777777777"),
        raft("@1s c3 get x"),
        raft("@1s c1 get x via lb"),
        raft("@1s partition n1 | n2 lb"),
        raft("@1s cut n1-n6"),
        said("cluster raft clients=1\n@1s c2 get x"),
        said("cluster raft\n@1s c1 set \u{e9}t\u{e9} 1; crash n1"),
        raft("@1s c1 set \"\u{1f980}\u{1f980}\" 1; @1s crash n8"),
    ];
    expect![[r#"
        line 3, column 14: there is no node n9 in a cluster of 5
        line 2, column 11: there is no node n0 in a cluster of 5
        line 2, column 11: there is no node n77777777777777777777777 in a cluster of 5
        line 2, column 5: there is no client c3 in a cluster of 2 clients
        line 2, column 18: there is no balancer lb in a raft cluster, only in ring with balancer=on
        line 2, column 23: there is no balancer lb in a raft cluster, only in ring with balancer=on
        line 2, column 12: there is no node n6 in a cluster of 5
        line 2, column 5: there is no client c2 in a cluster of 1 client
        line 2, column 12: found "été", expected a word of letters, digits, _, . and -, or anything else in double quotes
        line 2, column 30: there is no node n8 in a cluster of 5"#]].assert_eq(&answers.join("\n"));
}

#[test]
fn what_was_found_and_what_was_expected() {
    let answers = [
        said(""),
        said("# nothing\n"),
        said("@1s crash n1"),
        said("cluster"),
        said("cluster paxos"),
        said("cluster raft nodes=0"),
        said("cluster raft nodes=101"),
        said("cluster raft nodes"),
        said("cluster raft nodes=3 nodes=4"),
        said("cluster raft clients=51"),
        said("cluster raft loss=1.5"),
        said("cluster raft loss=0.0000001"),
        said("cluster raft latency=20ms..10ms"),
        said("cluster raft latency=0.5*1ms+0.4*2ms"),
        said("cluster raft latency=exp(0s)"),
        said("cluster raft latency=pareto(1ms,0)"),
        said("cluster raft heartbeat=0s"),
        said("cluster raft fsync=maybe"),
        said("cluster raft reads=never"),
        said("cluster raft w=3"),
        said("cluster write-all nodes=3 w=4"),
        raft("crash n1"),
        raft("@crash n1"),
        raft("@1 crash n1"),
        raft("@1.0000001s crash n1"),
        raft("@25m"),
        raft("@1441m heal"),
        raft("@1s crsh n1"),
        raft("@1s crash"),
        raft("@1s crash n1 n2"),
        raft("@1s crash c1"),
        raft("@1s cut n1"),
        raft("@1s cut n1-n1"),
        raft("@1s cut c1-c2"),
        raft("@1s partition n1 n2"),
        raft("@1s partition n1 | n1"),
        raft("@1s partition | n1"),
        raft("@1s partition n1 |"),
        raft("@1s link n1-n2"),
        raft("@1s link n1-n2 speed=1"),
        raft("@1s drop m0"),
        raft("@1s drop 17"),
        raft("@1s delay m1"),
        raft("@1s clock n1 50ms"),
        raft("@1s clock n1 x0"),
        raft("@1s ping n1 n1"),
        raft("@1s transfer n1 n1"),
        said("cluster quorum\n@1s transfer n1 n2"),
        said("cluster quorum\n@1s add n6"),
        said("cluster quorum\n@1s remove n1"),
        raft("@1s rule majority off"),
        raft("@1s c1"),
        raft("@1s c1 put x 1"),
        raft("@1s c1 get"),
        raft("@1s c1 set x"),
        raft("@1s c1 set x $5"),
        raft("@1s c1 set x \"5"),
        raft("@1s c1 set x \"\\n\""),
        raft("@1s c1 set x \"a\"b"),
        raft("@1s c1 get x n2"),
        raft("@1s c1 get x via c2"),
        raft("@1s workload rate=0/s"),
        raft("@1s workload keys=0"),
        raft("@1s set nodes=3"),
        raft("@1s set latency=3ms"),
        raft("@1s set w=3"),
        said("cluster write-all\n@1s set w=4"),
        raft("@1s show state=xyz"),
        raft("@1s show; @2s show"),
        raft(&format!("@1s c1 set x {}", "y".repeat(1_025))),
    ];
    expect![[r#"
        line 1, column 1: found the end, expected a cluster line first, as in cluster raft
        line 2, column 1: found the end, expected a cluster line first, as in cluster raft
        line 1, column 1: found "@1s", expected a cluster line first, as in cluster raft
        line 1, column 8: found the end, expected a preset: raft, write-all, peers, ring, primary-backup, quorum, election or chain
        line 1, column 9: found "paxos", expected a preset: raft, write-all, peers, ring, primary-backup, quorum, election or chain
        line 1, column 20: found "0", expected a whole number from 1 to 100
        line 1, column 20: found "101", expected a whole number from 1 to 100
        line 1, column 14: found "nodes", expected nodes= and a value
        line 1, column 22: found nodes a second time, expected it once
        line 1, column 22: found "51", expected a whole number from 1 to 50
        line 1, column 19: found 1.5, expected a fraction from 0 to 1, such as 0.05 or 5%
        line 1, column 19: found 0.0000001, expected a whole number of millionths
        line 1, column 22: found 20ms..10ms, expected a range that goes up
        line 1, column 22: found weights that do not sum to 1, expected a mixture such as 0.9*1ms+0.1*exp(5ms)
        line 1, column 22: found a distribution of no time, expected more than 0s
        line 1, column 33: found "0)", expected the shape of a Pareto distribution, 0.01 to 1000
        line 1, column 24: found "0s", expected a time from 1ms to 1440m
        line 1, column 20: found "maybe", expected on or off
        line 1, column 20: found "never", expected index, lease or local
        line 1, column 14: raft has no setting "w", it has nodes, clients, seed, latency, loss, duplicate, reorder, disk, fsync, heartbeat, timeout, retries, election, prevote, reads, snapshot and check-quorum
        line 1, column 27: w=4 is more than nodes=3, expected at most that
        line 2, column 1: found "crash", expected @ and a time before the statement, as in @1.2s crash n1
        line 2, column 2: found "crash", expected a time such as 1.2s behind the @
        line 2, column 2: found "1", expected a time such as 1.2s behind the @
        line 2, column 2: found 1.0000001s, expected a whole number of microseconds
        line 2, column 5: found the end, expected a statement: a client such as c1, crash, restart, pause, resume, wipe, corrupt, disk, timeout, isolate, cut, heal, partition, link, network, drop, duplicate, deliver, delay, clock, ping, transfer, add, remove, workload, rule, set, note, chapter, speed or show
        line 2, column 2: found 1441m, expected a time of at most 24 hours (1440m)
        line 2, column 5: found "crsh", expected a statement: a client such as c1, crash, restart, pause, resume, wipe, corrupt, disk, timeout, isolate, cut, heal, partition, link, network, drop, duplicate, deliver, delay, clock, ping, transfer, add, remove, workload, rule, set, note, chapter, speed or show
        line 2, column 10: found the end, expected a node such as n1
        line 2, column 14: found "n2", expected the end of the statement
        line 2, column 11: found "c1", expected a node such as n1
        line 2, column 9: found "n1", expected a link such as n1-n2, or n1>n2 for one direction
        line 2, column 9: found n1 twice, expected the two ends of a link
        line 2, column 9: there is no link between c1 and c2, expected a node at one end
        line 2, column 20: found the end, expected two groups or more, as in partition n1 n2 | n3 n4 n5
        line 2, column 20: found n1 a second time, expected it in one group
        line 2, column 15: found | behind nothing, expected a node or client before it
        line 2, column 19: found the end, expected two groups or more, as in partition n1 n2 | n3 n4 n5
        line 2, column 15: found the end, expected how it behaves, as in latency=80ms loss=20%
        line 2, column 16: a link has no setting "speed", it has latency, loss, duplicate and reorder
        line 2, column 10: found "m0", expected a message such as m17
        line 2, column 10: found "17", expected a message such as m17
        line 2, column 13: found the end, expected a time such as 250us, 12ms, 1.5s or 2m
        line 2, column 14: found "50ms", expected a jump such as +50ms or -50ms, or a rate such as x1.05
        line 2, column 15: found "0", expected a rate from 0.001 to 1000
        line 2, column 13: found n1 twice, expected another node than n1
        line 2, column 17: found n1 twice, expected another node than n1
        line 2, column 14: no leader hands over in a quorum cluster, expected raft
        line 2, column 9: no node joins or leaves a quorum cluster, expected raft or ring
        line 2, column 12: no node joins or leaves a quorum cluster, expected raft or ring
        line 2, column 10: found "majority", expected one of the 28 rules, such as vote-once or up-to-date
        line 2, column 7: found the end, expected what the client asks: get, set, upd, del, cas or append
        line 2, column 8: found "put", expected what the client asks: get, set, upd, del, cas or append
        line 2, column 11: found the end, expected a key, as in c1 get x
        line 2, column 13: found the end, expected a word of letters, digits, _, . and -, or anything else in double quotes
        line 2, column 14: found "$5", expected a word of letters, digits, _, . and -, or anything else in double quotes
        line 2, column 14: found a quote that does not end on its line, expected " behind it
        line 2, column 15: found \n in quotes, expected \" or \\, the two that can be escaped
        line 2, column 17: found "b", expected a blank or the end of the statement behind the quote
        line 2, column 14: found "n2", expected via and a node, or the end of the statement
        line 2, column 18: found "c2", expected a node such as n1, or lb
        line 2, column 19: found "0/s", expected a rate such as 20/s, from 0.001/s to 100000/s
        line 2, column 19: found "0", expected a whole number from 1 to 1000
        line 2, column 9: found "nodes=3", which cannot change while running, expected it in the cluster line
        line 2, column 9: found "latency=3ms", which cannot change while running, expected network latency=… instead
        line 2, column 9: raft, while it runs, has no setting "w", it has disk, fsync, heartbeat, timeout, retries, election, prevote, reads, snapshot and check-quorum
        line 2, column 9: w=4 is more than nodes=3, expected at most that
        line 2, column 16: found "xyz", expected a state hash of 1 to 16 hex digits
        line 2, column 11: found a second show, expected one at most
        line 2, column 14: found a word of 1025 bytes, expected at most 1024"#]].assert_eq(&answers.join("\n"));
}

#[test]
fn a_stranger_is_told_of_before_what_comes_later_and_after_what_came_before() {
    assert_eq!(
        raft("@1s crash n9\n@1s crsh n1"),
        "line 2, column 11: there is no node n9 in a cluster of 5"
    );
    assert!(raft("@1s crsh n1\n@1s crash n9").starts_with("line 2, column 5: found \"crsh\""));
}

#[test]
fn what_is_too_much_is_refused() {
    let long = format!("cluster raft\n#{}", " ".repeat(MAX_SCRIPT_BYTES));
    assert_eq!(
        said(&long),
        "line 2, column 1048564: the script has 1048590 bytes, expected at most 1048576"
    );
    let many = format!("cluster raft\n{}", "@0s heal\n".repeat(MAX_STATEMENTS));
    assert_eq!(parse(&many).unwrap().commands.len(), MAX_STATEMENTS);
    assert_eq!(
        said(&format!("{many}@0s heal")),
        "line 100002, column 1: found one more statement, expected at most 100000"
    );
}

#[test]
fn a_node_exists_from_when_it_is_added() {
    let mut scope = Scope::of(&Run::of(Preset::Raft));
    scope.begin(Time::from_ms(5));
    scope.mention(NodeId(6), 10);
    assert!(scope.stranger().is_some());
    scope.begin(Time::from_ms(4));
    scope.add(NodeId(6), 0);
    assert!(scope.stranger().is_none(), "it was added before, though written later");
    scope.begin(Time::from_ms(3));
    scope.mention(NodeId(6), 20);
    let sentence = scope.stranger().map(|f| f.sentence);
    assert_eq!(sentence.as_deref(), Some("there is no node n6 in a cluster of 5 before 4ms"));
}

#[test]
fn nodes_are_added_in_turn() {
    let sentence = "line 2, column 9: found n8, expected n7, the next in turn";
    assert_eq!(said("cluster ring\n@1s add n8\n@0.5s add n6"), sentence);
    let run = parse("cluster ring\n@3s crash n7\n@2s add n7\n@1s add n6\n@4s add n2").unwrap();
    assert_eq!(run.commands.len(), 4);
    let told = parse_statement("add n8; crash n8", &run).unwrap();
    assert_eq!(told.len(), 2);
    let error = parse_statement("add n9", &run).unwrap_err();
    assert_eq!(error.sentence, "found n9, expected n8, the next in turn");
}

#[test]
fn the_console_speaks_of_now() {
    let run = parse("cluster raft\n@1s crash n1").unwrap();
    let entries = parse_statement(" c1 set x 1 ; show", &run).unwrap();
    let Entry::Do(Statement::Ask { client, via, .. }) = &entries[0] else { panic!("{entries:?}") };
    assert_eq!((*client, *via), (ClientId(1), None::<Addr>));
    assert_eq!(entries[1], Entry::Show(None));
    let said = |text| parse_statement(text, &run).unwrap_err().to_string();
    let answers = [said("@2s heal"), said("cluster raft"), said(" # "), said("heal; crash n7")];
    expect![[r#"
        line 1, column 1: found "@2s", expected a statement without a time, since it happens now
        line 1, column 1: found "cluster", expected a statement; a cluster is chosen before the run
        line 1, column 4: found the end, expected a statement, as in crash n1
        line 1, column 13: there is no node n7 in a cluster of 5"#]]
    .assert_eq(&answers.join("\n"));
}

#[test]
fn a_time_alone() {
    assert_eq!(parse_time(" 1.5s "), Ok(Time::from_ms(1_500)));
    assert!(parse_time("1.5").is_err());
    assert!(parse_time("1s 2s").is_err());
}

#[test]
fn the_console_completes_the_balancer_where_there_is_one() {
    let offered = |preset: &str, text: &str| {
        let run = parse(&format!("cluster {preset} nodes=2 clients=1\n")).unwrap();
        complete(text, &run).join(" ")
    };
    assert_eq!(offered("ring", "c1 get x via "), "n1 n2 lb");
    assert_eq!(offered("ring", "heal l"), "lb");
    assert_eq!(offered("ring", "partition n1 | "), "n1 n2 c1 lb |");
    assert_eq!(offered("ring", "cut lb-"), "lb-n1 lb-n2 lb-c1");
    assert_eq!(offered("ring balancer=off", "c1 get x via "), "n1 n2");
}

#[test]
fn the_console_completes() {
    let run = parse("cluster raft nodes=3\n@1s c1 set \"two words\" 1").unwrap();
    let offered = |text: &str| format!("{text:?}: {}", complete(text, &run).join(" "));
    let answers = [
        offered("cr"),
        offered("c"),
        offered("crash "),
        offered("crash n1 "),
        offered("heal; pa"),
        offered("cut n1-"),
        offered("partition n1 | "),
        offered("link n1-n2 l"),
        offered("set re"),
        offered("set reads="),
        offered("set heartbeat="),
        offered("c1 "),
        offered("c1 get "),
        offered("c1 set x 1 "),
        offered("c1 set x 1 via "),
        offered("workload "),
        offered("add "),
    ];
    expect![[r#"
        "cr": crash
        "c": c1 c2 crash corrupt cut clock chapter
        "crash ": n1 n2 n3
        "crash n1 ": 
        "heal; pa": pause partition
        "cut n1-": n1-n2 n1-n3 n1-c1 n1-c2
        "partition n1 | ": n1 n2 n3 c1 c2 |
        "link n1-n2 l": latency= loss=
        "set re": retries= reads=
        "set reads=": reads=index reads=lease reads=local
        "set heartbeat=": heartbeat=50ms
        "c1 ": get set upd del cas append
        "c1 get ": "two words" x y z
        "c1 set x 1 ": via
        "c1 set x 1 via ": n1 n2 n3
        "workload ": rate= reads= keys= off
        "add ": n4"#]]
    .assert_eq(&answers.join("\n"));
}

/// Statements torn apart and recombined: closer to scripts than any random text.
fn nearly_a_script() -> impl Strategy<Value = String> {
    let words = "cluster raft write-all nodes=5 nodes= w=9 @ @1s @-1s crash n1 n9 heal cut n1-n2 \
        n1> partition | link latency= 1..2ms exp( 0.5*1ms+ c1 c9 set x \"a \\ \" via lb show state= \
        drop m1 m clock +1s x1.5 workload rate=1/s off set election=1s..2s # ; é \u{1f980}";
    let words: Vec<_> = words.split(' ').filter(|w| !w.is_empty()).collect();
    let borders = prop::sample::select(vec![" ", " ", " ", "\n", "", ";", "\r\n"]);
    let piece = (prop::sample::select(words), borders).prop_map(|(w, b)| format!("{w}{b}"));
    (any::<bool>(), proptest::collection::vec(piece, 0..30)).prop_map(|(whole, pieces)| {
        format!("{}{}", if whole { "cluster raft\n@0s " } else { "" }, pieces.concat())
    })
}

/// The text is a run that prints and reads back the same, or an error at a place in it.
fn holds(text: &str) -> Result<(), TestCaseError> {
    match parse(text) {
        Ok(run) => prop_assert_eq!(parse(&print(&run)), Ok(run)),
        Err(error) => {
            let line = text.split('\n').nth(error.line - 1);
            prop_assert!(line.is_some_and(|l| error.column <= l.chars().count() + 1), "{}", error);
            prop_assert!(!error.sentence.is_empty() && !error.sentence.contains('\n'), "{}", error);
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn parsing_undoes_printing(run in arbitrary::run()) {
        let printed = print(&run);
        let parsed = parse(&printed);
        prop_assert_eq!(parsed.as_ref(), Ok(&run), "{}", printed);
        prop_assert_eq!(print(&parsed.unwrap()), printed);
    }

    #[test]
    fn any_text_is_a_run_or_a_sentence(text in any::<String>()) {
        holds(&text)?;
    }

    #[test]
    fn nearly_a_script_is_a_run_or_a_sentence(text in nearly_a_script()) {
        holds(&text)?;
        let run = Run::of(Preset::Raft);
        let _ = parse_statement(&text, &run);
        let _ = complete(&text, &run);
    }
}

#[test]
fn a_story_is_read_printed_and_completed() {
    let run = parse(
        "cluster raft\n@1s crash n1\n@1s note \"n1 \\\"dies\\\"\"\n@0s chapter \"All is well\"\n@1s speed 2/20x",
    )
    .unwrap();
    assert_eq!((run.commands.len(), run.story.cues().len(), run.statements()), (1, 3, 4));
    expect![[r#"
        cluster raft
        @0s chapter "All is well"
        @1s note "n1 \"dies\""
        @1s speed 1/10x
        @1s crash n1
    "#]]
    .assert_eq(&print(&run));
    assert_eq!(complete("speed 1/2", &run), ["1/2x"]);
    assert_eq!(complete("cha", &run), ["chapter"]);
    assert!(complete("note \"a ", &run).is_empty());
    let entries = parse_statement("note hello; chapter \"b\"", &run).expect("both are right");
    let printed: Vec<_> = entries.iter().map(print_entry).collect();
    assert_eq!(printed, ["note \"hello\"", "chapter \"b\""]);
}

#[test]
fn a_wrong_story_gets_a_sentence() {
    let long = format!("note \"{}\"", "a".repeat(281));
    let wrong = [
        "note",
        "chapter \"\"",
        "note a b",
        "note \"a\tb\"",
        "speed",
        "speed 0x",
        "speed 1/10",
        "speed 5000x",
        "speed 1/0x",
        &long,
    ];
    let run = parse("cluster raft").unwrap();
    let told = wrong.map(|text| {
        let error = parse_statement(text, &run).expect_err(text);
        let shown: String = text.chars().take(20).collect();
        format!("{shown}: {error}\n")
    });
    expect![[r#"
        note: line 1, column 5: found the end, expected a text in double quotes, as in note "c1 waits"
        chapter "": line 1, column 9: found no title, expected a title in double quotes, as in chapter "The cut"
        note a b: line 1, column 8: found "b", expected the end of the statement
        note "a	b": line 1, column 6: found a control character, expected a text to read
        speed: line 1, column 6: found the end, expected a speed such as 1/10x, 1x or 2x, from 1/100000x to 1000x
        speed 0x: line 1, column 7: found "0x", expected a speed such as 1/10x, 1x or 2x, from 1/100000x to 1000x
        speed 1/10: line 1, column 7: found "1/10", expected a speed such as 1/10x, 1x or 2x, from 1/100000x to 1000x
        speed 5000x: line 1, column 7: found "5000x", expected a speed such as 1/10x, 1x or 2x, from 1/100000x to 1000x
        speed 1/0x: line 1, column 7: found "1/0x", expected a speed such as 1/10x, 1x or 2x, from 1/100000x to 1000x
        note "aaaaaaaaaaaaaa: line 1, column 6: found 281 letters, expected at most 280
    "#]].assert_eq(&told.concat());
}
