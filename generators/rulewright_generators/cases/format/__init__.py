"""What a case is and how it reads.

case_file      a case, and the file that holds one a line
reader, writer a file of cases from its text, and back
patches        events by what they change of a base; steps: what counts up; bases: which documents others are like
naming         names of generated cases: what each shows
alert_content  what a case pins of what its alerts say
conditions     the atomic conditions of a query and their names
wording        one plain sentence for each case
codes          the kinds of problem with cases
"""
