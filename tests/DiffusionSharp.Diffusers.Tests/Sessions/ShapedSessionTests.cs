using DiffusionSharp.Conditions;
using DiffusionSharp.Diffusers.Graphs;
using DiffusionSharp.Diffusers.Tests.Support;
using DiffusionSharp.OnnxRuntime;
using DiffusionSharp.OnnxRuntime.Sessions;
using DiffusionSharp.Prediction;
using Microsoft.ML.OnnxRuntime;

namespace DiffusionSharp.Diffusers.Tests.Sessions;

/// <summary>A model with graphs for single shapes goes through these where there is one, and through its own elsewhere.</summary>
public sealed class ShapedSessionTests
{
    private const float General = 0;

    private readonly List<long> _written = [];
    private readonly TaskCompletionSource _writes = new();
    private TaskCompletionSource? _goesOn;

    [Fact]
    public void Each_shape_goes_through_its_graph_which_is_written_once()
    {
        using OnnxSession session = Session(kept: 2);

        Assert.Equal([3, 5, 3, 5], ((long[])[3, 5, 3, 5]).Select(width => Run(session, width)));
        Assert.Equal([3, 5], _written);
    }

    [Fact]
    public void A_shape_without_a_graph_goes_through_that_for_all()
    {
        using OnnxSession session = Session(kept: 1);

        Assert.Equal(General, Run(session, 4));
        Assert.Equal(3, Run(session, 3));
    }

    [Fact]
    public void Another_shape_takes_the_place_of_what_was_used_longest_ago()
    {
        using OnnxSession session = Session(kept: 2);

        foreach (long width in (ReadOnlySpan<long>)[3, 5, 3, 7, 3, 5])
        {
            Assert.Equal(width, Run(session, width));
        }

        Assert.Equal([3, 5, 7, 5], _written);
    }

    [Fact]
    public void While_all_that_are_kept_are_in_use_another_shape_goes_through_the_graph_for_all()
    {
        using OnnxSession session = Session(kept: 1);
        using (session.Acquire([3], CancellationToken.None))
        {
            Assert.Equal(General, Run(session, 5));
            Assert.Equal(3, Run(session, 3));
        }

        Assert.Equal(5, Run(session, 5));
    }

    [Fact]
    public void They_leave_memory_with_the_model()
    {
        using OnnxSession session = Session(kept: 2, SessionLifetime.UnloadAfterUse);

        Run(session, 3);
        Assert.Equal(3, Run(session, 3));
        Assert.Equal([3, 3], _written);
        SessionLease lease = session.Acquire([3], CancellationToken.None);
        session.Dispose();
        lease.Dispose();
        Assert.Throws<ObjectDisposedException>(() => session.Acquire([3], CancellationToken.None));
    }

    [Fact]
    public void Who_is_cancelled_while_a_graph_is_written_gets_none_and_the_next_one_does()
    {
        using OnnxSession session = Session(kept: 1);

        Assert.ThrowsAny<OperationCanceledException>(() => session.Acquire([3], new CancellationToken(true)));

        Assert.Equal(3, Run(session, 3));
    }

    [Fact(Timeout = Bounded.Hang)]
    public async Task Who_waits_for_a_graph_that_is_written_for_another_can_be_stopped()
    {
        using OnnxSession session = Session(kept: 1);
        Task<float> other = await BeginsToWrite(session, 3);
        using var stop = new CancellationTokenSource();
        Task<SessionLease> waits = Task.Run(() => session.Acquire([3], stop.Token));

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waits);
        Assert.False(other.IsCompleted);
        _goesOn!.SetResult();
        Assert.Equal(3, await other);
        Assert.Equal([3], _written);
    }

    [Fact(Timeout = Bounded.Hang)]
    public async Task Graphs_that_are_there_are_had_and_given_back_while_another_is_written()
    {
        using OnnxSession session = Session(kept: 2);
        Run(session, 5);
        Task<float> other = await BeginsToWrite(session, 3);

        Assert.Equal(5, Run(session, 5));
        session.Acquire(CancellationToken.None).Dispose();
        Assert.True(session.IsLoaded);

        Assert.False(other.IsCompleted);
        _goesOn!.SetResult();
        Assert.Equal(3, await other);
    }

    [Fact(Timeout = Bounded.Hang)]
    public async Task What_is_disposed_while_a_graph_is_written_frees_it_and_refuses()
    {
        OnnxSession session = Session(kept: 1);
        Task<float> other = await BeginsToWrite(session, 3);

        session.Dispose();
        _goesOn!.SetResult();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => other);
        Assert.False(session.IsLoaded);
    }

    [Fact]
    public void A_predictor_hands_on_the_token_of_its_generation()
    {
        using var stop = new CancellationTokenSource();
        CancellationToken found = default;
        ModelSource source = Predictor("width").Mapped(new ShapedGraphs(
            (shape, token) =>
            {
                found = token;
                return Predictor(shape[3]);
            },
            Kept: 1));
        using var predictor = new OnnxNoisePredictor(source, null, CancellationToken.None);

        predictor.Start(new PredictionPlan(new SampleShape(1, 1, 1, 3), Conditioning.None) { CancellationToken = stop.Token }).Dispose();

        Assert.Equal(stop.Token, found);
    }

    private OnnxSession Session(int kept, SessionLifetime lifetime = SessionLifetime.KeepLoaded) => OnnxSession.Load(
        Source("width", General).Mapped(new ShapedGraphs((shape, token) => shape[0] % 2 == 0 ? null : Written(shape[0], token), kept)),
        new OnnxOptions { Lifetime = lifetime });

    // Runs for a shape elsewhere, and returns while its graph is being written.
    private async Task<Task<float>> BeginsToWrite(OnnxSession session, long width)
    {
        _goesOn = new TaskCompletionSource();
        var run = Task.Run(() => Run(session, width));
        await _writes.Task;
        return run;
    }

    private ModelSource Written(long width, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_goesOn is { } signal)
        {
            _writes.TrySetResult();
            signal.Task.Wait(CancellationToken.None);
        }

        _written.Add(width);
        return Source(width, width);
    }

    // Multiplies by 0 and adds a number, by which the graph is known.
    private static ModelSource Source(object width, float number)
    {
        var graph = new Graph("graph", Path.GetFullPath("none"));
        graph.Output("y", (graph.Input("x", 1, width) * 0f) + number, width);
        return graph.ToSource();
    }

    private static ModelSource Predictor(object width)
    {
        var graph = new Graph("graph", Path.GetFullPath("none"));
        graph.Input("timestep", 0, "rows");
        graph.Output("out_sample", graph.Input("sample", 1, 1, 1, 1, width) * 2f, 1, 1, 1, width);
        return graph.ToSource();
    }

    private static float Run(OnnxSession session, long width)
    {
        using SessionLease lease = session.Acquire([width], CancellationToken.None);
        using var x = OrtValue.CreateTensorValueFromMemory(new float[width], [width]);
        using IDisposableReadOnlyCollection<OrtValue> results = lease.Run(["x"], [x], ["y"], CancellationToken.None);
        return results[0].GetTensorDataAsSpan<float>()[0];
    }
}
