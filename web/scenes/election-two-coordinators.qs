# title: Two coordinators
# question: Can an election be wrong when nobody made a mistake?
# promise: n4 cannot know that n5 lives on behind the cut. Both lead, and neither is wrong.
# claim: leaders = 2
# claim: n4 is leader
# claim: n5 is leader
cluster election nodes=5 seed=7
@0s speed 1/5x
@900ms chapter "A cut"
@900ms speed 1/10x
@1s partition n1 n2 n5 | n3 n4
@1.2s note "n3 and n4 hear nothing of n5. Dead or unreachable: from here it is the same."
@2s note "n4 is the highest that answers, so it leads. The bully election knows no majority."
@3s show
