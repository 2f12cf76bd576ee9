using DiffusionSharp.Prediction;

namespace DiffusionSharp.Guidance;

/// <summary>
/// Classifier-free guidance, <c>u + w·(c - u)</c> (Ho &amp; Salimans 2022, arXiv:2207.12598, eq. 6 with its w + 1 written w).
/// A scale of 1 or less means no guidance and costs one prediction.
/// </summary>
public sealed class ClassifierFreeGuidance : IGuidance
{
    private readonly GuidanceBatching _batching;

    /// <summary>Creates the guidance.</summary>
    /// <param name="batching">Whether both predictions come from one model call or from two.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="batching"/> is neither.</exception>
    public ClassifierFreeGuidance(GuidanceBatching batching = GuidanceBatching.OneCall)
    {
        if (!Enum.IsDefined(batching))
        {
            throw new ArgumentOutOfRangeException(nameof(batching), batching, $"Expected {GuidanceBatching.OneCall} or {GuidanceBatching.TwoCalls}.");
        }

        _batching = batching;
    }

    /// <inheritdoc/>
    public bool NeedsUnconditional(float scale) => scale > 1;

    /// <inheritdoc/>
    public IGuidanceRun Start(INoisePredictor predictor, GuidancePlan plan)
    {
        ArgumentNullException.ThrowIfNull(predictor);
        ArgumentNullException.ThrowIfNull(plan);
        if (!NeedsUnconditional(plan.Scale))
        {
            return new UnguidedRun(Start(predictor, plan, plan.Conditional));
        }

        if (plan.Unconditional is null)
        {
            throw new ArgumentException($"Guidance scale {plan.Scale} needs an unconditional condition, for example that of an empty prompt.", nameof(plan));
        }

        if (_batching == GuidanceBatching.OneCall)
        {
            Conditioning both = Conditioning.Stack([plan.Unconditional, plan.Conditional]);
            return new OneCallRun(Start(predictor, plan with { Shape = plan.Shape.WithBatch(2 * plan.Shape.Batch) }, both), plan.Scale);
        }

        IPredictionRun unconditional = Start(predictor, plan, plan.Unconditional);
        try
        {
            return new TwoCallsRun(unconditional, Start(predictor, plan, plan.Conditional), plan.Scale);
        }
        catch
        {
            unconditional.Dispose();
            throw;
        }
    }

    private static IPredictionRun Start(INoisePredictor predictor, GuidancePlan plan, Conditioning conditioning) =>
        predictor.Start(new PredictionPlan(plan.Shape, conditioning) { CancellationToken = plan.CancellationToken });

    private sealed class UnguidedRun(IPredictionRun run) : IGuidanceRun
    {
        public Span<float> Sample => run.Sample;

        public GuidedPrediction Prediction => new(run.Prediction);

        public int EvaluationsPerStep => 1;

        public void Predict(double timestep) => run.Predict(timestep);

        public void Finish() => run.Finish();

        public void Dispose() => run.Dispose();
    }

    private sealed class OneCallRun(IPredictionRun run, float scale) : IGuidanceRun
    {
        private readonly double[] _weights = [scale, 1 - scale];

        public Span<float> Sample => run.Sample[..(run.Sample.Length / 2)];

        public GuidedPrediction Prediction
        {
            get
            {
                ReadOnlySpan<float> both = run.Prediction;
                int half = both.Length / 2;
                return new()
                {
                    Conditional = both[half..],
                    Unconditional = both[..half],
                    ConditionalWeights = _weights.AsSpan(0, 1),
                    UnconditionalWeights = _weights.AsSpan(1),
                };
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

    private sealed class TwoCallsRun(IPredictionRun unconditional, IPredictionRun conditional, float scale) : IGuidanceRun
    {
        private readonly double[] _weights = [scale, 1 - scale];

        public Span<float> Sample => conditional.Sample;

        public GuidedPrediction Prediction => new()
        {
            Conditional = conditional.Prediction,
            Unconditional = unconditional.Prediction,
            ConditionalWeights = _weights.AsSpan(0, 1),
            UnconditionalWeights = _weights.AsSpan(1),
        };

        public int EvaluationsPerStep => 2;

        public void Predict(double timestep)
        {
            conditional.Sample.CopyTo(unconditional.Sample);
            unconditional.Predict(timestep);
            conditional.Predict(timestep);
        }

        public void Finish()
        {
            unconditional.Finish();
            conditional.Finish();
        }

        public void Dispose()
        {
            unconditional.Dispose();
            conditional.Dispose();
        }
    }
}
