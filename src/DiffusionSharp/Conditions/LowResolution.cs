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

    /// <summary>The pictures of a result, which is a smaller one's or an earlier stage's.</summary>
    /// <param name="small">The result, whose request decodes.</param>
    /// <returns>The part, with what is usual for the level of noise.</returns>
    /// <exception cref="ArgumentException">The result has no pictures.</exception>
    public static LowResolution FromResult(GenerationResult small)
    {
        ArgumentNullException.ThrowIfNull(small);
        return small.Images.Count > 0
            ? new LowResolution(TensorExtensions.StackRows([.. small.Images.Select(image => image.Pixels)]))
            : throw new ArgumentException($"The result has no pictures: its request has {nameof(GenerationRequest.Decodes)} false, or its pipeline no decoder.", nameof(small));
    }

    /// <inheritdoc/>
    public IRequestPart Of(int picture) => Picture.Rank == 0 || Picture.Lengths[0] == 1 ? this : this with { Picture = Picture.Rows(picture, 1) };
}
