using DiffusionSharp.Prediction;

namespace DiffusionSharp.Guidance;

/// <summary>
/// Classifier-free guidance, <c>u + w·(c - u)</c> (Ho &amp; Salimans 2022, arXiv:2207.12598, eq. 6 with its w + 1 written w).
/// Both predictions come from one model call with twice the batch; a scale of 1 or less means no guidance and costs one prediction.
/// </summary>
public sealed class ClassifierFreeGuidance : IGuidance
{
    /// <inheritdoc/>
    public bool NeedsUnconditional(float scale) => scale > 1;

    /// <inheritdoc/>
    public IGuidanceRun Start(INoisePredictor predictor, GuidancePlan plan)
    {
        ArgumentNullException.ThrowIfNull(predictor);
        ArgumentNullException.ThrowIfNull(plan);
        if (!NeedsUnconditional(plan.Scale))
        {
            return new UnguidedRun(predictor.Start(new PredictionPlan(plan.Shape, plan.Conditional) { CancellationToken = plan.CancellationToken }));
        }

        if (plan.Unconditional is null)
        {
            throw new ArgumentException($"Guidance scale {plan.Scale} needs an unconditional condition, for example that of an empty prompt.", nameof(plan));
        }

        Conditioning both = Conditioning.Stack([plan.Unconditional, plan.Conditional]);
        SampleShape shape = plan.Shape.WithBatch(2 * plan.Shape.Batch);
        return new GuidedRun(predictor.Start(new PredictionPlan(shape, both) { CancellationToken = plan.CancellationToken }), plan.Scale);
    }

    private sealed class UnguidedRun(IPredictionRun run) : IGuidanceRun
    {
        public Span<float> Sample => run.Sample;

        public GuidedPrediction Prediction => new(run.Prediction);

        public int EvaluationsPerStep => 1;

        public void Predict(double timestep) => run.Predict(timestep);

        public void Finish() => run.Finish();

        public void Dispose() => run.Dispose();
    }

    private sealed class GuidedRun(IPredictionRun run, float scale) : IGuidanceRun
    {
        public Span<float> Sample => run.Sample[..(run.Sample.Length / 2)];

        public GuidedPrediction Prediction
        {
            get
            {
                ReadOnlySpan<float> both = run.Prediction;
                int half = both.Length / 2;
                return new GuidedPrediction(both[half..], both[..half], scale);
            }
        }

        public int EvaluationsPerStep => 2;

        public void Predict(double timestep)
        {
            Span<float> both = run.Sample;
            int half = both.Length / 2;
            both[..half].CopyTo(both[half..]);
            run.Predict(timestep);
        }

        public void Finish() => run.Finish();

        public void Dispose() => run.Dispose();
    }
}
