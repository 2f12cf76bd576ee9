using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;

namespace DiffusionSharp.Schedulers;

/// <summary>m is the prediction, -ε.</summary>
internal sealed class KarrasVeRun : SchedulerRun
{
    private readonly double[] _sigmas;
    private readonly double _noise;
    private readonly float[] _churned;

    public KarrasVeRun(KarrasVeOptions options, SamplingPlan plan)
        : this(options, plan, KarrasVeGrid.Sigmas(options, plan))
    {
    }

    private KarrasVeRun(KarrasVeOptions options, SamplingPlan plan, double[] sigmas)
        : base(KarrasVeGrid.Levels(options, sigmas), new StepKernel(plan.Shape, stochastic: true, history: 1), trainingTimesteps: null)
    {
        (_sigmas, _noise) = (sigmas, options.ChurnNoise);
        _churned = new float[plan.Shape.Length];
        InitialNoiseScale = options.SigmaMax;
    }

    public override int StepOf(int call) => call / 2;

    public override int FirstCallOf(int step) => Math.Min(2 * step, CallCount);

    public override void AddNoise(int call, ReadOnlySpan<float> original, ReadOnlySpan<float> noise, Span<float> destination) =>
        LinearCombination.Compute(1, original, (float)(IsSecond(call) ? LevelAt(call).Sigma : _sigmas[StepOf(call)]), noise, destination);

    public override void PrepareInput(int call, ReadOnlySpan<float> sample, Span<float> input, INoiseSource noise)
    {
        if (IsSecond(call))
        {
            sample.CopyTo(input);
            return;
        }

        // Drawn even where nothing is added, as in the reference implementation.
        (double sigma, double churned) = (_sigmas[StepOf(call)], LevelAt(call).Sigma);
        float added = (float)(Math.Sqrt((churned * churned) - (sigma * sigma)) * _noise);
        LinearCombination.Compute(1, sample, added, Kernel.DrawNoise(noise), _churned);
        _churned.CopyTo(input);
    }

    public override void Step(int call, in GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination, INoiseSource noise)
    {
        bool isSecond = IsSecond(call);
        double length = LevelAt(isSecond ? call - 1 : call).Sigma - _sigmas[StepOf(call) + 1];
        if (isSecond && Kernel.HistoryCount == 0)
        {
            throw new InvalidOperationException($"Call {call} is the second half of a step whose first half was not taken: a generation starts at an even call.");
        }

        // The first half led to x_1 = x̂ + length·p_1, so x̂ + length·(p_1 + p)/2 is x_1 + length·(p - p_1)/2.
        var step = new StepCoefficients { ModelFromSample = 0, ModelFromPrediction = 1, FromSample = 1, FromModel = isSecond ? length / 2 : length, FromHistory1 = isSecond ? -length / 2 : 0 };
        Kernel.Step(step, prediction, isSecond ? sample : _churned, [], destination);
    }

    public override void PredictOriginal(int call, in GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination) =>
        base.PredictOriginal(call, prediction, IsSecond(call) ? sample : _churned, destination);

    private static bool IsSecond(int call) => call % 2 == 1;
}
