using System.Diagnostics;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.Benchmarks.Measurements;

/// <summary>A predictor that adds up the time of its predictions.</summary>
internal sealed class TimedPredictor(INoisePredictor predictor) : INoisePredictor
{
    private long _ticks;

    public double Seconds => (double)_ticks / Stopwatch.Frequency;

    public int SizeMultiple => predictor.SizeMultiple;

    public IPredictionRun Start(PredictionPlan plan) => new Run(this, predictor.Start(plan));

    private sealed class Run(TimedPredictor owner, IPredictionRun run) : IPredictionRun
    {
        public Span<float> Sample => run.Sample;

        public ReadOnlySpan<float> Prediction => run.Prediction;

        public void Predict(double timestep)
        {
            long started = Stopwatch.GetTimestamp();
            run.Predict(timestep);
            owner._ticks += Stopwatch.GetTimestamp() - started;
        }

        public void Dispose() => run.Dispose();
    }
}
