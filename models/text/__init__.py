"""Training text of seseragi-mini: answers and questions, one module per group of topics.

In a question line, `{a|b|}` stands for one of its alternatives (an empty one is allowed); `expand.py` unfolds them.
`en_keys` / `ja_keys` are noun phrases that the generic templates of `expand.py` wrap into questions.
"""
