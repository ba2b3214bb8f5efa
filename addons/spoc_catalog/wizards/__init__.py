from . import (
    spoc_import_mixin,
    spoc_audience_check,
    spoc_catalog_export,
    spoc_catalog_import_missing,
    spoc_catalog_import,
    spoc_form_check,
    spoc_service_compare,
    spoc_service_copy,
    spoc_service_publish,
)
