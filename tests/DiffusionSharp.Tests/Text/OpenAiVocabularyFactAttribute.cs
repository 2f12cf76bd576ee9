namespace DiffusionSharp.Tests.Text;

/// <summary>A test that needs OpenAI's vocabulary; skipped where it is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class OpenAiVocabularyFactAttribute : FactAttribute
{
    public OpenAiVocabularyFactAttribute()
    {
        if (ClipFolders.OpenAi is null)
        {
            Skip = $"OpenAI's vocab.json and merges.txt are not here; set {ClipFolders.OpenAiVariable} to their folder.";
        }
    }
}
