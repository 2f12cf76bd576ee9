"""The networks."""

from networks.autoencoder import Decoder, Encoder
from networks.captioned import CaptionedPredictor
from networks.prior import LatentPrior
from networks.text_encoder import BertEncoder, TextEncoder
from networks.unet import UNet

__all__ = ["BertEncoder", "CaptionedPredictor", "Decoder", "Encoder", "LatentPrior", "TextEncoder", "UNet"]
