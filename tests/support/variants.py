"""What there is in many kinds: some always, every one with `./spoc test all`."""

import pytest

SIZES = ("desktop", "phone")


def screens(languages):
    """Each language at one size, in turns; the other size is slow.

    :return: parameters of `pytest.mark.parametrize`: (language, size) each
    """
    return [
        pytest.param(
            language, size, marks=[] if place % 2 == number % 2 else pytest.mark.slow
        )
        for place, language in enumerate(languages)
        for number, size in enumerate(SIZES)
    ]
