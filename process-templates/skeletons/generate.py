#!/usr/bin/env python3
"""Writes the chance-only skeletons of the five CRM flows, whose visits, ends and utilisation are known exactly.

    python3 generate.py process-flows.json FOLDER [--check]

The generated files are committed: the oracle tests of the simulator read them, and no test runs this script. It is kept so
that anyone can see what was made of the page of the flows, and make it again.

What it makes of them:
- always open, minutes throughout; a business day is 540 minutes, and calendar days are taken at the mean that the page gives;
- arrivals are Poisson, with a mean gap of 540 minutes divided by the arrivals per business day;
- a role's `takes` is divided by its availability; a step whose role has no people is a delay without a queue;
- every branch is an outcome with a chance, a decision included;
- a join waits for one token from each step that leads to it, so that exclusive branches come together in a merge first;
- an end that a token reaches without its twin ends the whole case.

`--check` solves the flow balance of what was generated and compares it with the page's oracle.
"""

import argparse
import json
import re
import sys
from decimal import Decimal
from pathlib import Path

BUSINESS_DAY_MIN = 540
MINUTES = {"": 1, "h": 60, "bd": BUSINESS_DAY_MIN}
VALUES = {"VA": "adds-value", "BVA": "needed", "NVA": "waste"}
TOLERANCE = 1e-3


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("flows", type=Path, help="process-flows.json")
    arguments.add_argument("folder", type=Path, help="where the skeletons are written")
    arguments.add_argument("--check", action="store_true", help="compare the flow balance with the oracle of the page")
    options = arguments.parse_args()

    flows = json.loads(options.flows.read_text(encoding="utf-8"))
    wrong = 0
    for name, flow in flows.items():
        skeleton = build(name, flow)
        (options.folder / f"{name}.yaml").write_text("\n".join(write(skeleton)) + "\n", encoding="utf-8")
        if options.check:
            wrong += check(skeleton, flow["oracle"])
    return 1 if wrong else 0


# From the page to a structure


def build(name, flow):
    """The skeleton as a structure: roles, and steps in the order in which they are reached, ends last."""
    steps = {}
    joined = list(dict.fromkeys(step["join"] for step in flow["steps"] if "join" in step))
    for step in flow["steps"]:
        steps.update(step_and_fork(step, flow["roles"], joined))
    for target in map(hyphens, joined):
        steps[f"{target}-merge"] = {"does": ("assign", None), "flows": only(f"{target}-join")}
        steps[f"{target}-join"] = {"does": ("join", None), "flows": only(target)}
    for step in list(steps.values()):
        for _, target, _ in step["flows"]:
            if target not in steps:
                steps[target] = {"does": ("end", None), "flows": []}

    start = hyphens(flow["start"])
    reached = reachable(steps, [start])
    branches = [target for step in steps.values() if step["does"][0] == "fork" for _, target, _ in step["flows"]]
    alone = reachable(steps, branches, stop_at="join")
    for target in alone:
        if steps[target]["does"][0] == "end":
            steps[target]["does"] = ("end", "terminate")
    ordered = sorted((s for s in steps if s in reached), key=lambda s: steps[s]["does"][0] == "end")
    ordered = before_their_target(ordered, joined)
    return {
        "name": f"{name}-skeleton",
        "title": f"{name.replace('-', ' ').capitalize()}, skeleton",
        "start": start,
        "gap_min": BUSINESS_DAY_MIN / flow["arrivals_per_business_day"],
        "roles": {hyphens(role): about["count"] for role, about in flow["roles"].items()},
        "steps": {step: steps[step] for step in ordered},
    }


def step_and_fork(step, roles, joined):
    """The step; and, where people start parallel branches, the fork that comes after their work."""
    name = hyphens(step["id"])
    flows = []
    for flow in step["next"]:
        target = hyphens(flow["to"]) + ("-merge" if flow["to"] in joined else "")
        flows.append((hyphens(flow["to"]).removeprefix("end-"), target, Decimal(str(flow["p"]))))
    if "join" in step:
        flows = only(hyphens(step["join"]) + "-join")
    if step["kind"] == "parallel":
        return {name: {"does": ("fork", None), "flows": flows}}

    role = roles.get(step["role"])
    takes = duration(step["duration"], step["mean_min"], role["availability"] if role else 1)
    if step["kind"] == "user" and role:
        does = ("human", {"role": hyphens(step["role"]), "takes": takes})
    elif step["kind"] == "wait":
        does = ("wait", {"for": hyphens(step["role"]), "takes": takes})
    elif step["kind"] in ("service", "decision"):
        does = ("service", {"takes": takes})
    else:
        sys.exit(f"{name}: a {step['kind']} step of {step['role']} has no place in a skeleton")
    made = {"does": does, "value": VALUES.get(step["value"]), "flows": flows}
    if len(flows) > 1 and all(p == 1 for _, _, p in flows):
        fork = {"does": ("fork", None), "flows": flows}
        return {name: made | {"flows": only(f"{name}-fork")}, f"{name}-fork": fork}
    return {name: made}


def only(target):
    """The flows of a step that has a single successor: each is an outcome, a target and a chance."""
    return [("", target, Decimal(1))]


def reachable(steps, start, stop_at=None):
    reached, todo = set(), list(start)
    while todo:
        step = todo.pop()
        if step not in reached and steps[step]["does"][0] != stop_at:
            reached.add(step)
            todo += [target for _, target, _ in steps[step]["flows"]]
    return reached


def before_their_target(order, joined):
    """The same order, with the merge and the join of a step just before it, so that the file reads along the flow."""
    for target in joined:
        added = [f"{hyphens(target)}-merge", f"{hyphens(target)}-join"]
        order = [step for step in order if step not in added]
        at = order.index(hyphens(target))
        order[at:at] = added
    return order


def duration(text, mean_min, availability):
    """A duration of the page, in minutes, for somebody who is there only that share of the time."""
    if text == "0":
        text = "const(0)"
    name, inner = re.fullmatch(r"(\w+)\((.*)\)", text).groups()
    if name == "min":
        return ("min", [duration(part if "(" in part else f"const({part})", mean_min, availability) for part in inner.split(",", 1)])
    numbers, unit, cv = re.fullmatch(r"([\d.,]+) ?([a-z ]*?)(?:,cv ([\d.]+))?", inner).groups()
    if unit == "calendar days":
        values = [mean_min]
    else:
        values = [float(number) * MINUTES[unit] for number in numbers.split(",")]
    return (name, [value / availability for value in values], float(cv) if cv else None)


def hyphens(name):
    return name.replace("_", "-")


# From the structure to the file


def write(skeleton):
    yield "# Generated by generate.py from the page of the CRM flows; change the script, not this file."
    yield f"process: {skeleton['name']}"
    yield "version: 1.0.0"
    yield f"title: {skeleton['title']}"
    yield f"start: {skeleton['start']}"
    yield ""
    yield "roles:"
    for role, people in skeleton["roles"].items():
        yield f"  {role}: {{ people: {people} }}"
    yield ""
    yield "steps:"
    for name, step in skeleton["steps"].items():
        yield from write_step(name, step)
    yield ""
    yield "simulation:"
    yield f"  arrivals: {{ every: exponential({minutes(skeleton['gap_min'])}) }}"


def write_step(name, step):
    kind, about = step["does"]
    targets = [target for _, target, _ in step["flows"]]
    if kind == "end":
        yield f"  {name}: {{ end: {'{ terminate: true }' if about else '{}'} }}"
    elif kind == "fork":
        yield f"  {name}: {{ fork: [{', '.join(targets)}] }}"
    elif kind == "join":
        yield f"  {name}: {{ join: all, next: {targets[0]} }}"
    elif kind == "assign":
        yield f"  {name}: {{ assign: {{}}, next: {targets[0]} }}"
    else:
        yield f"  {name}:"
        words = ", ".join(f"{key}: {quoted(text) if key == 'takes' else text}" for key, text in about.items())
        yield f"    {kind}: {{ {words} }}"
        if step["value"]:
            yield f"    value: {step['value']}"
        yield from write_flows(step["flows"])


def write_flows(flows):
    if len(flows) == 1:
        yield f"    next: {flows[0][1]}"
        return
    yield "    outcomes:"
    whole = sum(p for _, _, p in flows) == 1
    seen = {}
    for at, (outcome, target, p) in enumerate(flows):
        seen[outcome] = seen.get(outcome, 0) + 1
        distinct = outcome if seen[outcome] == 1 else f"{outcome}-{seen[outcome]}"
        chance = f"{decimal(p * 100)}%" if whole or at + 1 < len(flows) else "rest"
        yield f"      {distinct}: {{ chance: {chance}, to: {target} }}"


def quoted(takes):
    text = shown(takes)
    return f'"{text}"' if "," in text else text


def shown(takes):
    name, values, *cv = takes
    if name == "min":
        return f"min({', '.join(shown(part) for part in values)})"
    if name == "const":
        return minutes(values[0])
    name = {"exp": "exponential"}.get(name, name)
    spread = [f"cv {decimal(cv[0])}"] if cv[0] else []
    return f"{name}({', '.join([minutes(value) for value in values] + spread)})"


def minutes(value):
    return f"{decimal(value)} min"


def decimal(value):
    """In plain notation with at most nine places."""
    text = f"{value:.9f}"
    return text.rstrip("0").rstrip(".")


# The oracle


def check(skeleton, oracle):
    """How many figures of the page the flow balance of the skeleton misses."""
    visits = balance(skeleton)
    wrong = 0

    def compare(what, expected, found):
        nonlocal wrong
        if abs(expected - found) > TOLERANCE:
            wrong += 1
            print(f"{skeleton['name']}: {what} is {found:.6f}, the page says {expected}", file=sys.stderr)

    for step, expected in oracle["visits"].items():
        compare(f"visits of {step}", expected, visits.get(hyphens(step), 0))
    ends = {name: visits[name] for name, step in skeleton["steps"].items() if step["does"][0] == "end"}
    for end in {hyphens(end) for end in oracle["ends"]} | ends.keys():
        compare(f"share of {end}", oracle["ends"].get(end.replace("-", "_"), 0), ends.get(end, 0))
    compare("the sum of the ends", 1, sum(ends.values()))
    for role, expected in oracle["utilisation"].items():
        compare(f"utilisation of {role}", expected, utilisation(skeleton, visits, hyphens(role)))
    figures = sum(len(oracle[part]) for part in ("visits", "ends", "utilisation"))
    print(f"{skeleton['name']}: {figures} figures of the page, {wrong} missed")
    return wrong


def balance(skeleton):
    """Visits per case: what flows in from every step, until nothing changes. A join passes what its rarest branch brings."""
    steps = skeleton["steps"]
    visits = dict.fromkeys(steps, 0.0)
    while True:
        brought = {name: [] for name in steps}
        for name, step in steps.items():
            for _, target, p in step["flows"]:
                brought[target].append(visits[name] * float(p))
        after = {name: min(flows) if steps[name]["does"][0] == "join" else sum(flows) for name, flows in brought.items()}
        after[skeleton["start"]] += 1
        change = max(abs(after[name] - visits[name]) for name in steps)
        visits = after
        if change < 1e-12:
            return visits


def utilisation(skeleton, visits, role):
    work = 0.0
    for name, step in skeleton["steps"].items():
        kind, about = step["does"]
        if kind == "human" and about["role"] == role:
            shape, values, _ = about["takes"]
            assert shape in ("lognormal", "const"), f"the mean of {shape} is not its first number"
            work += visits[name] * values[0]
    return work / skeleton["gap_min"] / skeleton["roles"][role]


if __name__ == "__main__":
    sys.exit(main())
