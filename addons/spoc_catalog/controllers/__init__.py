from . import contact, form, home, install, window
