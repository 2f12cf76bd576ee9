namespace DiffusionSharp;

/// <summary>The results of a cascade.</summary>
public sealed class CascadeResult
{
    internal CascadeResult(IReadOnlyList<GenerationResult> stages) => Stages = stages;

    /// <summary>The result of each stage, with its own timings.</summary>
    public IReadOnlyList<GenerationResult> Stages { get; }

    /// <summary>The result of the last stage: what was asked for.</summary>
    public GenerationResult Result => Stages[^1];

    /// <summary>The pictures of the last stage.</summary>
    public IReadOnlyList<GeneratedImage> Images => Result.Images;
}
