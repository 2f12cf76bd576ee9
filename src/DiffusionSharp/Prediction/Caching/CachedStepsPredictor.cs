using DiffusionSharp.Conditions;

namespace DiffusionSharp.Prediction;

/// <summary>
/// A predictor that leaves out model calls where the prediction hardly changes, by the rule of EasyCache (Zhou et al. 2025, arXiv:2507.02860): how
/// much the prediction changes for a change of the input is measured between two calls that are made, and hardly changes itself; so the change
/// since the last one is estimated from the inputs, and the prediction kept while the estimate is below a threshold.
/// </summary>
/// <remarks>
/// Each picture decides for itself, so that it is the same in every batch, and for all of its predictions at once, because guidance would
/// multiply the difference between a kept one and a new one. A call is left out where all pictures go without it.
/// A <see cref="BatchingNoisePredictor"/> belongs inside of the cache.
/// </remarks>
/// <param name="predictor">The predictor.</param>
/// <param name="options">When calls are left out; the defaults when null.</param>
/// <param name="leaveOpen">Whether <paramref name="predictor"/> outlives this one instead of being disposed with it.</param>
public sealed class CachedStepsPredictor(INoisePredictor predictor, CachedStepsOptions? options = null, bool leaveOpen = false) : DelegatingNoisePredictor(predictor, leaveOpen)
{
    private readonly CachedStepsOptions _options = options ?? new CachedStepsOptions();

    /// <inheritdoc/>
    public override IPredictionRun Start(PredictionPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new Run(Inner.Start(plan), plan.Pictures, _options);
    }

    private sealed class Run(IPredictionRun inner, int pictures, CachedStepsOptions options) : DelegatingPredictionRun(inner)
    {
        private readonly CachedRow[] _rows = [.. Enumerable.Range(0, inner.Shape.Batch).Select(_ => new CachedRow(inner.Shape.ImageLength, inner.Prediction.Length / inner.Shape.Batch))];

        public override void SetConditions(Conditioning conditioning)
        {
            base.SetConditions(conditioning);
            Array.ForEach(_rows, row => row.Forget());
        }

        public override void Predict(in StepPoint at)
        {
            bool mayKeep = at.Call >= (int)(options.Start * at.CallCount) && at.Call < (int)(options.Stop * at.CallCount) && at.Call < at.CallCount - 1;
            bool isNeeded = false;
            for (int picture = 0; picture < pictures; picture++)
            {
                isNeeded |= !Keeps(picture, mayKeep ? options.Threshold : 0);
            }

            if (isNeeded)
            {
                Inner.Predict(at);
            }

            for (int i = 0; i < _rows.Length; i++)
            {
                _rows[i].Apply(Of(Sample, i), Of(Inner.Prediction, i));
            }
        }

        public override void Save(BinaryWriter writer)
        {
            base.Save(writer);
            Array.ForEach(_rows, row => row.Save(writer));
        }

        public override void Restore(BinaryReader reader)
        {
            base.Restore(reader);
            Array.ForEach(_rows, row => row.Restore(reader));
        }

        // All predictions of a picture, or none.
        private bool Keeps(int picture, double threshold)
        {
            bool keeps = true;
            for (int i = picture; i < _rows.Length; i += pictures)
            {
                keeps &= _rows[i].Changed(Of(Sample, i)) < threshold;
            }

            for (int i = picture; i < _rows.Length; i += pictures)
            {
                _rows[i].IsKept = keeps;
            }

            return keeps;
        }

        private Span<float> Of(Span<float> all, int row) => all.Slice(row * (all.Length / _rows.Length), all.Length / _rows.Length);
    }
}
