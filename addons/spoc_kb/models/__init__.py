from . import (
    ir_attachment,
    spoc_article,
    spoc_article_feedback,
    spoc_article_inner,
    spoc_article_life,
    spoc_article_reading,
    spoc_article_use,
    spoc_service,
    spoc_window,
)
