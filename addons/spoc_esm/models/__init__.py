from . import (
    hr_department,
    res_partner,
    spoc_desk,
    spoc_service,
    spoc_ticket,
    spoc_window,
)
