using System.Runtime.ExceptionServices;

namespace DiffusionSharp.OnnxRuntime.ModelFolders;

/// <summary>The models of a folder while it is being loaded; disposed when one of them fails.</summary>
internal sealed class LoadedParts : IDisposable
{
    public OnnxTextEncoder? TextEncoder { get; set; }

    public OnnxNoisePredictor? NoisePredictor { get; set; }

    public OnnxLatentDecoder? LatentDecoder { get; set; }

    public OnnxLatentEncoder? LatentEncoder { get; set; }

    /// <summary>Loads in parallel, or one after another where models do not stay; the first failure is thrown as it is, after all have ended.</summary>
    public static void Load(SessionLifetime lifetime, params ReadOnlySpan<Action?> loads)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = lifetime == SessionLifetime.UnloadAfterUse ? 1 : -1 };
        try
        {
            Parallel.Invoke(options, [.. loads.ToArray().OfType<Action>()]);
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }

    public void Dispose()
    {
        TextEncoder?.Dispose();
        NoisePredictor?.Dispose();
        LatentDecoder?.Dispose();
        LatentEncoder?.Dispose();
    }
}
