from . import (
    ir_http,
    spoc_search_mixin,
    spoc_audience,
    spoc_category,
    spoc_target_policy,
    spoc_form,
    spoc_desk,
    spoc_channel,
    spoc_service,
    spoc_window,
)
