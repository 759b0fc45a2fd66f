"""Verbs by which a run of English words is taken for a sentence: no tagger, a closed list and endings.

The list holds auxiliaries and the verbs papers lean on; it must not hold words that papers use mostly as
nouns ("result", "model", "measure", "study"), or any phrase would pass.
"""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Auxiliaries, and the pronouns that bring a verb with them.
AUXILIARIES = _words("""
    is are was were be been being am has have had do does did can could may might must shall should will
    would we they it he she which who whose cannot isn't aren't wasn't weren't don't doesn't didn't can't
    won't let let's 's 're 've
""")

# Base forms; their -s, -es, -d, -ed and -ing forms count too.
BASES = _words("""
    account achieve act add affect agree aim allow analyze apply argue arise ask assess assign associate
    assume attain attempt avoid base become begin believe belong bind bring build call capture carry cause
    change choose claim come compare compete comprise compute concern conclude confirm consider consist
    constitute construct contain continue contribute converge correlate correspond create decrease define
    demonstrate denote depend derive describe determine develop differ discuss display drive drop employ
    enable encode encourage ensure enter estimate evaluate examine exceed exhibit exist expect explain
    explore express extend face fail fall feed fit follow form function generalize generate get give go grow
    handle happen help hold identify illustrate imply improve include incorporate increase indicate induce
    infer inform inhibit integrate interact introduce investigate involve keep know lack lead learn leave
    lie live look lose maintain make maximize mean mediate minimize modify modulate motivate move need note
    observe obtain occur offer operate optimize outperform peak perform persist play point pose possess
    predict prefer present prevent proceed produce propose prove provide put quantify raise range reach read
    receive recognize recommend reduce refer reflect relate rely remain remove replace report represent
    require resemble resolve respond retain retrieve reveal review run say see seek seem select sell send
    separate serve share show simulate solve speak specify stand start stay stop suffer suggest summarize
    support suppose surround take tell tend thank think tie train translate treat try turn undergo
    understand update use validate vary verify want work write yield
""")

# Past forms that no ending gives away.
IRREGULAR = _words("""
    became began bound brought built came chose chosen cut drawn drew fed fell found gave given got grew
    grown held kept knew known led left lost made meant met put ran read risen rose said sat saw seen sent
    set shown sought spent spoke stood taken taught thought told took understood underwent went won written
    wrote
""")
