"""What a search looks for: concepts, made of what the vocabulary says of the words.

Plain Python, no ORM and no database. A word typed becomes a :class:`Concept`, with all
the spellings that may be meant; :func:`candidates` tells which documents are worth a
closer look, so that common words stay cheap however many documents there are.
"""

import math
from dataclasses import dataclass, field, replace

from .search_query import (
    FEW_WORDS,
    SLIP,
    distance,
    documents,
    joined,
    splits,
    typos_allowed,
)

# Concepts ranked by: of a pasted passage the rarest.
MAX_CONCEPTS = 14
# Other spellings followed for one word.
MAX_PREFIXES = 30
MAX_TYPOS = 8
# Entries of the index read to choose common words' documents.
POSTINGS = 200_000
# What a spelling is worth beside the word as it was typed.
WEIGHT_PREFIX = 0.8
WEIGHT_PREFIX_OF_WORD = 0.3
WEIGHT_JOINED = 0.9
WEIGHT_PART = 0.5
WEIGHT_APART = 0.9
WEIGHT_SYNONYM = 0.9
WEIGHT_TYPO = (1.0, 0.8, 0.6)
# The smaller, the more the first places of a ranking count beside the others.
NEAR_THE_TOP = 5
# How much more a rare word tells than BM25 would have it, and the most that one of
# the words every text is full of may tell.
RARITY = 1.15
LITTLE = 1.0


@dataclass(frozen=True)
class Entry:
    """A word of the vocabulary: how it is written, its stem, how often it is there.

    :ivar int documents: number of documents with the stem
    :ivar int headings: number of documents with it in their heading
    """

    word: str
    stem: str
    documents: int
    headings: int


@dataclass
class Vocabulary:
    """What is known of the words of a plan, in one table of documents.

    :ivar dict known: form -> {lexeme: (documents, headings)}
    :ivar list completions: entries that begin with the prefix
    :ivar dict compounds: word -> entries it is a part of
    :ivar dict synonyms: word -> entries that mean the same
    :ivar dict alike: doubtful word -> entries that look alike
    :ivar set common: words some language does not index, there are so many
    :ivar int total: number of documents
    :ivar int size: lexemes of an average one
    """

    known: dict = field(default_factory=dict)
    completions: list = field(default_factory=list)
    compounds: dict = field(default_factory=dict)
    synonyms: dict = field(default_factory=dict)
    alike: dict = field(default_factory=dict)
    common: set = field(default_factory=set)
    total: int = 0
    size: int = 0


@dataclass(frozen=True)
class Tier:
    """Spellings of a concept that are worth the same.

    :ivar float weight: what they are worth, 0 to 1
    :ivar tuple spellings: each the text of a tsquery
    :ivar int documents: about how many documents have any of them
    :ivar int headings: about how many have one in the heading
    """

    weight: float
    spellings: tuple
    documents: int
    headings: int

    def __str__(self):
        return any_of(self.spellings)


@dataclass(frozen=True)
class Concept:
    """One thing looked for, in all its spellings.

    :ivar tuple tiers: the best first
    :ivar float idf: how much it tells
    :ivar int place: where in the text it was typed
    :ivar bool small: whether it tells too little to look for it by itself
    :ivar str exact: the code it is (a part of), as it was typed
    """

    word: str
    tiers: tuple
    idf: float
    place: int
    small: bool = False
    exact: str = ""

    @property
    def documents(self):
        return sum(tier.documents for tier in self.tiers)

    @property
    def headings(self):
        return sum(tier.headings for tier in self.tiers)

    def __str__(self):
        return " | ".join(map(str, self.tiers))


def concepts(plan, vocabulary):
    """What to look for, the most telling first.

    :param search_query.Plan plan: what was typed
    :param Vocabulary vocabulary: what is known of it
    :rtype: list of Concept
    """
    made = []
    joins = _joins(plan, vocabulary.known)
    for word in plan.words:
        made += _concepts_of(word, plan, vocabulary, joins)
    for word in plan.small:
        tiers = {1.0: _quoted(vocabulary.known.get(word, {}))}
        made.append(_concept(word, tiers, vocabulary, plan.places[word], small=True))
    return [
        replace(concept, exact=plan.exact.get(concept.word, ""))
        for concept in _chosen(made)
    ]


def _concepts_of(word, plan, vocabulary, joins):
    """The concepts of one word: mostly one, several of what was written as one."""
    known, place = vocabulary.known, plan.places[word]
    lexemes = known.get(word, {})
    unknown = not documents(lexemes)
    twin = plan.twin(word, known) if unknown else ()
    if twin:
        return [
            _concept(other, {1.0: _quoted(known[other])}, vocabulary, place)
            for other in twin
        ]
    tiers = {1.0: _quoted(lexemes)}
    if word in vocabulary.common and len(plan.words) >= FEW_WORDS:
        # No text is indexed by it, only headings: it would look rare. Among few
        # words it may well be one of a heading.
        return [_concept(word, tiers, vocabulary, place, small=True)]
    if word == plan.prefix:
        weight = WEIGHT_PREFIX if unknown else WEIGHT_PREFIX_OF_WORD
        _add(tiers, weight, vocabulary.completions[:MAX_PREFIXES])
    if word in joins:
        tiers.setdefault(WEIGHT_JOINED, {}).update(_quoted(joins[word]))
    else:
        _add(tiers, WEIGHT_SYNONYM, vocabulary.synonyms.get(word, ()))
    _add(tiers, WEIGHT_PART, vocabulary.compounds.get(word, ()))
    typos = _typos(word, vocabulary.alike.get(word, ()), lexemes)
    pair = _split(word, known) if word in vocabulary.alike else ()
    if pair and unknown and not typos and WEIGHT_PREFIX not in tiers:
        return [
            _concept(part, {WEIGHT_JOINED: _quoted(known[part])}, vocabulary, place)
            for part in pair
        ]
    if pair:
        counts = tuple(map(min, *(_most(known[part]) for part in pair)))
        tiers.setdefault(WEIGHT_APART, {})[_apart(pair, known)] = counts
    for weight, entries in typos:
        _add(tiers, weight, entries)
    return [_concept(word, tiers, vocabulary, place)]


def _add(tiers, weight, entries):
    for entry in entries:
        spellings = tiers.setdefault(weight, {})
        spellings[quoted(entry.stem)] = (entry.documents, entry.headings)


def _quoted(lexemes):
    return {quoted(lexeme): counts for lexeme, counts in lexemes.items()}


def _most(lexemes):
    """About how many documents and headings have one of the lexemes."""
    return tuple(map(max, *lexemes.values(), (0, 0), (0, 0)))


def _joins(plan, known):
    """word -> lexemes of the compounds it makes with a neighbour."""
    joins = {}
    for one, other in plan.pairs():
        for form in joined(one, other):
            if documents(known.get(form)):
                for word in (one, other):
                    joins.setdefault(word, {}).update(known[form])
    return joins


def _split(word, known):
    """The parts of a compound nobody wrote as one word: the best known pair."""
    pairs = [
        (min(documents(known.get(part)) for part in pair), pair)
        for pair in splits(word)
        if all(documents(known.get(part)) for part in pair)
    ]
    return max(pairs)[1] if pairs else ()


def _apart(pair, known):
    """The parts of a compound one after the other, as the text of a tsquery."""
    parts = (any_of(map(quoted, known[part])) for part in pair)
    return "({})".format(" <-> ".join(f"({part})" for part in parts))


def _typos(word, entries, lexemes):
    """(weight, entries) of words one or two edits away, the nearest and commonest."""
    limit = typos_allowed(word)
    frequency = documents(lexemes)
    near = []
    for entry in entries:
        if frequency and entry.documents < frequency * SLIP:
            continue
        edits = distance(word, entry.word, 1 if frequency else limit)
        if not edits or edits > (1 if frequency else limit):
            continue
        # The first letter is the one least often wrong.
        first = word[0] != entry.word[0]
        near.append((edits, first, -entry.headings, -entry.documents, entry))
    near.sort(key=lambda item: item[:4])
    near = near[:MAX_TYPOS]
    if not near:
        return []
    best = near[0][0]
    return [
        (WEIGHT_TYPO[edits], [item[4] for item in near if item[0] == edits])
        for edits in (1, 2)
        if edits in (best, best + 1) and any(item[0] == edits for item in near)
    ]


def _concept(word, weighed, vocabulary, place, small=False):
    """:param dict weighed: weight -> {spelling: (documents, headings)}"""
    total, seen, kept = vocabulary.total, set(), []
    for weight in sorted(weighed, reverse=True):
        spellings = {
            spelling: count
            for spelling, count in weighed[weight].items()
            if spelling not in seen
        }
        seen.update(spellings)
        if spellings:
            # Lexemes of one word in several languages: the same documents, mostly.
            several = max if weight == 1.0 else sum
            counts = (
                min(several(count[0] for count in spellings.values()), total),
                sum(count[1] for count in spellings.values()),
            )
            kept.append((weight, tuple(spellings), counts))
    # Another spelling tells what it tells by itself: a common word that looks like a
    # rare one is not worth as much.
    told = [_idf(count[0], total) if count[0] else 0 for _w, _s, count in kept]
    idf = next(filter(None, told), 0) or _idf(0, total)
    tiers = tuple(
        Tier(round(weight * min(1, (own or idf) / idf), 3), spellings, *count)
        for (weight, spellings, count), own in zip(kept, told, strict=True)
    )
    return Concept(word, tiers, min(idf, LITTLE) if small else idf, place, small)


def _idf(frequency, total):
    frequency = max(1, min(frequency, total))
    total = max(total, frequency, 2)
    return math.log(1 + (total - frequency + 0.5) / (frequency + 0.5)) ** RARITY


def _chosen(made):
    """The most telling ones, each lexeme asked for once."""
    distinct = {}
    for concept in made:
        if concept.tiers:
            distinct.setdefault(concept.tiers, concept)
    found = sorted(distinct.values(), key=lambda concept: -concept.idf)
    there = [concept for concept in found if concept.documents]
    return (there or found)[:MAX_CONCEPTS]


# ---- what to ask the database ----


def any_of(spellings):
    """Text of a tsquery for any of these spellings."""
    return " | ".join(spellings)


def quoted(lexeme):
    """A lexeme as the text of a tsquery."""
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


def everything(concepts):
    """Texts of tsqueries (whole, heading) for whatever has any of the concepts.

    The commonest are left out when they are in too many documents to look at.
    """
    kept, read = [], 0
    for concept in _telling(concepts):
        read += concept.documents
        if kept and read > POSTINGS:
            break
        kept.append(concept)
    return any_of(map(str, kept)), ""


def _telling(concepts):
    """Those that are looked for; the small ones only when there is nothing else."""
    return [concept for concept in concepts if not concept.small] or concepts


def candidates(concepts, total, most):
    """Which documents to rank: about ``most``, those that have what tells most.

    Rare spellings are enough by themselves; common ones have to come in pairs, all
    together, or in the heading.

    :param list concepts: the most telling first
    :param int total: number of documents
    :return: (texts of tsqueries (whole, heading), whether they leave out nothing)
    """
    concepts = _telling(concepts)
    whole, heading, common = [], [], []
    room = head_room = most
    # What was typed before what may have been meant.
    tiers = sorted(
        ((tier, concept) for concept in concepts for tier in concept.tiers),
        key=lambda pair: pair[0] is not pair[1].tiers[0],
    )
    for tier, concept in tiers:
        if tier.documents <= room:
            whole.append(str(tier))
            room -= tier.documents
            continue
        if concept not in common:
            common.append(concept)
        if tier.headings <= head_room:
            heading.append(str(tier))
            head_room -= tier.headings
    if not common:
        return (any_of(whole), ""), True
    if len(concepts) > 1:
        for one, other in _by_pairs(concepts, "headings"):
            expected = one.headings * other.headings / max(total, 1)
            if expected <= head_room:
                heading.append(f"(({one}) & ({other}))")
                head_room -= expected
        for one, other in _by_pairs(concepts, "documents"):
            expected = one.documents * other.documents / max(total, 1)
            if expected <= room:
                whole.append(f"({one}) & ({other})")
                room -= expected
        whole.append(" & ".join(f"({concept.tiers[0]})" for concept in concepts))
    elif not heading:
        whole.append(str(common[0].tiers[0]))
    return (" | ".join(f"({text})" for text in whole), any_of(heading)), False


def _by_pairs(concepts, among):
    """Pairs of concepts, the rarest together first, as far as the index may be read.

    :param str among: ``documents`` or ``headings``
    """
    pairs = [
        (one, other) for at, one in enumerate(concepts) for other in concepts[at + 1 :]
    ]
    often = {concept.word: getattr(concept, among) for concept in concepts}
    pairs.sort(key=lambda pair: often[pair[0].word] * often[pair[1].word])
    read, seen = 0, set()
    for one, other in pairs:
        rarer = min(one.word, other.word, key=often.get)
        read += 0 if rarer in seen else often[rarer]
        seen.add(rarer)
        if read > POSTINGS:
            return
        yield one, other


def neighbours(concepts):
    """Pairs of concepts typed near each other: (weight, text of a phrase tsquery)."""
    found = [concept for concept in concepts if not concept.small]
    found.sort(key=lambda concept: concept.place)
    pairs = []
    for one, other in zip(found, found[1:], strict=False):
        apart = other.place - one.place
        if 0 < apart <= 3:
            phrase = f"({one}) <{apart}> ({other})"
            pairs.append(((one.idf + other.idf) / 2, phrase))
    return pairs


def fused(lists, weights=None):
    """One ranking of several: what stands high in any of them, higher in more.

    :param list lists: lists of ids, the best first
    :param weights: how much each list counts; the same by default
    :return: list of ids
    """
    if not all(lists):
        return [id_ for ids in lists for id_ in ids]
    points = {}
    for ids, weight in zip(lists, weights or [1] * len(lists), strict=True):
        for at, id_ in enumerate(ids):
            points[id_] = points.get(id_, 0) + weight / (NEAR_THE_TOP + at)
    return sorted(points, key=lambda id_: -points[id_])
