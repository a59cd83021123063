"""A composed region of news outlets: three weeks of news, written by us, as a recording that the monitor can replay."""
