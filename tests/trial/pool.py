"""Work on many things, several at a time, with a progress bar."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import TypeVar

from rich.console import Console
from rich.progress import track

Item = TypeVar("Item")
Result = TypeVar("Result")


def side_by_side(
    work: Callable[[Item], Result],
    items: Sequence[Item],
    at_once: int,
    title: str,
    console: Console,
) -> Iterator[tuple[Item, Result]]:
    """Give each item with its result, in order; whoever stops asking leaves the rest undone.

    Args:
        work: what is done with an item, in a forked process.
        items: the items.
        at_once: how many processes there are.
        title: what stands before the bar.
        console: where the bar goes.
    """
    with ProcessPoolExecutor(at_once, multiprocessing.get_context("fork")) as pool:
        done = zip(items, pool.map(work, items), strict=True)
        try:
            yield from track(done, title, len(items), console=console)
        finally:
            pool.shutdown(cancel_futures=True)
