"""The byte-level BPE tokenizer: training it, and encoding with dropped merges.

Dropping merges at random (BPE dropout) shows the model each word in several cuts, so that a typo, an inflection or an unseen Japanese
compound looks less foreign. The library's own dropout cannot be seeded; hence the few lines here.
"""

import random

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

VOCABULARY = 2048
END_OF_TEXT, TURN_START, TURN_END = "<|endoftext|>", "<|im_start|>", "<|im_end|>"
SPECIALS = [END_OF_TEXT, TURN_START, TURN_END]
MAX_TOKEN_BYTES = 16  # keeps Japanese, which has no spaces, from becoming one token per clause


def train_tokenizer(texts: list[str]) -> Tokenizer:
    """A byte-level BPE whose pre-tokenizer is the one that GGUF calls "gpt-2"."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY, special_tokens=SPECIALS, initial_alphabet=alphabet, max_token_length=MAX_TOKEN_BYTES, show_progress=False
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


class DropoutEncoder:
    """Encodes text with each merge skipped with a given probability."""

    def __init__(self, tokenizer: Tokenizer, merges: list[tuple[str, str]]):
        self.pre = tokenizer.pre_tokenizer
        self.vocab = tokenizer.get_vocab()
        self.ranks = {tuple(pair): rank for rank, pair in enumerate(merges)}

    def encode(self, text: str, dropout: float, rng: random.Random) -> list[int]:
        """Token ids of `text`."""
        words = (self._word(list(word), dropout, rng) for word, _ in self.pre.pre_tokenize_str(text))
        return [self.vocab[symbol] for word in words for symbol in word]

    def _word(self, symbols: list[str], dropout: float, rng: random.Random) -> list[str]:
        while True:
            pairs = [(self.ranks.get(pair), i) for i, pair in enumerate(zip(symbols, symbols[1:]))]
            pairs = [(rank, i) for rank, i in pairs if rank is not None and rng.random() >= dropout]
            if not pairs:
                return symbols
            _, i = min(pairs)
            symbols[i : i + 2] = [symbols[i] + symbols[i + 1]]
