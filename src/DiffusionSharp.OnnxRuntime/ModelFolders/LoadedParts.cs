using System.Runtime.ExceptionServices;
using DiffusionSharp.Latents;
using DiffusionSharp.OnnxRuntime.Sessions;
using DiffusionSharp.Text;

namespace DiffusionSharp.OnnxRuntime.ModelFolders;

/// <summary>The models of a folder: loaded all or, when one fails or the load is stopped, none.</summary>
internal sealed class LoadedParts : IDisposable
{
    private readonly Lock _lock = new();
    private readonly IProgress<LoadProgress>? _progress;
    private readonly int _count;
    private int _done;

    private LoadedParts(IProgress<LoadProgress>? progress, int count) => (_progress, _count) = (progress, count);

    public OnnxTextEncoder? TextEncoder { get; private set; }

    public OnnxNoisePredictor? NoisePredictor { get; private set; }

    public OnnxLatentDecoder? LatentDecoder { get; private set; }

    public OnnxLatentEncoder? LatentEncoder { get; private set; }

    /// <summary>Loads on threads of their own, or one after another where models do not stay; the first failure stops the rest and is thrown as it is, after all have ended.</summary>
    public static LoadedParts Load(FolderIndex index, LatentSpace? space, OnnxOptions options, IProgress<LoadProgress>? progress, CancellationToken cancellationToken)
    {
        var loads = new List<(string Part, Action<LoadedParts, CancellationToken> Load)>
        {
            ("unet", (parts, token) => parts.NoisePredictor = new OnnxNoisePredictor(ModelSource.File(index.UNet), options, token)),
        };
        if (index.TextEncoder is { } textEncoder)
        {
            loads.Add(("text_encoder", (parts, token) => parts.TextEncoder = new OnnxTextEncoder(ModelSource.File(textEncoder), ClipTokenizer.Load(index.TokenizerFolder), options, token)));
        }

        if (index.Decoder is { } decoder)
        {
            loads.Add(("vae_decoder", (parts, token) => parts.LatentDecoder = new OnnxLatentDecoder(ModelSource.File(decoder), space!, options, token)));
        }

        if (index.Encoder is { } encoder)
        {
            loads.Add(("vae_encoder", (parts, token) => parts.LatentEncoder = new OnnxLatentEncoder(ModelSource.File(encoder), space!, options, token)));
        }

        var loaded = new LoadedParts(progress, loads.Count);
        try
        {
            loaded.Run(loads, options.Lifetime == SessionLifetime.UnloadAfterUse, cancellationToken);
            return loaded;
        }
        catch
        {
            loaded.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        TextEncoder?.Dispose();
        NoisePredictor?.Dispose();
        LatentDecoder?.Dispose();
        LatentEncoder?.Dispose();
    }

    private void Run(List<(string Part, Action<LoadedParts, CancellationToken> Load)> loads, bool oneByOne, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Exception? first = null;
        if (oneByOne)
        {
            loads.ForEach(Load);
        }
        else
        {
            Task[] tasks = [.. loads.Select(load => Task.Factory.StartNew(() => Load(load), CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default))];
            Task.WaitAll(tasks, CancellationToken.None);
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (first is not null)
        {
            ExceptionDispatchInfo.Throw(first);
        }

        void Load((string Part, Action<LoadedParts, CancellationToken> Load) load)
        {
            try
            {
                stop.Token.ThrowIfCancellationRequested();
                load.Load(this, stop.Token);
                Report(load.Part);
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref first, e, null);
                stop.Cancel();
            }
        }
    }

    private void Report(string part)
    {
        lock (_lock)
        {
            _progress?.Report(new LoadProgress(part, ++_done, _count));
        }
    }
}
