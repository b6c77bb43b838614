//! Lost or unavailable writes, at moments of runs that go on.

use super::*;
use crate::history::history;
use crate::script::parse;
use crate::time::Time;
use expect_test::{Expect, expect};

fn told(script: &str, moments: &[u64], expected: &Expect) {
    let run = parse(script).unwrap();
    let mut text = String::new();
    for &ms in moments {
        let world = crate::world::play(&run, Time::from_ms(ms));
        let missing = check(&world, &history(&world));
        let said: Vec<&str> = missing.iter().map(|m| &*m.text).collect();
        text += &format!("{ms} {}\n", said.join("; "));
    }
    expected.assert_eq(&text);
}

#[test]
fn a_write_that_only_a_node_has_that_is_down_and_then_nobody() {
    told(
        "cluster primary-backup replication=async latency=10ms\n@1s partition n3 c1 | n1 n2 c2\n\
         @1.05s c1 set x 2 via n3\n@1.2s crash n3\n@5s heal\n@5s restart n3",
        &[1_100, 1_300, 4_900, 5_010, 5_100, 8_000],
        &expect![[r#"
            1100 
            1300 c1's write of "2" to x, acknowledged at 1.071 s, is on no running node: n3 is down and has it
            4900 c1's write of "2" to x, acknowledged at 1.071 s, is on no running node: n3 is down and has it
            5010 
            5100 c1's write of "2" to x, acknowledged at 1.071 s, is nowhere any more: no node, disk or message has it
            8000 c1's write of "2" to x, acknowledged at 1.071 s, is nowhere any more: no node, disk or message has it
        "#]],
    );
}

#[test]
fn a_write_that_was_replaced_or_deleted_is_not_missed() {
    told(
        "cluster primary-backup latency=10ms\n@1s c1 set x 1\n@2s c1 set x 2\n@3s c2 append y a\n\
         @4s c2 append y b\n@5s c1 del x",
        &[1_500, 2_500, 3_500, 4_500, 5_500],
        &expect![[r#"
            1500 
            2500 
            3500 
            4500 
            5500 
        "#]],
    );
}

/// For every preset that stores data: the copies of a write are found in every place; and when
/// every disk and every memory is gone, the write is lost.
#[test]
fn copies_are_found_wherever_a_preset_keeps_them() {
    for preset in crate::settings::Preset::ALL {
        if preset == crate::settings::Preset::Election {
            continue;
        }
        let script = format!(
            "cluster {preset} nodes=3 latency=10ms\n@1s c1 set x some-text via n1\n\
             @1.6s pause n1\n@1.6s pause n2\n@1.6s pause n3\n@3s wipe n1\n@3s wipe n2\n@3s wipe n3"
        );
        let run = parse(&script).unwrap();
        let at = |ms| {
            let world = crate::world::play(&run, Time::from_ms(ms));
            check(&world, &history(&world))
        };
        assert_eq!(at(1_500), [], "{preset}");
        let paused = at(1_800);
        assert_eq!(paused.len(), 1, "{preset}: {paused:?}");
        assert!(paused[0].text.contains("paused"), "{preset}: {paused:?}");
        let wiped = at(3_500);
        assert_eq!(wiped.len(), 1, "{preset}: {wiped:?}");
        assert!(wiped[0].is_lost(), "{preset}: {wiped:?}");
    }
}
