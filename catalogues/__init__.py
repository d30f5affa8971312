"""Keeps the translations in step with the code: `python -m catalogues` (see `catalogues.__main__`).

A tool for whoever changes a sentence or translates one; the bot does not need it to run. In the order of its work:
`entries` is what there is to translate, `sentences` finds it in the code and `commands` in the command tree, `files`
reads and writes the catalogues, `rules` judges a translation, `limits` the commands as Discord counts them.
"""
