"""Latent diffusion over a codebook (arXiv:2112.10752): emoji groups as classes, in the latents of `vq-autoencoder`.

The denoiser sees latents as the encoder makes them; looking them up in the codebook is the decoder's first layer.
"""

from pathlib import Path

import torch

from companions import labelled, small_emojis, vq_autoencoder
from companions.labelled import BATCH, MINUTES, LabelledTask
from data.dataset import SIZE
from export import AUTOENCODER, VERSION, write_json
from graphs import PICTURE_AXES, check_part, export_part
from networks.autoencoder import FACTOR, LATENT_CHANNELS
from networks.quantizer import ENTRIES
from trained import to_bytes

__all__ = ["BATCH", "MINUTES", "Task", "export", "sample"]

_SIDE = SIZE // FACTOR


class Task(LabelledTask):
    """Of the latents of all emojis, encoded once."""

    name = "vq"
    channels = LATENT_CHANNELS

    def everything(self) -> torch.Tensor:
        encoder, _ = vq_autoencoder.load(self.options.work, torch.device("cpu"))
        return vq_autoencoder.encode(encoder, small_emojis.pictures(self.options.work, size=SIZE))


def export(work: Path, out: Path) -> None:
    """Writes the denoiser and both halves of the autoencoder, and checks them."""
    labelled.export(Task, work, out, _SIDE, clips=False)
    encoder, decoder = vq_autoencoder.load(work, torch.device("cpu"))
    generator = torch.Generator().manual_seed(0)
    for name, module, (given, channels, size), result in (
            ("vae_encoder", encoder, ("sample", 3, SIZE), "latent_sample"),
            ("vae_decoder", decoder, ("latent_sample", LATENT_CHANNELS, _SIDE), "sample")):
        example = torch.randn(2, channels, size, size, generator=generator)
        other = torch.randn(3, channels, size // 2, 2 * size, generator=generator)
        model = export_part(module, out / name, {result: PICTURE_AXES}, {given: (example, PICTURE_AXES)})
        check_part(f"vq {name}", model, module, {given: other})
        write_json(out / name / "config.json", {
            "_class_name": "VQModel", **VERSION, **AUTOENCODER, "num_vq_embeddings": ENTRIES,
            "vq_embed_dim": LATENT_CHANNELS, "scaling_factor": 1.0,
        })
    write_json(out / "model_index.json", {
        "_class_name": "LDMPipeline", **VERSION, "vqvae": ["diffusers", "VQModel"],
        "unet": ["optimum", "ORTModelUnet"], "scheduler": ["diffusers", "DDIMScheduler"],
    })


@torch.no_grad()
def sample(work: Path, device: torch.device, seed: int) -> torch.Tensor:
    """Eight pictures of each class, uint8 [8 classes, 3, 128, 128]."""
    _, decoder = vq_autoencoder.load(work, device)
    latents = labelled.draw(Task, work, device, seed, _SIDE, clips=False)
    return torch.cat([to_bytes(decoder(chunk)) for chunk in latents.split(8)])
