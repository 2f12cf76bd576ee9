using System.Collections.Concurrent;
using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.Tests.Prediction.Batching;

/// <summary>Predicts x/2 + t/1000 + the mean of the row's context, and remembers its calls.</summary>
internal sealed class RowPredictor : IRowwisePredictor, IDisposable
{
    private int _runs;
    private int _disposals;

    public int? FixedRows { get; init; }

    public bool HasTimestepPerRow { get; init; } = true;

    /// <summary>The timesteps of the rows of each call.</summary>
    public ConcurrentQueue<double[]> Calls { get; } = [];

    /// <summary>Called inside each call, with the token that stops it.</summary>
    public Action<CancellationToken> InCall { get; set; } = static _ => { };

    /// <summary>Whether calls are remembered, which allocates.</summary>
    public bool Records { get; set; } = true;

    /// <summary>Runs that were started and not disposed.</summary>
    public int Runs => _runs;

    public int Disposals => _disposals;

    /// <summary>The predictions of a plan's rows at one timestep.</summary>
    public static float[] Expected(PredictionPlan plan, ReadOnlySpan<float> sample, double timestep)
    {
        var prediction = new float[sample.Length];
        double[] timesteps = new double[plan.Shape.Batch];
        Array.Fill(timesteps, timestep);
        Compute(plan, sample, timesteps, prediction);
        return prediction;
    }

    public IPredictionRun Start(PredictionPlan plan) => StartRows(plan);

    public IRowwiseRun StartRows(PredictionPlan plan)
    {
        if (plan.Conditioning.Context is null)
        {
            throw new ArgumentException("The model needs a context.", nameof(plan));
        }

        Interlocked.Increment(ref _runs);
        return new Run(this, plan);
    }

    public void Dispose() => Interlocked.Increment(ref _disposals);

    private static void Compute(PredictionPlan plan, ReadOnlySpan<float> sample, ReadOnlySpan<double> timesteps, Span<float> prediction)
    {
        ReadOnlySpan<float> context = plan.Conditioning.Context!.Values();
        int tokens = context.Length / plan.Shape.Batch;
        for (int i = 0; i < sample.Length; i++)
        {
            int row = i / plan.Shape.ImageLength;
            prediction[i] = (sample[i] / 2) + (float)(timesteps[row] / 1000) + (TensorPrimitives.Sum(context.Slice(row * tokens, tokens)) / tokens);
        }
    }

    private sealed class Run(RowPredictor predictor, PredictionPlan plan) : IRowwiseRun
    {
        private readonly ConditionRows _conditions = new(plan.Conditioning, plan.Shape.Batch);
        private readonly float[] _sample = new float[plan.Shape.Length];
        private readonly float[] _prediction = new float[plan.Shape.Length];
        private PredictionPlan _plan = plan;
        private bool _disposed;

        public SampleShape Shape => _plan.Shape;

        public Span<float> Sample => _sample;

        public Span<float> Prediction => _prediction;

        public int Evaluations { get; private set; }

        public void SetConditions(Conditioning conditioning) => throw new NotSupportedException();

        public void SetConditions(int row, Conditioning conditioning)
        {
            _conditions.Write(row, conditioning);
            if (_plan.Conditioning != _conditions.Conditioning)
            {
                _plan = _plan with { Conditioning = _conditions.Conditioning };
            }
        }

        public void Predict(in StepPoint at) => throw new NotSupportedException();

        public void Finish()
        {
        }

        public void Save(BinaryWriter writer)
        {
        }

        public void Restore(BinaryReader reader)
        {
        }

        public void Predict(ReadOnlySpan<double> timesteps)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            ArgumentOutOfRangeException.ThrowIfNotEqual(timesteps.Length, _plan.Shape.Batch);
            if (predictor.Records)
            {
                predictor.Calls.Enqueue(timesteps.ToArray());
            }

            predictor.InCall(_plan.CancellationToken);
            Compute(_plan, _sample, timesteps, _prediction);
            Evaluations++;
        }

        public void Dispose()
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _disposed = true;
            Interlocked.Decrement(ref predictor._runs);
        }
    }
}
