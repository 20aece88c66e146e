"""Programs to run with `python -m llmhub.tools.NAME`.

`run_tests_with_report` runs pytest and writes a test execution report.
"""
