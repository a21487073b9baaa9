"""The one door through which a student's program is started, limited, watched and ended."""
