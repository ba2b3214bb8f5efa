from . import spoc_assignment_return
from . import spoc_ticket_assign
from . import spoc_ticket_resolve
