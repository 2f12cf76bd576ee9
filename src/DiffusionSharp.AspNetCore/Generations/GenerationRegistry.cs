using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using DiffusionSharp.Hosting;

namespace DiffusionSharp.AspNetCore;

/// <summary>The generations that run, and the last ones that nobody waited for.</summary>
internal sealed class GenerationRegistry(IDiffusionPipelineProvider models, ImageEndpointOptions options, ErrorAnswers errors)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, RunningGeneration> _byId = new(StringComparer.Ordinal);
    private readonly Queue<string> _ended = [];

    /// <summary>Begins a generation, or refuses it: what is wrong with the request, and a queue that is full, are known before this returns.</summary>
    public async Task<RunningGeneration> StartAsync(ImageCall call, IDiffusionPipeline pipeline, GenerationRequest request)
    {
        // Whoever knows the name may see the pictures.
        var generation = new RunningGeneration($"gen_{RandomNumberGenerator.GetHexString(32, lowercase: true)}", call, errors, new CancellationTokenSource());
        IAsyncEnumerable<DenoisingStep> steps = Checked(pipeline, request, generation.Stopping);
        Task<GenerationSlot> entering = models.EnterAsync(call.Model, generation.Stopping);
        if (entering.IsFaulted)
        {
            await entering.ConfigureAwait(false);
        }

        generation.Start(entering, steps);
        lock (_lock)
        {
            _byId.Add(generation.Id, generation);
        }

        return generation;
    }

    public bool TryGet(string id, [NotNullWhen(true)] out RunningGeneration? generation)
    {
        lock (_lock)
        {
            return _byId.TryGetValue(id, out generation);
        }
    }

    /// <summary>Remembers a generation after its end, until others have taken its place.</summary>
    public async Task KeepAsync(RunningGeneration generation)
    {
        await ((Task)generation.Completion).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_lock)
        {
            _ended.Enqueue(generation.Id);
            while (_ended.Count > options.KeptGenerations)
            {
                _byId.Remove(_ended.Dequeue());
            }
        }
    }

    public void Forget(RunningGeneration generation)
    {
        lock (_lock)
        {
            _byId.Remove(generation.Id);
        }
    }

    // The pipeline checks a request at the call and takes its steps when they are asked for.
    private static IAsyncEnumerable<DenoisingStep> Checked(IDiffusionPipeline pipeline, GenerationRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return pipeline.StreamAsync(request, cancellationToken);
        }
        catch (InvalidOperationException e) when (e is not ObjectDisposedException)
        {
            throw new ApiException(400, e.Message) { Code = "unsupported_by_model" };
        }
    }
}
