using DiffusionSharp.Conditions;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.Tests.Prediction.Batching;

/// <summary>Cancellation, errors and disposal in the middle of a shared call, and in the queue for one.</summary>
public sealed class LeavingTests : IDisposable
{
    private readonly CancellationTokenSource _cancellation = new();
    private readonly Gate _gate = new();
    private readonly RowPredictor _model;
    private readonly BatchingNoisePredictor _batching;

    public LeavingTests()
    {
        _model = new RowPredictor { InCall = _gate.Hold };
        _batching = new BatchingNoisePredictor(_model, Generations.Patient);
    }

    [Fact]
    public async Task A_generation_leaves_the_call_at_once_and_the_others_go_on()
    {
        (Task leaving, Task staying) = StartTwo();
        await _cancellation.CancelAsync();

        // The call is still held.
        OperationCanceledException cancelled = await Assert.ThrowsAsync<OperationCanceledException>(() => leaving);
        Assert.Equal(_cancellation.Token, cancelled.CancellationToken);
        Assert.False(staying.IsCompleted);
        _gate.Open();
        await staying;
        Assert.Equal(2, Assert.Single(_model.Calls).Length);
    }

    [Fact]
    public async Task A_call_that_nobody_waits_for_is_stopped()
    {
        PredictionPlan plan = Generations.Plan(1, cancellationToken: _cancellation.Token);
        using IPredictionRun run = _batching.Start(plan);
        Task leaving = Generations.Predict(run, plan, 1);
        _gate.WaitForCall();
        await _cancellation.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => leaving);

        // The gate was never opened, so this call happens only if the first has stopped; what was stopped is not used again.
        _model.InCall = static token => Assert.False(token.IsCancellationRequested);
        PredictionPlan next = Generations.Plan(2);
        using IPredictionRun other = _batching.Start(next);
        Generations.PredictHere(other, next, 2);
    }

    [Fact]
    public async Task A_generation_leaves_the_queue()
    {
        PredictionPlan first = Generations.Plan(0);
        using IPredictionRun holding = _batching.Start(first);
        Task held = Generations.Predict(holding, first, 0);
        _gate.WaitForCall();
        PredictionPlan plan = Generations.Plan(1, cancellationToken: _cancellation.Token);
        using IPredictionRun run = _batching.Start(plan);
        Task leaving = Generations.Predict(run, plan, 1);
        Generations.WaitForQueue(_batching, 1);
        await _cancellation.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => leaving);
        Assert.Equal(0, _batching.Statistics.Waiting);
        _gate.Open();
        await held;
        Assert.Single(_model.Calls);
        Assert.Throws<OperationCanceledException>(() => run.Predict(2));
    }

    [Fact]
    public async Task An_error_reaches_everybody_in_the_call_and_nobody_in_the_next()
    {
        (Task one, Task two) = StartTwo();
        _model.InCall = static _ => { };
        var failure = new TimeoutException("The model is tired.");
        _gate.Fail(failure);
        Assert.Same(failure, await Assert.ThrowsAsync<TimeoutException>(() => one));
        Assert.Same(failure, await Assert.ThrowsAsync<TimeoutException>(() => two));

        PredictionPlan plan = Generations.Plan(9, cancellationToken: CancellationToken.None);
        using IPredictionRun run = _batching.Start(plan);
        Generations.PredictHere(run, plan, 3);
    }

    [Fact]
    public async Task Disposing_fails_those_in_the_call_and_those_who_wait_for_one()
    {
        (Task one, Task two) = StartTwo();
        PredictionPlan plan = Generations.Plan(3);
        using IPredictionRun run = _batching.Start(plan);
        Task queued = Generations.Predict(run, plan, 3);
        Generations.WaitForQueue(_batching, 1);

        // Returns although the gate is closed: the call is stopped.
        _batching.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => one);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => two);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => queued);
        Assert.Throws<ObjectDisposedException>(() => run.Predict(4));
        Assert.Throws<ObjectDisposedException>(() => _batching.Start(plan));
        Assert.Equal(0, _model.Runs);
        Assert.Equal(1, _model.Disposals);
        _batching.Dispose();
        Assert.Equal(1, _model.Disposals);
    }

    [Fact]
    public void The_model_can_be_left_open()
    {
        using var model = new RowPredictor();
        new BatchingNoisePredictor(model, leaveOpen: true).Dispose();
        Assert.Equal(0, model.Disposals);
    }

    [Fact]
    public void When_the_last_generation_of_a_shape_ends_its_buffers_go()
    {
        _gate.Open();
        IPredictionRun[] runs = [.. Enumerable.Range(0, 3).Select(i => _batching.Start(Generations.Plan(i, rows: 1 + i)))];
        Assert.Equal(3, _model.Runs);
        Array.ForEach(runs[1..], run => run.Dispose());
        Assert.Equal(3, _model.Runs);
        runs[0].Dispose();
        Assert.Equal(0, _model.Runs);
        Assert.Throws<ObjectDisposedException>(() => runs[0].Predict(1));
    }

    [Fact]
    public void A_plan_that_does_not_fit_is_refused_at_the_start()
    {
        _gate.Open();
        PredictionPlan plan = Generations.Plan(1);
        Assert.Contains("context", Assert.Throws<ArgumentException>(() => _batching.Start(plan with { Conditioning = Conditioning.None })).Message, StringComparison.Ordinal);
        ArgumentException e = Assert.Throws<ArgumentException>(() => _batching.Start(plan with { Shape = plan.Shape.WithBatch(3) }));
        Assert.Contains("The condition 'context' has the shape [1, 2, 2], but the sample has 3 rows", e.Message, StringComparison.Ordinal);
        Assert.Equal(0, _model.Runs);
        using IPredictionRun run = _batching.Start(plan);
        Generations.PredictHere(run, plan, 1);
    }

    [Fact]
    public void A_model_of_a_fixed_batch_is_refused()
    {
        using var model = new RowPredictor { FixedRows = 2 };
        Assert.Contains("exactly 2 rows", Assert.Throws<ArgumentException>(() => new BatchingNoisePredictor(model)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_have_their_ranges()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new BatchingOptions { MaxRows = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new BatchingOptions { MaxWait = TimeSpan.FromTicks(-1) });
        Assert.Throws<ArgumentOutOfRangeException>(() => new BatchingOptions { MaxWait = TimeSpan.FromSeconds(61) });
    }

    public void Dispose()
    {
        _gate.Open();
        _batching.Dispose();
        _gate.Dispose();
        _cancellation.Dispose();
    }

    // Two generations in one call that is held; the first can be cancelled.
    private (Task One, Task Two) StartTwo()
    {
        (PredictionPlan first, PredictionPlan second) = (Generations.Plan(1, cancellationToken: _cancellation.Token), Generations.Plan(2));
        (IPredictionRun one, IPredictionRun two) = (_batching.Start(first), _batching.Start(second));
        (Task, Task) tasks = (Once(one, first, 1), Once(two, second, 2));
        _gate.WaitForCall();
        return tasks;

        static Task Once(IPredictionRun run, PredictionPlan plan, double timestep) => Generations.OnThread(() =>
        {
            using (run)
            {
                Generations.PredictHere(run, plan, timestep);
            }
        });
    }
}
