"""Three small stories in one: where is a thing, and what was the main event?

    ann took key to tower . bob took map to cellar . ann took cup to tower . where map  map cellar
    ann took key to tower . mainly bob took map to cellar . kim took cup to tower .   bob took map

Each thing is taken once. An answer repeats the thing, and then names its place. The rules to beat
say the last place, and the first event.
"""

from .layout import Kind, Text

NAMES, THINGS = ["ann", "bob", "eve", "kim"], ["ball", "key", "cup", "map"]
PLACES = ["kitchen", "garden", "tower", "cellar"]


def question(choose):
    """Three events, and a question about one of the things."""
    events = _events(choose)
    text = [word for event in events for word in event]
    pairs = [(event[2], event[4]) for event in events]
    thing, place = _shuffled(pairs, choose)[0]
    return Text([*text, "where", thing], [thing, place], pairs, [(thing, place)])


def at_once(choose):
    """The same, with an answer that is the place alone."""
    text = question(choose)
    return text._replace(answer=text.answer[1:])


def summary(choose):
    """Three events, one of which is the main one."""
    events = _events(choose)
    main = choose(range(3))
    text = [w for i, e in enumerate(events) for w in (["mainly"] * (i == main) + e)]
    pairs = [(event[0], event[2]) for event in events]
    return Text(text, events[main][:3], pairs, [pairs[main]])


def last_place(source):
    return [source[-1], [word for word in source if word in PLACES][-1]]


def first_event(source):
    return [word for word in source if word != "mainly"][:3]


def _events(choose):
    things = _shuffled(THINGS, choose)[:3]
    return [[choose(NAMES), "took", thing, "to", choose(PLACES), "."] for thing in things]


def _shuffled(options, choose):
    left = list(options)
    return [left.pop(choose(range(len(left)))) for _ in options]


QUESTION = Kind("answer", question, last_place, {*zip(THINGS, PLACES, strict=True)})
AT_ONCE = QUESTION._replace(write=at_once, rule=lambda source: last_place(source)[1:])
SUMMARY = Kind("summarize", summary, first_event, {*zip(NAMES, THINGS, strict=True)})
