using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Tests.Schedulers.Reference;

/// <summary>What the textbooks of samplers in σ share: x_0, the slope of the ODE, and the two parts of an ancestral step.</summary>
internal sealed class SigmaTextbook(ISchedulerRun run, PredictionType type, double range = double.PositiveInfinity)
{
    public static TheoryData<PredictionType, double> Kinds => new()
    {
        { PredictionType.Epsilon, double.PositiveInfinity },
        { PredictionType.Sample, double.PositiveInfinity },
        { PredictionType.Velocity, double.PositiveInfinity },
        { PredictionType.Epsilon, 1.5 },
        { PredictionType.Velocity, 0.5 },
    };

    public IReadOnlyList<double> Sigmas => ((ISigmaRun)run).Sigmas;

    public static SampleClipping Clipping(double range) => double.IsInfinity(range) ? SampleClipping.None : SampleClipping.Clamp((float)range);

    /// <summary>d = (x - x_0)/σ.</summary>
    public double[] Slope(int index, double[] sample, double[] prediction)
    {
        double sigma = Sigmas[index];
        return LongRun.Each(sample, k => (sample[k] - Original(sigma, sample[k], prediction[k])) / sigma);
    }

    /// <summary>σ_down and σ_up of arXiv:2011.13456, appendix F.</summary>
    public static (double Down, double Up) Ancestral(double from, double to) =>
        (to * to / from, to * Math.Sqrt((from * from) - (to * to)) / from);

    private double Original(double sigma, double x, double p)
    {
        double alpha = 1 / Math.Sqrt(1 + (sigma * sigma));

        // v = α·ε - σ'·x_0 is of the variance-preserving sample α·x, whose noise is σ' = α·σ.
        double original = type switch
        {
            PredictionType.Epsilon => x - (sigma * p),
            PredictionType.Sample => p,
            _ => (alpha * alpha * x) - (alpha * sigma * p),
        };
        return Math.Clamp(original, -range, range);
    }
}
