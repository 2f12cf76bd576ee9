using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;

namespace DiffusionSharp.Schedulers;

internal sealed class LcmRun : DiscreteRun
{
    // σ_data of eq. 9, the standard deviation of the data.
    private const double DataDeviation = 0.5;

    private readonly LcmOptions _options;

    public LcmRun(LcmOptions options, SamplingPlan plan)
        : base(
            options,
            DistilledGrid.Create(plan, options.Schedule.TrainingTimesteps, options.OriginalInferenceSteps, plan.Strength),
            new StepKernel(plan.Shape, options.Clipping, stochastic: true)) => _options = options;

    public override void Step(int call, in GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination, INoiseSource noise)
    {
        // The consistency function f = c_skip·x + c_out·x_0, which is x itself at t = 0.
        double t = TimestepAt(call) * _options.TimestepScaling;
        double square = (t * t) + (DataDeviation * DataDeviation);
        double skip = DataDeviation * DataDeviation / square;
        double output = t / Math.Sqrt(square);
        bool isLast = call + 1 == IntegerTimesteps.Length;
        float next = isLast ? 1 : AlphaBarAt(call + 1);
        double signal = Math.Sqrt(next);
        StepCoefficients step = ForOriginal(AlphaBarAt(call)) with
        {
            FromSample = signal * skip,
            FromModel = signal * output,
            NoiseScale = Math.Sqrt(1 - next),
        };
        Kernel.Step(step, prediction, sample, isLast ? [] : Kernel.DrawNoise(noise), destination);
    }
}
