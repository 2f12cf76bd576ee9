using System.Numerics.Tensors;
using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.Schedulers;

internal sealed class ConsistencyRun : SigmaRun
{
    private readonly ConsistencyOptions _options;

    public ConsistencyRun(ConsistencyOptions options, SamplingPlan plan)
        : base(Lay(options, plan), PredictionType.Sample, new StepKernel(plan.Shape, options.Clipping, stochastic: true)) => _options = options;

    public override double InitialNoiseScale => _options.SigmaMax;

    public override void ScaleModelInput(int index, ReadOnlySpan<float> sample, Span<float> destination) =>
        TensorPrimitives.Multiply(sample, (float)(1 / Deviation(SigmaAt(index))), destination);

    public override void Step(int index, GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination, INoiseSource noise)
    {
        // m is noised to variance σ'² - ε², ε being what it has already. The draw of the last step has weight 0, as in the reference implementation.
        double next = Math.Clamp(Sigmas[index + 1], _options.SigmaMin, Math.Max(_options.SigmaMin, _options.SigmaMax));
        double added = Math.Sqrt((next * next) - (_options.SigmaMin * _options.SigmaMin)) * _options.NoiseScale;
        StepCoefficients step = ForOriginal(SigmaAt(index)) with { FromModel = 1, NoiseScale = added };
        Kernel.Step(step, prediction, sample, Timesteps.Count > 1 ? Kernel.DrawNoise(noise) : [], destination);
    }

    // The consistency function of the paper's appendix C: the sample itself at σ = ε.
    protected override StepCoefficients ForOriginal(double sigma)
    {
        double data = _options.SigmaData;
        double above = sigma - _options.SigmaMin;
        return new() { ModelFromSample = data * data / ((above * above) + (data * data)), ModelFromPrediction = above * data / Deviation(sigma) };
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

    private double Deviation(double sigma) => Math.Sqrt((sigma * sigma) + (_options.SigmaData * _options.SigmaData));
}
