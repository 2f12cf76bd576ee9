using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace DiffusionSharp.Conditions;

/// <summary>
/// The guidance scale of each picture as an input of the network, for networks that were distilled on it: as it is, as Flux takes it, or embedded
/// in sines and cosines, as latent consistency models take it (Luo et al. 2023, arXiv:2310.04378). Goes with <see cref="Guidance.EmbeddedGuidance"/>.
/// </summary>
public sealed class GuidanceScaleConditions : IConditionEncoder
{
    private const float TimestepsPerUnit = 1000;
    private const float LongestPeriod = 10_000;

    private readonly string _name;
    private readonly int? _width;

    /// <summary>The scale w itself, <c>[B]</c>.</summary>
    /// <param name="name">The name of the network's input.</param>
    public GuidanceScaleConditions(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        (_name, Provides) = (name, [name]);
    }

    /// <summary>The embedding of 1000·(w - 1), <c>[B, D]</c>: sines of D/2 frequencies, which fall geometrically from 1 to 1/10000, then their cosines.</summary>
    /// <param name="name">The name of the network's input.</param>
    /// <param name="width">D, at least 4.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="width"/> is below 4.</exception>
    public GuidanceScaleConditions(string name, int width)
        : this(name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 4);
        _width = width;
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Provides { get; }

    /// <inheritdoc/>
    public void Check(GenerationRequest request)
    {
    }

    /// <inheritdoc/>
    public void Encode(ConditionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        float[] scales = [.. Enumerable.Range(0, context.Shape.Batch).Select(picture => (float)context.GuidanceScale(picture))];
        context.AddToAll(new ConditionPart(_name, _width is { } width ? Embed(scales, width) : Tensor.Create(scales, [scales.Length])));
    }

    // In float32, as the network saw it in training: the sine of a number in the thousands shows how that was rounded.
    private static Tensor<float> Embed(float[] scales, int width)
    {
        int half = width / 2;
        var embedding = Tensor.CreateFromShape<float>([scales.Length, width]);
        Span<float> values = MemoryMarshal.CreateSpan(ref embedding.GetPinnableReference(), scales.Length * width);
        float step = MathF.Log(LongestPeriod) / (half - 1);
        for (int i = 0; i < scales.Length; i++)
        {
            for (int k = 0; k < half; k++)
            {
                float angle = (scales[i] - 1) * TimestepsPerUnit * MathF.Exp(k * -step);
                (values[(i * width) + k], values[(i * width) + half + k]) = MathF.SinCos(angle);
            }
        }

        return embedding;
    }
}
