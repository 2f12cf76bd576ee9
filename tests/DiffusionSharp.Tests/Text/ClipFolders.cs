namespace DiffusionSharp.Tests.Text;

/// <summary>Where the tests find tokenizers.</summary>
internal static class ClipFolders
{
    /// <summary>Names the folder of OpenAI's <c>vocab.json</c> and <c>merges.txt</c>, which are not part of the repository.</summary>
    public const string OpenAiVariable = "DIFFUSIONSHARP_CLIP_VOCABULARY";

    /// <summary>OpenAI's vocabulary: from the variable, or from <c>shared/data/clip</c> beside any ancestor of the tests; null where absent.</summary>
    public static string? OpenAi { get; } = Environment.GetEnvironmentVariable(OpenAiVariable) is { Length: > 0 } folder
        ? folder
        : Ancestors.Find(Path.Combine("shared", "data", "clip"));

    /// <summary>The vocabulary of the embedded emoji model.</summary>
    public static string Emoji { get; } = Ancestors.Require(Path.Combine("src", "DiffusionSharp.Emoji", "model", "tokenizer"));
}
