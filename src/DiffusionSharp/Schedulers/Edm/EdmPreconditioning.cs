using DiffusionSharp.Prediction;

namespace DiffusionSharp.Schedulers;

/// <summary>The scalings around a model's network F_θ (Karras et al. 2022, arXiv:2206.00364, table 1).</summary>
internal static class EdmPreconditioning
{
    /// <summary>Standard deviation of the noise that a generation starts from, as the reference implementation has it.</summary>
    public static double InitialNoiseScale(EdmOptions options) => Math.Sqrt((options.SigmaMax * options.SigmaMax) + 1);

    /// <summary>c_in, the scale of the model's input.</summary>
    public static double Input(EdmOptions options, double sigma) => 1 / Math.Sqrt(Variance(options, sigma));

    /// <summary>m is x_0, by c_skip and c_out.</summary>
    public static StepCoefficients ForOriginal(EdmOptions options, double sigma)
    {
        double variance = Variance(options, sigma);
        double output = sigma * options.SigmaData / Math.Sqrt(variance);
        return new()
        {
            ModelFromSample = options.SigmaData * options.SigmaData / variance,
            ModelFromPrediction = options.PredictionType == PredictionType.Velocity ? -output : output,
        };
    }

    private static double Variance(EdmOptions options, double sigma) => (sigma * sigma) + (options.SigmaData * options.SigmaData);
}
