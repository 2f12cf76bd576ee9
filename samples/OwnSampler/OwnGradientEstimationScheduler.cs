using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Samples;

/// <summary>Options of <see cref="OwnGradientEstimationScheduler"/>.</summary>
public sealed record OwnGradientEstimationOptions : DiscreteSchedulerOptions
{
    /// <summary>γ, how much of the present direction a step takes; what is above 1 is taken off the direction before.</summary>
    public double Gamma { get; init; } = 2;
}

/// <summary>
/// Euler steps in σ along <c>γ·d + (1 - γ)·d_1</c>, where d_1 is the direction of the step before (Permenter &amp; Yuan 2023,
/// arXiv:2306.04848, algorithm 2): a sampler of one's own, of the library's public parts. For models that predict noise.
/// </summary>
public sealed class OwnGradientEstimationScheduler(OwnGradientEstimationOptions? options = null)
    : DiscreteScheduler<OwnGradientEstimationOptions>(options ?? new OwnGradientEstimationOptions(), "Own gradient estimation")
{
    /// <summary>Reads a <c>scheduler_config.json</c>.</summary>
    public static OwnGradientEstimationScheduler Create(SchedulerConfigReader reader) => new(new OwnGradientEstimationOptions
    {
        Schedule = reader.Schedule(),
        PredictionType = reader.PredictionType(),
        Gamma = reader.Number("ge_gamma", 2),
    });

    protected override SchedulerRun Begin(SamplingPlan plan) => new Run(Options, Sigmas.Of(Options, plan.Steps), plan.Shape);

    private sealed class Run(OwnGradientEstimationOptions options, double[] sigmas, SampleShape shape)
        : SchedulerRun(Sigmas.Levels(options, sigmas), new StepKernel(shape, history: 1), options.Schedule.TrainingTimesteps)
    {
        public override void Step(int call, in GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination, INoiseSource noise)
        {
            // m is the predicted noise, which is the direction dx/dσ; the kernel keeps that of the step before.
            double length = sigmas[call + 1] - sigmas[call];
            double gamma = Kernel.HistoryCount > 0 ? options.Gamma : 1;
            var step = new StepCoefficients
            {
                ModelFromSample = 0,
                ModelFromPrediction = 1,
                FromSample = 1,
                FromModel = length * gamma,
                FromHistory1 = length * (1 - gamma),
            };
            Kernel.Step(step, prediction, sample, [], destination);
        }
    }
}
