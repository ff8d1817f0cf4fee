"""When messages arrived: how many, how fast, the most in any second."""

from array import array


class Arrivals:
    """Moments in order, in seconds of one monotonic clock; 8 bytes each."""

    def __init__(self) -> None:
        self._moments = array("d")

    def note(self, moment: float) -> None:
        self._moments.append(moment)

    @property
    def count(self) -> int:
        return len(self._moments)

    @property
    def seconds(self) -> float:
        """From the first to the last."""
        return self._moments[-1] - self._moments[0] if self._moments else 0.0

    @property
    def mean_per_second(self) -> float:
        return (self.count - 1) / self.seconds if self.seconds else 0.0

    def worst_second(self) -> int:
        """The most in any sliding second, its end not counted in."""
        worst = first = 0
        for position, moment in enumerate(self._moments):
            while moment - self._moments[first] >= 1:
                first += 1
            worst = max(worst, position - first + 1)
        return worst
