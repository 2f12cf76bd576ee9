using System.Numerics.Tensors;
using DiffusionSharp.Latents;

namespace DiffusionSharp.Tests;

/// <summary>Decoding of latents that belong to no request.</summary>
internal static class LatentDecoderExtensions
{
    public static Tensor<float> Decode(this ILatentDecoder decoder, Tensor<float> latents) => decoder.Decode(latents, DecodingContext.None);
}
