"""The page of `llmhub ui`: a project's models, choices and spending, looked at in a browser on this machine.

`project` what is looked at, opened anew when its files change; `application` the web server's parts put together;
`guard` who may ask; `shell` what stands around every view; `notice` what is said where there is nothing to show;
`text` words of the page as HTML elements; `place` the address that shows the same again; `assets` its style and
programs; `views` one module for each view; `editor` and `spend` what the views of these names are made of.

Of models: `shown_catalog` what the views make of a catalog, once; `columns`, `selection`, `facts`, `frontier`,
`comparison` and `workload` decide what is shown, without NiceGUI; `grid`, `map_chart`, `details` and `question` draw;
`asking` sends one prompt to several models; `downloads` is what a browser takes beside the views.

**A view** is a module with `build(context: PageContext) -> None` (or `async def`), which draws with NiceGUI into the
`<main>` of the page, and an entry in the table `views.VIEWS`. It begins with `text.words("h1", ...)`. A `HubError` that
leaves `build` is shown as a notice with its remedy, so a view catches none that it has nothing better to say about.
Whatever comes from a file or a catalog goes through `text.words` or a label, which never read it as HTML.
"""
