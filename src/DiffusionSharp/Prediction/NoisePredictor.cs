namespace DiffusionSharp.Prediction;

/// <summary>Makes noise predictors.</summary>
public static class NoisePredictor
{
    /// <summary>A predictor that calls a function, for closed-form models, tests and runtimes of your own.</summary>
    /// <param name="function">The function; called from any thread, concurrently when generations are.</param>
    /// <returns>The predictor.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="function"/> is null.</exception>
    public static INoisePredictor FromFunction(NoisePredictorFunction function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return new FunctionPredictor(function);
    }

    private sealed class FunctionPredictor(NoisePredictorFunction function) : INoisePredictor
    {
        public IPredictionRun Start(PredictionPlan plan)
        {
            ArgumentNullException.ThrowIfNull(plan);
            return new FunctionRun(function, plan);
        }
    }

    private sealed class FunctionRun(NoisePredictorFunction function, PredictionPlan plan) : IPredictionRun
    {
        private readonly float[] _sample = new float[plan.Shape.Length];
        private readonly float[] _prediction = new float[plan.Shape.Length];

        public Span<float> Sample => _sample;

        public ReadOnlySpan<float> Prediction => _prediction;

        public void Predict(double timestep)
        {
            plan.CancellationToken.ThrowIfCancellationRequested();
            function(_sample, timestep, plan, _prediction);
        }

        public void Dispose()
        {
        }
    }
}
