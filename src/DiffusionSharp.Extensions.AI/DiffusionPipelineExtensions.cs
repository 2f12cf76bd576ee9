using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;

namespace DiffusionSharp.Extensions.AI;

/// <summary>Pipelines for Microsoft.Extensions.AI.</summary>
[Experimental("MEAI001")]
public static class DiffusionPipelineExtensions
{
    /// <summary>
    /// The pipeline as an image generator: a prompt makes a picture, an original image is drawn anew to it, and with a <see cref="DiffusionImageOptions.Mask"/>
    /// only a part of that image. Other options than those of Microsoft.Extensions.AI are in <see cref="DiffusionImageOptions"/>.
    /// </summary>
    /// <param name="pipeline">The pipeline. It stays the caller's: disposing the generator, or what is around it, leaves it alone.</param>
    /// <param name="modelId">What the model is called, for logs and telemetry. Requests that name another one are refused. Null, the default, for a model without a name.</param>
    /// <param name="generate">
    /// What generates in place of the pipeline alone, for requests that it would take: after a wait for a turn on its device, or as the first stage of a cascade. Null,
    /// the default, for the pipeline's own <see cref="DiffusionPipeline.GenerateAsync(GenerationRequest, IProgress{GenerationProgress}?, CancellationToken)"/>.
    /// </param>
    /// <returns>The generator; safe for concurrent requests.</returns>
    public static IImageGenerator AsImageGenerator(this DiffusionPipeline pipeline, string? modelId = null, Func<GenerationRequest, IProgress<GenerationProgress>?, CancellationToken, Task<GenerationResult>>? generate = null)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        return new DiffusionImageGenerator(pipeline, modelId, generate ?? pipeline.GenerateAsync);
    }
}
