from . import window
