# title: Forgotten vote (fsync=off)
# question: Why must a vote be on disk before it is sent?
# promise: n3 votes, dies before its vote is on disk, comes back and votes again: two leaders in one term.
# claim: leaders > 1
# claim: violation
cluster raft nodes=3 prevote=off fsync=off disk=100ms latency=10ms
@0s speed 1/50x
@0s chapter "fsync=off: a vote leaves before the disk has it"
@40ms cut n1-n2
@50ms timeout n1
@61ms note "n3 has voted for n1. On its disk that is not written yet."
@65ms crash n3
@66ms restart n3
@67ms note "n3 died and is back. Of its vote it knows nothing."
@71ms cut n1-n3
@75ms chapter "n2 stands in the same term"
@75ms timeout n2
@86ms note "n3 votes a second time, in good faith."
@110ms note "n1 and n2 both lead term 1. One write that came too late is enough."
@150ms show
