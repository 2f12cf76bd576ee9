namespace DiffusionSharp.AspNetCore;

/// <summary>What a pipeline says of a request that it cannot carry out, in the names of the API's fields.</summary>
internal static class WrongRequest
{
    private static readonly Dictionary<string, string> Fields = new(StringComparer.OrdinalIgnoreCase)
    {
        [nameof(TextToImageRequest.Prompt)] = "prompt",
        [nameof(TextToImageRequest.NegativePrompt)] = "negative_prompt",
        [nameof(GenerationRequest.Count)] = "n",
        [nameof(GenerationRequest.Width)] = "size",
        [nameof(GenerationRequest.Height)] = "size",
        [nameof(GenerationRequest.Seed)] = "seed",
        [nameof(GenerationRequest.Steps)] = "steps",
        [nameof(GenerationRequest.GuidanceScale)] = "guidance_scale",
        [nameof(GenerationRequest.Scheduler)] = "scheduler",
        [nameof(GenerationRequest.ClassLabel)] = "class_label",
        [nameof(GenerationRequest.InitialImage)] = "image",
        [nameof(GenerationRequest.Strength)] = "strength",
        [nameof(GenerationRequest.Mask)] = "mask",
    };

    /// <summary>The error of a request that is wrong.</summary>
    public static ApiException Of(ArgumentException exception) => new(400, Sentence(exception.Message))
    {
        Param = exception.ParamName is { } name ? Fields.GetValueOrDefault(name) : null,
        Code = "invalid_value",
    };

    // .NET appends the parameter's name in C#, and below it the value.
    private static string Sentence(string message)
    {
        int end = message.IndexOf(" (Parameter '", StringComparison.Ordinal);
        return end < 0 ? message : message[..end];
    }
}
