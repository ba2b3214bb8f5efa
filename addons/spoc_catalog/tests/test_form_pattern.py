"""Patterns of editors: what they mean, what is refused, how long they take."""

import random
import re
import time

from odoo.tests import BaseCase

from .. import form_pattern
from ..form_pattern import PatternError, compile_pattern, matches


class TestFormPattern(BaseCase):
    def test_refused(self):
        for pattern, reason in (
            ("(", "syntax"),
            (")", "syntax"),
            ("a)", "syntax"),
            ("*a", "syntax"),
            ("a**", "syntax"),
            ("a++", "syntax"),
            ("a{2", "syntax"),
            ("a{x}", "syntax"),
            ("a{3,2}", "syntax"),
            ("a{,2}", "syntax"),
            ("[a", "syntax"),
            ("[]", "syntax"),
            ("[z-a]", "syntax"),
            ("[a-\\d]", "syntax"),
            ("a\\", "syntax"),
            ("a}", "syntax"),
            ("(?=a)", "unsupported"),
            ("(?!a)", "unsupported"),
            ("(?<=a)b", "unsupported"),
            ("(?P<x>a)", "unsupported"),
            ("(?i)a", "unsupported"),
            ("(a)\\1", "unsupported"),
            ("\\bword\\b", "unsupported"),
            ("\\p{L}", "unsupported"),
            ("\\x41", "unsupported"),
            ("a^b", "unsupported"),
            ("a$b", "unsupported"),
            ("(^a)", "unsupported"),
            ("a{1000}", "too_big"),
            ("a{301}", "too_big"),
            ("(a{50}){50}", "too_big"),
            ("((((){999}){999}){999}){999}", "too_big"),
            ("(" * 21 + "a" + ")" * 21, "too_big"),
            ("a" * (form_pattern.PATTERN_LIMIT + 1), "too_big"),
        ):
            with self.subTest(pattern[:40]), self.assertRaises(PatternError) as caught:
                compile_pattern(pattern)
            self.assertEqual(caught.exception.reason, reason, pattern[:40])

    def test_the_same_as_python_where_both_can(self):
        rng = random.Random(4)
        parts = ["a", "b", "[ab]", "[^a]", ".", "\\d", "(a|b)", "(?:ab|c)", "(a*b?)"]
        counts = ["", "", "?", "*", "+", "{2}", "{1,}", "{0,2}", "*?"]
        texts = ["".join(rng.choice("abc1") for _n in range(n % 7)) for n in range(70)]
        for _round in range(400):
            pattern = "".join(
                rng.choice(parts) + rng.choice(counts)
                for _n in range(rng.randint(1, 4))
            )
            pattern = rng.choice(["", "", "a|"]) + pattern
            program, real = compile_pattern(pattern), re.compile(pattern)
            for text in texts:
                self.assertEqual(
                    matches(program, text), bool(real.fullmatch(text)), (pattern, text)
                )

    def test_clumsy_patterns_take_no_time(self):
        start = time.monotonic()
        for pattern in (
            "(a+)+b",
            "(a|a)*b",
            "(a|aa)+b",
            "(.*)*b",
            "a*a*a*a*a*a*b",
            "((a?){9}){9}b",
        ):
            text = "a" * form_pattern.PATTERN_TEXT_LIMIT
            self.assertFalse(matches(compile_pattern(pattern), text), pattern)
            self.assertTrue(matches(compile_pattern(pattern), "aaab"), pattern)
        self.assertLess(time.monotonic() - start, 10)

    def test_escaped_end(self):
        self.assertTrue(matches(compile_pattern("\\$"), "$"))
        self.assertTrue(matches(compile_pattern("\\\\$"), "\\"))
        self.assertTrue(matches(compile_pattern("^$"), ""))
