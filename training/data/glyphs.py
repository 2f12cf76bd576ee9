"""Pictures of emojis, out of the bitmap strikes (CBDT) of Noto Color Emoji."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont, features

SIZE = 64
# The only size at which the font has bitmaps. They are 136x128: the 128x128 drawing with 4 empty columns either side.
_STRIKE = 109
_WIDTH, _HEIGHT, _MARGIN = 136, 128, 4


class GlyphRenderer:
    """Renders single emojis as 64x64 pictures with alpha."""

    def __init__(self, font: Path):
        if not features.check("raqm"):
            raise SystemExit("Pillow lacks raqm, without which joined emojis fall apart into their parts.")
        self._font = ImageFont.truetype(str(font), _STRIKE, layout_engine=ImageFont.Layout.RAQM)

    def render(self, text: str) -> np.ndarray | None:
        """The emoji as uint8 [64, 64, 4], colour premultiplied by alpha; None where the font has no single glyph."""
        if round(self._font.getlength(text)) != _WIDTH:
            return None
        black, white = self._draw(text, 0), self._draw(text, 255)
        # Over black a pixel is alpha * colour, over white that plus 1 - alpha; this holds for every Pillow version,
        # while what drawing onto a transparent picture leaves there does not.
        alpha = 1 - (white - black).mean(-1, keepdims=True)
        if not alpha.any():
            return None
        # Premultiplied before it is made smaller: otherwise the colour of transparent pixels bleeds into the edges.
        channels = np.concatenate([black, alpha], -1).transpose(2, 0, 1)
        small = [np.asarray(Image.fromarray(c).resize((SIZE, SIZE), Image.Resampling.LANCZOS)) for c in channels]
        return (np.clip(np.stack(small, -1), 0, 1) * 255).round().astype(np.uint8)

    def _draw(self, text: str, background: int) -> np.ndarray:
        """The emoji on black or white, float32 [128, 128, 3] in [0, 1]."""
        image = Image.new("RGB", (_WIDTH, _HEIGHT), (background,) * 3)
        # Anchored at its own corner, else the font's ascender moves it out of the picture.
        left, top, _, _ = self._font.getbbox(text)
        ImageDraw.Draw(image).text((-left, -top), text, font=self._font, embedded_color=True)
        return np.asarray(image, np.float32)[:, _MARGIN:-_MARGIN] / 255
