using DiffusionSharp.Prediction;

namespace DiffusionSharp.Schedulers;

/// <summary>The scalings around a model's network F_θ (Karras et al. 2022, arXiv:2206.00364, table 1).</summary>
/// <param name="options">The options.</param>
internal sealed class EdmPreconditioning(EdmOptions options) : Preconditioning
{
    /// <summary>Standard deviation of the noise that a generation starts from, as the reference implementation has it.</summary>
    public static double InitialNoiseScale(EdmOptions options) => Math.Sqrt((options.SigmaMax * options.SigmaMax) + 1);

    public override double Input(double sigma) => 1 / Math.Sqrt(Variance(sigma));

    // By c_skip and c_out.
    public override StepCoefficients ForOriginal(double sigma)
    {
        double variance = Variance(sigma);
        double output = sigma * options.SigmaData / Math.Sqrt(variance);
        return new()
        {
            ModelFromSample = options.SigmaData * options.SigmaData / variance,
            ModelFromPrediction = options.PredictionType == PredictionType.Velocity ? -output : output,
        };
    }

    private double Variance(double sigma) => (sigma * sigma) + (options.SigmaData * options.SigmaData);
}
