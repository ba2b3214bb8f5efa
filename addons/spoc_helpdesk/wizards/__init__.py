from . import spoc_assignment_return
from . import spoc_ticket_assign
from . import spoc_ticket_resolve
from . import spoc_ticket_reply
from . import spoc_ticket_flag
from . import spoc_ticket_article
