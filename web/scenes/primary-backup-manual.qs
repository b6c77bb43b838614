# title: Failover by hand
# question: What if nobody may take over without being told?
# promise: With failover=manual the backups stay backups when the primary dies. Writes wait until somebody decides.
# claim: n2 is primary
# claim: n1 is crashed
# claim: x at n2 = 2
cluster primary-backup failover=manual seed=3 latency=10ms timeout=500ms retries=20
@0s speed 1/5x
@500ms c1 set x 1 via n1
@900ms chapter "The primary n1 dies"
@900ms speed 1/10x
@1s crash n1
@1.2s c1 set x 2
@1.5s note "n2 and n3 know that n1 is silent. Whether it is dead they cannot know, so they do nothing."
@2s note "No split brain, and no service."
@2.4s chapter "Somebody decides: n2 takes over"
@2.5s timeout n2
@2.8s note "n2 leads, and c1 has its answer."
@4s show
