from . import approve
from . import ask
from . import confirm
from . import portal
from . import supplier
