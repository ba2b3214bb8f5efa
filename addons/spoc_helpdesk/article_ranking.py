"""Which articles to show an agent first. Pure thinking: no ORM, no database."""

# What each hint is worth. Words say most; what solved the like comes close.
WORDS = 1.0
LAST_WORDS = 0.4
SOLVED = 0.7
SERVICE = 0.5
FACET = 0.2
# So many tickets solved make half of what SOLVED is worth.
HALF = 2


def ranked(found, solved=None, of_service=(), of_facet=(), limit=8):
    """Order articles by the hints there are for each.

    :param list found: ids the search of words found, best first
    :param dict solved: id -> how many similar tickets it solved
    :param of_service: ids of articles of the ticket's service
    :param of_facet: ids of articles that share a facet with the service
    :return: list of ``(id, reasons)``, best first; reasons are a list of ``words``,
        ``solved``, ``service``, ``facet``. A facet alone suggests nothing.
    """
    solved = solved or {}
    scores, reasons = {}, {}

    def count(id_, reason, worth):
        scores[id_] = scores.get(id_, 0) + worth
        reasons.setdefault(id_, []).append(reason)

    for place, id_ in enumerate(found):
        fall = (WORDS - LAST_WORDS) * place / max(len(found) - 1, 1)
        count(id_, "words", WORDS - fall)
    for id_, times in solved.items():
        count(id_, "solved", SOLVED * times / (times + HALF))
    for id_ in of_service:
        count(id_, "service", SERVICE)
    for id_ in of_facet:
        if id_ in scores:
            count(id_, "facet", FACET)
    best = sorted(scores, key=lambda id_: (-scores[id_], id_))
    return [(id_, reasons[id_]) for id_ in best[:limit]]
