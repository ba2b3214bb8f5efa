"""Models that know what texts mean, on this machine: no service, no network.

A model turns a text into numbers, and texts that mean the same into numbers that are
near each other. The search does without; who has a model names it in the system
parameter ``spoc_catalog.search_embedding`` as ``kind:where``:

``words:/srv/vectors.vec``
    a text file of word vectors (fastText, GloVe, word2vec): a word and its numbers a
    line, the first line may say how many there are. Needs nothing else.
``onnx:/srv/model``
    a folder with ``model.onnx`` and ``tokenizer.json``, as models of sentences are
    published. Needs the Python packages ``onnxruntime`` and ``tokenizers``. What its
    files ``config_sentence_transformers.json`` (words put before questions and texts)
    and ``1_Pooling/config.json`` say is done, if they are there.
``model2vec:/srv/model``, ``fastembed:name``, ``sentence-transformers:/srv/model``
    what these Python packages load, if they are installed.
"""

import functools
import json
import logging
import math
from pathlib import Path

from .search_query import words_of

_logger = logging.getLogger(__name__)

PARAMETER = "spoc_catalog.search_embedding"
# Words in most texts tell nothing: the frequent ones come first in such files.
FREQUENT = 50
MOST_TOKENS = 256
# Words of a passage, and how many of a document are read: an answer is told early.
PASSAGE = 90
PASSAGES = 4


@functools.lru_cache(maxsize=2)
def load(name):
    """The model of a name as in the parameter.

    :return: function of a list of texts, and whether they are questions, that returns
        a list of vectors of length 1 (a text without a known word: an empty one), or
        None if it cannot be loaded
    """
    kind, _colon, where = (name or "").partition(":")
    if kind not in _KINDS:
        if kind:
            _logger.warning("No kind of model for the search: %s", kind)
        return None
    try:
        embed = _KINDS[kind](where)
        embed(["test"], True)
    except Exception:
        # Whatever a package or file of somebody else's does: words still find.
        _logger.exception("The search cannot load %s and goes by words alone", name)
        return None
    return lambda texts, asked=False: [_unit(vector) for vector in embed(texts, asked)]


def passages(heading, text):
    """What is embedded of a document: its heading, then passages below it.

    A model reads some hundred words and makes one meaning of them: of a long text
    that is no question's. Each passage is told with the heading, which says what it
    is about.
    """
    words = (text or "").split()[: PASSAGE * PASSAGES]
    heading = " ".join((heading or "").split())
    parts = [" ".join(words[at : at + PASSAGE]) for at in range(0, len(words), PASSAGE)]
    return [heading, *(f"{heading}. {part}" for part in parts)]


def signature(vector):
    """Which numbers are positive, as the text of a bit string: near is alike."""
    return "".join("1" if number > 0 else "0" for number in vector)


def _unit(vector):
    vector = [float(number) for number in vector]
    length = math.sqrt(sum(number * number for number in vector))
    return [number / length for number in vector] if length else []


def _told(path):
    """What a JSON file of the model says; nothing if there is none."""
    path = Path(path)
    return json.loads(path.read_text("utf-8")) if path.exists() else {}


def _word_vectors(path):
    vectors, ranks = {}, {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            word, *numbers = line.split()
            if len(numbers) > 1:
                word = "".join(words_of(word))
                ranks.setdefault(word, len(ranks))
                vectors.setdefault(word, [float(number) for number in numbers])

    def embed(texts, _asked):
        return [average(words_of(text)) for text in texts]

    def average(words):
        known = [word for word in words if word in vectors]
        told = [math.log(1 + (ranks[word] + 1) / FREQUENT) for word in known]
        columns = zip(*(vectors[word] for word in known), strict=True)
        return [
            sum(number * much for number, much in zip(column, told, strict=True))
            for column in columns
        ]

    return embed


def _onnx(where):
    import numpy
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

    session = InferenceSession(f"{where}/model.onnx")
    inputs = {entry.name for entry in session.get_inputs()}
    tokenizer = Tokenizer.from_file(f"{where}/tokenizer.json")
    tokenizer.enable_truncation(MOST_TOKENS)
    tokenizer.enable_padding()
    prompts = _told(f"{where}/config_sentence_transformers.json").get("prompts") or {}
    first = _told(f"{where}/1_Pooling/config.json").get("pooling_mode_cls_token")
    before = {
        asked: next((prompts[name] for name in names if name in prompts), "")
        for asked, names in (
            (True, ("query",)),
            (False, ("document", "passage")),
        )
    }

    def embed(texts, asked):
        read = tokenizer.encode_batch([before[asked] + text for text in texts])
        mask = numpy.array([text.attention_mask for text in read])
        weights = mask[:, :, None].astype("float32")
        given = {
            "input_ids": numpy.array([text.ids for text in read]),
            "attention_mask": mask,
            "token_type_ids": numpy.zeros_like(mask),
        }
        told = session.run(None, {name: given[name] for name in inputs})[0]
        if told.ndim == 2:
            return told
        if first:
            return told[:, 0]
        return (told * weights).sum(1) / weights.sum(1)

    return embed


def _model2vec(where):
    from model2vec import StaticModel

    model = StaticModel.from_pretrained(where)
    return lambda texts, _asked: model.encode(texts)


def _fastembed(where):
    from fastembed import TextEmbedding

    model = TextEmbedding(model_name=where)
    return lambda texts, asked: list(
        (model.query_embed if asked else model.passage_embed)(texts)
    )


def _sentence_transformers(where):
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(where, device="cpu")
    questions = getattr(model, "encode_query", model.encode)
    documents = getattr(model, "encode_document", model.encode)
    return lambda texts, asked: (questions if asked else documents)(texts)


_KINDS = {
    "words": _word_vectors,
    "onnx": _onnx,
    "model2vec": _model2vec,
    "fastembed": _fastembed,
    "sentence-transformers": _sentence_transformers,
}
