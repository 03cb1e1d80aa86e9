"""German words that decide what a full stop means, by class.

The classes are used by `full_stops` and `sentences`. The words come from the rules of German
spelling (Duden, abbreviations), not from a corpus.
"""

from __future__ import annotations

__all__ = ["AFTER_ORDINAL", "BEFORE_ORDINAL", "MONTHS"]


def _words(text: str) -> frozenset[str]:
    """Return the words of a text, and their Swiss spellings."""
    return frozenset(text.split()) | frozenset(text.replace("ß", "ss").split())


# A sentence never ends with these; a name, a number or a noun always follows.
NEVER_FINAL = _words("""
    Dr Dres Prof Hr Hrn Fr Frl Mr Mrs Ms Mme Mlle Msgr Mag Ing Dipl Priv Doz habil med jur phil
    rer pol iur theol vet dent Lic Lt Ltn Col Maj Capt Cpt Sgt Cmdr Adm Sen Rep Gov Pres Rev Hon
    Hptm Oblt Bgm LAbg NRAbg Stv stv Vors Abg Frhr Hzg St Sta Ste Hl hl Skt Nr Nrn No Nos Tel Az
    Drs Zl vgl
    Vgl bzw Bzw resp Resp ca Ca rd Rd sog Sog sogen Sogen gen geb Geb gest verh verw gesch ggf
    Ggf gegebenenf evtl Evtl ev inkl Inkl incl exkl Exkl einschl Einschl ausschl zzgl Zzgl zuzgl
    abzgl Abzgl bes Bes insb Insb insbes Insbes hpts spez ehem Ehem urspr Urspr eigtl eigentl
    gegr gem Gem entspr Entspr bezgl bzgl Bzgl betr Betr mittl mind Mind durchschn tägl monatl
    jährl wöchentl schriftl mündl öffentl staatl städt landw wirtsch wiss techn polit milit
    christl kath röm griech lat dt dtsch engl frz franz ital span russ poln tschech türk arab
    chin jap amerik brit schott kanad austral österr schweiz niederl belg dän schwed norw finn
    ungar rumän bulg ukrain europ internat sächs bayr bayer westf rhein nördl südl östl westl
    amtl Bde Hrsg hrsg Hg hg Verf verf Übers übers Ausg Abschn Buchst Fn zit Zit zul jew einf
    allg Allg vs Vs ders Ders Gebr Fa Kgl kgl Kais kais königl Reg Krs Lkr Bez Prov Kto bspw
    Bspw vermutl wahrsch wahrscheinl natürl grds grundsätzl teilw Teilw tw überw voraussichtl
    vorauss ungef jmd jmdm jmdn zw lt Lt Ft Mt Bsp Parl MinDir RegDir Gfm Präs Abk Abkz max
    mult Urt Beschl Slg Rs Rspr lfd Lfd op Op KV cf subsp ssp var spp ugs übl luth prot
    desgl Desgl ebd Ebd ebda gez erg näml od wg Wg mtl tgl stdl frdl Fam Inh Nachf Kfm Jb Zs Ztr
    Pfd anschl ausf Ausf dazw gefl em geh Geh hebr syr jüd islam buddh orth sorb fries plattd
    alem schwäb LL Joh Seb Wilh Friedr Ferd Heinr Herm Ludw Theod Bernh Gottfr Gottl Konr Leop
    Nik Rud Wolfg Elis Marg Jos Phil Th
    hess thür brandenb mecklenb niederd hochd mhd ahd nhd vorz zeitl örtl chem physik biol math
    geogr hist archäol soz psych pharm elektr mechan autom eidg Eidg kant schles z.B d.h D.h Z.B
    z.Hd z.Hdn i.S.v i.S.d i.V.m i.H.v s.S m.a.W u.d.T
""")

# Words that start a sentence even after an abbreviation that is never final elsewhere: no noun
# or name begins with them, and they are not the formal "Sie".
STRONG_STARTERS = _words("""
    Er Es Wir Ich Dann Danach Davor Dort Hier Deshalb Daher Darum Deswegen Dennoch Trotzdem
    Allerdings Jedoch Außerdem Zudem Doch Aber Denn Auch Nun Jetzt Damals Schließlich Seitdem
    Inzwischen Mittlerweile Dabei Dazu Dafür Dagegen Wenn Weil Obwohl Nachdem Seine Seinen
    Seiner Seinem Niemand Jemand Nichts
""")

# Abbreviations that are also words or names ("Davon wusste nur Jan."). They are abbreviations
# at the start of a sentence or beside a number.
ALSO_WORDS = _words("Jan Max Mia Kap Tab Alt Fax Vers Fig Ex")

# Titles that are also nouns: after an article they are the noun ("ein Gen.", "das Reg.").
ALSO_NOUNS = _words("Gen Hon Sen")

# A name follows these, which is no abbreviation even if it looks like one ("Dr. No.").
TITLES = _words("Dr Prof Hr Hrn Fr Frl Mr Mrs Ms Mme Mlle Herr Herrn Frau Pfr")

# Forms of companies after "& Co.".
COMPANY_FORMS = _words("KG KGaA GmbH AG OHG Ltd Inc SE Verlag")

# Heads of compounds that are abbreviated only at their end ("Oberbgm.", "Bundesreg.").
COMPOUND_TAILS = _words("""
    abg abs abschn abt bev bl bez bgm bhf dir einr fabr ges gew hbf inst kfm komm konf krs ldg ltg
    min nr präs reg rep rspr std str univ verb verf vers verw vors werkst ztg
""")

# A sentence may end with these, but only if an unambiguous sentence start follows.
MAYBE_FINAL = _words("""
    Mio Mrd Mia Mill Bio Brd Trd Tsd Tds Std Stdn Min Sek Sec Proz Pkt Pkte Stck Stk Ex Expl Jh Jhd
    Jhdt Jhs Chr Jan Jän Feb Febr Mrz Apr Jun Jul Aug Sep Sept Okt Nov Dez Mo Di Mi Do Sa So Str
    str Pl Inc Corp Co Cie Ltd Bros Jr Sr jr sr jun sen Gen Abt Bem vorm nachm abds al Univ Inst
    Fak Verl Ziff Kap Abs Bd Tit Abb Tab Anm Anl Anh Art art Pos Jg Bl Aufl Rn Rz Tz
    Rdnr Rdn Vol Fig Lit a.D i.R d.J d.Ä d.Gr v.H v.T ö.L N.N n.Chr v.Chr u.a i.d.R z.T z.Zt z.Z
    a.M a.O a.R d.R d.M m.E e.V i.V i.A Pers Einw Ew Nachtr min p.a o.g s.o s.u u.U a.a.O i.e.S
    i.w.S n.v k.A p.m a.m Ph.D M.A B.A M.Sc B.Sc LL.M ung
""")

# A capital letter after these usually starts a sentence.
OFTEN_FINAL = _words("""
    usw usf etc ff f fg Hbf Bhf n.V D.C i.E
    dgl dergl u.ä u.Ä o.ä o.Ä u.v.m u.v.a u.dgl u.s.w u.s.f MwSt Mwst USt
    n.E Art art
""")

# A number follows these; without one they are as the other classes say, or plain words.
BEFORE_NUMBER = _words("""
    Art art Abs Kap Ziff Tit Nr Nrn Bd S Tab Abb Anm Anl Anh Rn Rz Tz Rdnr Rdn Abschn Buchst Tel
    Jg Str str Bl Fig Lit Pos Pkt Vers Mo Di Mi Do Fr Sa So Vol Ausg Aufl Fn Fax min Alt Ref Drs
    Az Jan Jän Feb Febr Mrz Apr Jun Jul Aug Sep Sept Okt Nov Dez Mär Bem
""")

# Units are abbreviations only after a number ("500 m.").
UNITS = _words("m km cm mm dm nm µm g kg mg t l ml hl h s ms ha qm cbm W kW MW GW V kV A mA Hz")

# Currencies after a number ("40 Fr."); elsewhere they are titles or no abbreviations.
CURRENCIES = _words("Fr Sfr Rp")

# A singular noun follows these, or an ordinal and a singular noun.
INDEFINITE = _words("ein eine einen einem einer eines Ein Eine Einen Einem Einer Eines")

# Words for numbers and times, which start a sentence after a number with a full stop.
NUMERALS = _words("""
    Zwei Drei Vier Fünf Sechs Sieben Acht Neun Zehn Elf Zwölf Zwanzig Dreißig Hundert Tausend
    Hunderte Tausende Dutzende Beide Mehrere Kurz Bald Spät Früh Gleich Sofort
    Lange Tags Stunden Minuten
""")

# Prepositions joined with an article: an ordinal of a date or a singular noun follows.
CONTRACTIONS = _words("am zum im vom beim zur ins ans aufs Am Zum Im Vom Beim Zur Ins Ans Aufs")

MONTHS = _words("""
    Januar Jänner Februar Feber März April Mai Juni Juli August September Oktober November
    Dezember Jan Jän Feb Febr Mär Mrz Apr Jun Jul Aug Sep Sept Okt Nov Dez
""")

# After these a number with a full stop is an ordinal ("am 16.", "ihren 3.").
BEFORE_ORDINAL = _words("""
    der die das den dem des ein eine einen einem einer eines am im zum zur vom beim ins ans aufs
    fürs ab an auf aus bei bis durch für gegen hinter in mit nach neben ohne seit über um unter
    von vor während wegen zu zwischen trotz laut dieser diese dieses diesen diesem jeder jede
    jedes jeden jedem jener jene jenes jenen jenem mein meine meinen meinem meiner meines dein
    deine deinen deinem deiner deines sein seine seinen seinem seiner seines ihr ihre ihren
    ihrem ihrer ihres unser unsere unseren unserem unserer unseres euer eure euren eurem eurer
    eures kein keine keinen keinem keiner keines als pro je und oder sowie bzw. samt kommenden
    kommende kommender vergangenen vergangene letzten letzte nächsten nächste gestrigen heutigen
    morgigen neuen neue alten alte ganzen gesamten nunmehr Montag Dienstag Mittwoch Donnerstag
    Freitag Samstag Sonnabend Sonntag Der Die Das Den Dem Des Ein Eine Einen Einem Einer Eines
    Am Im Zum Zur Vom Beim Ab An Auf Bei Bis Durch Für Gegen In Mit Nach Seit Unter Von Vor
    Während Zu Zwischen Dieser Diese Dieses Diesen Diesem Jeder Jede Jedes Sein Seine Seinen
    Seinem Seiner Ihr Ihre Ihren Ihrem Ihrer Unser Unsere Unseren Mein Meine Meinen Kein Keine
    Und Als Trotz Wegen
""")

# Some of these precede cardinal numbers, too: "stieg auf 120.", "seit 2019.".
BEFORE_EITHER = _words("""
    auf um von mit über unter gegen bei und oder seit in ab an bis für nach vor zu zwischen
    durch aus hinter ohne pro je als sowie im Auf Um Von Mit Über Unter Gegen Bei Und Seit In Ab
    An Bis Für Nach Vor Zu Zwischen Durch Im
""")

# A cardinal number follows these nouns ("auf Platz 3."), so the full stop ends the sentence.
BEFORE_CARDINAL = _words("""
    Platz Rang Seite Kapitel Nummer Artikel Absatz Teil Band Gruppe Klasse Stufe Phase Punkt
    Position Ziffer Paragraf Paragraph Runde Halle Zimmer Raum Linie Gleis Minute Typ Version
    Kategorie Level Saison Staffel Folge Episode Formel Alter Jahrgang Zone Block Reaktor Tor
    Startplatz Satz Spalte Zeile Tabelle Abbildung Bild Route Bundesstraße Autobahn Landstraße
    Etage Haus Hausnummer Schicht Modell Sektor Abschnitt Lektion Aufgabe Frage Liga Los Kanal
    Tabellenplatz Weltranglistenplatz Vitamin Hepatitis Influenza Plan Variante Note Team Faktor
    Jahr Nr. Art. Abs. Kap. Bd. Abb. Tab. Ziff. Rn. S. § Windows Android Zahl Wert Index Fassung
    Lösung Antwort Option Tarif Terminal Zug Reihe Ausgang Eingang Blutgruppe Kandidat
    Pflegegrad Pflegestufe Warnstufe Stand Halbzeit Apollo
""")

# The number before these nouns is an ordinal, whatever precedes it ("beim nun schon 3. Mal").
AFTER_ORDINAL = _words("""
    Jahrhundert Jahrhunderts Jahrtausend Jahrtausends Jahrestag Jahrestages Jahrestags
    Geburtstag Geburtstages Geburtstags Todestag Todestages Hochzeitstag Weltkrieg Weltkriegs
    Weltkrieges Auflage Mal Bundesliga Liga Spieltag Spieltages Spieltags Etappe Stock Stockwerk
    Armee Division Legion Sitzung Wahlperiode Legislaturperiode Amtszeit Lebensjahr Lebensjahres
    Klasse Tag Tages Woche Monat Quartal Quartals Halbjahr Minute Spielminute Jubiläum Tagung
    Kongress Internationale Internationaler Internationales Internationalen FC SC SV VfB TSV FSV
    FFC Advent Bezirk Senat Strafsenat Zivilsenat Kammer Obergeschoss Viertel Verhandlungstag
    Prozesstag Aufl Jg Lj Wp Hj Quartalsbericht Platz Rang Preis Reihe Halbzeit Satz Hand Wahl
    Runde Auflagen Gang Strophe Akt Etage Semester Lehrjahr Schuljahr Geige Geiger Bürgermeister
    Bürgermeisterin Schriftführer Schriftführerin Kassierer Beisitzer Anlauf Rennen OG UG DG
    Kompanie Regiment Bataillon Brigade Korps Flotte Generation Parteitag
    Bundesversammlung Vorsitzende Vorsitzender Grades Hauptversammlung Jh Jhd Jhdt
""")

# Sentence starters: capitalized, they are neither a noun nor a name.
STARTERS = _words("""
    Der Die Das Den Dem Des Ein Eine Einen Einem Einer Eines Er Sie Es Wir Ihr Ich Du Man Ihm
    Ihn Ihnen Uns Mir Mich Dir Dich Dies Diese Dieser Dieses Diesen Diesem Jene Jener Jenes
    Jenen Jede Jeder Jedes Jeden Jedem Alle Allen Alles Viele Vielen Vieles Einige Einigen
    Mehrere Manche Mancher Beide Beiden Kein Keine Keinen Keiner Keinem Mein Meine Meinen Meiner
    Dein Deine Sein Seine Seinen Seiner Seinem Ihre Ihren Ihrem Ihrer Unser Unsere Unseren
    Unserer Derzeit Dessen Deren Denen Derjenige Diejenigen Dasselbe Derselbe Dieselbe Solche
    Solcher Solches In Im Am An Auf Aus Bei Beim Bis Durch Für Gegen Hinter Mit Nach Neben Ohne
    Seit Trotz Über Um Unter Von Vom Vor Während Wegen Zu Zum Zur Zwischen Laut Gemäß Entlang
    Gegenüber Innerhalb Außerhalb Angesichts Aufgrund Anhand Mithilfe Infolge Anstelle Statt
    Anstatt Samt Außer Und Oder Aber Doch Denn Sondern Jedoch Auch Sogar Nur Noch Schon Erst
    Bereits Dann Danach Davor Dabei Damit Dafür Dagegen Daher Darum Deshalb Deswegen Dennoch
    Trotzdem Allerdings Außerdem Zudem Ferner Hier Dort Da Nun Jetzt Heute Gestern Später Früher
    Zuvor Zuletzt Zuerst Zunächst Inzwischen Mittlerweile Bisher Bislang Wenn Falls Weil Obwohl
    Als Ob Dass Nachdem Bevor Sobald Solange Sofern Indem Damals Einst Seitdem Seither Künftig
    Zugleich Gleichzeitig Anschließend Daraufhin Schließlich Letztlich Endlich Dazu Daran Darauf
    Daraus Darin Davon Darüber Darunter Dadurch Demnach Demzufolge Folglich Somit Sonst
    Ansonsten Hinzu Hierzu Hierbei Hierfür Hinter Wer Wen Wem Wessen Was Wann Wo Wie Warum
    Weshalb Wieso Woher Wohin Wozu Womit Wofür Worum Welche Welcher Welches Welchen So Ebenso
    Ebenfalls Genauso Vielleicht Wohl Immer Nie Niemals Niemand Jemand Nichts Etwas Ja Nein
    Nicht Insgesamt Wieder Wiederum Erneut Rund Etwa Knapp Mehr Weniger Nachher Vorher Manchmal
    Oft Häufig Selbst Ist War Sind Waren Hat Hatte Haben Wird Wurde Werden Wurden Kann Könnte
    Soll Sollte Muss Darf Will Hätte Wäre Gibt Gab Kommt Natürlich Offenbar Leider Eigentlich
    Tatsächlich Immerhin Übrigens Überhaupt Eben Ganz Sehr Allein Indes Indessen Vielmehr
    Hingegen Stattdessen Nebenbei Unterdessen Währenddessen Ab Dank Einerseits Andererseits Zwar
    Weder Entweder Sowohl Je Desto Umso Wobei Wodurch Sodass Ehe Niemanden Niemandem Irgendwann
    Wenige Etliche Zahlreiche Sämtliche Überall Nirgends Ältere Jüngere Weitere Andere Anderen
    Besonders Beispielsweise Demgegenüber
""")

# These may belong to a name after an initial ("A. Da Silva").
NAME_PARTICLES = _words("Da Du Von Zu Zum Zur")

# Names that end with an exclamation mark.
WITH_MARK = _words("Yahoo Jeopardy Joop Wham")

# Consonants that end German words; two or more others end an abbreviation ("Mitgl").
FINAL_CLUSTERS = _words("""
    st rn rs ng ns nd ln rt ls ch sch ts ms rst lt cht ft gs chs nds ngs tz nt ll ck ss cks lnd gt
    tt rnd lls rts ds chts lst fs tts rm ld rns nz bs hl hr ff kt lds ckt sts gst bt ffs nts rk nn
    sst kts nk nst llt hrt rks schs hn ps lns mm tzt nkt chst ngt ht fts bst nns hls mt ßt lz lts
    ngst mms hrs rd pf rms rf mmt nsts rds pfs nks ppt rg hst rfs nnt hns scht rz mpf rkt hlt ks
    fst ckst hs vs llst nkts tsch mpfs rb pp tscht rr pft dt mmst lm fft mst rrt lg mts rzt lms rl
    lgs hrst rbs ph hnt rkts rls xt pt rft rgs nzt nkst nsch pps mpft lk hlst rln pts lzt schst
    nnst rsch rmt ppst lb ffst th lch zt lks ndt hmt ws rbt hm md tschs rnt xts rschs lf tschst
    pfst pst gd rrst nft hnst rgt ltst rch mp rrn rbst rrs rfst lkt mpfst tst mpt kst rzts mds
    rkst ttst rps rnst hmst mps rcht cs ths rmst rsts sk lft lfs rph sh lgt hts rgst nschs lchs wn
    mpst stt nch tch rv rscht hms dts rp lkst lfst gn wns nscht lpt rvs shs phs lbt lbs nchs lgst
    lbst ght lmt gh gg rth rchs gns zz tcht nf mph rtz ndl tzs nth cts ct
""")

# Consonants that end names of southern Germany ("Brandl", "Vogl"), but no other word.
NAME_CLUSTERS = _words("""
    dl gl kl tl sl bl rl zl ndl ttl ckl rkl rdl ngl ggl bbl tzl ssl schl chtl stl rtl rzl nzl ppl
    ml mpl chl
""")

# Consonants that start German words; two or more others start an abbreviation ("Gde").
INITIAL_CLUSTERS = _words("""
    st sch pr fr gr sp tr kr fl br kl str bl schw schl dr gl zw pl schn kn schm spr ch schr pf th
    ph pfl sk chr ps rh cl cr sh gn sl chl spl skl tsch sw sm sz thr phr sc sn dsch wr wh skr sph
    scr tw gh pn pfr kh phl vl gsch pt ts fj dj dw mn kw gw qu zh xh ll
""")

# Verbs before an ellipsis that only the name of a person or thing completes ("Es siegt … Ott").
NAMING_VERBS = _words("ist sind war waren heißt hieß lautet kommt kam siegt siegte gewann gewinnt")
