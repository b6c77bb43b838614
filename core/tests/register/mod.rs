//! A judge of regular registers (Lamport, "On interprocess communication", 1986), for histories of
//! `get` and `set` in which all writes have different values.

use quorumscope_core::history::{History, Operation, Outcome, Request};

/// The first read whose value no regular register would return: neither that of the last write
/// before it, nor that of an overlapping write. Writes that overlap each other count in either
/// order.
pub fn first_stale_read(history: &History) -> Option<String> {
    history.operations().iter().find_map(|read| {
        let (returned, Outcome::Read(value)) = read.returned.as_ref()? else { return None };
        let writes = || history.operations().iter().filter(|w| w.key == read.key && is_write(w));
        let before = |w: &&Operation| ended(w).is_some_and(|end| end < read.invoked.event);
        let written = value.as_ref().map(|value| {
            let wrote = |w: &&Operation| w.request == Request::Set(value.clone());
            writes().find(wrote).expect("what is read was written")
        });
        let late = written.is_some_and(|w| w.invoked.event > returned.event);
        let newer = writes().filter(before).find(|newer| match written {
            Some(w) => ended(w).is_some_and(|end| end < newer.invoked.event),
            None => true,
        });
        let failed = written.is_some_and(|w| {
            w.returned.as_ref().is_some_and(|(_, outcome)| *outcome == Outcome::Failed)
        });
        match newer {
            Some(newer) => Some(format!("{read:?}\nreturned although this was over:\n{newer:?}")),
            None if late || failed => Some(format!("{read:?}\nreturned what was not written")),
            None => None,
        }
    })
}

fn is_write(operation: &&Operation) -> bool {
    matches!(operation.request, Request::Set(_))
}

/// The event at which a write was over; a write with an unknown outcome never is.
fn ended(write: &Operation) -> Option<u32> {
    let (moment, outcome) = write.returned.as_ref()?;
    (*outcome == Outcome::Done { applied: true }).then_some(moment.event)
}

#[test]
fn the_judge_sees_what_is_stale() {
    let judged =
        |lines: &str| first_stale_read(&History::parse(lines.as_bytes()).unwrap()).is_some();
    let write = |process, value: &str| {
        [("invoke", ""), ("ok", "")].map(|(kind, _)| {
            format!(
                r#"{{"process":{process},"type":"{kind}","f":"set","key":"x","value":"{value}"}}"#
            )
        })
    };
    let read = |value: &str| {
        [("invoke", "null"), ("ok", value)].map(|(kind, value)| {
            format!(r#"{{"process":3,"type":"{kind}","f":"get","key":"x","value":{value}}}"#)
        })
    };
    let [w1, w1_ok] = write(1, "1");
    let [w2, w2_ok] = write(2, "2");
    let [r, r1] = read(r#""1""#);
    let [_, r_none] = read("null");
    let order =
        |lines: &[&String]| judged(&lines.iter().map(|l| format!("{l}\n")).collect::<String>());
    assert!(order(&[&w1, &w1_ok, &w2, &w2_ok, &r, &r1]));
    assert!(order(&[&w1, &w1_ok, &r, &r_none]));
    assert!(!order(&[&w1, &w1_ok, &w2, &r, &r1]));
    assert!(!order(&[&w1, &w2, &w2_ok, &w1_ok, &r, &r1]));
    assert!(!order(&[&w1, &r, &r_none]));
}
