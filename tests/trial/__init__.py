"""The trial of the grader: how often is it wrong, and what does it miss?"""
