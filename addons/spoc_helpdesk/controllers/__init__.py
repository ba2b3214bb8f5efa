from . import ask
from . import confirm
from . import portal
