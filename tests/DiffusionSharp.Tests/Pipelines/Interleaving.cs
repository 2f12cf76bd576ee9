using System.Collections.Concurrent;

namespace DiffusionSharp.Tests.Pipelines;

/// <summary>A few threads that do what they like with a few pipelines of the same parts. What they like follows from the seed; when each does it, does not.</summary>
internal sealed class Interleaving
{
    private const int Actors = 3;
    private const int Actions = 4;
    private static readonly GenerationRequest Request = new() { Steps = 2, Seed = 1 };
    private readonly int _seed;
    private readonly List<Entry> _pipelines = [];
    private readonly CancellationTokenSource[] _cancellations = [new(), new(), new()];
    private readonly ConcurrentBag<TrackedPart> _parts = [];
    private readonly ConcurrentBag<Task> _running = [];
    private int _refusals;
    private int _cancelled;
    private int _pictures;

    public Interleaving(int seed)
    {
        _seed = seed;
        TrackedPart part = NewPart();
        Add(DiffusionPipeline.CreateBuilder()
            .UseNoisePredictor(part)
            .UseLatentDecoder(part)
            .UseScheduler(Toy.Ddim)
            .UseConcurrency(1 + (seed % 2))
            .UseDefaults(new GenerationDefaults { Width = 2, Height = 2 })
            .Build());
        _parts.Add(part);
    }

    /// <summary>What must not have happened.</summary>
    public ConcurrentQueue<string> Violations { get; } = [];

    public int Refusals => _refusals;

    public int Cancellations => _cancelled;

    public int Pictures => _pictures;

    public async Task RunAsync()
    {
        await Task.WhenAll(Enumerable.Range(0, Actors).Select(actor => Task.Run(() => ActAsync(new Random((_seed * Actors) + actor)))));
        await Task.WhenAll(_running);
        foreach (Entry entry in _pipelines)
        {
            await entry.Pipeline.DisposeAsync();
        }

        foreach (TrackedPart part in _parts)
        {
            part.AssertReleasedOnce();
        }

        Array.ForEach(_cancellations, cancellation => cancellation.Dispose());
    }

    private async Task ActAsync(Random random)
    {
        for (int i = 0; i < Actions; i++)
        {
            Entry entry = Pick(random);
            CancellationToken token = _cancellations[random.Next(_cancellations.Length)].Token;
            switch (random.Next(8))
            {
                case 0:
                    await TryAsync(entry, () => Task.FromResult(entry.Pipeline.Generate(Request, cancellationToken: token).Images.Count), token);
                    break;
                case 1:
                    _running.Add(TryAsync(entry, async () => (await entry.Pipeline.GenerateAsync(Request, cancellationToken: token)).Images.Count, token));
                    break;
                case 2:
                    int leaveAt = random.Next(3);
                    _running.Add(TryAsync(entry, () => ReadAsync(entry.Pipeline, leaveAt, token), token));
                    break;
                case 3:
                    await TryAsync(entry, () => Derive(entry, static builder => builder.UseScheduler(Toy.Ddpm)), token);
                    break;
                case 4:
                    TrackedPart part = NewPart();
                    await TryAsync(
                        entry,
                        () =>
                        {
                            Derive(entry, builder => builder.UseNoisePredictor(part).UseConcurrency(1));
                            _parts.Add(part);
                            return Task.FromResult(0);
                        },
                        token);
                    break;
                case 5:
                    await _cancellations[random.Next(_cancellations.Length)].CancelAsync();
                    break;
                case 6:
                    entry.IsBeingDisposed = true;
                    entry.Pipeline.Dispose();
                    entry.IsDisposed = true;
                    break;
                default:
                    entry.IsBeingDisposed = true;
                    await entry.Pipeline.DisposeAsync();
                    entry.IsDisposed = true;
                    break;
            }
        }
    }

    private Task<int> Derive(Entry from, Func<DiffusionPipelineBuilder, DiffusionPipelineBuilder> change)
    {
        Add(change(from.Pipeline.ToBuilder()).Build());
        return Task.FromResult(0);
    }

    private static async Task<int> ReadAsync(DiffusionPipeline pipeline, int leaveAt, CancellationToken token)
    {
        await foreach (DenoisingStep step in pipeline.StreamAsync(Request, token))
        {
            if (step.Index == leaveAt)
            {
                // Is decoded while the enumeration ends.
                Task<IReadOnlyList<GeneratedImage>> preview = step.DecodePreviewAsync();
                return (await preview).Count;
            }
        }

        return 0;
    }

    // Nothing but a refusal by a disposed pipeline and a cancellation that was asked for may go wrong; and a disposed pipeline does refuse.
    private async Task TryAsync(Entry entry, Func<Task<int>> action, CancellationToken token)
    {
        bool mustRefuse = entry.IsDisposed;
        try
        {
            int pictures = await action();
            Interlocked.Add(ref _pictures, pictures);
            if (mustRefuse)
            {
                Violations.Enqueue("a disposed pipeline did not refuse");
            }
        }
        catch (ObjectDisposedException) when (entry.IsBeingDisposed)
        {
            Interlocked.Increment(ref _refusals);
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested && !mustRefuse)
        {
            Interlocked.Increment(ref _cancelled);
        }
        catch (Exception e)
        {
            Violations.Enqueue(e.ToString());
        }
    }

    private TrackedPart NewPart() => new(Violations);

    private void Add(DiffusionPipeline pipeline)
    {
        lock (_pipelines)
        {
            _pipelines.Add(new Entry(pipeline));
        }
    }

    private Entry Pick(Random random)
    {
        lock (_pipelines)
        {
            return _pipelines[random.Next(_pipelines.Count)];
        }
    }

    private sealed class Entry(DiffusionPipeline pipeline)
    {
        private volatile bool _isBeingDisposed;
        private volatile bool _isDisposed;

        public DiffusionPipeline Pipeline => pipeline;

        public bool IsBeingDisposed { get => _isBeingDisposed; set => _isBeingDisposed = value; }

        public bool IsDisposed { get => _isDisposed; set => _isDisposed = value; }
    }
}
