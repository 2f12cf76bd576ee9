using System.Numerics.Tensors;
using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Samples;

/// <summary>Options of <see cref="OwnKarrasScheduler"/>.</summary>
public sealed record OwnKarrasOptions : DiscreteSchedulerOptions
{
    /// <summary>γ, how much a step raises the noise level before it asks the model: to (1 + γ)·σ.</summary>
    public double Gamma { get; init; } = 0.1;
}

/// <summary>
/// The stochastic sampler of Karras et al. 2022 (arXiv:2206.00364, algorithm 2): noise goes in BEFORE the model is asked, and Heun's method comes
/// down from there. Two calls a step, one in the last. For models that predict noise.
/// </summary>
public sealed class OwnKarrasScheduler(OwnKarrasOptions? options = null)
    : DiscreteScheduler<OwnKarrasOptions>(options ?? new OwnKarrasOptions(), "Own Karras stochastic")
{
    protected override SchedulerRun Begin(SamplingPlan plan) => new Run(Options, Sigmas.Of(Options, plan.Steps), plan.Shape);

    // Call 2·i is made at (1 + γ)·σ_i, call 2·i + 1 at σ_{i+1}.
    private static double[] AtCalls(OwnKarrasOptions options, double[] sigmas) =>
        [.. Enumerable.Range(0, (2 * sigmas.Length) - 3).Select(call => call % 2 == 0 ? sigmas[call / 2] * (1 + options.Gamma) : sigmas[(call / 2) + 1]), 0];

    private sealed class Run : SchedulerRun
    {
        private readonly double[] _sigmas;
        private readonly double[] _calls;
        private readonly float[] _churned;

        public Run(OwnKarrasOptions options, double[] sigmas, SampleShape shape)
            : base(Sigmas.Levels(options, AtCalls(options, sigmas)), new StepKernel(shape, stochastic: true, history: 1), options.Schedule.TrainingTimesteps)
        {
            (_sigmas, _calls, _churned) = (sigmas, AtCalls(options, sigmas), new float[shape.Length]);
            InitialNoiseScale = sigmas[0];
        }

        public override int StepOf(int call) => call / 2;

        public override int FirstCallOf(int step) => Math.Min(2 * step, CallCount);

        public override void AddNoise(int call, ReadOnlySpan<float> original, ReadOnlySpan<float> noise, Span<float> destination) =>
            TensorPrimitives.MultiplyAdd(noise, (float)_sigmas[(call + 1) / 2], original, destination);

        public override void PrepareInput(int call, ReadOnlySpan<float> sample, Span<float> input, INoiseSource noise)
        {
            if (call % 2 == 0)
            {
                (double from, double to) = (_sigmas[call / 2], _calls[call]);
                TensorPrimitives.MultiplyAdd(Kernel.DrawNoise(noise), (float)Math.Sqrt((to * to) - (from * from)), sample, _churned);
                sample = _churned;
            }

            base.PrepareInput(call, sample, input, noise);
        }

        // Of the first call x̂ + h·d; of the second, by d at its end, h/2·(d - d_1) more.
        public override void Step(int call, in GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination, INoiseSource noise)
        {
            double length = _sigmas[(call / 2) + 1] - _calls[call - (call % 2)];
            double share = call % 2 == 0 ? length : length / 2;
            var step = new StepCoefficients { ModelFromSample = 0, ModelFromPrediction = 1, FromSample = 1, FromModel = share, FromHistory1 = call % 2 == 0 ? 0 : -share };
            Kernel.Step(step, prediction, call % 2 == 0 ? _churned : sample, [], destination);
        }

        public override void PredictOriginal(int call, in GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination) =>
            base.PredictOriginal(call, prediction, call % 2 == 0 ? _churned : sample, destination);
    }
}
