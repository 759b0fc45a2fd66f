"""The words that decide whether a full stop ends a sentence in scholarly text.

Spellings are exact: "No." counts papers, "no." answers; "Sec." names a section, "sec." measures time.
Written from the style sheets of journals and from the marks papers use; no list here was drawn from a
test set.
"""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Something always follows: the stop never ends a sentence, whatever comes next.
NEVER = _words("""
    e.g i.e eg ie cf Cf viz vs v Vs approx Approx ca Ca circa wrt w.r.t s.t a.k.a aka resp
    Dr Drs Prof Profs Mr Mrs Ms Mx Messrs Gen Gov Sen Rep Hon Rev Pres St Ste Mt Ft
    et nr incl excl esp E.g I.e ibid
""")

# They point at something or belong to a name: an end only if an unmistakable opener follows.
POINTING = _words("""
    Fig Figs fig figs FIG FIGS Eq Eqs eq eqs Eqn Eqns eqn eqns Sec Secs Sect Sects Sub Subsec Par Para
    Ref Refs ref refs Tab Tabs Tbl Thm Thms Lem Prop Props Def Defs Defn Cor Corr Ex Exs Alg Algs Algo
    App Apps Appx Ch Chap Chaps Chs Vol Vols vol vols Nos nos no Art pt Pt Pts art p pp Pp P ll ff fol
    fols Suppl suppl Supp Ext Ed Eds ed eds Edn edn trans Trans transl Proc Procs Conf Symp Int Intl Natl Nat
    Univ Inst Dept Acad Assoc Soc Fac Lab Labs Div Comm comm pers unpubl Sci Biol Mol Chem Phys Med Math
    Genet Biochem Physiol Neurosci Eng Technol Lett Ann Annu Amer Eur Bull Res Mag Q Anal Stat Appl
    Comput Jr Sr Bros Inc Corp Ltd Co Cos LLC GmbH Pty Pvt Mass Calif Jan Feb Mar Apr Jun Jul Aug Sep
    Sept Oct Nov Dec Mon Tue Tues Wed Thu Thurs Fri sp spp ssp subsp var cv gen nov str Chr Ave Blvd
    Rd Hwy Cat cat av rel
""")

# They stand at the end of a sentence as often as within one: an end before a capital.
ENDING = _words("""
    al etc min mins hr hrs h sec secs s msec wk wks mo mos yr yrs d in ft lb lbs oz cm mm km kg mg ml
    a.m p.m A.M P.M wt mol max avg std dev temp conc
""")

# Numbers follow these: "No. 5", "p. 12"; before anything else they are words or variables.
COUNTING = _words("No no p l n c ll ser Ser lot Lot Art Table Figure Section Equation")

# A word before a single capital that makes it an initial, not the name of a group or a variant.
BEFORE_INITIAL = _words("""
    by and of from to with for thank thanks thanking & or author authors professor dr see cf after
    von van de der di da la le del also like via
""")

# First words that open a sentence and are no part of a name that an abbreviation could belong to.
OPENERS = _words("""
    The This These Those That There Their They Then Thus Therefore Though Through Throughout Together
    We Our Us It Its He She His Her In If Is As At An On Of Or By For From To With Within Without
    Here Hence Herein However How Having Has Have When Where Whereas Whether While Which Who Why What
    Whenever Although Also Additionally After Again Against All Almost Along Already Altogether Among
    Amongst And Another Any Are Around Because Before Being Besides Between Both But Can Clearly
    Compared Consequently Considering Conversely Concerning Consistent Despite Do Does Due During Each
    Earlier Either Especially Even Every Few Finally First Firstly Following Fourth Further Furthermore
    Generally Given Importantly Indeed Initially Instead Interestingly Just Last Lastly Later Less Let
    Likewise Many Meanwhile More Moreover Most Much Namely Nevertheless Next No None Nonetheless Nor Not
    Note Notably Now Often Once One Only Other Others Otherwise Over Overall Particularly Perhaps Previous
    Previously Prior Rather Recall Recent Recently Regarding Second Secondly See Several Similar Similarly
    Since So Some Sometimes Specifically Still Subsequently Such Surprisingly Suppose Taken Than Third
    Thirdly Thereby Thereafter Three Two Four Five Six Typically Under Unfortunately Unless Unlike Until
    Up Upon Using Usually Various Was Were Yet You Your I'll I Results Data Figure Table Section
    According Based Beyond Combined Different Half Inspired Maybe Neither Never Notice Owing Should
    Starting Today Toward Towards Will Yes
""")

# The stop is part of the name.
EXCLAIMING = _words("Yahoo Jeopardy")

# A label at the start of a paragraph keeps its text: "Figure 2. Loss over time", "Theorem 1. Let".
LABELS = _words("""
    Figure Fig Fig. Figs. FIG FIG. FIGURE Table Tab. TABLE Algorithm Alg. Theorem Thm. Lemma Corollary
    Proposition Prop. Definition Def. Example Remark Claim Conjecture Assumption Property Step Scheme Box
    Equation Eq. Chapter Section Sec. Appendix Plate Listing Supplementary
""")

# A letter after one of these names a thing, not a person: "in Appendix B. Proofs are short."
LETTERED = LABELS | _words("""
    Type Group Panel Part Case Class Phase Model Vitamin Hepatitis Factor Study Experiment Cohort
""")
