"""How often the checks complain of right translations: human ones, as approved entries.

usage: python benchmarks/false_alarms.py [LANGUAGE [SOURCE TARGET]] [--glossary FILE]
           [--pofilter PROGRAM] [--show]

SOURCE and TARGET have a segment a line; without them, the approved entries of this project's
own catalogs are taken. Prints the share of entries with errors and with
warnings, the number of findings by check, and with --show every one of them.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from parallel import by_pofilter, by_translate, own, read


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("language", nargs="?", default="en")
    parser.add_argument("source", type=Path, nargs="?")
    parser.add_argument("target", type=Path, nargs="?")
    parser.add_argument("--glossary", type=Path)
    parser.add_argument("--pofilter", help="path of pofilter, to compare with")
    parser.add_argument("--show", action="store_true", help="print every finding")
    given = parser.parse_args()
    pairs = read(given.source, given.target) if given.target else own(given.language)
    found = by_translate(given.language, pairs, given.glossary)
    print(f"{len(pairs)} entries, de-{given.language}")
    for severity in ("error", "warning", "info"):
        number = sum(any(s == severity for _, s in rows) for rows in found.values())
        checks = Counter(c for rows in found.values() for c, s in rows if s == severity)
        names = ", ".join(f"{name} {count}" for name, count in checks.most_common())
        print(f"  {severity}: {number} entries, {number / len(pairs):.2%} ({names})")
    if given.pofilter:
        flagged = by_pofilter(given.pofilter, given.language, pairs)
        checks = Counter(c for rows in flagged.values() for c, _ in rows)
        names = ", ".join(f"{name} {count}" for name, count in checks.most_common(8))
        print(f"  pofilter: {len(flagged)} entries, {len(flagged) / len(pairs):.2%} ({names}, …)")
    if given.show:
        for number, rows in sorted(found.items()):
            for check, severity in sorted(rows):
                if severity != "info":
                    pair = pairs[number]
                    print(
                        f"\n{number + 1}: {severity} {check}\n  - {pair.source}\n  + {pair.target}"
                    )


if __name__ == "__main__":
    main()
