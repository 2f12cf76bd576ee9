namespace DiffusionSharp;

/// <summary>A picture from a prompt.</summary>
/// <param name="Prompt">What to draw; not blank.</param>
public record TextToImageRequest(string Prompt) : GenerationRequest
{
    /// <summary>What to keep out of the picture; has an effect only with a guidance scale above 1. Empty by default.</summary>
    public string NegativePrompt { get; init; } = "";
}
