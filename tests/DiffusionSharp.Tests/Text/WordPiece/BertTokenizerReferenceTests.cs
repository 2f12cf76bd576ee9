using System.Text.Json;
using DiffusionSharp.Text;

namespace DiffusionSharp.Tests.Text;

/// <summary>Ids of BERT's tokenizer that were made by other code.</summary>
public class BertTokenizerReferenceTests
{
    /// <summary>Names a file with more texts, written by <c>eng/fixtures/make_wordpiece_references.py</c>.</summary>
    private const string FileVariable = "DIFFUSIONSHARP_WORDPIECE_REFERENCES";

    [Theory]
    [InlineData("uncased")]
    [InlineData("cased")]
    [InlineData("accents")]
    [InlineData("cased without accents")]
    public void Every_recorded_text_has_its_recorded_ids(string settings)
    {
        using var references = Read();
        JsonElement root = references.RootElement;
        using var folder = new TemporaryFolder();
        folder.Write("vocab.txt", string.Join('\n', root.GetProperty("vocabulary").EnumerateArray().Select(token => token.GetString())) + "\n");
        folder.Write("tokenizer_config.json", root.GetProperty("settings").GetProperty(settings).GetRawText());
        SameIds(root, settings, BertTokenizer.Load(folder.Path));
    }

    [Theory]
    [InlineData("uncased", true, null, true)]
    [InlineData("cased", false, null, true)]
    [InlineData("accents", true, false, false)]
    [InlineData("cased without accents", false, true, true)]
    public void The_one_file_of_Hugging_Face_has_the_same_ids(string settings, bool isLowercase, bool? stripsAccents, bool splitsIdeographs)
    {
        using var references = Read();
        JsonElement root = references.RootElement;
        using var folder = new TemporaryFolder();
        folder.Write("tokenizer.json", BertJson.Of(root.GetProperty("vocabulary").EnumerateArray().Select(token => token.GetString()!), isLowercase, stripsAccents, splitsIdeographs).ToJsonString());
        SameIds(root, settings, BertTokenizer.Load(folder.Path));
    }

    [SharedCasesTheory]
    [InlineData("ldmtext")]
    [InlineData("ldmtextvq")]
    public void Prompts_of_the_reference_cases_have_the_ids_of_transformers(string family)
    {
        var tokenizer = BertTokenizer.Load(Path.Combine(SharedCases.Folder!, family, "tokenizer"), maxLength: 77);
        JsonElement[] requests = [.. SharedCases.Requests(family).Where(request => request.TryGetProperty("input_ids", out _))];

        Assert.NotEmpty(requests);
        Assert.All(requests, request => Assert.Equal(
            request.GetProperty("input_ids")[0].EnumerateArray().Select(id => id.GetInt32()),
            tokenizer.Tokenize(request.GetProperty("request").GetProperty("prompt").GetString()!).Ids));
    }

    private static JsonDocument Read() => JsonDocument.Parse(File.ReadAllText(Environment.GetEnvironmentVariable(FileVariable) is { Length: > 0 } file
        ? file
        : Path.Combine(AppContext.BaseDirectory, "Text", "Fixtures", "wordpiece.json")));

    private static void SameIds(JsonElement root, string settings, BertTokenizer tokenizer)
    {
        JsonElement[] cases = [.. root.GetProperty("cases").EnumerateArray()];
        Assert.True(cases.Length >= 500, $"{cases.Length} texts");
        Assert.All(cases, recorded => Assert.Equal(
            recorded.GetProperty("ids").GetProperty(settings).EnumerateArray().Select(id => id.GetInt32()),
            tokenizer.Encode(recorded.GetProperty("text").GetString()!)));
    }
}
