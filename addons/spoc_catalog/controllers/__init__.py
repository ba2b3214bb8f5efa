from . import contact, form, home, window
