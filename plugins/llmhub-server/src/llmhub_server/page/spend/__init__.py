"""What calls cost and how targets do, as a page.

`account` asks the project for all that is shown, at once; `charts` has its figures as ECharts draws them, pure. `view`
draws it, with `tables` for all that stands in rows, and `targets` for how targets do, also by gateways that were asked.
"""
