using System.Numerics.Tensors;
using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;

namespace DiffusionSharp.Schedulers;

/// <summary>A jump back towards noise asks no model, so it is made at the end of the step before it.</summary>
internal sealed class RePaintRun : DiscreteRun
{
    private readonly RePaintOptions _options;
    private readonly RePaintCourse _course;
    private readonly KnownRegion _known;
    private readonly int _steps;
    private readonly int _stride;

    public RePaintRun(RePaintOptions options, SamplingPlan plan)
        : this(options, plan, RePaintCourse.Create(options, plan))
    {
    }

    private RePaintRun(RePaintOptions options, SamplingPlan plan, RePaintCourse course)
        : base(options, course.Timesteps, new StepKernel(plan.Shape, options.Clipping, stochastic: true))
    {
        _options = options;
        _course = course;
        _known = RequireKnown(plan);
        _steps = plan.Steps;
        _stride = options.Schedule.TrainingTimesteps / plan.Steps;
    }

    public override int StepOf(int call) => _steps - 1 - (TimestepAt(call) / _stride);

    public override int FirstCallOf(int step)
    {
        // Where the course first comes so far down; jumps lead only to where it has been.
        int timestep = (_steps - 1 - step) * _stride;
        int first = IntegerTimesteps.IndexOf(timestep);
        return first >= 0 ? first : CallCount;
    }

    public override void Step(int call, in GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination, INoiseSource noise)
    {
        int t = TimestepAt(call);
        Kernel.HasVariance(prediction, sample);
        float alphaBar = _options.Schedule.AlphaBar[t];
        float alphaBarNext = t >= _stride ? _options.Schedule.AlphaBar[t - _stride] : 1;
        double sigma = _options.Eta * Math.Sqrt((1 - alphaBarNext) / (1 - alphaBar) * (1 - (alphaBar / alphaBarNext)));

        // Eq. 12 of arXiv:2010.02502 in place of line 7 of algorithm 1, and the same draw for both parts, as in the reference implementation.
        Span<float> z = Kernel.DrawNoise(noise);
        StepCoefficients step = (ForOriginal(alphaBar) with { FromModel = Math.Sqrt(alphaBarNext), NoiseScale = sigma })
            .AddNoiseEstimate(_options.PredictionType, Math.Sqrt(alphaBar), Math.Sqrt(1 - alphaBar), Math.Sqrt(Math.Max(0, 1 - alphaBarNext - (sigma * sigma))));
        Kernel.Step(step, prediction, sample, z, destination);

        // Eq. 8a, with the root of the variance that line 5 lacks, and 8c.
        LinearCombination.Compute(MathF.Sqrt(alphaBarNext), _known.Original.Span, MathF.Sqrt(1 - alphaBarNext), z, z);
        TensorPrimitives.Lerp(z, destination, _known.Mask.Span, destination);
        Jump(t, _course.Jumps[call], destination, noise);
    }

    // Line 10: one training timestep after the other, each with a draw of its own.
    private void Jump(int timestep, int steps, Span<float> sample, INoiseSource noise)
    {
        for (int i = 0; i < steps * _stride; i++)
        {
            _options.Schedule.AddNoiseStep(sample, Kernel.DrawNoise(noise), timestep + i, sample);
        }
    }

    private static KnownRegion RequireKnown(SamplingPlan plan)
    {
        if (plan.KnownRegion is not { } known)
        {
            throw new ArgumentException($"RePaint redraws part of a picture: send an {nameof(InpaintingRequest)}, or give the plan a {nameof(plan.KnownRegion)}.", nameof(plan));
        }

        int length = plan.Shape.Length;
        return known.Original.Length == length && known.Mask.Length == length
            ? known
            : throw new ArgumentException($"The known region has {known.Original.Length} values and a mask of {known.Mask.Length}, but a batch of shape {plan.Shape} has {length}.", nameof(plan));
    }
}
