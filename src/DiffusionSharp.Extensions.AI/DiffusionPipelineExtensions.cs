using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;

namespace DiffusionSharp.Extensions.AI;

/// <summary>Pipelines for Microsoft.Extensions.AI.</summary>
[Experimental("MEAI001")]
public static class DiffusionPipelineExtensions
{
    /// <summary>
    /// The pipeline, or the cascade, as an image generator: a prompt makes a picture, an original image is drawn anew to it, and with a <see cref="DiffusionImageOptions.Mask"/>
    /// only a part of that image. Other options than those of Microsoft.Extensions.AI are in <see cref="DiffusionImageOptions"/>.
    /// </summary>
    /// <param name="pipeline">The pipeline. It stays the caller's: disposing the generator, or what is around it, leaves it alone.</param>
    /// <param name="modelId">What the model is called, for logs and telemetry. Requests that name another one are refused. Null, the default, for a model without a name.</param>
    /// <returns>The generator; safe for concurrent requests.</returns>
    public static IImageGenerator AsImageGenerator(this IDiffusionPipeline pipeline, string? modelId = null)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        return new DiffusionImageGenerator(pipeline, modelId);
    }
}
