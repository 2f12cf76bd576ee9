"""The companions: small models beside the main one, each for another feature of the library.

A companion is a module with a class Task, which trains it; MINUTES, on one core, and BATCH, the defaults of that;
export(work, out), which writes and checks its model folder, unless it is only the first part of another one, which does;
and sample(work, device, seed), pictures to look at, uint8 [B, 3, H, W].
"""

import importlib
from types import ModuleType

COMPANIONS = {
    "vq-autoencoder": "companions.vq_autoencoder",
    "vq": "companions.vq",
    "classes-128": "companions.classes_128",
    "inpainting": "companions.inpainting",
    "silhouette": "companions.silhouette",
    "few-steps": "companions.few_steps",
    "classes": "companions.classes",
    "upscaler": "companions.upscaler",
    "classifier": "companions.classifier",
    "gan": "companions.gan",
    "pixels-prior": "companions.pixels_prior",
    "pixels": "companions.text_to_pixels",
    "pair": "companions.pair",
    "prior": "companions.prior",
    "unclip": "companions.unclip",
    "bert": "companions.bert",
}


def load(name: str) -> ModuleType:
    """The module of a companion."""
    return importlib.import_module(COMPANIONS[name])
