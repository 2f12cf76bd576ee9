using System.Numerics.Tensors;

namespace DiffusionSharp;

/// <summary>The pictures of one request.</summary>
public sealed class GenerationResult
{
    internal GenerationResult(IReadOnlyList<GeneratedImage> images, Tensor<float> latents, GenerationRequest request, GenerationTimings timings, IReadOnlyList<string> warnings)
    {
        Images = images;
        Latents = latents;
        Request = request;
        Timings = timings;
        Warnings = warnings;
    }

    /// <summary>The pictures, in the order of their seeds; none where nothing was decoded.</summary>
    public IReadOnlyList<GeneratedImage> Images { get; }

    /// <summary>The denoised latents that the pictures were decoded from, <c>[B, C, h, w]</c>; a vector is <c>[B, D, 1, 1]</c>.</summary>
    public Tensor<float> Latents { get; }

    /// <summary>The request, with every default filled in.</summary>
    public GenerationRequest Request { get; }

    /// <summary>Where the time went.</summary>
    public GenerationTimings Timings { get; }

    /// <summary>What the user should know, for example which end of a prompt did not fit. Empty when all is well.</summary>
    public IReadOnlyList<string> Warnings { get; }
}
