"""The networks."""

from networks.autoencoder import Decoder, Encoder
from networks.captioned import CaptionedPredictor
from networks.prior import CaptionPrior
from networks.text_encoder import TextEncoder
from networks.unet import UNet

__all__ = ["CaptionPrior", "CaptionedPredictor", "Decoder", "Encoder", "TextEncoder", "UNet"]
