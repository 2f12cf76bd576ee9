using System.Text.Json;
using DiffusionSharp.Text;

namespace DiffusionSharp.Companions.Tests.Support;

/// <summary>Prompts with the ids that another tokenizer gave them, up to the end of what is said.</summary>
internal static class TokenFixture
{
    /// <summary>Asserts that a tokenizer gives all prompts the same, and padding behind, so many ids in all.</summary>
    public static void AssertSame(string file, ITokenizer tokenizer, int length, int padding)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Fixtures", file)));
        JsonProperty[] prompts = [.. document.RootElement.EnumerateObject()];
        Assert.True(prompts.Length > 40);
        Assert.All(prompts, prompt =>
        {
            TokenizedText text = tokenizer.Tokenize(prompt.Name);
            Assert.Equal(prompt.Value.EnumerateArray().Select(id => id.GetInt32()), text.Ids.Take(text.Length));
            Assert.Equal(length, text.Ids.Count);
            Assert.All(text.Ids.Skip(text.Length), id => Assert.Equal(padding, id));
        });
    }
}
