using System.Numerics.Tensors;

namespace DiffusionSharp;

/// <summary>
/// A picture from a picture and a prompt (SDEdit, Meng et al. 2022, arXiv:2108.01073): the picture is noised to the level that
/// <see cref="GenerationRequest.Strength"/> asks for and denoised from there.
/// </summary>
public record ImageToImageRequest : TextToImageRequest
{
    /// <summary>Creates the request.</summary>
    /// <param name="prompt">What the result shall show; not blank.</param>
    /// <param name="initialImage">The picture to start from, <c>[1, 3, H, W]</c> in [-1, 1].</param>
    public ImageToImageRequest(string prompt, Tensor<float> initialImage)
        : base(prompt)
    {
        ArgumentNullException.ThrowIfNull(initialImage);
        InitialImage = initialImage;
    }
}
