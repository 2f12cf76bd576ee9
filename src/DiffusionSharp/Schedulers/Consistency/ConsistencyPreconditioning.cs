namespace DiffusionSharp.Schedulers;

/// <summary>The consistency function (arXiv:2303.01469, appendix C): the sample itself at σ = ε.</summary>
/// <param name="options">The options.</param>
internal sealed class ConsistencyPreconditioning(ConsistencyOptions options) : Preconditioning
{
    public override double Input(double sigma) => 1 / Deviation(sigma);

    public override StepCoefficients ForOriginal(double sigma)
    {
        double data = options.SigmaData;
        double above = sigma - options.SigmaMin;
        return new() { ModelFromSample = data * data / ((above * above) + (data * data)), ModelFromPrediction = above * data / Deviation(sigma) };
    }

    private double Deviation(double sigma) => Math.Sqrt((sigma * sigma) + (options.SigmaData * options.SigmaData));
}
