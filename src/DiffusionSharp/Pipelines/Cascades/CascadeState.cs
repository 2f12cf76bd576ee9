namespace DiffusionSharp;

/// <summary>What a stage of a cascade begins with.</summary>
public sealed class CascadeState
{
    internal CascadeState(GenerationRequest request)
        : this(request, [])
    {
        ArgumentNullException.ThrowIfNull(request);
    }

    private CascadeState(GenerationRequest request, IReadOnlyList<GenerationResult> results) => (Request, Results) = (request, results);

    /// <summary>The user's request, whose parts may say what a later stage is to do.</summary>
    public GenerationRequest Request { get; }

    /// <summary>The results of all stages before, in order.</summary>
    public IReadOnlyList<GenerationResult> Results { get; }

    /// <summary>The result of the stage right before.</summary>
    /// <exception cref="InvalidOperationException">This is the first stage.</exception>
    public GenerationResult Result => Results.Count > 0 ? Results[^1] : throw new InvalidOperationException("The first stage has none before it.");

    internal CascadeState With(GenerationResult result) => new(Request, [.. Results, result]);
}
