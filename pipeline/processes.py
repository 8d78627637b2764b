"""Work on all cores, in processes of their own; and whether another one runs."""

import multiprocessing
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.process import BaseProcess
from threading import Thread
from typing import TypeVar

Given = TypeVar("Given")
Done = TypeVar("Done")


def n_cores() -> int:
    """Cores that this process may use."""
    has_affinity = hasattr(os, "sched_getaffinity")
    return len(os.sched_getaffinity(0)) if has_affinity else os.cpu_count() or 1


def is_running_elsewhere(process: int) -> bool:
    """Whether a process of that number is there, other than this one."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return process != os.getpid()


def in_processes(
    work: Callable[[Given], Done], given: Sequence[Given], n_processes: int
) -> list[Done]:
    """``work`` on each of ``given``, in their order.

    Args:
        work: can be pickled, as what it is given and what it returns.
        given: what to work on.
        n_processes: at most; with less than two, no process is started.
    """
    n_processes = min(n_processes, len(given))
    if n_processes < 2:
        return [work(each) for each in given]
    # Not forked: a forked process inherits locks of the solver's and DuckDB's threads.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        n_processes, mp_context=context, initializer=_end_with_the_parent
    ) as executor:
        return list(executor.map(work, given))


def _end_with_the_parent() -> None:
    """Leave no process behind when the one that asked is killed: it would wait for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        Thread(target=_end_after, args=(parent,), daemon=True).start()


def _end_after(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)
