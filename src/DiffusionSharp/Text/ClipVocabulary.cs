using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace DiffusionSharp.Text;

/// <summary>The tokens of a <c>vocab.json</c> and their ids.</summary>
internal sealed class ClipVocabulary
{
    private readonly Dictionary<string, int> _ids;
    private readonly Dictionary<int, string> _tokens;

    private ClipVocabulary(string path, Dictionary<string, int> ids, Dictionary<int, string> tokens)
    {
        Path = path;
        _ids = ids;
        _tokens = tokens;
    }

    /// <summary>The file, to name it in errors.</summary>
    public string Path { get; }

    public int Count => _ids.Count;

    public bool TryGetId(string token, out int id) => _ids.TryGetValue(token, out id);

    public bool TryGetToken(int id, [NotNullWhen(true)] out string? token) => _tokens.TryGetValue(id, out token);

    /// <summary>Reads a JSON object whose keys are tokens and whose values are ids, and tokens that were added to it.</summary>
    /// <param name="path">The file, to name it in errors.</param>
    /// <param name="vocabulary">The object.</param>
    /// <param name="added">Further tokens; one that the vocabulary has must have the same id.</param>
    public static ClipVocabulary Read(string path, JsonElement vocabulary, IEnumerable<SpecialToken> added)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        var tokens = new Dictionary<int, string>();
        foreach (JsonProperty token in vocabulary.EnumerateObject())
        {
            Add(token.Name, token.Value.ValueKind == JsonValueKind.Number && token.Value.TryGetInt32(out int id) && id >= 0
                ? id
                : throw new ModelFormatException(path, $"the id of token '{token.Name}' must be a whole number >= 0, found {token.Value.GetRawText()}."));
        }

        foreach (SpecialToken token in added)
        {
            if (ids.GetValueOrDefault(token.Text, -1) != token.Id)
            {
                Add(token.Text, token.Id);
            }
        }

        return new ClipVocabulary(path, ids, tokens);

        void Add(string token, int id)
        {
            if (!ids.TryAdd(token, id))
            {
                throw new ModelFormatException(path, $"token '{token}' is listed twice, with the ids {ids[token]} and {id}.");
            }

            if (!tokens.TryAdd(id, token))
            {
                throw new ModelFormatException(path, $"id {id} belongs to both '{tokens[id]}' and '{token}'.");
            }
        }
    }
}
