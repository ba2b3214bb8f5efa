from . import spoc_article, spoc_audience
