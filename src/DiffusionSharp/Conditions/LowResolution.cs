using System.Numerics.Tensors;

namespace DiffusionSharp.Conditions;

/// <summary>The small picture that a network for super-resolution enlarges.</summary>
/// <param name="Picture">The picture, <c>[1, 3, h, w]</c> in [-1, 1], or one for each of the pictures of the request.</param>
public sealed record LowResolution(Tensor<float> Picture) : IRequestPart
{
    /// <summary>
    /// The timestep to which the small picture is noised, so that the network makes up for its faults (conditioning augmentation, Ho et al. 2021,
    /// arXiv:2106.15282, section 4): at least 0, and at most what the model was trained with. Only for models that were; null for what is
    /// usual for them.
    /// </summary>
    public int? NoiseLevel { get; init; }

    /// <summary>Whether <see cref="Picture"/> is a latent of the model's autoencoder, <c>[1, C, h, w]</c>, for models that enlarge latents.</summary>
    public bool IsLatent { get; init; }

    /// <inheritdoc/>
    public IRequestPart Of(int picture) => Picture.Rank == 0 || Picture.Lengths[0] == 1 ? this : this with { Picture = Picture.Rows(picture, 1) };
}
