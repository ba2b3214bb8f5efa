from . import home, window
