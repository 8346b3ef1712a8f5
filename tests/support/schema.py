# SPDX-License-Identifier: MIT
"""Strict shapes of JSON answers, and the proof that they are strict.

A shape is JSON itself: {"key": shape, …} demands each key; [shape] an array whose every item fits, and which is not empty where
the items are objects; {"*": shape} a map with at least one member. A word is a type: text, text+ (not empty), url (absolute),
digest (SHA-256 in bare lower-case hex), time (RFC 3339), int, count (≥ 0), number, bool, object, array, null; with `?` behind
it, null is welcome too. `=word` is exactly that text.
"""

import copy
import re


class Mismatch(AssertionError):
    pass


def check(shape, value, path="$"):
    """Raises Mismatch, naming the place, where `value` does not have `shape`."""
    if isinstance(shape, dict):
        check_object(shape, value, path)
    elif isinstance(shape, list):
        need(isinstance(value, list), path, "an array", value)
        need(value or not isinstance(shape[0], dict), path, "an array with something in it", value)
        for index, item in enumerate(value):
            check(shape[0], item, f"{path}[{index}]")
    else:
        check_word(shape, value, path)


def check_object(shape, value, path):
    need(isinstance(value, dict), path, "an object", value)
    if "*" in shape:
        need(value, path, "a map with something in it", value)
        for key, item in value.items():
            check(shape["*"], item, f"{path}.{key}")
        return
    for key, inner in shape.items():
        need(key in value, f"{path}.{key}", "to be there", "nothing")
        check(inner, value[key], f"{path}.{key}")


def check_word(word, value, path):
    if word.startswith("="):
        need(value == word[1:], path, word[1:], value)
        return
    if word.endswith("?"):
        if value is None:
            return
        word = word[:-1]
    is_int = isinstance(value, int) and not isinstance(value, bool)
    fits = {"url": matches(r"https?://[^/]+/.*", value), "digest": matches("[0-9a-f]{64}", value),
            "time": matches(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|\+00:00)", value), "text": isinstance(value, str), "text+": isinstance(value, str) and value != "", "int": is_int,
            "count": is_int and value >= 0, "number": is_int or isinstance(value, float), "bool": isinstance(value, bool),
            "object": isinstance(value, dict), "array": isinstance(value, list), "null": value is None}[word]
    need(fits, path, word, value)


def matches(pattern, value):
    return isinstance(value, str) and re.fullmatch(pattern, value) is not None


def need(truth, path, expected, got):
    if not truth:
        raise Mismatch(f"{path}: expected {expected}, got {got!r}")


def holes(shape, value):
    """Copies of `value`, each with one listed field taken out or made null against the shape: (what was done, copy)."""
    for place in places(shape, value):
        for what in ("taken out", "made null"):
            broken = copy.deepcopy(value)
            holder, inner = broken, shape
            for step in place[:-1]:
                holder = holder[step]
                inner = inner[0] if isinstance(inner, list) else inner.get(step, inner.get("*"))
            word = inner[0] if isinstance(inner, list) else inner.get(place[-1])
            if what == "taken out":
                del holder[place[-1]]
            elif word == "null":
                holder[place[-1]] = "something"
            elif isinstance(word, str) and word.endswith("?"):
                continue
            else:
                holder[place[-1]] = None
            yield f"{'.'.join(map(str, place))} {what}", broken


def places(shape, value, path=()):
    if isinstance(shape, dict) and "*" in shape:
        for key, item in value.items():
            yield from places(shape["*"], item, path + (key,))
    elif isinstance(shape, dict):
        for key, inner in shape.items():
            yield path + (key,)
            yield from places(inner, value[key], path + (key,))
    elif isinstance(shape, list):
        for index, item in enumerate(value):
            yield from places(shape[0], item, path + (index,))
