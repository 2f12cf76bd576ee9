using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;

namespace DiffusionSharp.Schedulers;

internal sealed class TcdRun : DiscreteRun
{
    private readonly TcdOptions _options;

    public TcdRun(TcdOptions options, SamplingPlan plan)
        : base(options, Lay(options, plan), new StepKernel(plan.Shape, options.Clipping, stochastic: options.Eta > 0)) => _options = options;

    public override void Step(int call, in GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination, INoiseSource noise)
    {
        float alphaBar = AlphaBarAt(call);
        bool isLast = call + 1 == IntegerTimesteps.Length;
        int next = isLast ? 0 : IntegerTimesteps[call + 1];

        // In float32, where the product can come out just below a whole number.
        var below = (int)MathF.Floor((float)(1 - _options.Eta) * next);
        float alphaBarBelow = _options.Schedule.AlphaBar[below];
        bool isNoisy = _options.Eta > 0 && !isLast;
        float ratio = isNoisy ? _options.Schedule.AlphaBar[next] / alphaBarBelow : 1;

        // Down to s by DDIM, then q(x_t | x_s) up to the next timestep.
        double scale = Math.Sqrt(ratio);
        StepCoefficients step = (ForOriginal(alphaBar) with { FromModel = scale * Math.Sqrt(alphaBarBelow), NoiseScale = Math.Sqrt(1 - ratio) })
            .AddNoiseEstimate(_options.PredictionType, Math.Sqrt(alphaBar), Math.Sqrt(1 - alphaBar), scale * Math.Sqrt(1 - alphaBarBelow));
        Kernel.Step(step, prediction, sample, isNoisy ? Kernel.DrawNoise(noise) : [], destination);
    }

    private static int[] Lay(TcdOptions options, SamplingPlan plan)
    {
        int trained = options.Schedule.TrainingTimesteps;
        return DistilledGrid.Create(plan, trained, options.UsesAllTimesteps ? trained : options.OriginalInferenceSteps);
    }
}
