using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.Schedulers;

/// <summary>
/// Applies <see cref="StepCoefficients"/> to a batch in one pass over memory, and keeps the m of earlier steps for multistep schedulers.
/// Holds the memory of one generation; nothing is allocated by a step. Not thread-safe.
/// </summary>
public sealed class StepKernel : IStateful
{
    private readonly SampleShape _shape;
    private readonly int _length;
    private readonly int _imageLength;
    private readonly SampleClipping _clipping;
    private readonly float[][] _models;
    private readonly float[] _sorted;
    private readonly float[] _noise;
    private readonly float[] _base;
    private int _newest = HistorySlots.None;

    /// <summary>Takes the memory of a generation.</summary>
    /// <param name="shape">The shape of the sample.</param>
    /// <param name="clipping">What is done to m; nothing where null.</param>
    /// <param name="stochastic">Whether any step adds noise, which <see cref="DrawNoise(INoiseSource)"/> then draws.</param>
    /// <param name="history">How many m are needed besides the present one: how many steps back, 0 to 3.</param>
    /// <param name="hasBase">Whether a base is carried from step to step.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="history"/> is negative.</exception>
    public StepKernel(SampleShape shape, SampleClipping? clipping = null, bool stochastic = false, int history = 0, bool hasBase = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(history);
        (_shape, _length, _imageLength) = (shape, shape.Length, shape.ImageLength);
        _clipping = clipping ?? SampleClipping.None;

        // One slot more than the history: the present m. Without history it is needed only where it takes a pass of its own.
        bool isThresholded = _clipping is SampleClipping.DynamicThresholding;
        _models = new float[history > 0 ? history + 1 : isThresholded ? 1 : 0][];
        for (int i = 0; i < _models.Length; i++)
        {
            _models[i] = new float[shape.Length];
        }

        _sorted = isThresholded ? new float[shape.ImageLength] : [];
        _noise = stochastic ? new float[shape.Length] : [];
        _base = hasBase ? new float[shape.Length] : [];
    }

    /// <summary>Who steps, for errors.</summary>
    public string Owner { get; set; } = "This scheduler";

    /// <summary>Steps since the generation began whose m is still kept, at most the history.</summary>
    public int HistoryCount { get; private set; }

    /// <summary>Whether m is clipped at all.</summary>
    internal bool Clips => _clipping is not SampleClipping.NoClipping;

    /// <summary>Whether m is kept for later steps.</summary>
    internal bool KeepsModels => _models.Length > 1;

    /// <summary>Draws the noise of one step for the whole batch.</summary>
    /// <param name="source">Where from.</param>
    /// <returns>Unit noise in the kernel's own memory, valid until the next draw.</returns>
    public Span<float> DrawNoise(INoiseSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        source.Fill(_noise);
        return _noise;
    }

    /// <summary>Draws the noise of one step between two noise levels for the whole batch.</summary>
    /// <param name="source">Where from.</param>
    /// <param name="from">The noise level σ where the step begins.</param>
    /// <param name="to">The noise level where it ends.</param>
    /// <returns>Unit noise in the kernel's own memory, valid until the next draw.</returns>
    public Span<float> DrawNoise(INoiseSource source, double from, double to)
    {
        ArgumentNullException.ThrowIfNull(source);
        source.FillBetween(from, to, _noise);
        return _noise;
    }

    /// <summary>One step of the whole batch.</summary>
    /// <param name="step">The weights.</param>
    /// <param name="prediction">The prediction; with variance channels, which are not read here, or without.</param>
    /// <param name="sample">The sample x.</param>
    /// <param name="noise">Unit noise z; empty where no noise is added.</param>
    /// <param name="destination">Receives x'; may be <paramref name="sample"/>.</param>
    /// <exception cref="ArgumentException">A length does not fit the shape.</exception>
    /// <exception cref="InvalidOperationException">The step has no weight for the prediction's score, or needs an unconditional prediction that is not there.</exception>
    public void Step(in StepCoefficients step, in GuidedPrediction prediction, ReadOnlySpan<float> sample, ReadOnlySpan<float> noise, Span<float> destination)
    {
        PredictionCheck.Require(Owner, step, _shape, prediction, sample);
        _newest = _models.Length == 0 ? HistorySlots.None : (_newest + 1) % _models.Length;
        StepAll(step, HistorySlots.Ring(_newest, _models.Length), prediction, sample, noise, destination);
        HistoryCount = Math.Min(HistoryCount + 1, Math.Max(0, _models.Length - 1));
    }

    /// <summary>m of the whole batch, clipped. Changes nothing.</summary>
    /// <param name="step">The weights, of which those of m count.</param>
    /// <param name="prediction">The prediction.</param>
    /// <param name="sample">The sample x.</param>
    /// <param name="destination">Receives m.</param>
    /// <exception cref="ArgumentException">A length does not fit the shape.</exception>
    public void Model(in StepCoefficients step, in GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination)
    {
        HasVariance(prediction, sample);
        int stride = prediction.Conditional.Length / _shape.Batch;
        for (int i = 0; i < _shape.Batch; i++)
        {
            Span<float> model = destination.Slice(i * _imageLength, _imageLength);
            ModelPart(step, WeighedPrediction.Of(prediction, usesUnconditional: false, i, i * stride, _imageLength), sample.Slice(i * _imageLength, _imageLength), model);
        }
    }

    /// <summary>Throws when a sample or prediction has a length that does not fit; true when the prediction has variance channels.</summary>
    /// <param name="prediction">The prediction.</param>
    /// <param name="sample">The sample.</param>
    /// <returns>Whether <see cref="VarianceOf"/> can be asked for.</returns>
    /// <exception cref="ArgumentException">A length does not fit the shape.</exception>
    public bool HasVariance(in GuidedPrediction prediction, ReadOnlySpan<float> sample) => PredictionCheck.HasVariance(_shape, prediction, sample);

    /// <summary>The predicted variance channels of one picture.</summary>
    /// <param name="picture">The picture, from 0.</param>
    /// <param name="prediction">A prediction that has them.</param>
    /// <returns>Its variance, as long as its sample.</returns>
    public ReadOnlySpan<float> VarianceOf(int picture, in GuidedPrediction prediction) =>
        prediction.Conditional.Slice(((2 * picture) + 1) * _imageLength, _imageLength);

    /// <inheritdoc/>
    public void Save(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(_newest);
        writer.Write(HistoryCount);
        foreach (float[] model in _models)
        {
            writer.WriteAll(model);
        }

        writer.WriteAll(_base);
    }

    /// <inheritdoc/>
    public void Restore(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        _newest = reader.ReadInt32();
        HistoryCount = reader.ReadInt32();
        foreach (float[] model in _models)
        {
            reader.ReadAll(model);
        }

        reader.ReadAll(_base);
    }

    /// <summary>One step of the whole batch, with m kept and found in slots of the scheduler's choice.</summary>
    internal void Step(in StepCoefficients step, HistorySlots slots, in GuidedPrediction prediction, ReadOnlySpan<float> sample, ReadOnlySpan<float> noise, Span<float> destination)
    {
        PredictionCheck.Require(Owner, step, _shape, prediction, sample);
        StepAll(step, slots, prediction, sample, noise, destination);
    }

    private static bool AreEqual(ReadOnlySpan<double> weights) => weights.Length < 2 || !weights[1..].ContainsAnyExcept(weights[0]);

    private void StepAll(in StepCoefficients step, HistorySlots slots, in GuidedPrediction prediction, ReadOnlySpan<float> sample, ReadOnlySpan<float> noise, Span<float> destination)
    {
        bool perPicture = prediction.Conditional.Length != _length || _clipping is SampleClipping.DynamicThresholding
            || !AreEqual(prediction.ConditionalWeights) || !AreEqual(prediction.UnconditionalWeights);
        int length = perPicture ? _imageLength : _length;
        int stride = perPicture ? prediction.Conditional.Length / _shape.Batch : length;
        for (int picture = 0; picture * length < _length; picture++)
        {
            WeighedPrediction part = WeighedPrediction.Of(prediction, step.FromUnconditional != 0, picture, picture * stride, length);
            StepPart(step, slots, part, sample, noise, destination, picture * length, length);
        }

        if (!prediction.Score.IsEmpty && step.FromScore is { } weight and not 0)
        {
            LinearCombination.Compute(1, destination, (float)weight, prediction.Score, destination);
        }
    }

    private void StepPart(in StepCoefficients step, HistorySlots slots, in WeighedPrediction prediction, ReadOnlySpan<float> sample, ReadOnlySpan<float> noise, Span<float> destination, int start, int length)
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

    private void ModelPart(in StepCoefficients step, in WeighedPrediction prediction, ReadOnlySpan<float> sample, Span<float> model)
    {
        float conditional = (float)(step.ModelFromPrediction * prediction.ConditionalWeight);
        if (prediction.IsGuided)
        {
            float unconditional = (float)(step.ModelFromPrediction * prediction.UnconditionalWeight);
            LinearCombination.Compute((float)step.ModelFromSample, sample, unconditional, prediction.Unconditional, conditional, prediction.Conditional, model);
        }
        else
        {
            LinearCombination.Compute((float)step.ModelFromSample, sample, conditional, prediction.Conditional, model);
        }

        ClippingKernel.Apply(_clipping, model, _sorted);
    }

    private ReadOnlySpan<float> History(int slot, double weight, double baseWeight, int start, int length) =>
        weight == 0 && baseWeight == 0 ? [] : _models[slot].AsSpan(start, length);
}
