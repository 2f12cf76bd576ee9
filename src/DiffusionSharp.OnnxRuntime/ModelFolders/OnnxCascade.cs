using DiffusionSharp.OnnxRuntime.ModelFolders;

namespace DiffusionSharp.OnnxRuntime;

/// <summary>A model folder of several networks in sequence: the pipelines, of which each may be asked alone, and the cascade through them.</summary>
public sealed class OnnxCascade : IDisposable, IAsyncDisposable
{
    internal OnnxCascade(Cascade cascade, IReadOnlyList<DiffusionPipeline> pipelines) => (Cascade, Pipelines) = (cascade, pipelines);

    /// <summary>The cascade. A request's steps, guidance scale and scheduler are those of the stage that draws; of the others <see cref="Conditions.UnclipSettings"/> says them.</summary>
    public Cascade Cascade { get; }

    /// <summary>The pipelines, in order.</summary>
    public IReadOnlyList<DiffusionPipeline> Pipelines { get; }

    /// <summary>Loads a folder whose <c>model_index.json</c> is of a system of several networks: unCLIP, Stable unCLIP.</summary>
    /// <returns>The pipelines and their cascade; dispose it to release the models.</returns>
    /// <inheritdoc cref="OnnxDiffusionPipeline.Load(string, OnnxPipelineOptions?)"/>
    public static OnnxCascade Load(string folder, OnnxPipelineOptions? options = null)
    {
        options ??= new OnnxPipelineOptions();
        return FolderPipeline.LoadCascade(folder, options, index => new OnnxFiles(index, options.Variant));
    }

    /// <inheritdoc cref="DiffusionSharp.Cascade.GenerateAsync(GenerationRequest, IProgress{GenerationProgress}?, CancellationToken)"/>
    public Task<CascadeResult> GenerateAsync(GenerationRequest request, IProgress<GenerationProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Cascade.GenerateAsync(request, progress, cancellationToken);

    /// <summary>Lets go of all pipelines; see <see cref="DiffusionPipeline.Dispose"/>.</summary>
    public void Dispose()
    {
        foreach (DiffusionPipeline pipeline in Pipelines)
        {
            pipeline.Dispose();
        }
    }

    /// <summary>As <see cref="Dispose"/>, but releases parts asynchronously where they can be.</summary>
    /// <returns>Done when the parts are released, or left to those who still hold them.</returns>
    public async ValueTask DisposeAsync()
    {
        foreach (DiffusionPipeline pipeline in Pipelines)
        {
            await pipeline.DisposeAsync().ConfigureAwait(false);
        }
    }
}
