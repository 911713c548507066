"""What a case is and how it reads.

case_file      a case, and the file that holds one a line
alert_content  what a case pins of what its alerts say
conditions     the conditions of a query, their leaves and the names of these
wording        one plain sentence for each case
codes          the kinds of problem with cases
"""
