"""Write the table of British and American spellings, `pipeline/lang/variants/english.tsv`.

Sources: the pairs of breame 0.1.2 (Apache-2.0, https://github.com/cdpierse/breame), and the words
in -ize of simplemma's English dictionary (MIT). The classes and exceptions below are our own, after
the Oxford English Dictionary and Merriam-Webster.

    pip download --no-deps breame==0.1.2 && tar xzf breame-0.1.2.tar.gz
    python benchmarks/spelling_table.py breame-0.1.2/breame/data/spelling_constants.py
"""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

from pipeline.lang import lemmatizer


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


TABLE = Path("pipeline/lang/variants/english.tsv")

# The American form is another British word (tire, check): never converted to British.
ONLY_AMERICAN = _words("""
    chequebook chequered draught draughtboard draughty draughtsman draughtsmen licence licences
    metre metres practise practised practises practising programme programmes storey storeys tyre
    tyres kerb kerbs cheque cheques judgement judgements ageing mitre mitres philtre philtres
    cosies groyne groynes gaol gaoled gaoler gaolers gaoling gaols gaolbird gaolbirds gaolbreak
    gaolbreaks instil distil appal enthral artefact artefacts jewellery caesarean caesareans
    gramme grammes kilogramme kilogrammes encyclopaedia encyclopaedias encyclopaedic mediaeval
    connexion connexions almanack almanacks waggon waggons bannister bannisters inflexion
    inflexions yoghourt yoghourts yoghurt yoghurts phoney misspelt moult moulted moulting moults
    pzazz hiccough hiccoughed hiccoughing hiccoughs primaeval sulphate sulphates sulphide
    sulphides sulphur sulphurous syphon syphoned syphoning syphons chimaera chimaeras behove
    behoved behoves foetid biassed biassing focussed focusses focussing baulk baulked baulking
    baulks instal instals milligramme milligrammes centigramme centigrammes licenced licencing
    foetal foetus foetuses acknowledgement acknowledgements despatch
    despatched despatches despatching
""")
# The British form is usual in America too (dialogue): never converted to American.
ONLY_BRITISH = _words("""
    aesthete aesthetes aesthetic aesthetically aesthetics archaeological archaeologically
    archaeologist archaeologists archaeology axe battleaxe dialogue dialogues epilogue epilogues
    monologue monologues prologue prologues travelogue travelogues omelette omelettes catalogue
    catalogued catalogues cataloguing analogue analogues woolly analyses
""")
# Too rare, doubtful, the same in both, or other words: bus, disc, tonne.
DROPPED = _words("""
    accoutrements bingeing buses busing bevvies bevvy clarinettist clarinettists disc discs
    disorganised edoema epaulette epaulettes flautist flautists gases gauge gauged gauges gauging
    gipsies glueing gryphon gryphons likeable minibuses pouffe pouffes pummelled pummelling sheikh
    snowplough snowploughs tonne tonnes tranquilly videodisc videodiscs worshipped worshipping
    worshipper homoeopath homoeopathic homoeopaths homoeopathy paederast paederasts praesidium
    praesidiums pharmacopoeia pharmacopoeias spectre spectres louvre louvres louvred
    cancellation cancellations fillet fillets filleted filleting glamour chilli
    technicolour bougainvillaea bougainvillaeas aerogramme aerogrammes moustachioed
""")
MORE = _words("""
    storey=story storeys=stories kerb=curb kerbs=curbs cheque=check cheques=checks
    skilful=skillful skilfully=skillfully wilful=willful wilfully=willfully
    fulfil=fulfill enrolment=enrollment enrolments=enrollments marvellously=marvelously
    sceptically=skeptically acknowledgement=acknowledgment acknowledgements=acknowledgments
    grey-haired=gray-haired harbour=harbor harbours=harbors
    neighbour=neighbor neighbours=neighbors neighbouring=neighboring neighbourhood=neighborhood
    neighbourhoods=neighborhoods neighbourly=neighborly labour=labor labours=labors
    laboured=labored labouring=laboring labourer=laborer labourers=laborers
    paralyse=paralyze paralysed=paralyzed paralyses=paralyzes paralysing=paralyzing
    analyse=analyze analysed=analyzed analysing=analyzing analyser=analyzer
    catalyse=catalyze catalysed=catalyzed catalysing=catalyzing
    defence=defense offence=offense pretence=pretense
    aluminium=aluminum pyjamas=pajamas sceptical=skeptical moustache=mustache
    centimetre=centimeter nanometre=nanometer nanometres=nanometers manoeuvre=maneuver
    travelled=traveled traveller=traveler travellers=travelers travelling=traveling
    cancelled=canceled cancelling=canceling modelled=modeled modelling=modeling
    labelled=labeled labelling=labeling fuelled=fueled fuelling=fueling signalled=signaled
    signalling=signaling totalled=totaled totalling=totaling levelled=leveled levelling=leveling
    quarrelled=quarreled quarrelling=quarreling counsellor=counselor counsellors=counselors
    counselled=counseled counselling=counseling jeweller=jeweler jewellers=jewelers
    marvellous=marvelous woollen=woolen cosy=cozy tyre=tire tyres=tires
""")
_IZE = re.compile(r"[a-z]{3,}iz(?:e|es|ed|ing|er|ers|ation|ations|able)")
_ENDING = re.compile(r"(?<=i[sz])(?:e|es|ed|ing|ings|er|ers|ation|ations|ational|able)$")
# Words in -ise that have no -ize in American, though dictionaries list one.
NOT_IZE = re.compile(
    r"(?:adverti|advi|apprai|ari|chasti|circumci|compri|compromi|concis|demi|despi|devi|disgui|exci"
    r"|exerci|experti|fran?chi|impro?vi|inci|merchandi|preci|premi|promi|prai|rai|revi|supervi|surmi"
    r"|surpri|televi|treati|enterpri|enfranchi|wi|ri|noi|poi|anal[iy]|pari|likewi|otherwi|crui|brui)s"
)


def main() -> None:
    """Write the table."""
    constants = ast.parse(Path(sys.argv[1]).read_text("utf-8"))
    pairs: dict[str, str] = {}
    for statement in constants.body:
        if isinstance(statement, ast.Assign) and "BRITISH" in ast.unparse(statement.targets[0]):
            pairs = ast.literal_eval(statement.value)
    pairs |= dict(one.split("=") for one in MORE)
    known = lemmatizer._trie("en")
    for word in map(str, known.iterkeys()):
        british = word[::-1].replace("zi", "si", 1)[::-1]
        if _IZE.fullmatch(word) and british in known and not NOT_IZE.search(british):
            pairs.setdefault(british, word)
    rows = set()
    for british, american in pairs.items():
        if british in DROPPED or american == british or not british.replace("-", "").isalpha():
            continue
        kind = _kind(british, american)
        if kind == "oxford":  # the verb stands for its forms
            british, american = (_ENDING.sub("e", word) for word in (british, american))
            if not _ENDING.search(american):
                continue
        rows.add(f"{british}\t{american}\t{kind}")
    header = "british\tamerican\tkind"
    TABLE.write_text("\n".join([header, *sorted(rows)]) + "\n", "utf-8")
    print(f"{TABLE}: {len(rows)} pairs")


def _kind(british: str, american: str) -> str:
    if british in ONLY_AMERICAN:
        return "to-american"
    if british in ONLY_BRITISH:
        return "to-british"
    if re.sub(r"iz(?=[aei])", "is", american) == british:
        return "oxford"  # -ize is British too, by the Oxford rule
    return "both"


main()
