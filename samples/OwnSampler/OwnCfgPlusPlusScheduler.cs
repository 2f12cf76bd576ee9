using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Samples;

/// <summary>Options of <see cref="OwnCfgPlusPlusScheduler"/>.</summary>
public sealed record OwnCfgPlusPlusOptions : DiscreteSchedulerOptions;

/// <summary>
/// Euler steps of CFG++ (Chung et al. 2024, arXiv:2406.08070): to the guided x_0, and back up by the noise that the UNCONDITIONAL prediction sees,
/// <c>x' = x_0 + σ'·u</c>. Guidance scales lie in [0, 1]. The unconditional prediction is needed at every scale, at 1 too. For models that predict noise.
/// </summary>
public sealed class OwnCfgPlusPlusScheduler(OwnCfgPlusPlusOptions? options = null)
    : DiscreteScheduler<OwnCfgPlusPlusOptions>(options ?? new OwnCfgPlusPlusOptions(), "Own Euler CFG++")
{
    public override bool NeedsUnconditional => true;

    protected override SchedulerRun Begin(SamplingPlan plan) => new Run(Options, Sigmas.Of(Options, plan.Steps), plan.Shape);

    private sealed class Run : SchedulerRun
    {
        private readonly double[] _sigmas;

        public Run(OwnCfgPlusPlusOptions options, double[] sigmas, SampleShape shape)
            : base(Sigmas.Levels(options, sigmas), new StepKernel(shape, options.Clipping), options.Schedule.TrainingTimesteps)
        {
            _sigmas = sigmas;
            InitialNoiseScale = sigmas[0];
        }

        public override void Step(int call, in GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination, INoiseSource noise)
        {
            var step = new StepCoefficients { ModelFromSample = 1, ModelFromPrediction = -_sigmas[call], FromModel = 1, FromUnconditional = _sigmas[call + 1] };
            Kernel.Step(step, prediction, sample, [], destination);
        }
    }
}
