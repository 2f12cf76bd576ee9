using System.Numerics.Tensors;
using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;

namespace DiffusionSharp.Schedulers;

internal sealed class EdmDpmSolverRun : SigmaRun
{
    private readonly EdmDpmSolverOptions _options;

    private readonly NoiseLevel[] _levels;

    public EdmDpmSolverRun(EdmDpmSolverOptions options, SamplingPlan plan)
        : base(
            EdmGrid.Create(options, plan, options.SigmaMin),
            options.PredictionType,
            new StepKernel(plan.Shape, options.Clipping, options.IsStochastic, options.SolverOrder - 1))
    {
        _options = options;
        _levels = [.. Sigmas.Select(NoiseLevel.VarianceExploding)];
    }

    public override double InitialNoiseScale => EdmPreconditioning.InitialNoiseScale(_options);

    public override void ScaleModelInput(int index, ReadOnlySpan<float> sample, Span<float> destination) =>
        TensorPrimitives.Multiply(sample, (float)EdmPreconditioning.Input(_options, SigmaAt(index)), destination);

    public override void Step(int index, GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination, INoiseSource noise)
    {
        StepCoefficients original = ForOriginal(SigmaAt(index));
        int order = MultistepOrder.At(
            index,
            Timesteps.Count,
            _options.SolverOrder,
            Kernel.HistoryCount,
            _options.LowerOrderFinal,
            _options.EulerAtFinal || _options.FinalSigma == FinalSigma.Zero);
        StepCoefficients step = DpmSolverStep.Multistep(original, _options.Algorithm, _options.SolverType, order, _levels, index);
        Kernel.Step(step, prediction, sample, _options.IsStochastic ? Kernel.DrawNoise(noise, Sigmas[index], Sigmas[index + 1]) : [], destination);
    }

    protected override StepCoefficients ForOriginal(double sigma) => EdmPreconditioning.ForOriginal(_options, sigma);
}
