using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.Noise;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp;

/// <summary>What a generation begins with: noise, a picture noised to the level of the first step, or latents that are noisy already.</summary>
internal sealed class InitialSample(ConditionContext conditions, GenerationCourse course, ISchedulerRun? steps, KnownRegion? known, GenerationNoise noise)
{
    private readonly GenerationRequest _request = conditions.Request;

    /// <summary>Fills the sample; draws from the generation's noise.</summary>
    /// <param name="sample">Receives it.</param>
    /// <param name="initialNoise">Receives the unit noise that was drawn, where any was.</param>
    public void Fill(Span<float> sample, Span<float> initialNoise)
    {
        if (_request.Range.Start > 0)
        {
            CopyLatents(sample);
            return;
        }

        bool hasOriginal = HasOriginal(sample);
        if (hasOriginal && course.Count == 0 && steps is not null)
        {
            return;
        }

        noise.Batch.Fill(initialNoise);
        if (known is not null)
        {
            sample.CopyTo(known.Original.Span);
            initialNoise.CopyTo(known.Noise.Span);
        }

        if (hasOriginal && !StartsFromNoise)
        {
            steps!.AddNoise(course.First, sample, initialNoise, sample);
        }
        else
        {
            TensorPrimitives.Multiply(initialNoise, (float)(steps?.InitialNoiseScale ?? 1), sample);
        }
    }

    // Where all of a masked part is drawn anew, the picture is needed only to keep what is known of it.
    private bool StartsFromNoise => _request is { Mask: not null, Strength: 1 };

    private bool HasOriginal(Span<float> sample)
    {
        if (_request.InitialLatents is not null)
        {
            CopyLatents(sample);
            return true;
        }

        if (_request.InitialImage is not { } image || (StartsFromNoise && known is null))
        {
            return false;
        }

        conditions.EncodePictures(image).CopyTo(sample);
        return true;
    }

    private void CopyLatents(Span<float> sample)
    {
        ReadOnlySpan<float> latents = _request.InitialLatents!.Values();
        for (int i = 0; i < sample.Length; i += latents.Length)
        {
            latents.CopyTo(sample[i..]);
        }
    }
}
