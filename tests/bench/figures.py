"""One line of what a benchmark prints."""

Figure = dict[str, object]


def figure(name: str, value: float, unit: str, against: float) -> Figure:
    """`against`: the most or least it may be, or what the peer needed in the same run."""
    return {"figure": name, "value": round(value, 3), "unit": unit, "against": round(against, 3)}
