"""Words typed as Telex while the Vietnamese keyboard was off: `ddawng kys` is đăng ký. Pure."""

import re
from typing import Final

# a key after a letter makes its mark: aa â, aw ă, dd đ, ee ê, oo ô, ow ơ, uw ư, w ư;
# s f r x j behind the vowels, also at the word's end, make its tone
_LONGEST: Final = 12  # letters and keys of one syllable: nghieengs
_TONE: Final = re.compile(r"(?<=[aeiouyw])[sfrxj]|(?<=[cghmnpt])[sfrxj]$")
_DOUBLE: Final = re.compile(r"([adeo])\1")
_HORN: Final = re.compile(r"([aou][a-z]*?)w")


def without_telex(words: str) -> str:
    """Of folded words; what is no Telex may come out as nonsense."""
    return " ".join(_bare(word) for word in words.split())


def _bare(word: str) -> str:
    if not word.isalpha() or len(word) > _LONGEST:
        return word
    without_tone = _TONE.sub("", word)
    return _HORN.sub(r"\1", _DOUBLE.sub(r"\1", without_tone)).replace("w", "u")
