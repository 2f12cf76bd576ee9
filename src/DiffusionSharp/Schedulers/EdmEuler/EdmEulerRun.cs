using System.Numerics.Tensors;

namespace DiffusionSharp.Schedulers;

internal sealed class EdmEulerRun : ChurnedRun
{
    private readonly EdmEulerOptions _options;

    public EdmEulerRun(EdmEulerOptions options, SamplingPlan plan)
        : base(
            EdmGrid.Create(options, plan, final: null),
            options.PredictionType,
            plan.Shape,
            options.Clipping,
            new ChurnSettings(options.Churn, options.ChurnMinimum, options.ChurnMaximum, options.ChurnNoise)) =>
        _options = options;

    public override double InitialNoiseScale => EdmPreconditioning.InitialNoiseScale(_options);

    public override void ScaleModelInput(int index, ReadOnlySpan<float> sample, Span<float> destination) =>
        TensorPrimitives.Multiply(sample, (float)EdmPreconditioning.Input(_options, SigmaAt(index)), destination);

    protected override StepCoefficients ForOriginal(double sigma) => EdmPreconditioning.ForOriginal(_options, sigma);
}
