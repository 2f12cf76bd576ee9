"""The networks."""

from networks.autoencoder import Decoder, Encoder
from networks.text_encoder import TextEncoder
from networks.unet import UNet

__all__ = ["Decoder", "Encoder", "TextEncoder", "UNet"]
