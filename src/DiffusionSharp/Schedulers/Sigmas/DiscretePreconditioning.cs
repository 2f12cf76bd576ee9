using DiffusionSharp.Prediction;

namespace DiffusionSharp.Schedulers;

/// <summary>Models of a discrete noise schedule, whose input has unit variance (arXiv:2206.00364, table 1 for ε; v as in arXiv:2202.00512).</summary>
/// <param name="type">What the model predicts: noise, x_0 or v.</param>
internal sealed class DiscretePreconditioning(PredictionType type) : Preconditioning
{
    /// <summary>What the model predicts.</summary>
    public PredictionType Type => type;

    public override double Input(double sigma) => 1 / Math.Sqrt((sigma * sigma) + 1);

    public override StepCoefficients ForOriginal(double sigma)
    {
        double square = (sigma * sigma) + 1;
        return type switch
        {
            PredictionType.Epsilon => new() { ModelFromSample = 1, ModelFromPrediction = -sigma },
            PredictionType.Velocity => new() { ModelFromSample = 1 / square, ModelFromPrediction = -sigma / Math.Sqrt(square) },
            _ => new() { ModelFromSample = 0, ModelFromPrediction = 1 },
        };
    }

    /// <summary>m is the slope <c>(x - x_0)/σ</c>, formed directly where x_0 is not clipped, which for noise predictions is free of rounding.</summary>
    public StepCoefficients ForSlope(double sigma)
    {
        double square = (sigma * sigma) + 1;
        return type switch
        {
            PredictionType.Epsilon => new() { ModelFromSample = 0, ModelFromPrediction = 1 },
            PredictionType.Velocity => new() { ModelFromSample = sigma / square, ModelFromPrediction = 1 / Math.Sqrt(square) },
            _ => new() { ModelFromSample = 1 / sigma, ModelFromPrediction = -1 / sigma },
        };
    }
}
