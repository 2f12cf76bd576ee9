using System.Numerics.Tensors;
using DiffusionSharp.Guidance;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.Tests.Guidance;

/// <summary>Perp-Neg as its paper has it (Armandpour et al. 2023, arXiv:2304.04968), of the public interfaces alone: <c>e + w·(d - n⊥)</c>, three predictions.</summary>
internal sealed class OwnPerpendicularGuidance : IGuidance
{
    public IReadOnlyList<GuidanceTerm> Terms(IReadOnlyList<double> scales, bool schedulerNeedsUnconditional) =>
        [GuidanceTerm.Conditional, GuidanceTerm.Empty, GuidanceTerm.Unconditional];

    public IGuidanceRun Start(GuidancePlan plan) => new Run(plan);

    private sealed class Run(GuidancePlan plan) : StatelessGuidanceRun
    {
        public override void Combine(in StepPoint at, TermPredictions predictions)
        {
            for (int i = 0; i < plan.Shape.Batch; i++)
            {
                Span<float> c = predictions.Of(0, i);
                Span<float> e = predictions.Of(1, i);
                Span<float> n = predictions.Of(2, i);
                TensorPrimitives.Subtract(c, e, c);
                TensorPrimitives.Subtract(n, e, n);
                float along = TensorPrimitives.Dot<float>(n, c) / TensorPrimitives.SumOfSquares<float>(c);
                float scale = (float)plan.ScaleAt(i, at);
                TensorPrimitives.MultiplyAdd(c, scale * (1 + along), e, c);
                TensorPrimitives.MultiplyAdd(n, -scale, c, c);
            }
        }
    }
}
