"""How well pictures survive the autoencoder."""

import torch

import train_autoencoder
import trained
from data.dataset import Pictures
from evaluation_set import EvaluationSet, spread


def edge_energy(picture: torch.Tensor) -> float:
    """The sum of the squared differences of neighbouring pixels, to which edges add most, and sharp ones the most."""
    values = picture.float()
    return float(values.diff(dim=-1).pow(2).sum() + values.diff(dim=-2).pow(2).sum())


@torch.no_grad()
def psnr(parts: trained.Trained, pictures: Pictures, evaluation: EvaluationSet, limit: int | None,
         batch: int = 32) -> dict[str, dict[str, float]]:
    """Decibels for each group of scenes: of the mean squared error of all pictures, through the mean of the latents."""
    device = next(parts.decoder.parameters()).device
    result = {}
    for name, scenes in evaluation.reconstructions.items():
        some = spread(scenes, limit)
        errors, energies = [], torch.zeros(2)
        for start in range(0, len(some), batch):
            target = pictures.render(some[start:start + batch]).to(device)
            output = parts.decoder(parts.encoder(target).chunk(2, 1)[0]).clamp(-1, 1)
            errors.append((output - target).pow(2).mean((1, 2, 3)))
            energies += torch.tensor([edge_energy(output), edge_energy(target)])
        decibels = float(train_autoencoder.psnr(torch.cat(errors).mean()))
        sharpness = float((energies[0] / energies[1]).sqrt())
        result[name] = {"decibels": round(decibels, 3), "sharpness": round(sharpness, 3), "pictures": len(some)}
        print(f"autoencoder, {name}: {decibels:.2f} dB, sharpness {sharpness:.3f}, {len(some)} pictures", flush=True)
    return result
