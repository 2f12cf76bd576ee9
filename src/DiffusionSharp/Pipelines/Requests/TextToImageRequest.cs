namespace DiffusionSharp;

/// <summary>A picture from a prompt.</summary>
/// <param name="Prompt">What to draw; not blank.</param>
public record TextToImageRequest(string Prompt) : GenerationRequest
{
    /// <summary>A prompt for each of the pictures, in place of <see cref="Prompt"/>.</summary>
    public IReadOnlyList<string>? Prompts { get; init; }

    /// <summary>What to keep out of the picture; has an effect only with a guidance scale above 1. Null says nothing, which most models take for an empty prompt.</summary>
    public string? NegativePrompt { get; init; }

    /// <summary>A negative prompt for each of the pictures, in place of <see cref="NegativePrompt"/>.</summary>
    public IReadOnlyList<string>? NegativePrompts { get; init; }
}
