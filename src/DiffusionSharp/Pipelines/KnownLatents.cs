using System.Numerics.Tensors;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp;

/// <summary>
/// What is known of a picture, as latents: filled once, before the first step, and kept by the steps.
/// </summary>
internal sealed class KnownLatents
{
    private readonly float[] _original;
    private readonly float[] _mask;
    private readonly float[] _noise;

    /// <param name="shape">The shape of the latents.</param>
    /// <param name="mask">The mask of the picture, <c>[1, 1, H, W]</c>.</param>
    public KnownLatents(SampleShape shape, Tensor<float> mask)
    {
        _original = new float[shape.Length];
        _mask = Repeated(LatentMask.Reduce(mask, shape), shape.Length);
        _noise = new float[shape.Length];
        Region = new KnownRegion(_original, _mask, _noise);
    }

    /// <summary>The clean latents and the noise, filled by <see cref="Remember"/>, and the mask, each in the shape of the latents.</summary>
    public KnownRegion Region { get; }

    /// <summary>Takes the latents of the picture and the noise that the generation begins with.</summary>
    public void Remember(ReadOnlySpan<float> original, ReadOnlySpan<float> noise)
    {
        original.CopyTo(_original);
        noise.CopyTo(_noise);
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
