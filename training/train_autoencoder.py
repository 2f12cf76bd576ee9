#!/usr/bin/env python3
"""Stage 3: the autoencoder. Run it again to resume where the last checkpoint is."""

import math

import torch

import stage
from data.captions import BACKGROUNDS
from data.dataset import Pictures
from networks import Decoder, Encoder
from networks.autoencoder import sample_latents

_LEARNING_RATE = 1.2e-3
_WARM_UP_STEPS = 100
_GRADIENT_WEIGHT = 0.5
_KL_WEIGHT = 2e-4
_REPORT_STEPS = 100


def loss(output: torch.Tensor, target: torch.Tensor, mean: torch.Tensor, log_variance: torch.Tensor) -> torch.Tensor:
    """Absolute, squared and edge (gradient) differences, and a small pull of the latents to N(0, 1)."""
    difference = output - target
    edges = difference.diff(dim=3).abs().mean() + difference.diff(dim=2).abs().mean()
    kl = 0.5 * (mean * mean + log_variance.exp() - 1 - log_variance).mean()
    return difference.abs().mean() + difference.pow(2).mean() + _GRADIENT_WEIGHT * edges + _KL_WEIGHT * kl


@torch.no_grad()
def measure(encoder: Encoder, decoder: Decoder, pictures: Pictures, device: torch.device) -> tuple[float, float]:
    """The scaling factor that brings the latents to unit deviation, and the PSNR in dB, on random backgrounds."""
    generator = stage.generator(device, seed=1, step=0)
    latents, squared_errors = [], []
    for indices in torch.arange(len(pictures), device=device).split(64):
        backgrounds = torch.randint(len(BACKGROUNDS), indices.shape, generator=generator, device=device)
        target = pictures.compose(indices, backgrounds)
        sampled, mean, _ = sample_latents(encoder(target), generator)
        latents.append(sampled)
        squared_errors.append((decoder(mean).clamp(-1, 1) - target).pow(2).mean((1, 2, 3)))
    # The pictures' range is 2 wide, so the peak signal is 2 and its square 4.
    psnr = 10 * math.log10(4 / float(torch.cat(squared_errors).mean()))
    return 1 / float(torch.cat(latents).std()), psnr


def main() -> None:
    parser = stage.parser(__doc__)
    stage.add_training_options(parser, minutes=20, batch=32)
    parser.add_argument("--threads", type=int, default=2, help="CPU threads")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    device = stage.device()
    path = options.work / "autoencoder.pt"

    pictures = Pictures(options.work, device)
    encoder = Encoder().to(device, memory_format=torch.channels_last)
    decoder = Decoder().to(device, memory_format=torch.channels_last)
    parameters = [*encoder.parameters(), *decoder.parameters()]
    optimizer = torch.optim.AdamW(parameters, lr=_LEARNING_RATE, betas=(0.9, 0.99), weight_decay=1e-4)
    step, used = 0, 0.0
    if state := stage.load_checkpoint(path, device):
        encoder.load_state_dict(state["encoder"])
        decoder.load_state_dict(state["decoder"])
        optimizer.load_state_dict(state["optimizer"])
        step, used = state["step"], state["used_seconds"]
        print(f"resumed at step {step}, {used:.0f} s", flush=True)
    budget = stage.Budget(options.minutes, used)
    save_timer = stage.SaveTimer(options.save_seconds)
    generator = stage.generator(device, options.seed, step)

    def save(used_seconds: float, **results: float) -> None:
        stage.save_checkpoint(path, {
            "encoder": encoder.state_dict(), "decoder": decoder.state_dict(), "optimizer": optimizer.state_dict(),
            "step": step, "used_seconds": used_seconds, **results,
        })

    while step < options.steps and (fraction := budget.fraction) < 1:
        for group in optimizer.param_groups:
            group["lr"] = _LEARNING_RATE * min(1, (step + 1) / _WARM_UP_STEPS) * max(0.02, 1 - fraction)
        target = pictures.augment(*pictures.draw(options.batch, generator), generator)
        with stage.autocast(device, options.precision):
            latents, mean, log_variance = sample_latents(encoder(target), generator)
            output = decoder(latents).float()
        value = loss(output, target, mean, log_variance)
        optimizer.zero_grad()
        value.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        step += 1
        if step % _REPORT_STEPS == 0:
            print(f"step {step}, {budget.used_seconds:.0f} s, loss {float(value):.4f}, "
                  f"{step * options.batch / budget.used_seconds:.0f} pictures/s", flush=True)
        if save_timer.due():
            save(budget.used_seconds)

    used = budget.used_seconds  # measuring is not training
    scaling_factor, psnr = measure(encoder, decoder, pictures, device)
    save(used, scaling_factor=scaling_factor, psnr=psnr)
    print(f"finished at step {step}: PSNR {psnr:.1f} dB, scaling factor {scaling_factor:.6f}, in {path}")


if __name__ == "__main__":
    main()
