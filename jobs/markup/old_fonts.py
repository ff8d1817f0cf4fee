"""Text written for the fonts of before Unicode, TCVN3 (.VnTime) and VNI, told by its look. Pure.

Both put Vietnamese letters where Latin-1 has others: "Th«ng b¸o" and "Thoâng baùo" are Thông báo.
"""

import re

_FEWEST = 8  # signs that Vietnamese in Unicode never has
_FEWEST_KINDS = 5  # of them; Spanish has only ña and ño, French aï and oë
_FEWEST_ODD = 4  # letters that make it worth a closer look
_UNICODE = re.compile("[\u1ea0-\u1ef9ăđơưĂĐƠƯ]")
# TCVN 5712-1: symbols and capitals within words; Ì, Ò and Þ are tones of their own in cp1258
_TCVN3 = re.compile("[A-Za-z\u00c0-\u00ff][¨©ª«¬®µ¶¸¹»¼½¾×][a-zß-ö]|[a-z][Æ-ËÍ-ÑÓ-ÖØ-Ý]")
# VNI: a vowel, then its roof or its tone as a letter of its own; ñ for đ
_VNI = re.compile("[aeoAEO][âêùøûõïåäëüÂÊÙØÛÕÏ]|[ñÑ][aeiouyöôAEIOUYÖÔ]|[öô][ùøûõï]")
_ODD = re.compile("[¨©ª«¬®µ¶¸¹»¼½¾×øûïåäëüñöØÛÏÑÖÞÕ]")


def old_encoding(text: str) -> str:
    """TCVN3, VNI or nothing."""
    if len(_ODD.findall(text)) < _FEWEST_ODD:
        return ""
    readable = len(_UNICODE.findall(text))
    for name, pattern in (("TCVN3", _TCVN3), ("VNI", _VNI)):
        signs = pattern.findall(text)
        if len(signs) >= max(_FEWEST, readable) and len(set(signs)) >= _FEWEST_KINDS:
            return name
    return ""
