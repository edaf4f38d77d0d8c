#!/usr/bin/env python3
"""Prints what each crack of a template costs, with and without its answer: the table of prices in its README.

    python3 prices.py GRIETA FOLDER GOOD-END [--cases N] [--replications R] [--seed S]

GRIETA is the command, FOLDER holds as-is.yaml and to-be.yaml, GOOD-END is the end that is wanted. Cracks whose names begin with
the same word are one, wherever they strike. Every figure is a difference on the same customers and half of its 95 % interval; a
dash stands where it may be chance, "overload" where a role gets more work than it can do:

- price: the process as it is, less the process without the crack;
- worth: the process as it is, less the process in which nobody answers the crack.
"""

import argparse
import json
import os
import re
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("grieta")
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("good_end")
    arguments.add_argument("--cases", default="5000")
    arguments.add_argument("--replications", default="12")
    arguments.add_argument("--seed", default="1")
    options = arguments.parse_args()

    as_is = table(options, options.folder / "as-is.yaml", ["never"])
    to_be = table(options, options.folder / "to-be.yaml", ["never", "unanswered"])
    print(f"| crack | as-is: in 1,000 | price: `{options.good_end}`, time | to-be: in 1,000 | price: `{options.good_end}`, time "
          f"| worth of the answer: `{options.good_end}`, time |")
    print("|---" * 6 + "|")
    for crack in sorted(as_is | to_be, key=lambda crack: int(re.sub(r"\D", "", crack) or 0)):
        print("| " + " | ".join([crack] + as_is.get(crack, ["not declared", ""]) + to_be.get(crack, ["not declared", "", ""])) + " |")


def table(options, file, changes):
    """By crack: how often it strikes in 1,000 cases, and then, for each change, what it makes of the process."""
    size = ["--cases", options.cases, "--replications", options.replications, "--seed", options.seed, "--format", "json"]
    found = run([options.grieta, "simulate", str(file), *size])
    cracks = {}
    for crack in found["cracks"]:
        place = crack["id"] if crack["step"] == found["process"] else f"{crack['step']}/{crack['id']}"
        cracks.setdefault(re.match(r"\w+", crack["name"])[0], []).append((place, crack["struck"]))

    what_if = {f"{name.lower()}-{change}": {"cracks": {place: change for place, _ in places}}
               for name, places in cracks.items() for change in changes}
    with tempfile.TemporaryDirectory() as folder:
        overlay = Path(folder) / "overlay.yaml"
        overlay.write_text(json.dumps({"what-if": what_if}), encoding="utf-8")
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            compared = dict(pool.map(lambda name: (name, run(
                [options.grieta, "compare", str(file), "--overlay", str(overlay), "--what-if", name, *size])), what_if))

    def row(name, places):
        struck = sum(struck for _, struck in places) / found["cases"]
        differences = [difference(compared[f"{name.lower()}-{change}"], options.good_end) for change in changes]
        return [f"{1000 * struck:.1f}" if struck < 0.01 else f"{1000 * struck:.0f}"] + differences

    return {name: row(name, places) for name, places in cracks.items()}


def run(command):
    done = subprocess.run(command, capture_output=True, text=True)
    if not done.stdout:
        raise SystemExit(done.stderr)
    return json.loads(done.stdout)


def difference(comparison, good_end):
    """Of the process as it is, less the changed one: cases of 1,000 that come to the good end, and the time to the end."""
    change = comparison.get("comparison", comparison)
    if not change.get("cycle_time") or not change["cycle_time"]["difference"]:
        return "overload"
    share = figure(dict(change["ends"])[good_end], 1000, "")
    low, high = change["cycle_time"]["difference"]
    unit, name = (1 / 3600, " h") if max(abs(low), abs(high)) > 3600 else (1 / 60, " min")
    time = figure(change["cycle_time"], unit, name)
    return "–" if share == time == "–" else f"{share}, {time}"


def figure(change, unit, name):
    """The middle of the interval of the difference and half of its width, or a dash where it holds 0."""
    high, low = (-bound * unit for bound in change["difference"])
    if low <= 0 <= high:
        return "–"
    middle = digits((low + high) / 2)
    return f"{'+' if low > 0 else '−'}{middle} ± {digits((high - low) / 2)}{name}"


def digits(value):
    value = abs(value)
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}" if value >= 1 else f"{value:.2g}"


if __name__ == "__main__":
    main()
