"""Verbs by which a run of English words is taken for a sentence: no tagger, a closed list and endings.

The list holds auxiliaries and the verbs papers lean on; it must not hold words that papers use mostly as
nouns ("result", "model", "measure", "study"), or any phrase would pass.
"""


def words_of(text: str) -> frozenset[str]:
    """Give the words of a list written as one text."""
    return frozenset(text.split())


# Auxiliaries, and the pronouns that bring a verb with them.
AUXILIARIES = words_of("""
    is are was were be been being am has have had do does did can could may might must shall should will
    would we they it he she which who whose cannot isn't aren't wasn't weren't don't doesn't didn't can't
    won't let let's 's 're 've
""")

# Base forms; their -s, -es, -d, -ed and -ing forms count too.
BASES = words_of("""
    abandon absorb accelerate accept accompany account achieve acknowledge acquire act activate adapt add
    adjust admit adopt affect aggregate agree aim align alleviate allocate allow alter amplify analyze
    anticipate appear apply approximate argue arise arrange ascertain ask assemble assert assess assign
    assist associate assume attach attain attempt attend augment avoid await bark base become begin believe
    belong bind bring build call capture carry cause change characterize choose cite claim clarify classify
    collect combine come commence commit communicate compare compensate compete complement complete compress
    comprise compute concatenate concentrate concern conclude confirm confront confuse connect consider
    consist constitute construct contain continue contradict contribute converge correlate correspond create
    deal decide decode decompose decrease dedicate deem define degrade deliver demonstrate denote deny
    depend deploy derive descend describe deserve designate detect deteriorate determine develop differ
    disappear discard discover discuss display distinguish distribute diverge divide dominate drive drop
    duplicate elicit eliminate emerge emit emphasize employ enable encode encompass encounter encourage end
    endow enforce enhance enrich ensure entail enter enumerate equip escape establish estimate evaluate
    examine exceed exchange exclude execute exhibit exist expand expect expend explain exploit explore
    expose express extend face facilitate fail fall favor feed feel finish fit flip follow forget form
    formulate foster fulfill function gather generalize generate get give go govern grow guarantee handle
    happen help hide highlight hit hold hope hypothesize identify ignore illustrate implement imply impose
    improve include incorporate increase incur indicate induce infer inflate inform ingest inherit inhibit
    initialize inject insert inspect inspire install instantiate integrate interact interfere interleave
    interpret intersect introduce invent investigate invoke involve isolate iterate join judge justify keep
    know lack lay lead learn leave leverage lie lift listen live locate look lose maintain make manage
    manipulate marry match matter maximize mean mediate memorize merge mimic minimize miss mitigate modify
    modulate motivate move multiply necessitate need negate neglect normalize note notice notify observe
    obtain occur offer open operate oppose optimize organize orient originate outperform outweigh overcome
    override own parse participate pass pay peak penalize perceive perform permit persist persuade pick play
    point populate pose possess precede predict prefer prescribe present preserve presume prevent privilege
    proceed produce prohibit promote propagate propose protect prove provide prune pull pursue push put
    quantify raise range reach react read realize rebuild recall receive recognize recommend reconstruct
    recover redistribute reduce refer reflect regard regularize reinforce reject relate relax rely remain
    remember remove render reorder repeat replace replicate report represent reproduce require rerun rescale
    resemble reside resist resolve resort respond restrict resume retain retrieve return reuse reveal
    reverse review rewrite run satisfy saturate save say see seek seem select sell send separate serve share
    show shrink simplify simulate sit skip sleep slow smooth solve speak specify spend stabilize stand start
    stay stem stop strengthen stress struggle submit substitute subtract succeed suffer suggest suit
    summarize support suppose suppress surpass surround suspect sustain synthesize tackle take teach tell
    tend terminate thank think throw tie tolerate train transform translate transmit traverse treat trigger
    truncate try tune turn uncover undergo underlie undermine understand unfold unify unroll update upload
    use utilize validate vanish vary verify violate visualize wait want warrant wear weigh win wish
    withstand wonder work worsen write yield
""")

# Past forms that no ending gives away.
IRREGULAR = words_of("""
    became began bound brought built came chose chosen cut drawn drew fed fell found gave given got grew
    grown held kept knew known led left lost made meant met put ran read risen rose said sat saw seen sent
    set shown sought spent spoke stood taken taught thought told took understood underwent went won written
    wrote
""")
