using System.Numerics.Tensors;

namespace DiffusionSharp;

/// <summary>The pictures of one request.</summary>
public sealed class GenerationResult
{
    private readonly IReadOnlyList<GenerationResult> _before = [];

    internal GenerationResult(IReadOnlyList<GeneratedImage> images, Tensor<float> latents, GenerationRequest request, GenerationTimings timings, IReadOnlyList<string> warnings)
    {
        Images = images;
        Latents = latents;
        Request = request;
        Timings = timings;
        Warnings = warnings;
    }

    private GenerationResult(GenerationResult last, IReadOnlyList<GenerationResult> before)
        : this(last.Images, last.Latents, last.Request, last.Timings, last.Warnings) => _before = before;

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

    /// <summary>The results of all stages of a <see cref="Cascade"/>, each with its own timings, of which this is the last; it alone where there is one pipeline.</summary>
    public IReadOnlyList<GenerationResult> Stages => [.. _before, this];

    /// <summary>The same result, of a stage behind others.</summary>
    internal GenerationResult After(IReadOnlyList<GenerationResult> before) => new(this, before);
}
