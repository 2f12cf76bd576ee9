using System.Collections.Concurrent;
using System.Diagnostics;
using System.Numerics.Tensors;
using DiffusionSharp.Latents;
using DiffusionSharp.Prediction;
using DiffusionSharp.Tests.Guidance;
using DiffusionSharp.Tests.Prediction.Batching;

namespace DiffusionSharp.Tests.Pipelines;

/// <summary>Which threads generations run on, and in which order.</summary>
[Collection(AloneCollection.Name)]
public sealed class ThreadTests : IDisposable
{
    private const string ThreadName = "DiffusionSharp generation";
    private static readonly TextToImageRequest Request = new("a cat") { Seed = 5, Steps = 3 };
    private readonly RecordingPredictor _predictor = new(Toy.Predict);
    private readonly SemaphoreSlim _inside = new(0);
    private readonly ManualResetEventSlim _gate = new();
    private readonly CancellationTokenSource _cancellation = new();

    [Fact]
    public async Task Five_hundred_generations_share_a_few_threads_and_leave_the_pool_to_others()
    {
        const int Bound = 4;
        var threads = new ConcurrentDictionary<Thread, bool>();
        _predictor.BeforePrediction = () =>
        {
            threads.TryAdd(Thread.CurrentThread, Thread.CurrentThread.IsThreadPoolThread);
            Hold();
        };
        using DiffusionPipeline pipeline = Toy.Builder(_predictor).UseConcurrency(Bound).Build();
        int before = ThreadsOfProcess();
        Task<GenerationResult>[] generations = [.. Enumerable.Range(0, 500).Select(i => i % 2 == 0 ? pipeline.GenerateAsync(Request) : ReadAsync(pipeline.StreamAsync(Request)))];
        await InsideAsync(Bound);

        // While every generation stands still, the pool and its timers do not.
        for (int i = 0; i < 1000; i++)
        {
            await Task.Run(() => { }).WaitAsync(Generations.Patience);
        }

        await Task.Delay(1).WaitAsync(Generations.Patience);
        Assert.Equal(Bound, threads.Count);
        Assert.All(threads, thread => Assert.Equal((ThreadName, false), (thread.Key.Name, thread.Value)));
        Assert.True(ThreadsOfProcess() - before < 100, $"{ThreadsOfProcess()} threads, {before} before");
        Assert.All(generations, generation => Assert.False(generation.IsCompleted));

        _gate.Set();
        GenerationResult[] results = await Task.WhenAll(generations);
        Assert.All(results, result => Toy.AssertSamePixels(results[0].Images[0], result.Images[0]));
        Assert.Equal(500 * 3, _predictor.Predictions);
    }

    [Fact]
    public async Task Decoding_never_runs_on_the_readers_thread()
    {
        using var decoder = new HeldDecoder(_gate);
        using DiffusionPipeline pipeline = Toy.Builder(_predictor).UseLatentDecoder(decoder).Build();
        await foreach (DenoisingStep step in pipeline.StreamAsync(Request))
        {
            // The decoder waits for what the reader does only after its calls have returned.
            _gate.Reset();
            Assert.NotEqual(ThreadName, Thread.CurrentThread.Name);
            Task<IReadOnlyList<GeneratedImage>> preview = step.DecodePreviewAsync();
            Task<GenerationResult> result = step.DecodeResultAsync();
            _gate.Set();
            await preview;
            await result;
        }

        Assert.Equal(6, decoder.Threads.Count);
        Assert.All(decoder.Threads, name => Assert.Equal(ThreadName, name));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task A_pipeline_inside_a_part_of_another_takes_its_callers_thread(bool batched, bool streamed)
    {
        using DiffusionPipeline inner = Toy.Builder(_predictor).UseConcurrency(1).Build();
        INoisePredictor asking = NoisePredictor.FromFunction((sample, timestep, plan, prediction) =>
        {
            Task<GenerationResult> asked = streamed ? ReadAsync(inner.StreamAsync(Request)) : inner.GenerateAsync(Request);
            Assert.Single(asked.GetAwaiter().GetResult().Images);
            Toy.Predict(sample, timestep, plan, prediction);
        });
        using DiffusionPipeline outer = inner.ToBuilder().UseNoisePredictor(batched ? new BatchingNoisePredictor((IRowwisePredictor)asking) : asking).Build();
        Assert.Same(inner.Threads, outer.Threads);
        await Task.WhenAll(outer.GenerateAsync(Request), ReadAsync(outer.StreamAsync(Request)), outer.GenerateAsync(Request)).WaitAsync(Generations.Patience);
        Assert.Equal(3 * 3 * 3, _predictor.Predictions);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_generation_that_waits_for_a_thread_can_be_cancelled(bool streamed)
    {
        _predictor.BeforePrediction = Hold;
        using DiffusionPipeline pipeline = Toy.Builder(_predictor).UseConcurrency(1).Build();
        Task<GenerationResult> first = pipeline.GenerateAsync(Request);
        await InsideAsync(1);
        Task<GenerationResult> second = streamed ? ReadAsync(pipeline.StreamAsync(Request, _cancellation.Token)) : pipeline.GenerateAsync(Request, null, _cancellation.Token);
        Task<GenerationResult> third = pipeline.GenerateAsync(Request);
        await _cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second.WaitAsync(Generations.Patience));
        Assert.False(first.IsCompleted);
        _gate.Set();
        await Task.WhenAll(first, third);
        Assert.Equal(2, _predictor.Plans.Count);
    }

    public enum Way
    {
        Generate,
        GenerateAsync,
        StreamAsync,
        StreamWithCancellation,
    }

    [Theory]
    [InlineData(Way.Generate)]
    [InlineData(Way.GenerateAsync)]
    [InlineData(Way.StreamAsync)]
    [InlineData(Way.StreamWithCancellation)]
    public async Task Cancelling_stops_inside_a_model_call(Way way)
    {
        // A model call that ends only when it is told to.
        INoisePredictor endless = NoisePredictor.FromFunction((sample, timestep, plan, prediction) =>
        {
            _inside.Release();
            Assert.True(plan.CancellationToken.WaitHandle.WaitOne(Generations.Patience));
            plan.CancellationToken.ThrowIfCancellationRequested();
        });
        using DiffusionPipeline pipeline = Toy.Builder(endless).Build();
        using var other = new CancellationTokenSource();
        Task generation = way switch
        {
            Way.Generate => Generations.OnThread(() => pipeline.Generate(Request, null, _cancellation.Token)),
            Way.GenerateAsync => pipeline.GenerateAsync(Request, null, _cancellation.Token),
            Way.StreamAsync => ReadAsync(pipeline.StreamAsync(Request, _cancellation.Token)),
            _ => ReadAsync(pipeline.StreamAsync(Request, other.Token), _cancellation.Token),
        };
        await InsideAsync(1);
        await _cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => generation.WaitAsync(2 * Generations.Patience));
    }

    [Fact]
    public async Task First_come_first_served()
    {
        _predictor.BeforePrediction = Hold;
        using DiffusionPipeline pipeline = Toy.Builder(_predictor).UseConcurrency(1).Build();
        Task<GenerationResult> first = pipeline.GenerateAsync(Request);
        await InsideAsync(1);
        Task<GenerationResult>[] others =
        [
            .. Enumerable.Range(1, 40).Select(i => Request with { Width = 8 * i }).Select((request, i) => i % 3 == 0 ? ReadAsync(pipeline.StreamAsync(request)) : pipeline.GenerateAsync(request)),
        ];
        _gate.Set();
        await Task.WhenAll([first, .. others]);
        Assert.Equal(Enumerable.Range(1, 40), _predictor.Plans.Skip(1).Select(plan => plan.Shape.Width));
    }

    [Fact]
    public async Task Threads_go_with_the_pipeline()
    {
        var threads = new GenerationThreads(2) { Idle = Timeout.InfiniteTimeSpan };
        Thread thread = await threads.RunAsync(() => Thread.CurrentThread, default);
        threads.Dispose();
        Assert.True(thread.Join(Generations.Patience));

        // Who comes late is served, too.
        Thread late = await threads.RunAsync(() => Thread.CurrentThread, default);
        Assert.NotSame(thread, late);
        Assert.True(late.Join(Generations.Patience));

        var used = new ConcurrentQueue<Thread>();
        _predictor.BeforePrediction = () => used.Enqueue(Thread.CurrentThread);
        DiffusionPipeline pipeline = Toy.Builder(_predictor).Build();
        DiffusionPipeline derived = pipeline.WithScheduler(Toy.Ddpm);
        pipeline.Dispose();
        await derived.GenerateAsync(Request);
        derived.Dispose();
        Assert.All(used, one => Assert.True(one.Join(Generations.Patience)));
    }

    public void Dispose()
    {
        _gate.Set();
        _predictor.Dispose();
        _inside.Dispose();
        _gate.Dispose();
        _cancellation.Dispose();
    }

    private static int ThreadsOfProcess()
    {
        using var process = Process.GetCurrentProcess();
        return process.Threads.Count;
    }

    private static async Task<GenerationResult> ReadAsync(IAsyncEnumerable<DenoisingStep> steps, CancellationToken cancellationToken = default)
    {
        GenerationResult? result = null;
        await foreach (DenoisingStep step in steps.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            result = step.IsLast ? await step.DecodeResultAsync().ConfigureAwait(false) : null;
        }

        return result!;
    }

    private void Hold()
    {
        _inside.Release();
        _gate.Wait();
    }

    private async Task InsideAsync(int count)
    {
        for (int i = 0; i < count; i++)
        {
            Assert.True(await _inside.WaitAsync(Generations.Patience));
        }
    }

    private sealed class HeldDecoder(ManualResetEventSlim gate) : ILatentDecoder, IDisposable
    {
        private readonly ToyAutoencoder _decoder = new();

        public LatentSpace LatentSpace => _decoder.LatentSpace;

        public ConcurrentQueue<string?> Threads { get; } = [];

        public Tensor<float> Decode(Tensor<float> latents, DecodingContext context, CancellationToken cancellationToken = default)
        {
            Assert.True(gate.Wait(Generations.Patience, cancellationToken));
            Threads.Enqueue(Thread.CurrentThread.Name);
            return _decoder.Decode(latents, context, cancellationToken);
        }

        public void Dispose() => _decoder.Dispose();
    }
}
