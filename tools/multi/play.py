#!/usr/bin/python3
"""Plays all cases against a server that runs, and prints a line for each. See run."""

import argparse
import asyncio
import logging
import sys
import time
import traceback

from world import CASES, Failed, World

# Each adds its cases, which are played in this order.
import cases_copies  # noqa: F401
import cases_refused  # noqa: F401
import cases_blocking  # noqa: F401
import cases_smacks  # noqa: F401
import cases_sessions  # noqa: F401
import cases_modules  # noqa: F401
import cases_covend  # noqa: F401

CASE_SECONDS = 60


def addresses_of(path):
    """The lines `c2s ADDRESS`, `http ADDRESS` and `component ADDRESS DOMAIN` of the server."""
    found = {}
    with open(path) as lines:
        for words in map(str.split, lines):
            if len(words) >= 2:
                found[" ".join([words[0], *words[2:]])] = words[1]
    return found


async def play_whole(world, module, work):
    try:
        await world.module_set(module)
        await work
    finally:
        await world.case_end()


async def play(world, name, module, work):
    """Returns whether the case has passed, whose work is still to be awaited."""
    began = time.monotonic()
    why = None
    try:
        async with asyncio.timeout(CASE_SECONDS):
            await play_whole(world, module, work)
    except Failed as failure:
        why = str(failure)
    except Exception as error:  # a failure of this case, and not the end of the others
        traceback.print_exc()
        frames = traceback.extract_tb(error.__traceback__)
        frame = [*frames[:1], *(one for one in frames if "cases_" in one.filename)][-1]
        why = f"{frame.name}, line {frame.lineno}: {error!r}"
    seconds = time.monotonic() - began
    print(f"ok {name} ({seconds:.1f} s)" if why is None else f"not ok {name} ({seconds:.1f} s)\n# {why}",
          flush=True)
    return why is None


async def play_all(options):
    world = World(options.kind, addresses_of(options.server), options)
    await world.start()
    passed = failed = 0
    chosen = [case for case in CASES
              if options.kind in case.servers and (options.only or "") in case.name]
    await world.module_set(True)
    apart = World(options.kind, addresses_of(options.server), options, first_account=250)
    begun = {case.name: asyncio.create_task(case.function(apart)) for case in chosen if case.early}
    for case in chosen:
        work = begun.get(case.name) or case.function(world)
        if await play(world, case.name, case.module, work):
            passed += 1
        else:
            failed += 1
    print(f"{passed} passed, {failed} failed", flush=True)
    return 0 if passed and not failed else 1


def main():
    parser = argparse.ArgumentParser()
    for name in ("kind", "server", "covend", "logs", "only"):
        parser.add_argument(f"--{name}")
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    logging.basicConfig(level=logging.DEBUG if options.verbose else logging.CRITICAL)
    sys.exit(asyncio.run(play_all(options)))


main()
