"""What people get to see, and how it reaches them: answers, results, refusals; and the files that they hand in."""
