//! The answers about files of operations, as people read them.

use super::*;
use crate::check::linearizability;
use expect_test::{Expect, expect};

/// A file in short: `2900 c1 asks set 2`, `2950 c1 ok`, of the key x.
fn file(text: &str) -> History {
    let line = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let (at, process) = (words[0], &words[1][1..]);
        let (kind, rest) = match words[2] {
            "asks" => ("invoke", &words[3..]),
            kind => (kind, &words[3..]),
        };
        let quoted: Vec<String> = rest.iter().skip(1).map(|word| format!("{word:?}")).collect();
        let value = match &quoted[..] {
            [] => String::new(),
            [one] => format!(r#","value":{one}"#),
            many => format!(r#","value":[{}]"#, many.join(",")),
        };
        let f = rest.first().map_or("get", |f| f);
        let value = value.replace("\"none\"", "null");
        format!(r#"{{"process":{process},"type":"{kind}","f":"{f}","key":"x","time":{at}{value}}}"#)
    };
    let lines: Vec<String> = text.lines().filter(|l| !l.trim().is_empty()).map(line).collect();
    History::parse(lines.join("\n").as_bytes()).unwrap()
}

fn asks(text: &str, questions: &[&str], expected: &Expect) {
    let history = file(text);
    let report = linearizability::check(&history);
    let mut told = String::new();
    for question in questions {
        let asked = Question::parse(question).unwrap();
        let account = of_history(&history, &report, &asked);
        let account = account.map_or_else(|e| format!("{e}\n"), |a| a.to_string());
        told += &format!("{question}\n{account}");
    }
    expected.assert_eq(&told);
}

#[test]
fn a_read_of_what_was_overwritten() {
    asks(
        "1000 c1 asks set 1
         1050 c1 ok set 1
         2900 c1 asks set 2
         2950 c1 ok set 2
         3100 c2 asks get
         3200 c2 ok get 1
         3300 c3 asks get
         3400 c3 ok get 2",
        &["why", "why op 3", "why op 1", "why op 4", "why c3", "why key x", "why n2", "why op 9"],
        &expect![[r#"
            why
            Stale read (linearizability of x is broken): c2 read "1" at 3.20 s, though c1's write of "2" had returned at 2.95 s.
              - all that was answered before this can be explained
              - a file of operations has no messages: which nodes took part, and what passed between them, cannot be traced
                1.000 s c1 asks to set x to "1".
                1.050 s c1 is told that its write of "1" to x is done. Who asks from now on must see "1", or what replaces it.
                2.900 s c1 asks to set x to "2".
                2.950 s c1 is told that its write of "2" to x is done. Who asks from now on must see "2", or what replaces it.
                3.100 s c2 asks to read x: the write of "2" to x by c1 is over by then.
                3.200 s c2 read "1" from x. Only "2" would have been right.
            why op 3
            Stale read (linearizability of x is broken): c2 read "1" at 3.20 s, though c1's write of "2" had returned at 2.95 s.
              - all that was answered before this can be explained
              - a file of operations has no messages: which nodes took part, and what passed between them, cannot be traced
                1.000 s c1 asks to set x to "1".
                1.050 s c1 is told that its write of "1" to x is done. Who asks from now on must see "1", or what replaces it.
                2.900 s c1 asks to set x to "2".
                2.950 s c1 is told that its write of "2" to x is done. Who asks from now on must see "2", or what replaces it.
                3.100 s c2 asks to read x: the write of "2" to x by c1 is over by then.
                3.200 s c2 read "1" from x. Only "2" would have been right.
            why op 1
            Stale read (linearizability of x is broken): c2 read "1" at 3.20 s, though c1's write of "2" had returned at 2.95 s.
              - all that was answered before this can be explained
              - a file of operations has no messages: which nodes took part, and what passed between them, cannot be traced
                1.000 s c1 asks to set x to "1".
                1.050 s c1 is told that its write of "1" to x is done. Who asks from now on must see "1", or what replaces it.
                2.900 s c1 asks to set x to "2".
                2.950 s c1 is told that its write of "2" to x is done. Who asks from now on must see "2", or what replaces it.
                3.100 s c2 asks to read x: the write of "2" to x by c1 is over by then.
                3.200 s c2 read "1" from x. Only "2" would have been right.
            why op 4
            c3 read "2" from x at 3.40 s.
              - an answer about x before this cannot be explained: ask why key x
              - a file of operations has no messages: which nodes took part, and what passed between them, cannot be traced
                2.900 s c1 asks to set x to "2".
                2.950 s c1 is told that its write of "2" to x is done. Who asks from now on must see "2", or what replaces it.
                3.300 s c3 asks to read x: the write of "2" to x by c1 is over by then.
                3.400 s c3 read "2" from x.
            why c3
            c3 read "2" from x at 3.40 s.
              - an answer about x before this cannot be explained: ask why key x
              - a file of operations has no messages: which nodes took part, and what passed between them, cannot be traced
                2.900 s c1 asks to set x to "2".
                2.950 s c1 is told that its write of "2" to x is done. Who asks from now on must see "2", or what replaces it.
                3.300 s c3 asks to read x: the write of "2" to x by c1 is over by then.
                3.400 s c3 read "2" from x.
            why key x
            Stale read (linearizability of x is broken): c2 read "1" at 3.20 s, though c1's write of "2" had returned at 2.95 s.
              - all that was answered before this can be explained
              - a file of operations has no messages: which nodes took part, and what passed between them, cannot be traced
                1.000 s c1 asks to set x to "1".
                1.050 s c1 is told that its write of "1" to x is done. Who asks from now on must see "1", or what replaces it.
                2.900 s c1 asks to set x to "2".
                2.950 s c1 is told that its write of "2" to x is done. Who asks from now on must see "2", or what replaces it.
                3.100 s c2 asks to read x: the write of "2" to x by c1 is over by then.
                3.200 s c2 read "1" from x. Only "2" would have been right.
            why n2
            a file of operations has no nodes, messages or logs to ask about: ask why, why op 3, why c1, why key x or why linearizable
            why op 9
            there is no operation 9 in a file of 4; the first is op 1
        "#]],
    );
}

#[test]
fn what_one_reader_saw_the_next_must_see() {
    asks(
        "1000 c1 asks set 1
         1050 c1 ok set 1
         2000 c1 asks set 2
         2100 c2 asks get
         2150 c2 ok get 2
         2200 c3 asks get
         2250 c3 ok get 1
         2900 c1 info set 2",
        &["why linearizable", "why op 2", "why monotonic-reads", "why election-safety"],
        &expect![[r#"
            why linearizable
            Stale read (linearizability of x is broken): c3 read "1" at 2.25 s, though c2 had read the newer "2" at 2.15 s.
              - all that was answered before this can be explained
              - a file of operations has no messages: which nodes took part, and what passed between them, cannot be traced
                1.000 s c1 asks to set x to "1".
                1.050 s c1 is told that its write of "1" to x is done. Who asks from now on must see "1", or what replaces it.
                2.000 s c1 asks to set x to "2", and is not answered: it may take effect at any time from now on, or never.
                2.100 s c2 asks to read x: the write of "1" to x by c1 is over by then.
                2.150 s c2 read "2" from x. It could also have read "1". Who asks from now on must not see anything older.
                2.200 s c3 asks to read x: the write of "1" to x by c1 is over by then.
                2.250 s c3 read "1" from x. Only "2" would have been right.
            why op 2
            c1 asked to set x to "2" and was not answered.
              - an answer about x before this cannot be explained: ask why key x
              - it did take effect: c2 read "2" from x at 2.15 s
              - a file of operations has no messages: which nodes took part, and what passed between them, cannot be traced
                2.000 s c1 asks to set x to "2", and is not answered: it may take effect at any time from now on, or never.
                2.100 s c2 asks to read x.
                2.150 s c2 read "2" from x. It could also have read "1".
            why monotonic-reads
            Nothing in the file breaks it: monotonic reads.
            why election-safety
            a file of operations does not tell of that: election safety
        "#]],
    );
}

#[test]
fn a_session_that_forgets() {
    asks(
        "1000 c1 asks set 1
         1050 c1 ok set 1
         2000 c1 asks set 2
         2050 c1 ok set 2
         2100 c1 asks get
         2150 c1 ok get 1
         2200 c2 asks cas 1 3
         2250 c2 ok cas 1 3
         2300 c2 asks del
         2350 c2 fail del",
        &["why read-your-writes", "why op 4", "why op 5"],
        &expect![[r#"
            why read-your-writes
            Stale read (read your writes is broken): c1 read "1" at 2.15 s, though its own write of "2" had returned at 2.05 s.
              - a file of operations has no messages: which nodes took part, and what passed between them, cannot be traced
                1.000 s c1 asks to set x to "1".
                1.050 s c1 is told that its write of "1" to x is done. Who asks from now on must see "1", or what replaces it.
                2.000 s c1 asks to set x to "2".
                2.050 s c1 is told that its write of "2" to x is done. Who asks from now on must see "2", or what replaces it.
                2.100 s c1 asks to read x: the write of "2" to x by c1 is over by then.
                2.150 s c1 read "1" from x. Only "2" would have been right.
            why op 4
            c2 changed x from "1" to "3" at 2.25 s, though c1's write of "2" had returned at 2.05 s.
              - a file of operations has no messages: which nodes took part, and what passed between them, cannot be traced
                1.000 s c1 asks to set x to "1".
                1.050 s c1 is told that its write of "1" to x is done. Who asks from now on must see "1", or what replaces it.
                2.000 s c1 asks to set x to "2".
                2.050 s c1 is told that its write of "2" to x is done. Who asks from now on must see "2", or what replaces it.
                2.200 s c2 asks to change x from "1" to "3".
                2.250 s c2 changed x from "1" to "3".
            why op 5
            c2 failed to delete x at 2.35 s.
              - an answer about x before this cannot be explained: ask why key x
              - a file of operations has no messages: which nodes took part, and what passed between them, cannot be traced
                2.300 s c2 asks to delete x.
                2.350 s c2 failed to delete x: it did not take effect.
        "#]],
    );
}

#[test]
fn what_is_as_it_should_be() {
    asks(
        "1000 c1 asks set 1
         1100 c2 asks get
         1200 c2 ok get 1
         1300 c3 asks get",
        &["why", "why op 1", "why op 2", "why op 3", "why c4", "why key y", "why c1"],
        &expect![[r#"
            why
            Nothing is wrong: one order of all operations explains every answer.
            why op 1
            c1 asked to set x to "1" and was not answered.
              - nothing is wrong with it: one order explains every answer about x
              - it did take effect: c2 read "1" from x at 1.20 s
              - a file of operations has no messages: which nodes took part, and what passed between them, cannot be traced
                1.000 s c1 asks to set x to "1", and is not answered: it may take effect at any time from now on, or never.
                1.100 s c2 asks to read x.
                1.200 s c2 read "1" from x. It could also have read no value.
            why op 2
            c2 read "1" from x at 1.20 s.
              - nothing is wrong with it: one order explains every answer about x
              - a file of operations has no messages: which nodes took part, and what passed between them, cannot be traced
                1.000 s c1 asks to set x to "1", and is not answered: it may take effect at any time from now on, or never.
                1.100 s c2 asks to read x.
                1.200 s c2 read "1" from x. It could also have read no value.
            why op 3
            c3 asked for x and was not told.
              - nothing is wrong with it: one order explains every answer about x
              - a file of operations has no messages: which nodes took part, and what passed between them, cannot be traced
                1.300 s c3 asks to read x, and is not answered.
            why c4
            no operation of the file is of c4
            why key y
            nobody asks about y
            why c1
            c1 asked to set x to "1" and was not answered.
              - nothing is wrong with it: one order explains every answer about x
              - it did take effect: c2 read "1" from x at 1.20 s
              - a file of operations has no messages: which nodes took part, and what passed between them, cannot be traced
                1.000 s c1 asks to set x to "1", and is not answered: it may take effect at any time from now on, or never.
                1.100 s c2 asks to read x.
                1.200 s c2 read "1" from x. It could also have read no value.
        "#]],
    );
}
