using System.Numerics.Tensors;
using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;

namespace DiffusionSharp.Schedulers;

/// <summary>
/// Inpainting with any scheduler: after each step the known part is replaced by the picture's own, noised to the level of the next call with
/// the noise that the generation began with, and clean after the last one, as diffusers does for models without extra input channels.
/// </summary>
/// <param name="inner">The scheduler's run.</param>
/// <param name="known">What is known, in the shape of the sample.</param>
public sealed class KeepsKnown(ISchedulerRun inner, KnownRegion known) : DelegatingSchedulerRun(inner)
{
    private readonly float[] _noised = new float[known.Original.Length];

    /// <inheritdoc/>
    public override void Step(int call, in GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination, INoiseSource noise)
    {
        Inner.Step(call, prediction, sample, destination, noise);
        ReadOnlySpan<float> kept = known.Original.Span;
        if (call + 1 < CallCount)
        {
            AddNoise(call + 1, known.Original.Span, known.Noise.Span, _noised);
            kept = _noised;
        }

        TensorPrimitives.Lerp(kept, destination, known.Mask.Span, destination);
    }
}
