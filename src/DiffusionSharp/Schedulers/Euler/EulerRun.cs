using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers.Kernels;
using DiffusionSharp.Schedulers.Sigmas;

namespace DiffusionSharp.Schedulers.Euler;

internal sealed class EulerRun : SigmaRun
{
    // σ̂ is at most this many times σ above it (arXiv:2206.00364, algorithm 2).
    private static readonly double MaximumGamma = Math.Sqrt(2) - 1;

    private readonly EulerOptions _options;
    private readonly float[] _churned;

    public EulerRun(EulerOptions options, SamplingPlan plan)
        : base(Lay(options, plan), options.PredictionType, new StepKernel(plan.Shape, options.Clipping, stochastic: options.Churn > 0))
    {
        _options = options;
        _churned = options.Churn > 0 ? new float[plan.Shape.Length] : [];
        double maximum = Sigmas.Max();
        InitialNoiseScale = options.TimestepSpacing == TimestepSpacing.Leading ? Math.Sqrt((maximum * maximum) + 1) : maximum;
    }

    public override double InitialNoiseScale { get; }

    public override void Step(int index, GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination, INoiseSource noise)
    {
        double sigma = SigmaAt(index);
        double gamma = sigma >= _options.ChurnMinimum && sigma <= _options.ChurnMaximum ? Math.Min(_options.Churn / (Sigmas.Count - 1), MaximumGamma) : 0;
        double churned = sigma * (gamma + 1);
        if (gamma > 0)
        {
            double added = Math.Sqrt((churned * churned) - (sigma * sigma)) * _options.ChurnNoise;
            LinearCombination.Compute(1, sample, (float)added, Kernel.DrawNoise(noise), _churned);
            sample = _churned;
        }

        // dx/dσ = (x - x_0)/σ, so x' = x + (σ' - σ)·(x - x_0)/σ.
        double ratio = (Sigmas[index + 1] - churned) / churned;
        Kernel.Step(ForOriginal(churned) with { FromSample = 1 + ratio, FromModel = -ratio }, prediction, sample, [], destination);
    }

    private static SigmaGrid Lay(EulerOptions options, SamplingPlan plan)
    {
        var table = new SigmaTable(options.Schedule);
        double final = options.FinalSigma == FinalSigma.SigmaMin ? table.Minimum : 0;
        SigmaGrid grid = options.InterpolatesInLog && options.SigmaSpacing == SigmaSpacing.Default
            ? LogGrid(options, plan, table, final)
            : FractionalGrid.Create(
                plan,
                options,
                table,
                options.SigmaMin ?? (options.InterpolatesInLog ? table.Minimum : null),
                options.SigmaMax ?? (options.InterpolatesInLog ? table.Maximum : null),
                final);
        if (!options.UsesContinuousTimesteps || options.PredictionType != PredictionType.Velocity)
        {
            return grid;
        }

        FractionalGrid.RejectCustomTimesteps(plan);
        double[] continuous = Array.ConvertAll(grid.Sigmas[..^1], sigma => (double)(float)(0.25 * Math.Log(sigma)));
        return grid with { Timesteps = continuous };
    }

    // Evenly in log σ over the whole table, one point more than there are steps.
    private static SigmaGrid LogGrid(EulerOptions options, SamplingPlan plan, SigmaTable table, double final)
    {
        double[] timesteps = FractionalGrid.Timesteps(plan, options);
        double[] sigmas = SigmaSpacings.Exponential(table.Minimum, table.Maximum, timesteps.Length + 1);
        return new SigmaGrid(SigmaGrid.RoundToSingle(timesteps), SigmaGrid.RoundToSingle(SigmaGrid.Append(sigmas, final)));
    }
}
