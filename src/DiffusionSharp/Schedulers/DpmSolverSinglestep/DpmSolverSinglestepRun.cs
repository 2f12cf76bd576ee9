using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;

namespace DiffusionSharp.Schedulers;

internal sealed class DpmSolverSinglestepRun : LogSnrRun
{
    private readonly DpmSolverSinglestepOptions _options;
    private readonly int[] _orders;

    public DpmSolverSinglestepRun(DpmSolverSinglestepOptions options, SamplingPlan plan)
        : base(
            DpmSolverGrid.Create(options with { TimestepSpacing = TimestepSpacing.Linspace }, plan, rounds: true),
            options,
            options.PredictsNoise,
            new StepKernel(plan.Shape, options.Clipping, options.IsStochastic, History(options, options.PredictsNoise, options.SolverOrder - 1), hasBase: true))
    {
        _options = options;
        _orders = options.Orders(Timesteps.Count);
    }

    public override void Step(int index, GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination, INoiseSource noise)
    {
        LevelAt(index);

        // Image-to-image may begin within a group.
        int order = Math.Min(_orders[index], Kernel.HistoryCount + 1);
        StepCoefficients step = DpmSolverStep.Singlestep(ForModel(index), _options.Algorithm, _options.SolverType, order, Levels, index);
        Kernel.Step(step, prediction, sample, _options.IsStochastic ? Kernel.DrawNoise(noise, Levels[index - order + 1].Ratio, Levels[index + 1].Ratio) : [], destination);
    }
}
