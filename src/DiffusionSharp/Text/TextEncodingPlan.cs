namespace DiffusionSharp.Text;

/// <summary>What a text encoder needs to know of a generation besides its prompts.</summary>
public sealed record TextEncodingPlan
{
    /// <summary>A generation of one step, encoded as the model was trained.</summary>
    public static TextEncodingPlan Default { get; } = new();

    /// <summary>Steps of the generation, at least 1: what a prompt says may change on the way.</summary>
    public int Steps { get; init; } = 1;

    /// <summary>What the request wants otherwise than the model was trained with. What an encoder has no use for it leaves alone.</summary>
    public TextEncodingOptions Options { get; init; } = TextEncodingOptions.Default;

    /// <summary>
    /// How many tokens the context has at least, for encoders that read prompts in chunks and whose vectors stand beside those of another encoder, which may
    /// have read more; shorter prompts are followed by empty ones. 0 by default. Encoders of a fixed length leave it alone.
    /// </summary>
    public int LeastTokens { get; init; }
}
