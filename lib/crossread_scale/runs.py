"""Where shards are counted: here, in processes of this machine, or on a Dask cluster."""

from __future__ import annotations

import multiprocessing
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, nullcontext
from importlib.util import find_spec
from typing import TYPE_CHECKING

from crossread.errors import CrossreadError
from crossread_scale.shards import Shard, ShardCounts

if TYPE_CHECKING:
    from distributed import Client

PER_PROCESS = 2  # shards that wait at each process


class ShardQueue:
    """Shards, made when they are asked for, and those that come back to be counted in another way."""

    def __init__(self, shards: Iterable[Shard]):
        self._shards = iter(shards)
        self._again: deque[Shard] = deque()

    def put(self, shard: Shard) -> None:
        """Put in a shard that comes next."""
        self._again.append(shard)

    def take(self) -> Shard | None:
        """Return the next shard, None when there is none now."""
        return self._again.popleft() if self._again else next(self._shards, None)


def open_processes(how_many: int) -> AbstractContextManager[Executor | None]:
    """Return a pool of processes to be used in a `with`, or nothing where one process does it all."""
    if how_many < 2:
        return nullcontext()
    # to copy this process is quicker, but only safe where no other thread holds a lock
    quick = "fork" in multiprocessing.get_all_start_methods() and threading.active_count() == 1
    pool = ProcessPoolExecutor(how_many, mp_context=multiprocessing.get_context("fork" if quick else "spawn"))
    pool.submit(int)  # copies are made now, before a bar starts a thread
    return pool


def run(
    function: Callable[[Shard], ShardCounts],
    shards: ShardQueue,
    pool: Executor | None = None,
    client: Client | None = None,
    *,
    processes: int = 1,
) -> Iterator[tuple[Shard, ShardCounts]]:
    """Yield each shard with what was counted in it, as it is done.

    Only so many shards wait that neither this process nor any other holds more than a few. Dask gives the shards of a
    lost worker to another one; a process of this machine that is killed is an error.

    Parameters
    ----------
    function : callable
        Counts a shard.
    shards : ShardQueue
        While it is being emptied, more may be put in.
    pool : Executor, optional
        So many `processes` of this machine.
    client : distributed.Client, optional
        Of a cluster.

    Yields
    ------
    (Shard, ShardCounts)
    """
    submit, wait_for, room = _here, wait, 1
    if client is not None:
        from distributed import wait as wait_for

        submit, room = _submitter(client), PER_PROCESS * max(1, sum(client.nthreads().values()))
    elif pool is not None:
        submit, room = pool.submit, PER_PROCESS * processes
    running: dict[object, Shard] = {}
    try:
        while True:
            while len(running) < room and (shard := shards.take()) is not None:
                running[submit(function, shard)] = shard
            if not running:
                return
            for future in wait_for(list(running), return_when=FIRST_COMPLETED).done:
                shard = running.pop(future)
                yield shard, future.result()  # an error of the work is raised here, or that a worker is lost for good
    except BrokenProcessPool:
        raise CrossreadError(
            "A process that counts was stopped from outside, perhaps for want of memory. Count with one (processes=1)."
        ) from None
    finally:
        for future in running:
            future.cancel()


def _here(function: Callable[[Shard], ShardCounts], shard: Shard) -> Future:
    future: Future = Future()
    try:
        future.set_result(function(shard))
    except BaseException as error:
        future.set_exception(error)
    return future


def _submitter(client) -> Callable:
    return lambda function, shard: client.submit(function, shard, pure=False)


def need(package: str, what: str) -> None:
    """Say that a package is needed which is not installed."""
    if find_spec(package) is None:
        raise CrossreadError(f"{what} needs the extra “scale”: pip install 'crossread[scale]'")


def connect(address: str) -> Client:
    """Return a client of the Dask scheduler at an address such as `tcp://10.0.0.1:8786`.

    Parameters
    ----------
    address : str

    Returns
    -------
    distributed.Client
        For `count_folder`.

    Raises
    ------
    CrossreadError
        "Counting on a cluster needs the extra “scale”: pip install 'crossread[scale]'", or that nobody answers there.

    Examples
    --------
    >>> from distributed import LocalCluster
    >>> cluster = LocalCluster(n_workers=1, processes=False, dashboard_address=None)
    >>> with cluster, connect(cluster.scheduler_address) as client:
    ...     client.submit(len, "allies").result()
    6
    """
    need("distributed", "Counting on a cluster")
    from distributed import Client

    try:
        return Client(address, timeout="10s")
    except (OSError, ValueError) as error:
        raise CrossreadError(f"{address}: no Dask scheduler answers there ({error}).") from None
