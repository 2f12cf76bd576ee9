namespace DiffusionSharp;

/// <summary>What a pipeline uses where a request says nothing.</summary>
public sealed record GenerationDefaults
{
    /// <summary>Width in pixels.</summary>
    public int Width { get; init; } = 512;

    /// <summary>Height in pixels.</summary>
    public int Height { get; init; } = 512;

    /// <summary>Number of denoising steps.</summary>
    public int Steps { get; init; } = 30;

    /// <summary>Guidance scale of requests with a prompt.</summary>
    public float GuidanceScale { get; init; } = 7.5f;
}
