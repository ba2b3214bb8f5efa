from . import article, article_list, offer
