using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;

namespace DiffusionSharp.Schedulers;

internal sealed class ConsistencyRun : SigmaRun
{
    private readonly ConsistencyOptions _options;

    public ConsistencyRun(ConsistencyOptions options, SamplingPlan plan)
        : base(new ConsistencyPreconditioning(options), Lay(options, plan), new StepKernel(plan.Shape, options.Clipping, stochastic: true), trainingTimesteps: null)
    {
        _options = options;
        InitialNoiseScale = options.SigmaMax;
    }

    public override void Step(int call, in GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination, INoiseSource noise)
    {
        // m is noised to variance σ'² - ε², ε being what it has already. The draw of the last step has weight 0, as in the reference implementation.
        double next = Math.Clamp(Sigmas[call + 1], _options.SigmaMin, Math.Max(_options.SigmaMin, _options.SigmaMax));
        double added = Math.Sqrt((next * next) - (_options.SigmaMin * _options.SigmaMin)) * _options.NoiseScale;
        StepCoefficients step = ForOriginal(SigmaAt(call)) with { FromModel = 1, NoiseScale = added };
        Kernel.Step(step, prediction, sample, CallCount > 1 ? Kernel.DrawNoise(noise) : [], destination);
    }

    private static SigmaGrid Lay(ConsistencyOptions options, SamplingPlan plan)
    {
        plan.RejectSigmas();
        int trained = options.TrainingTimesteps;
        int[] levels;
        if (plan.Timesteps is { } custom)
        {
            levels = TimestepGrid.CheckCustom(custom, trained);
        }
        else
        {
            TimestepGrid.CheckSteps(plan.Steps, trained);
            levels = TimestepGrid.Create(TimestepSpacing.Leading, trained, plan.Steps, offset: 0);
        }

        Array.Reverse(levels);
        double[] all = SigmaSpacings.Karras(options.SigmaMin, options.SigmaMax, trained, options.Rho);
        double[] sigmas = Array.ConvertAll(levels, level => all[level]);
        double[] timesteps = Array.ConvertAll(sigmas, sigma => 1000 * 0.25 * Math.Log(sigma));
        return new SigmaGrid(timesteps, SigmaGrid.RoundToSingle(SigmaGrid.Append(sigmas, options.SigmaMin)));
    }
}
