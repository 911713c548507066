"""What a case is and how it reads.

case_file      a case, and the file that holds one a line
alert_content  what a case pins of what its alerts say
conditions     the atomic conditions of a query and their names
wording        one plain sentence for each case
codes          the kinds of problem with cases
"""
