"""What people read: the weekly report, its charts and the quality page."""
