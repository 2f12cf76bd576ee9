using System.Runtime.ExceptionServices;

namespace DiffusionSharp.OnnxRuntime.ModelFolders;

/// <summary>The models of a folder while it is being loaded; disposed when one of them fails.</summary>
internal sealed class LoadedParts : IDisposable
{
    public OnnxTextEncoder? TextEncoder { get; set; }

    public OnnxNoisePredictor? NoisePredictor { get; set; }

    public OnnxLatentDecoder? LatentDecoder { get; set; }

    public OnnxLatentEncoder? LatentEncoder { get; set; }

    /// <summary>Loads in parallel; the first failure is thrown as it is, after all have ended.</summary>
    public static void Load(params ReadOnlySpan<Action?> loads)
    {
        try
        {
            Parallel.Invoke([.. loads.ToArray().OfType<Action>()]);
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
