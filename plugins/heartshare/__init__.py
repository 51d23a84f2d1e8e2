"""heartshare: is advocacy growing, where is it stuck, what should we do this week."""
