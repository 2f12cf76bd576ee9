using System.Numerics.Tensors;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers.Kernels;
using DiffusionSharp.Schedulers.Sigmas;

namespace DiffusionSharp.Schedulers.EdmEuler;

internal sealed class EdmEulerRun : ChurnedRun
{
    private readonly EdmEulerOptions _options;

    public EdmEulerRun(EdmEulerOptions options, SamplingPlan plan)
        : base(
            Lay(options, plan),
            options.PredictionType,
            plan.Shape,
            options.Clipping,
            new ChurnSettings(options.Churn, options.ChurnMinimum, options.ChurnMaximum, options.ChurnNoise)) =>
        _options = options;

    public override double InitialNoiseScale => Math.Sqrt((_options.SigmaMax * _options.SigmaMax) + 1);

    // c_in of table 1.
    public override void ScaleModelInput(int index, ReadOnlySpan<float> sample, Span<float> destination) =>
        TensorPrimitives.Multiply(sample, (float)(1 / Math.Sqrt(Variance(SigmaAt(index)))), destination);

    // c_skip and c_out of table 1.
    protected override StepCoefficients ForOriginal(double sigma)
    {
        double variance = Variance(sigma);
        double output = sigma * _options.SigmaData / Math.Sqrt(variance);
        return new()
        {
            ModelFromSample = _options.SigmaData * _options.SigmaData / variance,
            ModelFromPrediction = _options.PredictionType == PredictionType.Velocity ? -output : output,
        };
    }

    private static SigmaGrid Lay(EdmEulerOptions options, SamplingPlan plan)
    {
        if (plan.Timesteps is not null)
        {
            throw new ArgumentException("A model of EDM has no integer timesteps: give noise levels (Sigmas) instead.", nameof(plan));
        }

        double[] sigmas = SigmaGrid.RoundToSingle(plan.Sigmas is { } custom ? SigmaGrid.CheckCustom(custom) : Spread(options, plan.Steps));
        double[] timesteps = SigmaGrid.RoundToSingle(Array.ConvertAll(sigmas, sigma => 0.25 * Math.Log(sigma)));
        return new SigmaGrid(timesteps, SigmaGrid.Append(sigmas, options.FinalSigma == FinalSigma.Zero ? 0 : sigmas[^1]));
    }

    private static double[] Spread(EdmEulerOptions options, int steps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        return options.SigmaSpacing == SigmaSpacing.Karras
            ? SigmaSpacings.Karras(options.SigmaMin, options.SigmaMax, steps, options.Rho)
            : Exponential(options.SigmaMin, options.SigmaMax, steps);
    }

    // In float32 from both ends, as reference implementations spread log σ: models asked at log(σ)/4 near a pole of theirs feel the rounding.
    private static double[] Exponential(double minimum, double maximum, int steps)
    {
        (float low, float high) = ((float)Math.Log(minimum), (float)Math.Log(maximum));
        float stride = (high - low) / Math.Max(1, steps - 1);
        var sigmas = new double[steps];
        for (int i = 0; i < steps; i++)
        {
            sigmas[i] = MathF.Exp(i < steps - (steps / 2) ? high - (stride * i) : low + (stride * (steps - 1 - i)));
        }

        return sigmas;
    }

    private double Variance(double sigma) => (sigma * sigma) + (_options.SigmaData * _options.SigmaData);
}
