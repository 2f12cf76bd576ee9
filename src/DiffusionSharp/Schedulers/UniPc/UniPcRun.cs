using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;

namespace DiffusionSharp.Schedulers;

/// <summary>The base that the kernel carries is the corrected sample, from which the next prediction and correction begin.</summary>
internal sealed class UniPcRun : LogSnrRun
{
    private readonly UniPcOptions _options;
    private int _previousOrder;

    public UniPcRun(UniPcOptions options, SamplingPlan plan)
        : base(
            UniPcGrid.Create(options, plan),
            options.PredictsNoise ? options with { Clipping = SampleClipping.None } : options,
            options.PredictsNoise,
            new StepKernel(plan.Shape, options.PredictsNoise ? SampleClipping.None : options.Clipping, stochastic: false, options.SolverOrder, hasBase: true))
    {
        _options = options;
    }

    public override void Step(int index, GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination, INoiseSource noise)
    {
        LevelAt(index);
        int steps = Timesteps.Count;
        int order = Math.Min(_options.SolverOrder, Kernel.HistoryCount + 1);
        if (_options.LowerOrderFinal || Sigmas[index + 1] == 0)
        {
            order = Math.Min(order, steps - index);
        }

        bool corrects = Kernel.HistoryCount > 0 && !IsUncorrected(index - 1);
        StepCoefficients step = ForModel(index) with { Base = corrects ? UniPcStep.Correct(_options, _previousOrder, Levels, index) : BaseCoefficients.Sample };
        Kernel.Step(UniPcStep.Predict(step, _options, order, Levels, index), prediction, sample, [], destination);
        _previousOrder = order;
    }

    private bool IsUncorrected(int step)
    {
        for (int i = 0; i < _options.UncorrectedSteps.Count; i++)
        {
            if (_options.UncorrectedSteps[i] == step)
            {
                return true;
            }
        }

        return false;
    }
}
