//! Primary-backup replication, played whole.

mod play;

use expect_test::expect;
use play::{data, play, roles, story};

#[test]
fn a_write_is_answered_when_the_backups_have_it_and_survives_the_primary() {
    let session = play(
        "cluster primary-backup latency=10ms
        @1s c1 set x 1
        @1.2s crash n3
        @1.3s c1 append x 2
        @2.5s restart n3
        @3s c2 get x via n3
        @4s show",
    );
    expect![[r#"
          450.00 n1 Stood(Term(1))
          450.00 n2 Stood(Term(1))
          450.00 n3 Stood(Term(1))
          450.00 n3 Led(Term(1))
          460.00 n1 Followed(NodeId(3), Term(1))
          460.00 n2 Followed(NodeId(3), Term(1))
          461.00 n1 Restored(Index(0))
          461.00 n2 Restored(Index(0))
         1000.00 > c1 set x 1
         1010.00 n1 Redirected(Some(NodeId(3)))
         1030.00 n3 Appended(Index(1))
         1041.00 n1 Replicated(Index(1))
         1041.00 n2 Replicated(Index(1))
         1052.00 n3 Committed(Index(1))
         1062.00 c1 set x 1: Ok(Done)
         1200.00 > crash n3
         1300.00 > c1 append x 2
         1360.00 n1 Suspected(NodeId(3))
         1360.00 n1 Stood(Term(2))
         1360.00 n2 Suspected(NodeId(3))
         1360.00 n2 Stood(Term(2))
         1380.00 n1 Outranked(NodeId(2))
         1510.00 n2 Led(Term(2))
         1520.00 n1 Followed(NodeId(2), Term(2))
         1521.00 n1 Restored(Index(1))
         1532.00 n2 Committed(Index(1))
         1810.00 n1 Redirected(Some(NodeId(2)))
         1830.00 n2 Appended(Index(2))
         1841.00 n1 Replicated(Index(2))
         1852.00 n2 Committed(Index(2))
         1862.00 c1 append x 2: Ok(Done)
         2500.00 > restart n3
         2520.00 n3 Followed(NodeId(2), Term(2))
         2530.00 n2 Trusted(NodeId(3))
         2540.00 n3 Restored(Index(2))
         3000.00 > c2 get x via n3
         3010.00 n3 Redirected(Some(NodeId(2)))
         3040.00 c2 get x: Ok(Read(Some("12")))
    "#]].assert_eq(&story(&session));
    expect![[r#"
        n1 backup 2 of n2
        n2 primary 2 of n2
        n3 backup 2 of n2
    "#]].assert_eq(&roles(session.world(0)));
    expect!["x=12"].assert_eq(&data(session.world(0), 3));
}
