using System.Diagnostics;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.Benchmarks.Measurements;

/// <summary>A predictor that adds up the time of its predictions.</summary>
internal sealed class TimedPredictor(INoisePredictor predictor) : DelegatingNoisePredictor(predictor, leaveOpen: true)
{
    private long _ticks;

    public double Seconds => (double)_ticks / Stopwatch.Frequency;

    public override IPredictionRun Start(PredictionPlan plan) => new Run(this, Inner.Start(plan));

    private sealed class Run(TimedPredictor owner, IPredictionRun run) : DelegatingPredictionRun(run)
    {
        public override void Predict(in StepPoint at)
        {
            long started = Stopwatch.GetTimestamp();
            Inner.Predict(at);
            owner._ticks += Stopwatch.GetTimestamp() - started;
        }
    }
}
