using System.Numerics.Tensors;

namespace DiffusionSharp;

/// <summary>
/// Part of a picture drawn anew to a prompt: where <see cref="GenerationRequest.Mask"/> is 1. The rest is kept while denoising, in the latents
/// (RePaint, Lugmayr et al. 2022, arXiv:2201.09865, eq. 8), or shown to a model that was trained to keep it
/// (<see cref="Conditions.MaskedPictureConditions"/>). Strength is 1 unless set: what is drawn anew starts from noise alone.
/// </summary>
public record InpaintingRequest : ImageToImageRequest
{
    /// <summary>Creates the request.</summary>
    /// <param name="prompt">What the whole result shall show; not blank.</param>
    /// <param name="initialImage">The picture, <c>[1, 3, H, W]</c> in [-1, 1].</param>
    /// <param name="mask">Where to draw anew, <c>[1, 1, H, W]</c> in [0, 1].</param>
    public InpaintingRequest(string prompt, Tensor<float> initialImage, Tensor<float> mask)
        : base(prompt, initialImage)
    {
        ArgumentNullException.ThrowIfNull(mask);
        Mask = mask;
        Strength = 1;
    }
}
