from . import test_public, test_public_data
