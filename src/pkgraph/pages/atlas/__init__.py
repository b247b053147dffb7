"""
Put operations and works into time, and operations onto a map.

What is drawn is decided here, in plain numbers: which bar lies in which lane, which number stands
where. The server's templates turn it into SVG, with a table beside it that says the same.
"""
