"""Writes the sample's exports and enrolment: ``python -m data_sample.generator``.

Nothing here is estimated from answers of real people. Every number that shapes the answers
stands in ``assumptions.yml`` and is a project choice, made so that the sample looks like life.
"""
