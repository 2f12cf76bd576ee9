using System.Numerics.Tensors;
using DiffusionSharp.Guidance;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.Tests.Guidance;

/// <summary>APG as its paper has it (Sadat et al. 2024, arXiv:2410.02416, algorithm 1), of the public interfaces alone: <c>c + (w - 1)·Δ⊥</c>, Δ with a momentum.</summary>
internal sealed class OwnProjectedGuidance(float momentum, float limit) : IGuidance
{
    public IReadOnlyList<GuidanceTerm> Terms(IReadOnlyList<double> scales, bool schedulerNeedsUnconditional) => [GuidanceTerm.Conditional, GuidanceTerm.Unconditional];

    public IGuidanceRun Start(GuidancePlan plan) => new Run(plan, momentum, limit);

    private sealed class Run(GuidancePlan plan, float momentum, float limit) : IGuidanceRun
    {
        private readonly float[] _average = new float[plan.Shape.Length];

        public bool Needs(int term, in StepPoint at) => true;

        public void Combine(in StepPoint at, TermPredictions predictions)
        {
            for (int i = 0; i < plan.Shape.Batch; i++)
            {
                Span<float> c = predictions.Of(0, i);
                Span<float> u = predictions.Of(1, i);
                Span<float> delta = _average.AsSpan(i * c.Length, c.Length);
                TensorPrimitives.Subtract(c, u, u);
                TensorPrimitives.MultiplyAdd(delta, momentum, u, delta);
                float shorter = Math.Min(1, limit / TensorPrimitives.Norm<float>(delta));
                float along = TensorPrimitives.Dot<float>(delta, c) / TensorPrimitives.SumOfSquares<float>(c);
                float weight = ((float)plan.ScaleAt(i, at) - 1) * shorter;
                TensorPrimitives.Multiply(c, 1 - (weight * along), c);
                TensorPrimitives.MultiplyAdd(delta, weight, c, c);
            }
        }

        public void Save(BinaryWriter writer) => writer.WriteAll(_average);

        public void Restore(BinaryReader reader) => reader.ReadAll(_average);

        public void Dispose()
        {
        }
    }
}
