"""Function words by language, which identify the language of most texts.

Articles, prepositions, conjunctions, pronouns, forms of "to be" and "to have". They decide
clear cases; langdetect, which takes a millisecond or more per text, decides the others.
"""

from __future__ import annotations

__all__ = ["DISTINCTIVE_GERMAN", "FUNCTION_WORDS", "GERMAN_IN_NAMES"]


def _words(text: str) -> frozenset[str]:
    """Return the words of a text, and the Swiss spellings of German ones."""
    return frozenset(text.split()) | frozenset(text.replace("ß", "ss").split())


FUNCTION_WORDS: dict[str, frozenset[str]] = {
    "de": _words("""
        der die das den dem des ein eine einen einem einer eines und oder aber nicht auch noch
        nur schon sehr mit von vom zu zum zur für auf aus bei beim nach über unter durch gegen
        ohne um an am im in ist sind war waren wird werden wurde wurden worden hat haben hatte
        hatten sein kann können soll sollen muss müssen sich er sie es wir ich ihr ihre ihren
        ihrer seine seinen seiner dass als wie wenn weil zwischen sowie dieser diese dieses
        diesem diesen kein keine keinen mehr seit bis vor so was wer wo man"""),
    "en": _words("""
        the a an of to in on at by for with from into about after before over under between
        against during without through and or but not no nor as if than that this these those
        which who whose whom what when where while because is are was were be been being am has
        have had do does did will would can could should may might must it its he his she her
        they their them we our us you your i my me there here also only more most such other
        all some any each both up out so said"""),
    "fr": _words("""
        le la les l un une des du de d au aux à en dans par pour sur avec sans sous entre vers
        chez depuis pendant après avant contre et ou mais ni donc or car que qu qui quoi dont
        où si comme quand est sont était étaient être été a ont avait avaient avoir il elle ils
        elles on nous vous je ce cet cette ces se s sa son ses leur leurs ne n pas plus très
        aussi même tout tous toute toutes plusieurs autres y lui c ainsi cela"""),
    "es": _words("""
        el la los las un una unos unas de del al a en por para con sin sobre entre hasta desde
        hacia durante según tras contra y e o u pero ni sino que quien quienes cual cuales cuyo
        como cuando donde si es son era eran ser sido está están estaba fue fueron ha han había
        habían haber lo le les se su sus este esta estos estas ese esa eso no más muy también
        ya todo todos toda todas otros otras nos me yo mi él ella ellos"""),
    "it": _words("""
        il lo la i gli le un uno una di del dello della dei degli delle a al alla ai alle da
        dal dalla in nel nella con su sul sulla per tra fra e ed o ma che chi cui non è sono
        era erano essere stato ha hanno aveva si se come quando dove più anche questo questa
        quello suo sua loro ci"""),
    "nl": _words("""
        de het een van in op te aan met voor door bij uit naar over om tot en of maar niet ook
        nog dat die dit deze is zijn was waren wordt worden werd werden heeft hebben had hij
        zij ze we wij ik er als dan zo hun haar geen meer kan zal zou"""),
    "pt": _words("""
        o a os as um uma de do da dos das em no na nos nas ao aos à às por pelo pela para com
        sem sobre entre até e ou mas que quem se não é são era eram ser foi foram está estão
        tem têm tinha como quando onde mais também já este esta isso seu sua seus suas ele ela
        eles lhe"""),
}

# German words that exist in no other language above and rarely occur in names that stay
# German. Articles, `für` and `und` do: "Bundesamt für Naturschutz".
DISTINCTIVE_GERMAN = _words("""
    nicht auch noch schon sehr ist sind waren wird werden wurde wurden worden haben hatte hatten
    kann können konnte konnten soll sollen sollte sollten muss müssen musste sich wir ihre ihren
    ihrer ihrem seine seinen seiner seinem dass wenn weil sowie dieser diese dieses diesem diesen
    kein keine keinen keiner mehr aber oder doch dann damit dabei dafür darauf daran davon dazu
    durch gegen ohne zwischen während bereits jedoch sei seien würde würden habe hätte hätten nach
    beim vom sagte sagt erklärte einen einem eines jetzt heute gestern morgen immer wieder etwa
    wegen seit unter über bis alle allen aller anderen andere viele vielen zwei drei vier fünf
    worden geworden gewesen gemacht gibt gab ging geht kam kommt lässt ließ macht steht
    möchte""") - frozenset(("bis", "sei", "alle", "kam", "gab", "sind"))
# Words that occur in German names.
GERMAN_IN_NAMES = _words("""
    der die das des dem den und für von vom zu zum zur im in am an auf aus bei mit e.V. ein eine
    einer""")
