from . import spoc_insight_request
