"""Papers made of words, and a small model, for tests of training that take seconds."""

import random
from pathlib import Path
from typing import Any

from searchapp.training.backend import load_backend
from searchapp.types import Box, Document, Kind, Metadata, Page, Paragraph, Sentence

TOPICS = {
    "dropout": "dropout unit ensemble noise mask layer average thinned network weights",
    "retrieval": "query ranking document score fusion index term recall passage corpus",
    "attention": "attention head softmax token memory sequence cost key value length",
    "vectors": "word vector context count window analogy neighbour factor matrix corpus",
    "calibration": "confidence bin probability temperature error reliability label class accuracy score",
}


def make_paragraph(text: list[str], kind: Kind = Kind.BODY, section: str = "") -> Paragraph:
    """A paragraph of those sentences, each on one line of page 1."""
    joined, spans = " ".join(text), []
    start = 0
    for sentence in text:
        spans.append(Sentence(start, start + len(sentence), (Box(1, 72, 72, 300, 82),)))
        start += len(sentence) + 1
    return Paragraph(joined, kind, section, tuple(spans))


def make_papers(count: int = 6, *, paragraphs: int = 6, seed: int = 1) -> list[Document]:
    """Papers on the topics in turn; sentences of one paragraph share their words."""
    papers = []
    for number in range(count):
        draw = random.Random(seed * 1000 + number)
        topic, words = list(TOPICS.items())[number % len(TOPICS)]
        body = []
        for place in range(paragraphs):
            chosen = draw.sample(words.split(), 4)
            sentences = [
                f"We show that the {draw.choice(chosen)} of the {draw.choice(chosen)} gives a "
                f"{draw.choice(chosen)} in case {number}{place}{line} of {topic}."
                for line in range(5)
            ]
            body.append(make_paragraph(sentences, section=f"{place + 1} The {chosen[0]} and its {chosen[1]}"))
        abstract = make_paragraph([f"This paper is about {topic} and {words}."], Kind.ABSTRACT, "Abstract")
        papers.append(
            Document(
                sha256=f"{number:064x}",
                metadata=Metadata(title=f"A study of {topic} number {number}", abstract=abstract.text),
                pages=(Page(1, 612, 792),),
                paragraphs=(abstract, *body),
            )
        )
    return papers


def make_model(folder: Path) -> Path:
    """A sentence-transformers folder of 2 layers and 32 dimensions with random weights from one seed."""
    torch, sentence_transformers = load_backend(1)
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from tokenizers import BertWordPieceTokenizer
    from transformers import BertConfig, BertModel, BertTokenizerFast

    words = sorted({word for text in TOPICS.values() for word in text.split()} | set(TOPICS))
    letters = [chr(c) for c in range(97, 123)] + list("0123456789.")
    common = "we show that the of gives a in case this paper is about and its study number".split()  # noqa: SIM905
    vocabulary = list(
        dict.fromkeys(
            [
                "[PAD]",
                "[UNK]",
                "[CLS]",
                "[SEP]",
                "[MASK]",
                *letters,
                *(f"##{c}" for c in letters),
                *common,
                *words,
            ]
        )
    )
    raw: Any = BertWordPieceTokenizer(
        vocab={word: place for place, word in enumerate(vocabulary)}, lowercase=True
    )
    inner = folder / "inner"
    inner.mkdir(parents=True)
    raw.save(str(inner / "tokenizer.json"))
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=256,
    )
    BertModel(config).save_pretrained(str(inner))
    BertTokenizerFast(tokenizer_file=str(inner / "tokenizer.json")).save_pretrained(str(inner))
    transformer = Transformer(str(inner), max_seq_length=64)
    model = sentence_transformers.SentenceTransformer(
        modules=[transformer, Pooling(32, "mean"), Normalize()], device="cpu"
    )
    model.save_pretrained(str(folder / "base"))
    return folder / "base"
