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

    public override void Step(int call, in GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination, INoiseSource noise)
    {
        int steps = CallCount;
        int order = Math.Min(_options.SolverOrder, Kernel.HistoryCount + 1);
        if (_options.LowerOrderFinal || Sigmas[call + 1] == 0)
        {
            order = Math.Min(order, steps - call);
        }

        bool corrects = Kernel.HistoryCount > 0 && !IsUncorrected(call - 1);
        StepCoefficients step = ForModel(call) with { Base = corrects ? UniPcStep.Correct(_options, _previousOrder, Points, call) : BaseCoefficients.Sample };
        Kernel.Step(UniPcStep.Predict(step, _options, order, Points, call), prediction, sample, [], destination);
        _previousOrder = order;
    }

    public override void Save(BinaryWriter writer)
    {
        base.Save(writer);
        writer.Write(_previousOrder);
    }

    public override void Restore(BinaryReader reader)
    {
        base.Restore(reader);
        _previousOrder = reader.ReadInt32();
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
