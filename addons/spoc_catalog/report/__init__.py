from . import spoc_channel_report, spoc_search_report
