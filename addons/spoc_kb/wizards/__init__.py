from . import (
    spoc_article_compare,
    spoc_article_export,
    spoc_article_gap_skip,
    spoc_article_import,
    spoc_article_merge,
    spoc_article_publish,
    spoc_article_sample,
    spoc_article_send_back,
)
