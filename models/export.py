"""Writes the trained weights and the tokenizer as one GGUF file."""

import json

import gguf
import numpy as np
from gguf import GGMLQuantizationType, quants
from tokenizers import Tokenizer

import llama
import tokens

CONTEXT = 1024

# The model was trained on single questions, so the template shows it the last user message and nothing before that.
CHAT_TEMPLATE = (
    "{%- set ns = namespace(question='') -%}"
    "{%- for message in messages -%}"
    "{%- if message['role'] == 'user' -%}{%- set ns.question = message['content'] -%}{%- endif -%}"
    "{%- endfor -%}"
    "{{- '<|im_start|>user\\n' + ns.question + '<|im_end|>\\n' -}}"
    "{%- if add_generation_prompt -%}{{- '<|im_start|>assistant\\n' -}}{%- endif -%}"
)


def write(path: str, params: dict, shape: llama.Shape, tokenizer: Tokenizer) -> None:
    """The whole file: header, tokenizer, tensors."""
    writer = gguf.GGUFWriter(path, "llama")
    _write_header(writer, shape)
    _write_tokenizer(writer, tokenizer)
    _write_tensors(writer, params)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _write_header(writer: gguf.GGUFWriter, shape: llama.Shape) -> None:
    writer.add_name("seseragi-mini")
    writer.add_description("A tiny model that has learned a fixed list of questions about Seseragi by heart")
    writer.add_license("apache-2.0")
    writer.add_languages(["en", "ja"])
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(shape.width)
    writer.add_block_count(shape.layers)
    writer.add_feed_forward_length(shape.hidden)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.heads)
    writer.add_rope_dimension_count(shape.width // shape.heads)
    writer.add_rope_freq_base(llama.ROPE_BASE)
    writer.add_layer_norm_rms_eps(llama.NORM_EPS)
    writer.add_vocab_size(shape.vocab)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_Q8_0)


def _write_tokenizer(writer: gguf.GGUFWriter, tokenizer: Tokenizer) -> None:
    vocab = sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])
    kinds = [gguf.TokenType.CONTROL if token in tokens.SPECIALS else gguf.TokenType.NORMAL for token, _ in vocab]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list([token for token, _ in vocab])
    writer.add_token_types(kinds)
    writer.add_token_merges([" ".join(pair) for pair in json.loads(tokenizer.to_str())["model"]["merges"]])
    writer.add_bos_token_id(tokenizer.token_to_id(tokens.END_OF_TEXT))
    writer.add_eos_token_id(tokenizer.token_to_id(tokens.TURN_END))
    writer.add_pad_token_id(tokenizer.token_to_id(tokens.END_OF_TEXT))
    writer.add_add_bos_token(False)
    writer.add_chat_template(CHAT_TEMPLATE)


def _write_tensors(writer: gguf.GGUFWriter, params: dict) -> None:
    names = {"wq": "attn_q", "wk": "attn_k", "wv": "attn_v", "wo": "attn_output", "gate": "ffn_gate", "up": "ffn_up", "down": "ffn_down"}
    _add_matrix(writer, "token_embd.weight", params["embedding"])
    for number, layer in enumerate(params["layers"]):
        writer.add_tensor(f"blk.{number}.attn_norm.weight", np.asarray(layer["norm_attn"], np.float32))
        writer.add_tensor(f"blk.{number}.ffn_norm.weight", np.asarray(layer["norm_ffn"], np.float32))
        for ours, theirs in names.items():
            _add_matrix(writer, f"blk.{number}.{theirs}.weight", np.asarray(layer[ours]).T)
    writer.add_tensor("output_norm.weight", np.asarray(params["norm"], np.float32))


def _add_matrix(writer: gguf.GGUFWriter, name: str, matrix) -> None:
    """Q8_0 halves the size of F16 and is faster in every engine that was measured."""
    data = quants.quantize(np.ascontiguousarray(matrix, np.float32), GGMLQuantizationType.Q8_0)
    writer.add_tensor(name, data, raw_dtype=GGMLQuantizationType.Q8_0)
