//! Files in every supported format, and the sentences of refusal.

use super::super::{History, OperationId, Outcome, Request};
use super::{Reader, is_history};
use expect_test::{Expect, expect};
use proptest::prelude::*;

const EXAMPLE: &str = r#"{"initial":{"x":"0"}}
{"process":1,"type":"invoke","f":"cas","key":"x","value":["0","1"],"time":12.5}
{"process":2,"type":"invoke","f":"get","key":"x","value":null,"time":13}
{"process":"nemesis","type":"info","f":"crash n1","value":null,"time":20}
{"process":1,"type":"ok","f":"cas","key":"x","value":["0","1"],"applied":true,"time":31.2}
{"process":2,"type":"ok","f":"get","key":"x","value":"1","time":31.201}
{"process":2,"type":"invoke","f":"del","key":"x","value":null}
{"process":2,"type":"info","f":"del","key":"x","value":null}
{"process":"nemesis","type":"info","f":"heal","value":null}
"#;
const PORCUPINE: &str = r#"{"clientId":0,"input":{"op":1,"value":"3"},"call":0,"output":"","return":100}
{"clientId":1,"input":{"op":0},"call":25,"output":"3","return":75}
"#;
const EDN: &str = "{:process 0, :type :invoke, :f :read, :value nil, :time 1000000}
{:process :nemesis, :type :info, :f :start-partition, :value nil, :time 1500000}
{:process 1, :type :invoke, :f :cas, :value [0 3], :time 1600000}
{:process 0, :type :ok, :f :read, :value 0, :time 2000000}
{:process 1, :type :fail, :f :cas, :value [0 3], :time 2100000}
{:process 2, :type :invoke, :f :write, :value 4, :time 2200000}
{:process 2, :type :info, :f :write, :value 4, :error :timeout, :time 2300000}
";
const LOG: &str = "INFO  jepsen.core - Running test\r
INFO  jepsen.util - 0\t:invoke\t:read\tnil\r
2024-05-01 10:00:00,123{GMT}\tINFO\t[jepsen worker 1] jepsen.util: 1\t:invoke\t:write\t3\r
INFO  jepsen.util - :nemesis\t:info\t:start\tnil\r
INFO  jepsen.util - 1\t:ok\t:write\t3\r
INFO  jepsen.util - 0\t:fail\t:read\t:timed-out\r
";

fn parse(file: &str) -> History {
    History::parse(file.as_bytes()).unwrap_or_else(|error| panic!("{error}\n{file}"))
}

fn check(file: &str, expected: &Expect) {
    expected.assert_eq(&parse(file).to_json_lines());
}

fn check_error(file: &str, expected: &Expect) {
    expected.assert_eq(&History::parse(file.as_bytes()).unwrap_err().to_string());
}

#[test]
fn what_is_written_is_what_was_read() {
    let history = parse(EXAMPLE);
    assert_eq!(history.to_json_lines(), EXAMPLE);
    assert_eq!(history.operation(OperationId(0)).invoked.time_us, Some(12_500));
    assert_eq!(history.marks().len(), 2);
}

/// Different notations of one file.
#[test]
fn a_file_may_have_a_mark_commas_comments_and_a_list() {
    let two = [
        r#"{"process":0,"type":"invoke","f":"set","key":"x","value":"1","time":1}"#,
        r#"{"process":0,"type":"ok","f":"set","key":"x","value":"1","time":2}"#,
    ];
    let plain = parse(&two.join("\n"));
    for same in [
        format!("\u{feff}{}\n{}\n", two[0], two[1]),
        format!("[{},\n{}]", two[0], two[1]),
        format!("[\n  {},\n  {},\n]\n", two[0].replace(',', ",\n   "), two[1]),
        format!("{},\n{},\n", two[0], two[1]),
        format!("# my run\n// of today\n{}\n\n{}", two[0], two[1]),
        two.concat(),
    ] {
        assert_eq!(parse(&same), plain, "{same}");
        assert!(is_history(same.as_bytes()), "{same}");
    }
}

#[test]
fn lines_of_the_nemesis_are_marks() {
    let file = r#"{"process":0,"type":"invoke","f":"set","key":"x","value":"1","time":1}
{"process":"nemesis","type":"info","f":"start-partition","value":null,"time":1.5}
{"process":0,"type":"ok","f":"set","key":"x","value":"1","time":2}"#;
    let history = parse(file);
    let [mark] = history.marks() else { panic!("{:?}", history.marks()) };
    assert_eq!((mark.event, mark.time_us, &*mark.text), (1, Some(1_500), "start-partition"));
    assert_eq!(history.operations().len(), 1);
    assert_eq!(history.until(0).marks().len(), 0);
    assert_eq!(history.until(2), history);
}

#[test]
fn events_of_jepsen_are_read() {
    check(
        EDN,
        &expect![[r#"
        {"initial":{}}
        {"process":0,"type":"invoke","f":"get","key":"r","value":null,"time":1}
        {"process":"nemesis","type":"info","f":"start-partition","value":null,"time":1.5}
        {"process":1,"type":"invoke","f":"cas","key":"r","value":["0","3"],"time":1.6}
        {"process":0,"type":"ok","f":"get","key":"r","value":"0","time":2}
        {"process":1,"type":"fail","f":"cas","key":"r","value":["0","3"],"time":2.1}
        {"process":2,"type":"invoke","f":"set","key":"r","value":"4","time":2.2}
        {"process":2,"type":"info","f":"set","key":"r","value":"4","time":2.3}
    "#]],
    );
    let listed = format!("[{EDN}]");
    assert_eq!(parse(&listed), parse(EDN));
    let records = EDN.replace("{:process", "#jepsen.history.Op{:process");
    assert_eq!(parse(&records), parse(EDN));
    assert!(is_history(EDN.as_bytes()) && is_history(records.as_bytes()));
    let json = r#"{"process":0,"type":"invoke","f":"write","value":1}"#;
    check(
        json,
        &expect![[r#"
        {"initial":{}}
        {"process":0,"type":"invoke","f":"set","key":"r","value":"1"}
    "#]],
    );
    let one = parse("{:process 0, :type :invoke, :f :read, :value nil}");
    assert_eq!(one.operations().len(), 1);
}

#[test]
fn many_registers_of_jepsen_are_many_keys() {
    let file = "{:process 0, :type :invoke, :f :cas, :value [7 [1 2]]}
{:process 0, :type :ok, :f :cas, :value [7 [1 2]]}
{:process 0, :type :invoke, :f :read, :value [7 nil]}
{:process 0, :type :ok, :f :read, :value [7 2]}
{:process 0, :type :invoke, :f :write, :value [8 2]}";
    check(
        file,
        &expect![[r#"
        {"initial":{}}
        {"process":0,"type":"invoke","f":"cas","key":"7","value":["1","2"]}
        {"process":0,"type":"ok","f":"cas","key":"7","value":["1","2"],"applied":true}
        {"process":0,"type":"invoke","f":"get","key":"7","value":null}
        {"process":0,"type":"ok","f":"get","key":"7","value":"2"}
        {"process":0,"type":"invoke","f":"set","key":"8","value":"2"}
    "#]],
    );
}

#[test]
fn key_value_stores_of_jepsen_are_read() {
    let file = r#"{:process 2, :type :invoke, :f :get, :key "1", :value nil}
{:process 2, :type :ok, :f :get, :key "1", :value ""}
{:process 2, :type :invoke, :f :append, :key "1", :value "x 2 0 y"}
{:process 2, :type :ok, :f :append, :key "1", :value "x 2 0 y"}
{:process 2, :type :invoke, :f :put, :key "2", :value "a"}"#;
    check(
        file,
        &expect![[r#"
        {"initial":{"1":"","2":""}}
        {"process":2,"type":"invoke","f":"get","key":"1","value":null}
        {"process":2,"type":"ok","f":"get","key":"1","value":""}
        {"process":2,"type":"invoke","f":"append","key":"1","value":"x 2 0 y"}
        {"process":2,"type":"ok","f":"append","key":"1","value":"x 2 0 y"}
        {"process":2,"type":"invoke","f":"set","key":"2","value":"a"}
    "#]],
    );
}

#[test]
fn a_log_of_jepsen_is_read() {
    check(
        LOG,
        &expect![[r#"
        {"initial":{}}
        {"process":0,"type":"invoke","f":"get","key":"r","value":null}
        {"process":1,"type":"invoke","f":"set","key":"r","value":"3"}
        {"process":"nemesis","type":"info","f":"start","value":null}
        {"process":1,"type":"ok","f":"set","key":"r","value":"3"}
        {"process":0,"type":"fail","f":"get","key":"r","value":null}
    "#]],
    );
    assert!(is_history(LOG.as_bytes()));
    let one = parse("INFO  jepsen.util - 0\t:invoke\t:read\tnil");
    assert_eq!(one.operations()[0].request, Request::Get);
}

#[test]
fn operations_of_porcupine_are_read() {
    check(
        PORCUPINE,
        &expect![[r#"
        {"initial":{"x":""}}
        {"process":0,"type":"invoke","f":"set","key":"x","value":"3"}
        {"process":1,"type":"invoke","f":"get","key":"x","value":null}
        {"process":1,"type":"ok","f":"get","key":"x","value":"3"}
        {"process":0,"type":"ok","f":"set","key":"x","value":"3"}
    "#]],
    );
    let listed = format!("[{}]", PORCUPINE.trim().replace('\n', ","));
    assert_eq!(parse(&listed), parse(PORCUPINE));
    let large = PORCUPINE.replace("clientId", "ClientId").replace("call", "Call");
    assert_eq!(parse(&large), parse(PORCUPINE));
}

#[test]
fn what_porcupine_takes_for_concurrent_is() {
    // A register; one client asks twice at once, and once without an answer.
    let file = r#"{"clientId":0,"input":{"op":true,"value":0},"call":5000000,"output":0,"return":9000000}
{"clientId":0,"input":{"op":false,"value":7},"call":9000000,"output":0,"return":12000000}
{"clientId":0,"input":{"op":false,"value":8},"call":13000000}"#;
    check(
        file,
        &expect![[r#"
        {"initial":{"x":"0"}}
        {"process":0,"type":"invoke","f":"get","key":"x","value":null,"time":0}
        {"process":1,"type":"invoke","f":"set","key":"x","value":"7","time":4}
        {"process":0,"type":"ok","f":"get","key":"x","value":"0","time":4}
        {"process":1,"type":"ok","f":"set","key":"x","value":"7","time":7}
        {"process":1,"type":"invoke","f":"set","key":"x","value":"8","time":8}
    "#]],
    );
}

#[test]
fn a_unit_that_is_named_is_read() {
    let file = r#"{"unit":"ns"}
{"process":0,"type":"invoke","f":"set","key":"x","value":"1","time":341187643}
{"process":0,"type":"ok","f":"set","key":"x","value":"1","time":342667129}"#;
    let times = parse(file);
    assert_eq!(times.operations()[0].invoked.time_us, Some(341_188));
    let without = file.split_once('\n').unwrap().1;
    check_error(
        without,
        &expect![[
            r#"line 1: the times look like nanoseconds: read as milliseconds, most operations take longer than a minute. Say {"unit": "ns"} on the first line, or "us", or "ms" if that is what they are"#
        ]],
    );
    let slow = parse(&file.replace("ns", "ms"));
    assert_eq!(parse(&slow.to_json_lines()), slow, "the unit is written where it is needed");
}

#[test]
fn errors_say_line_and_reason() {
    let invoke = r#"{"process":1,"type":"invoke","f":"set","key":"x","value":"1"}"#;
    let info = r#"{"process":1,"type":"info","f":"set","key":"x","value":"1"}"#;
    check_error(
        r#"{"process":1,"#,
        &expect![
            "line 1: what begins here as JSON has no end: a brace, a bracket or a quotation mark is missing"
        ],
    );
    check_error(r#"{"process" 1}"#, &expect!["line 1: this is no JSON from its column 12 on"]);
    check_error(r#"{"process":1}"#, &expect![[r#"line 1: "type" is missing"#]]);
    check_error(
        r#"{"process":-1}"#,
        &expect![[
            r#"line 1: "process" must be a whole number from 0 to 4294967295, or "nemesis", not -1"#
        ]],
    );
    check_error(
        r#"{"process":1,"type":"begin"}"#,
        &expect![[r#"line 1: "type" must be "invoke", "ok", "fail" or "info", not "begin""#]],
    );
    check_error(
        r#"{"process":1,"type":"invoke","f":"put","key":"x"}"#,
        &expect![[r#"line 1: "f" must be get, set, upd, del, cas or append, not "put""#]],
    );
    check_error(
        r#"{"process":1,"type":"invoke","f":"get","key":7}"#,
        &expect![[r#"line 1: "key" must be a string, not 7"#]],
    );
    check_error(
        r#"{"process":1,"type":"invoke","f":"cas","key":"x","value":["1"]}"#,
        &expect![[
            r#"line 1: "value" must be null, a string or a list of two strings, not another list"#
        ]],
    );
    check_error(
        r#"{"process":1,"type":"invoke","f":"set","key":"x","value":7}"#,
        &expect![[r#"line 1: "value" must be null, a string or a list of two strings, not 7"#]],
    );
    check_error(
        r#"{"process":1,"type":"invoke","f":"set","key":"x","value":null}"#,
        &expect![[r#"line 1: the "value" that is written must be a string"#]],
    );
    check_error(
        &format!("{invoke}\n\n{invoke}"),
        &expect!["line 3: process 1 has an operation open already"],
    );
    check_error(
        &format!("{invoke}\n{info}\n{invoke}"),
        &expect!["line 3: process 1 asks again after an outcome that it did not learn"],
    );
    check_error(info, &expect!["line 1: process 1 has no operation open"]);
    check_error(
        &format!("{invoke}\n{}", info.replace("\"x\"", "\"y\"")),
        &expect!["line 2: the process has another operation open"],
    );
    check_error(
        &format!("{invoke}\n{}", info.replace("info", "ok").replace("\"1\"", "\"2\"")),
        &expect![[r#"line 2: the "value" is not the one of the invocation"#]],
    );
    check_error(
        &format!("{invoke}\n{}", info.replace("info", "ok").replace('}', ",\"applied\":false}"))
            .replace("set", "append"),
        &expect![[r#"line 2: "applied" can be false for set, upd, del and cas only"#]],
    );
    check_error(
        &format!("{invoke}\n{{\"initial\":{{}}}}"),
        &expect![[r#"line 2: "initial" belongs on the first line"#]],
    );
    check_error(
        &invoke.replace('}', ",\"time\":-3}"),
        &expect![[r#"line 1: "time" must be from 0 to 9e12 ms"#]],
    );
    check_error(
        &invoke.replace('}', ",\"time\":\"now\"}"),
        &expect![[r#"line 1: "time" must be a number of ms, not "now""#]],
    );
}

#[test]
fn other_formats_are_named() {
    check_error(
        "hello",
        &expect![[
            r#"line 1: this is text; a file of operations has an object of JSON an event, such as {"process": 1, "type": "invoke", "f": "set", "key": "x", "value": "1"}; Jepsen's EDN and log of registers and key-value stores and Porcupine's operations are read too"#
        ]],
    );
    check_error(
        "process,type,f,key\n1,invoke,get,x\n",
        &expect![[
            r#"line 1: this is a table (CSV); a file of operations has an object of JSON an event, such as {"process": 1, "type": "invoke", "f": "set", "key": "x", "value": "1"}; Jepsen's EDN and log of registers and key-value stores and Porcupine's operations are read too"#
        ]],
    );
    check_error(
        "<html></html>",
        &expect![[
            r#"line 1: this is markup, such as HTML or XML; a file of operations has an object of JSON an event, such as {"process": 1, "type": "invoke", "f": "set", "key": "x", "value": "1"}; Jepsen's EDN and log of registers and key-value stores and Porcupine's operations are read too"#
        ]],
    );
    check_error(
        "\0\0\0\0",
        &expect![[
            r#"line 1: this is a binary file; a file of operations has an object of JSON an event, such as {"process": 1, "type": "invoke", "f": "set", "key": "x", "value": "1"}; Jepsen's EDN and log of registers and key-value stores and Porcupine's operations are read too"#
        ]],
    );
    check_error(
        "{:process 0, :type :invoke, :f :txn, :value [[:r 1 nil]]}",
        &expect![[
            r#"line 1: this is a history of Jepsen, and its operation "txn" is not read: wanted is a register (read, write, cas) or a key-value store (get, put, append, delete)"#
        ]],
    );
    check_error(
        "{:process 0, :type :invoke",
        &expect![
            "line 1: what begins here as Jepsen's EDN has no end: a brace, a bracket or a quotation mark is missing"
        ],
    );
    check_error(
        "INFO jepsen.util - 0\t:invoke\t:cas\t[1",
        &expect![
            "line 1: this line of Jepsen's log is cut off: wanted are the columns process, type, f, value"
        ],
    );
    check_error(
        r#"{"clientId":0,"input":{"op":7},"call":0,"return":1}"#,
        &expect![[
            r#"line 1: this is an operation of Porcupine, and its input "op": 7 is not read: wanted is "op": 0, 1 or 2 (get, put, append), or false or true (put, get)"#
        ]],
    );
    check_error(
        r#"{"clientId":0,"input":{"op":0},"call":3,"return":1}"#,
        &expect![[r#"line 1: the "return" is before the "call""#]],
    );
    check_error(
        r#"{"clientId":0,"input":{"op":1},"call":0,"return":1}"#,
        &expect![[r#"line 1: the "input" of a write needs a "value""#]],
    );
    check_error(
        r#"{"hello":"world"}"#,
        &expect![[
            r#"line 1: this object of JSON is no event; a file of operations has an object of JSON an event, such as {"process": 1, "type": "invoke", "f": "set", "key": "x", "value": "1"}; Jepsen's EDN and log of registers and key-value stores and Porcupine's operations are read too"#
        ]],
    );
    check_error(
        "[1,2]",
        &expect![[r#"line 1: this is no object of JSON, such as {"process": 1, …}"#]],
    );
}

#[test]
fn scripts_are_no_histories() {
    for script in
        ["", "cluster raft\n", "# {a comment}\ncluster raft\n", "@1s crash n1", "key \"[\""]
    {
        assert!(!is_history(script.as_bytes()), "{script}");
    }
}

#[test]
fn lines_of_events_are_known() {
    let mut reader = Reader::default();
    while !reader.read(EXAMPLE.as_bytes(), 1).unwrap() {}
    assert_eq!(reader.lines, [2, 3, 5, 6, 7, 8]);
    let mut reader = Reader::default();
    while !reader.read(PORCUPINE.as_bytes(), 1).unwrap() {}
    assert_eq!(reader.lines, [1, 2, 2, 1]);
    assert!(matches!(reader.history.operations()[1].outcome(), Outcome::Read(Some(_))));
}

proptest! {
    #[test]
    fn reading_never_panics(file in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = History::parse(&file);
        let _ = is_history(&file);
    }

    /// A damaged file of any format is read or refused; a file that was read is written back the
    /// same.
    #[test]
    fn damaged_files_are_read_or_refused(
        file in prop::sample::select(&[EXAMPLE, PORCUPINE, EDN, LOG][..]),
        damage in prop::collection::vec(
            (any::<prop::sample::Index>(), prop::sample::select(&b"0{}[]()\",:;#/\n\txn-. 9"[..])),
            1..4,
        ),
    ) {
        let mut file = file.as_bytes().to_vec();
        for (at, byte) in damage {
            let at = at.index(file.len());
            file[at] = byte;
        }
        match History::parse(&file) {
            Ok(history) => {
                let written = history.to_json_lines();
                prop_assert_eq!(History::parse(written.as_bytes()).unwrap(), history);
            }
            Err(why) => {
                let why = why.to_string();
                for word in ["expected ", "variant", "u32", "EOF", "deserialize", "invalid type"] {
                    prop_assert!(!why.contains(word), "the words of a parser: {why}");
                }
            }
        }
    }
}
