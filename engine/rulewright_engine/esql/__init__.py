"""ES|QL"""
