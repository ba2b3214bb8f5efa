from . import test_directory, test_insight, test_place, test_tour
