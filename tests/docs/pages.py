"""README.md and docs/*.md, taken apart."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Page:
    """One page."""

    path: Path

    @property
    def name(self) -> str:
        return str(self.path.relative_to(ROOT))

    @cached_property
    def text(self) -> str:
        return self.path.read_text()

    @cached_property
    def tokens(self) -> list[Token]:
        return list(_flatten(MarkdownIt().enable("table").parse(self.text)))

    def list_blocks(self, language: str) -> list[str]:
        """List the code blocks in a language; indented ones have none, ""."""
        blocks = [token for token in self.tokens if token.type in ("fence", "code_block")]
        return [token.content for token in blocks if token.info.strip() == language]

    @property
    def inline_code(self) -> list[str]:
        return [token.content for token in self.tokens if token.type == "code_inline"]

    @property
    def links(self) -> list[str]:
        """Addresses within the project, of pages and of pictures."""
        attributes = [token.attrs.get("href", token.attrs.get("src")) for token in self.tokens]
        links = [str(value) for value in attributes if value]
        links += re.findall(r'(?:href|src)="([^"]*)"', self.text)  # in HTML
        return [link for link in links if not link.startswith(("http://", "https://"))]

    @property
    def anchors(self) -> set[str]:
        """The headings as GitHub names them in addresses."""
        pairs = zip(self.tokens, self.tokens[1:], strict=False)
        headings = [inline.content for token, inline in pairs if token.type == "heading_open"]
        return {re.sub(r"[^\w -]", "", text.lower()).replace(" ", "-") for text in headings}


def _flatten(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _flatten(token.children or [])


README = Page(ROOT / "README.md")
DOCS = [Page(path) for path in sorted((ROOT / "docs").glob("*.md"))]
PAGES = [README, *DOCS]
