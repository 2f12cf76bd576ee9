using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.Schedulers.Kernels;

/// <summary>Applies <see cref="StepCoefficients"/> to a batch. Holds the scratch memory of one generation.</summary>
internal sealed class SingleStepKernel
{
    private readonly SampleShape _shape;
    private readonly SampleClipping _clipping;
    private readonly float[] _original;
    private readonly float[] _sorted;
    private readonly float[] _noise;

    /// <param name="shape">The shape of the sample.</param>
    /// <param name="clipping">What is done to x_0.</param>
    /// <param name="stochastic">Whether any step adds noise.</param>
    public SingleStepKernel(SampleShape shape, SampleClipping clipping, bool stochastic)
    {
        _shape = shape;
        _clipping = clipping;
        _original = clipping is SampleClipping.NoClipping ? [] : new float[shape.ImageLength];
        _sorted = clipping is SampleClipping.DynamicThresholding ? new float[shape.ImageLength] : [];
        _noise = stochastic ? new float[shape.Length] : [];
    }

    /// <summary>Draws the noise of one step for the whole batch.</summary>
    public Span<float> DrawNoise(INoiseSource source)
    {
        source.Fill(_noise);
        return _noise;
    }

    /// <summary>The predicted part of image <paramref name="index"/>; what a model with 2·C output channels predicts of the variance is left out.</summary>
    public GuidedPrediction PredictionOf(int index, GuidedPrediction prediction)
    {
        int stride = prediction.Length / _shape.Batch;
        return prediction.Slice(index * stride, _shape.ImageLength);
    }

    /// <summary>The predicted variance channels of image <paramref name="index"/>.</summary>
    public ReadOnlySpan<float> VarianceOf(int index, GuidedPrediction prediction)
    {
        int image = _shape.ImageLength;
        return prediction.Conditional.Slice((2 * index * image) + image, image);
    }

    /// <summary>Whether the prediction has variance channels; throws when its length fits neither way.</summary>
    public bool HasVariance(GuidedPrediction prediction, ReadOnlySpan<float> sample)
    {
        if (sample.Length != _shape.Length)
        {
            throw new ArgumentException($"The sample has {sample.Length} values, but a batch of shape {_shape} has {_shape.Length}.", nameof(sample));
        }

        if (prediction.Length != sample.Length && prediction.Length != 2 * sample.Length)
        {
            throw new ArgumentException(
                $"The prediction has {prediction.Length} values; for a sample of shape {_shape} it must have {sample.Length}, or {2 * sample.Length} with a predicted variance.",
                nameof(prediction));
        }

        return prediction.Length != sample.Length;
    }

    /// <summary>One step of the whole batch; the noise term is added by the caller's noise span unless that is empty.</summary>
    public void Step(in StepCoefficients step, GuidedPrediction prediction, ReadOnlySpan<float> sample, ReadOnlySpan<float> noise, Span<float> destination)
    {
        if (_clipping is SampleClipping.NoClipping && !HasVariance(prediction, sample))
        {
            StepLinear(step, prediction, sample, noise, destination);
            return;
        }

        HasVariance(prediction, sample);
        int image = _shape.ImageLength;
        for (int i = 0; i < _shape.Batch; i++)
        {
            int start = i * image;
            ReadOnlySpan<float> imageNoise = noise.IsEmpty ? noise : noise.Slice(start, image);
            GuidedPrediction imagePrediction = PredictionOf(i, prediction);
            if (_clipping is SampleClipping.NoClipping)
            {
                StepLinear(step, imagePrediction, sample.Slice(start, image), imageNoise, destination.Slice(start, image));
            }
            else
            {
                StepClipped(step, imagePrediction, sample.Slice(start, image), imageNoise, destination.Slice(start, image));
            }
        }
    }

    /// <summary>The predicted x_0 of the whole batch, clipped.</summary>
    public void PredictOriginal(in StepCoefficients step, GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination)
    {
        HasVariance(prediction, sample);
        int image = _shape.ImageLength;
        for (int i = 0; i < _shape.Batch; i++)
        {
            Span<float> original = destination.Slice(i * image, image);
            Combine(step.OriginalFromSample, sample.Slice(i * image, image), step.OriginalFromPrediction, PredictionOf(i, prediction), original);
            ClippingKernel.Apply(_clipping, original, _sorted);
        }
    }

    // Without clipping x_0 is linear too, so the whole step is: x' = a·x + b·p + s·z.
    private static void StepLinear(in StepCoefficients step, GuidedPrediction prediction, ReadOnlySpan<float> sample, ReadOnlySpan<float> noise, Span<float> destination)
    {
        double fromSample = (step.FromOriginal * step.OriginalFromSample) + step.FromSample;
        double fromPrediction = (step.FromOriginal * step.OriginalFromPrediction) + step.FromPrediction;
        if (noise.IsEmpty)
        {
            Combine(fromSample, sample, fromPrediction, prediction, destination);
            return;
        }

        if (prediction.IsGuided)
        {
            LinearCombination.Compute(
                (float)fromSample,
                sample,
                (float)(fromPrediction * (1 - prediction.Scale)),
                prediction.Unconditional,
                (float)(fromPrediction * prediction.Scale),
                prediction.Conditional,
                (float)step.NoiseScale,
                noise,
                destination);
            return;
        }

        LinearCombination.Compute((float)fromSample, sample, (float)fromPrediction, prediction.Conditional, (float)step.NoiseScale, noise, destination);
    }

    private void StepClipped(in StepCoefficients step, GuidedPrediction prediction, ReadOnlySpan<float> sample, ReadOnlySpan<float> noise, Span<float> destination)
    {
        Span<float> original = _original;
        Combine(step.OriginalFromSample, sample, step.OriginalFromPrediction, prediction, original);
        ClippingKernel.Apply(_clipping, original, _sorted);

        // x_0 is scratch from here on: it takes up its own term and the prediction's.
        if (step.FromPrediction != 0)
        {
            Combine(step.FromOriginal, original, step.FromPrediction, prediction, original);
        }

        float fromOriginal = step.FromPrediction != 0 ? 1 : (float)step.FromOriginal;
        if (noise.IsEmpty)
        {
            LinearCombination.Compute((float)step.FromSample, sample, fromOriginal, original, destination);
        }
        else
        {
            LinearCombination.Compute((float)step.FromSample, sample, fromOriginal, original, (float)step.NoiseScale, noise, destination);
        }
    }

    private static void Combine(double a, ReadOnlySpan<float> x, double b, GuidedPrediction prediction, Span<float> destination)
    {
        if (prediction.IsGuided)
        {
            LinearCombination.Compute(
                (float)a,
                x,
                (float)(b * (1 - prediction.Scale)),
                prediction.Unconditional,
                (float)(b * prediction.Scale),
                prediction.Conditional,
                destination);
        }
        else
        {
            LinearCombination.Compute((float)a, x, (float)b, prediction.Conditional, destination);
        }
    }
}
