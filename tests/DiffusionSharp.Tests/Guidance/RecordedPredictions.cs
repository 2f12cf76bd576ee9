using DiffusionSharp.Guidance;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Tests.Guidance;

/// <summary>Predictions that were recorded, in place of a network's: what a guidance makes of them, step by step.</summary>
internal sealed class RecordedPredictions : TermPredictions
{
    private readonly float[][] _recorded;
    private readonly float[][] _kept;
    private readonly float[]?[] _terms;
    private readonly float[] _input;

    /// <param name="shape">The shape of a sample.</param>
    /// <param name="recorded">Each term's predictions of all steps, <c>[steps, B, C, H, W]</c>.</param>
    public RecordedPredictions(SampleShape shape, params float[][] recorded)
        : base(shape)
    {
        (_recorded, _terms, _input) = (recorded, new float[recorded.Length][], new float[shape.Length]);
        _kept = Array.ConvertAll(recorded, _ => new float[shape.Length]);
    }

    public override int Count => _recorded.Length;

    public override ReadOnlySpan<float> Input => _input;

    private int Steps => _recorded[0].Length / Shape.Length;

    public override bool Has(int term) => _terms[term] is not null;

    public override Span<float> Of(int term) => _terms[term] ?? throw new InvalidOperationException($"The term {term} was not asked for.");

    /// <summary>What a guidance makes of all steps, and which of them needed more than one prediction.</summary>
    public (float[] Guided, bool[] NeedsMore) Guide(IGuidance guidance, params double[] scales)
    {
        IReadOnlyList<GuidanceTerm> terms = guidance.Terms(scales, schedulerNeedsUnconditional: false);
        using IGuidanceRun run = guidance.Start(new GuidancePlan(Shape, new GenerationRequest { Count = Shape.Batch }, scales, terms));
        var guided = new float[_recorded[0].Length];
        var needsMore = new bool[Steps];
        for (int step = 0; step < Steps; step++)
        {
            StepPoint at = PointOf(step);
            needsMore[step] = Select(run, at, terms.Count);
            run.Combine(at, this);
            Mix().CopyTo(guided, step * Shape.Length);
        }

        return (guided, needsMore);
    }

    /// <summary>Takes the predictions of a step that a run needs.</summary>
    public bool Select(IGuidanceRun run, in StepPoint at, int terms)
    {
        Reset();
        bool needsMore = false;
        for (int term = 0; term < _terms.Length; term++)
        {
            bool isNeeded = term == 0 || (term < terms && run.Needs(term, at));
            needsMore |= term > 0 && isNeeded;
            _terms[term] = isNeeded ? _kept[term] : null;
            if (isNeeded)
            {
                _recorded[term].AsSpan(at.Step * Shape.Length, Shape.Length).CopyTo(_terms[term]);
            }
        }

        return needsMore;
    }

    public StepPoint PointOf(int step) => new()
    {
        Level = new NoiseLevel { Timestep = Steps - step, Alpha = 1, Sigma = 1, InputScale = 1, FromInput = 1, FromPrediction = -1 },
        Call = step,
        CallCount = Steps,
        Step = step,
        StepCount = Steps,
    };

    private float[] Mix()
    {
        var mixed = new float[Shape.Length];
        for (int i = 0; i < mixed.Length; i++)
        {
            int picture = i / Shape.ImageLength;
            double unconditional = Has(1) ? Weights(1)[picture] * Of(1)[i] : 0;
            mixed[i] = (float)((Weights(0)[picture] * Of(0)[i]) + unconditional);
        }

        return mixed;
    }
}
