"""How sure a rate is that was seen in a number of trials."""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist


def interval(wrong: int, trials: int, confidence: float = 0.95) -> tuple[float, float]:
    """Give the Wilson score interval of a rate.

    Args:
        wrong: how often it happened.
        trials: how often it could have happened, at least once.
        confidence: how often such an interval holds the true rate.

    Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference, 1927.
    """
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    rate = wrong / trials
    middle = rate + z * z / (2 * trials)
    spread = z * sqrt(rate * (1 - rate) / trials + z * z / (4 * trials * trials))
    scale = 1 + z * z / trials
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)
