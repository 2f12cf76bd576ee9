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

    /// <summary>Reads one JSON object whose keys are tokens and whose values are ids.</summary>
    public static ClipVocabulary Load(string path)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        var tokens = new Dictionary<int, string>();
        try
        {
            var reader = new Utf8JsonReader(TokenizerFile.ReadBytes(path).Span);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                throw new ModelFormatException(path, $"expected one JSON object of tokens and ids, found {reader.TokenType}.");
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                string token = reader.GetString()!;
                _ = reader.Read();
                if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt32(out int id) || id < 0)
                {
                    string found = reader.TokenType == JsonTokenType.Number ? System.Text.Encoding.UTF8.GetString(reader.ValueSpan) : $"{reader.TokenType}";
                    throw new ModelFormatException(path, $"the id of token '{token}' must be a whole number >= 0, found {found}.");
                }

                if (!ids.TryAdd(token, id))
                {
                    throw new ModelFormatException(path, $"token '{token}' is listed twice.");
                }

                if (!tokens.TryAdd(id, token))
                {
                    throw new ModelFormatException(path, $"id {id} belongs to both '{tokens[id]}' and '{token}'.");
                }
            }

            // Anything after the object is malformed; reading on makes the reader say so.
            _ = reader.Read();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new ModelFormatException(path, $"is not valid JSON: {e.Message}", e);
        }

        return new ClipVocabulary(path, ids, tokens);
    }
}
