using System.Collections.Concurrent;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.Tests.Guidance;

/// <summary>A predictor that calls a function and remembers what was asked of it. Safe for concurrent generations.</summary>
internal sealed class RecordingPredictor(NoisePredictorFunction function) : INoisePredictor, IDisposable
{
    private int _predictions;
    private int _runningRuns;
    private int _disposals;

    /// <summary>The plans of all runs, in the order in which they started.</summary>
    public ConcurrentQueue<PredictionPlan> Plans { get; } = [];

    /// <summary>The timesteps of all predictions.</summary>
    public ConcurrentQueue<double> Timesteps { get; } = [];

    /// <summary>Where generations stood at all predictions.</summary>
    public ConcurrentQueue<StepPoint> Points { get; } = [];

    public int Predictions => _predictions;

    /// <summary>Runs that were started and not disposed.</summary>
    public int RunningRuns => _runningRuns;

    public int Disposals => _disposals;

    /// <summary>Called before every prediction.</summary>
    public Action BeforePrediction { get; set; } = () => { };

    /// <summary>Called before every start.</summary>
    public Action BeforeStart { get; set; } = () => { };

    public int SizeMultiple { get; init; } = 1;

    public IPredictionRun Start(PredictionPlan plan)
    {
        BeforeStart();
        Plans.Enqueue(plan);
        Interlocked.Increment(ref _runningRuns);
        return new Run(this, NoisePredictor.FromFunction(function).Start(plan));
    }

    public void Dispose() => Interlocked.Increment(ref _disposals);

    private sealed class Run(RecordingPredictor predictor, IPredictionRun run) : DelegatingPredictionRun(run)
    {
        public override void Predict(in StepPoint at)
        {
            predictor.BeforePrediction();
            Interlocked.Increment(ref predictor._predictions);
            predictor.Timesteps.Enqueue(at.Level.Timestep);
            predictor.Points.Enqueue(at);
            Inner.Predict(at);
        }

        protected override void Dispose(bool disposing)
        {
            Interlocked.Decrement(ref predictor._runningRuns);
            base.Dispose(disposing);
        }
    }
}
