from . import (
    test_article_access,
    test_article_feedback,
    test_article_life,
    test_article_page,
    test_article_search,
    test_article_translation,
)
