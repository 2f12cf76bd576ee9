using System.Numerics.Tensors;

namespace DiffusionSharp.Conditions;

/// <summary>
/// What the large model of PixArt-α is told of a picture (Chen et al. 2023, arXiv:2310.00426): height and width in pixels, <c>[1, 2]</c>, and their ratio, <c>[1, 1]</c>, of
/// the size that is diffused, which may be another than the request's (<see cref="Latents.AspectRatioSpace"/>).
/// </summary>
/// <param name="downsamplingFactor">Pixels for each latent.</param>
public sealed class ResolutionConditions(int downsamplingFactor) : IConditionEncoder
{
    /// <summary>The network's input for height and width.</summary>
    public const string Resolution = "resolution";

    /// <summary>The network's input for height / width.</summary>
    public const string AspectRatio = "aspect_ratio";

    /// <inheritdoc/>
    public IReadOnlyList<string> Provides { get; } = [Resolution, AspectRatio];

    /// <inheritdoc/>
    public void Check(GenerationRequest request)
    {
    }

    /// <inheritdoc/>
    public void Encode(ConditionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        float height = context.Shape.Height * downsamplingFactor;
        float width = context.Shape.Width * downsamplingFactor;
        context.AddToAll(new ConditionPart(Resolution, Tensor.Create([height, width], [1, 2])));
        context.AddToAll(new ConditionPart(AspectRatio, Tensor.Create([height / width], [1, 1])));
    }
}
