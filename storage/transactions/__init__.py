"""What several stores do to the rows, in one transaction that their caller has begun."""
