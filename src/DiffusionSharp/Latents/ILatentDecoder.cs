using System.Numerics.Tensors;

namespace DiffusionSharp.Latents;

/// <summary>Turns latents into pictures.</summary>
/// <remarks>Implementations are immutable and safe for concurrent calls.</remarks>
public interface ILatentDecoder
{
    /// <summary>The space of the latents that it decodes.</summary>
    LatentSpace LatentSpace { get; }

    /// <summary>Decodes a batch of latents.</summary>
    /// <param name="latents">Latents as they are diffused (scaled), <c>[B, C, h, w]</c> with C from <see cref="LatentSpace"/>.</param>
    /// <param name="context">What else is known; <see cref="DecodingContext.None"/> where nothing is.</param>
    /// <param name="cancellationToken">Stops the decoding, also inside a model call.</param>
    /// <returns>Pictures <c>[B, 3, H, W]</c> nominally in [-1, 1] (a decoder may overshoot), H = h·factor, W = w·factor.</returns>
    /// <exception cref="ArgumentException">The channel count is not that of <see cref="LatentSpace"/>.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    Tensor<float> Decode(Tensor<float> latents, DecodingContext context, CancellationToken cancellationToken = default);
}
