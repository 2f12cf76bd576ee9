using System.Runtime.ExceptionServices;
using DiffusionSharp.Conditions;

namespace DiffusionSharp.Prediction;

/// <summary>The predictions of one generation, made in calls that it shares with others.</summary>
internal sealed class BatchedRun : StatelessPredictionRun
{
    private readonly BatchDispatcher _dispatcher;
    private readonly SemaphoreSlim _answered = new(0);
    private readonly CancellationTokenRegistration _registration;
    private readonly float[] _sample;
    private readonly float[] _prediction;
    private ExceptionDispatchInfo? _error;

    public BatchedRun(BatchDispatcher dispatcher, BatchGroup group, PredictionPlan plan, int predictionLength)
        : base(plan.Shape)
    {
        (_dispatcher, Group, Plan, Conditioning) = (dispatcher, group, plan, plan.Conditioning);
        _sample = new float[plan.Shape.Length];
        _prediction = new float[Rows * predictionLength];
        _registration = plan.CancellationToken.UnsafeRegister(static run => ((BatchedRun)run!)._dispatcher.Leave((BatchedRun)run), this);
    }

    /// <summary>Whom it may share calls with. Guarded by the dispatcher.</summary>
    public BatchGroup Group { get; set; }

    public PredictionPlan Plan { get; }

    public Conditioning Conditioning { get; private set; }

    public int Rows => Plan.Shape.Batch;

    public override Span<float> Sample => _sample;

    public override Span<float> Prediction => _prediction;

    /// <summary>The timestep asked for.</summary>
    public double Timestep { get; private set; }

    /// <summary>When the prediction was asked for. Guarded by the dispatcher, as all below.</summary>
    public long AskedAt { get; set; }

    /// <summary>Whether the generation waits for a prediction.</summary>
    public BatchedRunState State { get; set; }

    /// <summary>Whether a next prediction will be asked for soon.</summary>
    public bool IsExpected { get; set; } = true;

    public override void SetConditions(Conditioning conditioning)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        _dispatcher.Regroup(this, conditioning);
        Conditioning = conditioning;
    }

    public override void Predict(in StepPoint at)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        Timestep = at.Level.Timestep;
        _dispatcher.Enqueue(this);
        _answered.Wait();
        Plan.CancellationToken.ThrowIfCancellationRequested();
        _error?.Throw();
        Evaluations++;
    }

    /// <summary>Lets the generation go on, if it waits.</summary>
    public void Answer(ExceptionDispatchInfo? error)
    {
        if (State != BatchedRunState.Idle)
        {
            State = BatchedRunState.Idle;
            _error = error;
            _answered.Release();
        }
    }

    public override void Finish() => Dispose();

    protected override void Dispose(bool disposing)
    {
        // The registration first: it waits for a callback that is under way.
        _registration.Dispose();
        _dispatcher.Finish(this);
        _dispatcher.Release(this);
        _answered.Dispose();
        base.Dispose(disposing);
    }
}
