"""The prior of unCLIP (arXiv:2204.06125, section 2.2): diffusion over the embeddings of pictures, told a text."""

import torch
import torch.nn as nn

import diffusion
from networks.layers import LayerNorm, TransformerBlock, zero_
from networks.pair import EMBEDDING
from networks.text_encoder import WIDTH
from networks.unet import timestep_embedding

BLOCKS = 2

_UNSEEN = -1e4


class EmbeddingPrior(nn.Module):
    """The embedding x0 that is expected of a noisy one, [B, 128], at timesteps [B]; both standardized.

    It is told the text's embedding, [B, 128], and its hidden states, [B, S, 192], of which the mask [B, S] shows some.
    A transformer sees these, the text's embedding, the timestep and the noisy one, each as a token, and answers in the
    place of a last one. It predicts the velocity v, of which x0 = alpha x - sigma v follows.
    """

    def __init__(self):
        super().__init__()
        self.told = nn.Linear(EMBEDDING, WIDTH)
        self.time = nn.Sequential(nn.Linear(WIDTH, WIDTH), nn.SiLU(), nn.Linear(WIDTH, WIDTH))
        self.noisy = nn.Linear(EMBEDDING, WIDTH)
        self.kinds = nn.Parameter(torch.randn(4, WIDTH) * 0.1)
        self.blocks = nn.ModuleList([TransformerBlock(WIDTH) for _ in range(BLOCKS)])
        self.norm = LayerNorm(WIDTH)
        self.leave = zero_(nn.Linear(WIDTH, EMBEDDING))
        alpha_bar = diffusion.cosine_alpha_bars()
        self.register_buffer("alpha", alpha_bar.sqrt().float(), persistent=False)
        self.register_buffer("sigma", (1 - alpha_bar).sqrt().float(), persistent=False)

    def forward(self, hidden_states: torch.Tensor, timestep: torch.Tensor, proj_embedding: torch.Tensor,
                encoder_hidden_states: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        told, noisy = self.told(proj_embedding), self.noisy(hidden_states)
        time = self.time(timestep_embedding(timestep, WIDTH))
        # The answer starts from all that is no word.
        added = torch.stack([told, time, noisy, told + time + noisy], 1) + self.kinds
        h = torch.cat([encoder_hidden_states, added], 1)
        seen = torch.cat([attention_mask.to(h.dtype), torch.ones_like(added[:, :, 0])], 1)
        mask = ((1 - seen) * _UNSEEN)[:, None, None]
        for block in self.blocks:
            h = block(h, mask=mask)
        velocity = self.leave(self.norm(h[:, -1]))
        step = timestep.long()
        return self.alpha[step][:, None] * hidden_states - self.sigma[step][:, None] * velocity
