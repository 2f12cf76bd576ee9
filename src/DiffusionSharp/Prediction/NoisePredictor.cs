using DiffusionSharp.Conditions;

namespace DiffusionSharp.Prediction;

/// <summary>Makes noise predictors.</summary>
public static class NoisePredictor
{
    /// <summary>A predictor that calls a function, for closed-form models, tests and runtimes of your own.</summary>
    /// <param name="function">The function; called from any thread, concurrently when generations are.</param>
    /// <returns>The predictor.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="function"/> is null.</exception>
    public static IRowwisePredictor FromFunction(NoisePredictorFunction function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return new FunctionPredictor(function);
    }

    /// <summary>A predictor without the variance that another one predicts, for pipelines that do not use it, as PixArt's. Disposes the other one with it.</summary>
    /// <param name="predictor">The predictor, whose predictions may have twice the channels of the sample.</param>
    /// <returns>The predictor.</returns>
    public static INoisePredictor WithoutVariance(INoisePredictor predictor)
    {
        ArgumentNullException.ThrowIfNull(predictor);
        return new WithoutVariance(predictor);
    }

    private sealed class FunctionPredictor(NoisePredictorFunction function) : IRowwisePredictor
    {
        public int? FixedRows => null;

        public bool HasTimestepPerRow => false;

        public IPredictionRun Start(PredictionPlan plan)
        {
            ArgumentNullException.ThrowIfNull(plan);
            return new FunctionRun(function, plan);
        }

        public IRowwiseRun StartRows(PredictionPlan plan)
        {
            ArgumentNullException.ThrowIfNull(plan);
            return new RowwiseFunctionRun(function, plan, new ConditionRows(plan.Conditioning, plan.Shape.Batch));
        }
    }

    private class FunctionRun(NoisePredictorFunction function, PredictionPlan plan) : StatelessPredictionRun(plan.Shape)
    {
        private readonly float[] _sample = new float[plan.Shape.Length];
        private readonly float[] _prediction = new float[plan.Shape.Length];
        private PredictionPlan _plan = plan;

        public override Span<float> Sample => _sample;

        public override Span<float> Prediction => _prediction;

        public override void SetConditions(Conditioning conditioning)
        {
            // The same set again says that its values have changed.
            if (!ReferenceEquals(conditioning, _plan.Conditioning))
            {
                _plan = _plan with { Conditioning = conditioning };
            }
        }

        public override void Predict(in StepPoint at) => Predict(at.Level.Timestep);

        protected void Predict(double timestep)
        {
            _plan.CancellationToken.ThrowIfCancellationRequested();
            function(_sample, timestep, _plan, _prediction);
            Evaluations++;
        }
    }

    private sealed class RowwiseFunctionRun(NoisePredictorFunction function, PredictionPlan plan, ConditionRows conditions)
        : FunctionRun(function, plan with { Conditioning = conditions.Conditioning }), IRowwiseRun
    {
        public void SetConditions(int row, Conditioning conditioning) => conditions.Write(row, conditioning);

        public void Predict(ReadOnlySpan<double> timesteps)
        {
            if (timesteps.Length != conditions.Rows || timesteps.ContainsAnyExcept(timesteps[0]))
            {
                throw new ArgumentException($"Expected the same timestep for each of {conditions.Rows} rows: a function takes one for all of them.", nameof(timesteps));
            }

            Predict(timesteps[0]);
        }
    }
}
