"""The field `Plural-Forms` of a header, parsed and evaluated as gettext does.

Grammar and limits: gettext 0.21, plural.y and plural-eval.c. An expression is compiled for a
stack machine, so that neither a long nor a nested expression can exhaust Python's stack.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

__all__ = ["PluralFormsError", "frequent_forms", "plural_forms_problem", "read_form_count"]

_COUNT = re.compile(r"nplurals=[ \t\n\v\f\r]*([0-9]+)")
_TOKEN = re.compile(r"[ \t]*(?:([0-9]+)|(==|!=|<=|>=|&&|\|\||[n<>+\-*/%!?:()]))")
_END = re.compile(r"[ \t]*(?:[;\n]|\Z)")
_LARGEST = 2**64 - 1  # unsigned long
_EVALUATED = range(1001)
_FREQUENT = 5
_MAX_DEPTH = 200
_MAX_LENGTH = 5000

_PRECEDENCE = {
    "||": 1,
    "&&": 2,
    **dict.fromkeys(("==", "!="), 3),
    **dict.fromkeys(("<", ">", "<=", ">="), 4),
    **dict.fromkeys(("+", "-"), 5),
    **dict.fromkeys(("*", "/", "%"), 6),
}

Code = list[tuple[str, int]]
"""Instructions of the stack machine: an operator and its operand."""


class PluralFormsError(ValueError):
    """An invalid plural expression."""


def read_form_count(header: str) -> int | None:
    """Return `nplurals` of the text of a header, None if it is missing or no number."""
    match = _COUNT.search(header)
    # A later field of the same name does not count, as in gettext.
    if match is None or match.start() != header.find("nplurals="):
        return None
    return min(int(match[1].lstrip("0")[:21] or "0"), _LARGEST)


@lru_cache(maxsize=256)
def plural_forms_problem(header: str) -> str:
    """Return what `msgfmt -c` finds wrong with the plural forms of a header, "" if nothing.

    Without `nplurals=` or `plural=` there is nothing to find: only a catalog with plural forms
    needs them.
    """
    start = header.find("plural=")
    if start < 0 or "nplurals=" not in header:
        return ""
    count = read_form_count(header)
    if count is None:
        return "nplurals is not a number"
    expression = header[start + len("plural=") :]
    try:
        code = compile_expression(expression)
        values = [_evaluate(code, n) for n in _EVALUATED]
    except PluralFormsError as error:
        return str(error)
    if max(values) > _LARGEST // 2:
        return "the plural expression can be negative"
    if max(values) >= count:
        return f"nplurals is {count}, but the plural expression can be {max(values)}"
    return ""


@lru_cache(maxsize=256)
def frequent_forms(header: str) -> frozenset[int]:
    """Return the plural forms that a header selects for five numbers or more up to 1000.

    Others, such as the singular of English, may leave out the number, as for `msgfmt`. Returns
    nothing for a header without a valid plural expression.
    """
    start = header.find("plural=")
    if start < 0 or plural_forms_problem(header):
        return frozenset()
    code = compile_expression(header[start + len("plural=") :])
    counts = Counter(_evaluate(code, n) for n in _EVALUATED)
    return frozenset(form for form, count in counts.items() if count >= _FREQUENT)


def compile_expression(text: str) -> Code:
    """Compile an expression, up to a semicolon or line end. Raises PluralFormsError."""
    parser = _Parser(_tokens(text))
    parser.ternary(0)
    parser.expect("")
    return parser.code


def _tokens(text: str) -> list[str]:
    tokens: list[str] = []
    position = 0
    while not _END.match(text, position):
        match = _TOKEN.match(text, position)
        if match is None or position > _MAX_LENGTH:
            rest = text[position:].partition("\n")[0].strip()
            raise PluralFormsError(f"invalid plural expression at {rest[:20]!r}")
        tokens.append(match[1] or match[2])
        position = match.end()
    return [*tokens, ""]


class _Parser:
    """A recursive descent parser that emits code; the depth of parentheses is limited."""

    def __init__(self, tokens: Sequence[str]) -> None:
        self.code: Code = []
        self._tokens = tokens
        self._at = 0

    def expect(self, token: str) -> None:
        """Skip a token. Raises PluralFormsError for another one."""
        found = self._tokens[self._at]
        if found != token:
            raise PluralFormsError(f"invalid plural expression at {found or 'its end'!r}")
        self._at += 1

    def ternary(self, depth: int) -> None:
        """Parse `condition ? value : value`, or a binary expression."""
        if depth > _MAX_DEPTH:
            raise PluralFormsError("the plural expression is nested too deeply")
        self._binary(1, depth)
        if self._tokens[self._at] != "?":
            return
        self._at += 1
        otherwise = self._jump("unless")
        self.ternary(depth + 1)
        self.expect(":")
        end = self._jump("jump")
        self._land(otherwise)
        self.ternary(depth + 1)
        self._land(end)

    def _binary(self, least: int, depth: int) -> None:
        self._unary(depth)
        while _PRECEDENCE.get(operator := self._tokens[self._at], 0) >= least:
            self._at += 1
            # The right side of a logical operator is not always evaluated.
            short_cut = self._jump(operator) if operator in ("&&", "||") else None
            self._binary(_PRECEDENCE[operator] + 1, depth)
            if short_cut is None:
                self.code.append((operator, 0))
            else:
                self.code.append(("bool", 0))
                self._land(short_cut)

    def _unary(self, depth: int) -> None:
        negations = 0
        while self._tokens[self._at] == "!":
            self._at += 1
            negations += 1
        token = self._tokens[self._at]
        if token == "(":
            self._at += 1
            self.ternary(depth + 1)
            self.expect(")")
        elif token == "n" or token.isdigit():
            self._at += 1
            # 10**64 is a multiple of 2**64: earlier digits do not count.
            number = 0 if token == "n" else int(token[-64:]) & _LARGEST
            self.code.append(("n" if token == "n" else "number", number))
        else:
            self.expect("a number")
        self.code += [("!", 0)] * negations

    def _jump(self, operator: str) -> int:
        self.code.append((operator, 0))
        return len(self.code) - 1

    def _land(self, jump: int) -> None:
        self.code[jump] = (self.code[jump][0], len(self.code))


def _evaluate(code: Code, n: int) -> int:
    """Evaluate compiled code in unsigned 64-bit arithmetic. Raises PluralFormsError."""
    stack: list[int] = []
    at = 0
    while at < len(code):
        operator, operand = code[at]
        at += 1
        if operator == "number":
            stack.append(operand)
        elif operator == "n":
            stack.append(n)
        elif operator == "!":
            stack[-1] = int(not stack[-1])
        elif operator == "bool":
            stack[-1] = int(stack[-1] != 0)
        elif operator == "jump":
            at = operand
        elif operator == "unless":
            at = at if stack.pop() else operand
        elif operator in ("&&", "||"):
            left = stack.pop() != 0
            if left is (operator == "||"):
                stack.append(int(left))
                at = operand
        else:
            right = stack.pop()
            stack.append(_binary_result(operator, stack.pop(), right) & _LARGEST)
    return stack[0]


def _binary_result(operator: str, left: int, right: int) -> int:
    if operator in ("/", "%"):
        if not right:
            raise PluralFormsError("the plural expression can divide by zero")
        return left // right if operator == "/" else left % right
    if operator in ("+", "-", "*"):
        return {"+": left + right, "-": left - right, "*": left * right}[operator]
    return int(
        {
            "==": left == right,
            "!=": left != right,
            "<": left < right,
            ">": left > right,
            "<=": left <= right,
            ">=": left >= right,
        }[operator]
    )
