using System.Numerics.Tensors;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp;

/// <summary>
/// Keeps the known part of a picture in the latents of a generation: after each step it is replaced by the picture's own, noised to the
/// level of the next step with the noise that the generation began with, and clean after the last one (as diffusers does for models
/// without extra input channels).
/// </summary>
internal sealed class KnownLatents
{
    private readonly float[] _original;
    private readonly float[] _mask;
    private readonly float[] _noise;
    private readonly float[] _noised;

    /// <param name="shape">The shape of the latents.</param>
    /// <param name="mask">The mask of the picture, <c>[1, 1, H, W]</c>.</param>
    public KnownLatents(SampleShape shape, Tensor<float> mask)
    {
        _original = new float[shape.Length];
        _mask = Repeated(LatentMask.Reduce(mask, shape), shape.Length);
        _noise = new float[shape.Length];
        _noised = new float[shape.Length];
        Region = new KnownRegion(_original, _mask);
    }

    /// <summary>The clean latents, filled by <see cref="Remember"/>, and the mask, each in the shape of the latents.</summary>
    public KnownRegion Region { get; }

    /// <summary>Takes the latents of the picture and the noise that the generation begins with.</summary>
    public void Remember(ReadOnlySpan<float> original, ReadOnlySpan<float> noise)
    {
        original.CopyTo(_original);
        noise.CopyTo(_noise);
    }

    /// <summary>Puts the known part into the sample that a step has returned.</summary>
    /// <param name="run">The run.</param>
    /// <param name="next">The step that comes next, or the number of steps.</param>
    /// <param name="sample">The sample.</param>
    public void Keep(ISchedulerRun run, int next, Span<float> sample)
    {
        ReadOnlySpan<float> known = _original;
        if (next < run.Timesteps.Count)
        {
            run.AddNoise(next, _original, _noise, _noised);
            known = _noised;
        }

        TensorPrimitives.Lerp(known, sample, _mask, sample);
    }

    private static float[] Repeated(float[] channel, int length)
    {
        var repeated = new float[length];
        for (int i = 0; i < length; i += channel.Length)
        {
            channel.CopyTo(repeated, i);
        }

        return repeated;
    }
}
