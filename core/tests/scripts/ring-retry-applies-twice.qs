# Requests are not told from their retries. The answer to an append is lost, and the client asks again.
# Expected: the text is there twice.
cluster ring latency=10ms
@0s c1 set x 1
@200ms cut lb>c1
@210ms c1 append x 2
@400ms heal
@1500ms c1 get x
@2s show
