"""Cleaning the changed part gives what cleaning the whole gives."""

import random
from functools import partial

from odoo.tests import BaseCase, tagged
from odoo.tools import html_sanitize

from .. import html_blocks

SANITIZE = partial(
    html_sanitize,
    sanitize_tags=True,
    sanitize_attributes=True,
    sanitize_style=True,
    sanitize_form=True,
    sanitize_conditional_comments=True,
)
PIECES = (
    "<p>Plain &amp; simple words, and more of them in a row</p>",
    "<h2>Heading</h2>",
    "<ul><li>one</li><li>two <b>bold</b></li></ul>",
    '<table class="table"><tbody><tr><td>a</td><td>b</td></tr></tbody></table>',
    '<p style="color: red; position: fixed">styled</p>',
    '<p>a link <a href="https://a.example/?a=1&amp;b=2">there</a></p>',
    "<p>&nbsp;blank&nbsp;</p>\n",
    '<pre>code &lt;p&gt; "quoted"</pre>',
    "<p><br></p>",
    '<p><img src="/web/image/1" alt="<p>tricky</p>"></p>',
    "<div>not a plain block</div>",
    "stray text",
    "<p>åäö щука 漢字</p>",
)
ATTACKS = (
    "<script>alert(1)</script>",
    '<p onclick="alert(1)">x</p>',
    "<p>a</p><img src=x onerror=alert(1)>",
    '<p title="</p><script>alert(1)</script>',
    "<textarea><p>",
    "<svg><script>alert(1)</script></svg>",
    "<style><p>",
    "<!-- <p>",
    "--><script>alert(1)</script>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    '<a href="javascript:alert(1)">x</a>',
    "</p></div></body></html><script>alert(1)</script>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<p>\0<script>alert(1)</script></p>",
    "<plaintext><p>",
    "<hr><script>x</script><hr>",
    "<body onload=alert(1)><p>x</p>",
    "<table><p>x</p><script>alert(1)</script></table>",
    "<p>" + "x" * 2500 + "<script>alert(1)</script></p>",
)
BAD = ("<script", "onclick=", "onerror=alert", "onload", "javascript:", "<iframe")


@tagged("post_install", "-at_install")
class TestHtmlBlocks(BaseCase):
    def _text(self, dice, size):
        return "".join(dice.choice(PIECES) for _place in range(size))

    def test_same_as_cleaning_all(self):
        dice = random.Random(4)
        for _round in range(150):
            blocks = [dice.choice(PIECES[:10]) for _place in range(60)]
            before = str(SANITIZE("".join(blocks)))
            for _edit in range(dice.randint(1, 4)):
                place = dice.randrange(len(blocks))
                blocks[place : place + dice.randint(0, 2)] = [
                    dice.choice(PIECES) for _piece in range(dice.randint(0, 2))
                ]
            typed = "".join(blocks)
            self.assertEqual(
                html_blocks.clean(typed, before, SANITIZE), str(SANITIZE(typed)), typed
            )

    def test_edit_of_the_clean_text(self):
        before = str(SANITIZE(self._text(random.Random(1), 200)))
        before = str(SANITIZE("".join(PIECES[:4] * 60)))
        for typed in (
            before,
            before + "<p>new</p>",
            "<p>new</p>" + before,
            before.replace("two", "three", 1),
            before[: len(before) // 2],
            before + before,
        ):
            self.assertEqual(
                html_blocks.clean(typed, before, SANITIZE), str(SANITIZE(typed))
            )

    def test_only_what_changed_is_cleaned(self):
        before = str(SANITIZE("".join(PIECES[:4] * 60)))
        sizes = []

        def watched(text):
            sizes.append(len(text))
            return SANITIZE(text)

        typed = before.replace("</ul>", "</ul><p>new</p>", 1)
        html_blocks.clean(typed, before, watched)
        self.assertEqual(len(sizes), 1)
        self.assertLess(sizes[0], 100)

    def test_attacks_in_every_place(self):
        before = str(SANITIZE("".join(PIECES[:4] * 30)))
        edges, _known = html_blocks._anatomy(before)
        places = [0, edges[1], edges[-1] // 2, edges[len(edges) // 2], edges[-1]]
        for attack in ATTACKS:
            for place in places:
                typed = before[:place] + attack + before[place:]
                cleaned = html_blocks.clean(typed, before, SANITIZE)
                # Twice: what was harmless must not wake up when it is read again.
                for result in (cleaned, str(SANITIZE(cleaned))):
                    for bad in BAD:
                        self.assertNotIn(bad, result, (attack, place))

    def test_markup_in_a_clean_attribute_is_no_known_block(self):
        hidden = '<img src="x" onerror="alert(1)">'
        before = str(
            SANITIZE("".join(PIECES[:4] * 30) + f"<p title='</p>{hidden}<p'>a</p>")
        )
        for typed in (before + hidden, hidden + before, before.replace("'", "")):
            cleaned = html_blocks.clean(typed, before, SANITIZE)
            outside = cleaned.replace("title=", "")
            self.assertEqual(str(SANITIZE(cleaned)), cleaned)
            self.assertEqual(outside.count(hidden), before.count(hidden))
