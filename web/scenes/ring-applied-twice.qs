# title: Applied twice: a retry is carried out again
# question: Is it safe to append twice?
# promise: The answer to an append is lost, so the client asks again. The text is there twice.
# claim: x at n5 = 122
# claim: violation
cluster ring latency=10ms
@0s speed 1/10x
@0s c1 set x 1
@150ms chapter "The answer to an append is lost"
@150ms speed 1/20x
@200ms cut lb>c1
@210ms c1 append x 2
@260ms note "n5 has appended. c1 does not know: nothing gets from lb to it."
@400ms heal
@450ms speed 1/5x
@1.2s note "c1 asked again after its timeout. The ring cannot tell a retry from a new request."
@1500ms c1 get x
@1.7s note "x is 122, not 12."
@2s show
