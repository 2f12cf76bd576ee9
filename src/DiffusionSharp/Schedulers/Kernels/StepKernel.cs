using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.Schedulers;

/// <summary>
/// Applies <see cref="StepCoefficients"/> to a batch in one pass over memory, and keeps the m of earlier steps for multistep schedulers.
/// Holds the memory of one generation; nothing is allocated by a step.
/// </summary>
internal sealed class StepKernel
{
    private readonly SampleShape _shape;
    private readonly SampleClipping _clipping;
    private readonly float[][] _models;
    private readonly float[] _sorted;
    private readonly float[] _noise;
    private readonly float[] _base;
    private int _newest = HistorySlots.None;

    /// <param name="shape">The shape of the sample.</param>
    /// <param name="clipping">What is done to m.</param>
    /// <param name="stochastic">Whether any step adds noise.</param>
    /// <param name="history">How many m are needed besides the present one: how many steps back, 0 to 3, unless a scheduler chooses the slots.</param>
    /// <param name="hasBase">Whether a base is carried from step to step.</param>
    public StepKernel(SampleShape shape, SampleClipping clipping, bool stochastic, int history = 0, bool hasBase = false)
    {
        _shape = shape;
        _clipping = clipping;

        // One slot more than the history: the present m. Without history it is needed only where it takes a pass of its own.
        bool isThresholded = clipping is SampleClipping.DynamicThresholding;
        _models = new float[history > 0 ? history + 1 : isThresholded ? 1 : 0][];
        for (int i = 0; i < _models.Length; i++)
        {
            _models[i] = new float[shape.Length];
        }

        _sorted = isThresholded ? new float[shape.ImageLength] : [];
        _noise = stochastic ? new float[shape.Length] : [];
        _base = hasBase ? new float[shape.Length] : [];
    }

    /// <summary>Whether m is clipped at all.</summary>
    public bool Clips => _clipping is not SampleClipping.NoClipping;

    /// <summary>Whether m is kept for later steps.</summary>
    public bool KeepsModels => _models.Length > 1;

    /// <summary>Steps since the generation began whose m is still kept.</summary>
    public int HistoryCount { get; private set; }

    /// <summary>Draws the noise of one step for the whole batch.</summary>
    public Span<float> DrawNoise(INoiseSource source)
    {
        source.Fill(_noise);
        return _noise;
    }

    /// <summary>Draws the noise of one step between two noise levels for the whole batch.</summary>
    public Span<float> DrawNoise(INoiseSource source, double from, double to)
    {
        source.FillBetween(from, to, _noise);
        return _noise;
    }

    /// <summary>m of <paramref name="steps"/> steps ago, counted from the last step; 0 is its own.</summary>
    public ReadOnlySpan<float> ModelOf(int steps) => _models[((_newest - steps) % _models.Length + _models.Length) % _models.Length];

    /// <summary>The predicted variance channels of one image.</summary>
    public ReadOnlySpan<float> VarianceOf(int image, GuidedPrediction prediction) =>
        prediction.Conditional.Slice(((2 * image) + 1) * _shape.ImageLength, _shape.ImageLength);

    /// <summary>Throws when a sample or prediction has a length that does not fit; true when the prediction has variance channels.</summary>
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

    /// <summary>One step of the whole batch. The noise span is empty where no noise is added.</summary>
    public void Step(in StepCoefficients step, GuidedPrediction prediction, ReadOnlySpan<float> sample, ReadOnlySpan<float> noise, Span<float> destination)
    {
        _newest = _models.Length == 0 ? HistorySlots.None : (_newest + 1) % _models.Length;
        Step(step, HistorySlots.Ring(_newest, _models.Length), prediction, sample, noise, destination);
        HistoryCount = Math.Min(HistoryCount + 1, Math.Max(0, _models.Length - 1));
    }

    /// <summary>One step of the whole batch, with m kept and found in slots of the scheduler's choice.</summary>
    public void Step(in StepCoefficients step, HistorySlots slots, GuidedPrediction prediction, ReadOnlySpan<float> sample, ReadOnlySpan<float> noise, Span<float> destination)
    {
        bool perImage = HasVariance(prediction, sample) || _clipping is SampleClipping.DynamicThresholding;
        int length = perImage ? _shape.ImageLength : _shape.Length;
        int stride = perImage ? prediction.Length / _shape.Batch : length;
        for (int start = 0, from = 0; start < _shape.Length; start += length, from += stride)
        {
            StepPart(step, slots, prediction.Slice(from, length), sample, noise, destination, start, length);
        }
    }

    /// <summary>m of the whole batch, clipped.</summary>
    public void Model(in StepCoefficients step, GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination)
    {
        HasVariance(prediction, sample);
        int stride = prediction.Length / _shape.Batch;
        for (int i = 0; i < _shape.Batch; i++)
        {
            Span<float> model = destination.Slice(i * _shape.ImageLength, _shape.ImageLength);
            ModelPart(step, prediction.Slice(i * stride, _shape.ImageLength), sample.Slice(i * _shape.ImageLength, _shape.ImageLength), model);
        }
    }

    private void StepPart(in StepCoefficients step, HistorySlots slots, GuidedPrediction prediction, ReadOnlySpan<float> sample, ReadOnlySpan<float> noise, Span<float> destination, int start, int length)
    {
        Span<float> model = slots.Model == HistorySlots.None ? [] : _models[slots.Model].AsSpan(start, length);
        bool modelIsGiven = _clipping is SampleClipping.DynamicThresholding || step.AfterClipping is not null;
        if (modelIsGiven)
        {
            ModelPart(step, prediction, sample.Slice(start, length), model);
            if (step.AfterClipping is var (fromSample, fromClipped))
            {
                LinearCombination.Compute((float)fromSample, sample.Slice(start, length), (float)fromClipped, model, model);
            }
        }

        var terms = new FusedTerms
        {
            Sample = sample.Slice(start, length),
            Prediction = prediction,
            Model = model,
            ModelIsGiven = modelIsGiven,
            Base = _base.Length == 0 ? [] : _base.AsSpan(start, length),
            History1 = History(slots.First, step.FromHistory1, step.Base.FromHistory1, start, length),
            History2 = History(slots.Second, step.FromHistory2, step.Base.FromHistory2, start, length),
            History3 = History(slots.Third, step.FromHistory3, step.Base.FromHistory3, start, length),
            Noise = noise.IsEmpty ? noise : noise.Slice(start, length),
            Destination = destination.Slice(start, length),
            Range = _clipping is SampleClipping.RangeClipping(float range) ? range : float.PositiveInfinity,
        };
        FusedKernel.Run(step, terms);
    }

    private void ModelPart(in StepCoefficients step, GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> model)
    {
        if (prediction.IsGuided)
        {
            LinearCombination.Compute(
                (float)step.ModelFromSample,
                sample,
                (float)(step.ModelFromPrediction * (1 - prediction.Scale)),
                prediction.Unconditional,
                (float)(step.ModelFromPrediction * prediction.Scale),
                prediction.Conditional,
                model);
        }
        else
        {
            LinearCombination.Compute((float)step.ModelFromSample, sample, (float)step.ModelFromPrediction, prediction.Conditional, model);
        }

        ClippingKernel.Apply(_clipping, model, _sorted);
    }

    private ReadOnlySpan<float> History(int slot, double weight, double baseWeight, int start, int length) =>
        weight == 0 && baseWeight == 0 ? [] : _models[slot].AsSpan(start, length);
}
