namespace DiffusionSharp.Orleans;

/// <summary>The jobs of a model that have not ended. Its key is the model's name.</summary>
[Alias("DiffusionSharp.IGenerationQueue")]
#pragma warning disable CA1711 // it is one
public interface IGenerationQueue : IGrainWithStringKey
#pragma warning restore CA1711
{
    /// <summary>How long the queue is.</summary>
    /// <returns>The numbers.</returns>
    [ResponseTimeout(Timeouts.Call)]
    [Alias("GetStatus")]
    Task<QueueStatus> GetStatusAsync();
}
