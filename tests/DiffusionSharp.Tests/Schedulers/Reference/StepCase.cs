using DiffusionSharp.Guidance;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Tests.Schedulers.Reference;

/// <summary>One step of a sampler on random numbers.</summary>
internal sealed record StepCase
{
    public required NamedSchedule Schedule { get; init; }

    public required PredictionType PredictionType { get; init; }

    public required Thresholding Thresholding { get; init; }

    public required SampleShape Shape { get; init; }

    public required float? GuidanceScale { get; init; }

    public required TimestepSpacing Spacing { get; init; }

    public required int StepsOffset { get; init; }

    public required int Steps { get; init; }

    /// <summary>Timesteps as text, such as "900,20,0", so that they print; null for spaced ones.</summary>
    public required string? CustomTimesteps { get; init; }

    /// <summary>Picks the step among those of the plan.</summary>
    public required double Position { get; init; }

    public required int Seed { get; init; }

    public SamplingPlan Plan => new(Steps, Shape) { Timesteps = CustomTimesteps?.Split(',').Select(int.Parse).ToArray() };

    public DdpmOptions Ddpm => new()
    {
        Schedule = Schedule.Schedule,
        PredictionType = PredictionType,
        Clipping = Thresholding.Clipping,
        TimestepSpacing = Spacing,
        StepsOffset = StepsOffset,
    };

    public DdimOptions Ddim => new()
    {
        Schedule = Schedule.Schedule,
        PredictionType = PredictionType,
        Clipping = Thresholding.Clipping,
        TimestepSpacing = Spacing,
        StepsOffset = StepsOffset,
    };

    public float[] Sample => Normal(0, Shape.Length);

    public float[] Conditional => Normal(1, Shape.Length);

    public float[] Unconditional => Normal(2, Shape.Length);

    public float[] Noise => Normal(3, Shape.Length);

    /// <summary>Uniform in [0, 1), one per value: what tests make variance predictions of.</summary>
    public double[] Uniform
    {
        get
        {
            var random = new Random(Seed + 4);
            return [.. Enumerable.Range(0, Shape.Length).Select(_ => random.NextDouble())];
        }
    }

    /// <summary>ᾱ at a timestep; 1, no noise at all, behind the last one.</summary>
    public double AlphaBar(int? timestep) => timestep is { } t ? Schedule.Schedule.AlphaBar[t] : 1;

    public int IndexIn(ISchedulerRun run) => Math.Min((int)(Position * run.Timesteps.Count), run.Timesteps.Count - 1);

    public GuidedPrediction Prediction() => Terms(Conditional, Unconditional);

    /// <summary>The prediction of one image of the batch.</summary>
    public GuidedPrediction PredictionOf(int image)
    {
        Range range = (image * Shape.ImageLength)..((image + 1) * Shape.ImageLength);
        return Terms(Conditional[range], Unconditional[range]);
    }

    /// <summary>The prediction of a model with 2·C channels; what the unconditional half says of the variance is out of reach.</summary>
    public GuidedPrediction PredictionWithVariance(float[] variance) =>
        Terms(Interleave(Conditional, variance), Interleave(Unconditional, [.. Enumerable.Repeat(1e9f, variance.Length)]));

    public override string ToString() =>
        $"{Schedule}, {PredictionType}, {Thresholding}, shape {Shape}, guidance {GuidanceScale}, {Spacing} + {StepsOffset}, {Steps} steps, timesteps {CustomTimesteps}, at {Position}, seed {Seed}";

    private GuidedPrediction Terms(float[] conditional, float[] unconditional) =>
        GuidanceScale is { } scale ? Guided.By(scale, conditional, unconditional) : new GuidedPrediction(conditional);

    private float[] Interleave(float[] prediction, float[] variance)
    {
        int image = Shape.ImageLength;
        return [.. Enumerable.Range(0, Shape.Batch).SelectMany(b => prediction[(b * image)..((b + 1) * image)].Concat(variance[(b * image)..((b + 1) * image)]))];
    }

    private float[] Normal(int stream, int length)
    {
        var random = new Random((Seed * 5) + stream);
        return [.. Enumerable.Range(0, length).Select(_ => (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())))];
    }
}
