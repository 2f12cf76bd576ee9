"""The networks."""

from networks.autoencoder import Decoder, Encoder
from networks.captioned import CaptionedPredictor
from networks.prior import CaptionPrior
from networks.text_encoder import BertEncoder, TextEncoder
from networks.unet import UNet

__all__ = ["BertEncoder", "CaptionPrior", "CaptionedPredictor", "Decoder", "Encoder", "TextEncoder", "UNet"]
