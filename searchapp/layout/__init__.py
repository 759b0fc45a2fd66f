"""From the lines of a PDF's pages to ordered paragraphs: pure geometry and text, no PDF library.

In: `Sheet`s, one a page, of `Line`s with their spans, rules and pictures. Out: `Block`s in reading order,
each of one kind, whole over columns and pages. The steps, one module each: fonts and glyphs (what a span
says), furniture, columns (order), floats, equations, footnotes, headings, paragraphs, hyphens, front (title
page), references, citations; `reading.read` runs them.
"""
