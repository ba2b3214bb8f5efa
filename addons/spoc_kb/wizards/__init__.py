from . import spoc_article_send_back
