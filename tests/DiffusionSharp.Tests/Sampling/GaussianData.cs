using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Tests.Sampling;

/// <summary>
/// Data whose values are independent and normal, N(μ, s²): the optimal predictor is known, and every sampler step is an affine map, so
/// that what sampling must give follows without any sampling.
/// </summary>
/// <remarks>
/// With x_t = sqrt(ᾱ)·x_0 + sqrt(1-ᾱ)·ε, x_t has variance D = ᾱ·s² + 1 - ᾱ and covariance sqrt(1-ᾱ) with ε, so by the regression of
/// jointly normal variables E[ε | x_t] = sqrt(1-ᾱ)·(x_t - sqrt(ᾱ)·μ)/D. In the same way E[x_0 | x_t] = μ + sqrt(ᾱ)·s²·(x_t - sqrt(ᾱ)·μ)/D.
/// </remarks>
internal sealed record GaussianData(double Mean, double Deviation)
{
    private double Variance => Deviation * Deviation;

    /// <summary>The predictor with the least squared error.</summary>
    public INoisePredictor Predictor(NoiseSchedule schedule, PredictionType type) => NoisePredictor.FromFunction((sample, timestep, _, prediction) =>
    {
        double alphaBar = schedule.AlphaBar[(int)timestep];
        for (int i = 0; i < sample.Length; i++)
        {
            prediction[i] = (float)OptimalPrediction.Of(type, alphaBar, Original(alphaBar, sample[i]), Noise(alphaBar, sample[i]));
        }
    });

    /// <summary>E[x_0 | x_t].</summary>
    public double Original(double alphaBar, double x) => Mean + (Math.Sqrt(alphaBar) * Variance * (x - (Math.Sqrt(alphaBar) * Mean)) / Total(alphaBar));

    /// <summary>E[ε | x_t].</summary>
    public double Noise(double alphaBar, double x) => Math.Sqrt(1 - alphaBar) * (x - (Math.Sqrt(alphaBar) * Mean)) / Total(alphaBar);

    /// <summary>
    /// Where the probability flow ODE, the limit of DDIM for ever smaller steps, takes a sample: it keeps the number of standard
    /// deviations that x is from the mean of its noise level.
    /// </summary>
    public double FlowToClean(double alphaBar, double x) => Mean + (Deviation * (x - (Math.Sqrt(alphaBar) * Mean)) / Math.Sqrt(Total(alphaBar)));

    private double Total(double alphaBar) => (alphaBar * Variance) + 1 - alphaBar;
}
