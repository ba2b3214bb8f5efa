"""What the search keeps in the database: its functions, as SQL text.

Functions of a generated column have to live in the database. Those are immutable,
and all fix the search path so that a dump can be restored.
"""

# PostgreSQL's own stemmers by the first part of the language code. The Russian
# configuration stems Latin words as English, so codes and terms work in both.
CONFIGURATIONS = {
    "ar": "arabic",
    "ca": "catalan",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "eu": "basque",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nb": "norwegian",
    "ne": "nepali",
    "nl": "dutch",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}
# Languages that write a thing of two words as one.
COMPOUNDING = ("da", "de", "et", "fi", "hu", "is", "nb", "nl", "nn", "no", "sv")
# A text whose language nobody noted is read in each of these.
UNKNOWN_LANGUAGE = ("ru_RU", "sv_SE")

# All functions, for the uninstallation.
NAMES = (
    "spoc_search_learn()",
    "spoc_search_vector(jsonb, boolean)",
    "spoc_search_vector(text, text, boolean)",
    "spoc_search_stem(text, text)",
    "spoc_search_config(text)",
    "spoc_search_fold(text)",
)

_FOLD = """
CREATE OR REPLACE FUNCTION spoc_search_fold(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path FROM CURRENT AS $$
    SELECT regexp_replace(replace(replace(translate(lower(normalize(regexp_replace(
        normalize(
            left(regexp_replace(value, '<[^>]*>|&[#a-zA-Z0-9]+;', ' ', 'g'), 100000),
            NFKD
        ), '([A-Za-z])[\\u0300-\\u036f]+', '\\1', 'g'), NFKC)),
        'ёøłđ', 'еold'), 'æ', 'ae'), 'ß', 'ss'),
        '[\\u0001-\\u002f\\u003a-\\u0040\\u005b-\\u0060\\u007b-\\u00bf\\u2000-\\u206f]+',
        ' ', 'g')
$$;
"""

_CONFIG = """
CREATE OR REPLACE FUNCTION spoc_search_config(lang text) RETURNS regconfig
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path FROM CURRENT AS $$
    SELECT (CASE split_part(lang, '_', 1) {cases} ELSE 'simple' END)::regconfig
$$;

CREATE OR REPLACE FUNCTION spoc_search_stem(word text, lang text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path FROM CURRENT AS $$
    SELECT coalesce(
        (tsvector_to_array(to_tsvector(spoc_search_config(lang), word)))[1], word
    )
$$;
"""

# A heading keeps its words beside their stems: so the words too common to be
# indexed in a text are found there ("IT", "who are you").
_VECTOR = """
CREATE OR REPLACE FUNCTION spoc_search_vector(value text, langs text, words boolean)
RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path FROM CURRENT AS $$
DECLARE
    folded text := spoc_search_fold(coalesce(value, ''));
    vector tsvector := CASE WHEN words THEN to_tsvector('simple', folded) ELSE '' END;
    code text;
BEGIN
    FOREACH code IN ARRAY string_to_array(coalesce(langs, ''), ',') LOOP
        vector := vector || to_tsvector(spoc_search_config(code), folded);
    END LOOP;
    RETURN vector;
END
$$;

CREATE OR REPLACE FUNCTION spoc_search_vector(value jsonb, words boolean)
RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path FROM CURRENT AS $$
DECLARE
    vector tsvector := ''::tsvector;
    term record;
BEGIN
    FOR term IN SELECT * FROM jsonb_each_text(coalesce(value, '{{}}'::jsonb)) LOOP
        vector := vector || spoc_search_vector(term.value, term.key, words);
    END LOOP;
    RETURN vector;
END
$$;
"""

# After a row was written: words the vocabulary does not have yet. It only ever adds
# rows and waits for nobody: two who write at the same time may both add a word, and
# the nightly refresh keeps one of them. The first argument is the query for the
# texts of a row $1: (text, lang, heading).
_LEARN = """
CREATE OR REPLACE FUNCTION spoc_search_learn() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    EXECUTE format({new_words}, TG_TABLE_NAME, TG_ARGV[0]) USING NEW;
    RETURN NULL;
END
$$;
"""

# The new words of (text, lang, heading); %1$L: the table, %2$s: the query of the texts
NEW_WORDS = """
    INSERT INTO spoc_search_word (source, lang, word, stem, documents, headings)
    SELECT %1$L, fresh.lang, fresh.word, spoc_search_stem(fresh.word, fresh.lang),
           1, fresh.heading::int
    FROM (
        SELECT parts.lang, term.lexeme AS word, bool_or(parts.heading) AS heading
        FROM (
            SELECT split_part(code, '_', 1) AS lang, heading,
                   to_tsvector('simple', spoc_search_fold(string_agg(value, ' ')))
                   AS vector
            FROM (%2$s) AS texts (value, langs, heading),
                 unnest(string_to_array(langs, ',')) AS code
            WHERE value IS NOT NULL
            GROUP BY 1, 2
        ) AS parts, unnest(parts.vector) AS term
        WHERE length(term.lexeme) BETWEEN 2 AND 40
        GROUP BY 1, 2
    ) AS fresh
    WHERE NOT EXISTS (
        SELECT FROM spoc_search_word AS known
        WHERE known.source = %1$L AND known.lang = fresh.lang
          AND known.word = fresh.word
    )
"""


def functions():
    """Statements that create all functions, or renew them."""
    cases = " ".join(
        f"WHEN '{code}' THEN '{name}'" for code, name in CONFIGURATIONS.items()
    )
    texts = (_FOLD, _CONFIG, _VECTOR, _LEARN)
    return "".join(texts).format(cases=cases, new_words=f"$new${NEW_WORDS}$new$")
