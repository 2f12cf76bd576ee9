using System.Text.Json;

namespace DiffusionSharp.OnnxRuntime.Safetensors;

/// <summary>Reads and checks the JSON of a safetensors header.</summary>
internal sealed class HeaderReader(string path, long dataStart, long fileLength)
{
    private const int LongestName = 1_000;
    private const int MostDimensions = 16;
    private const string MetadataKey = "__metadata__";

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    private readonly Dictionary<string, StoredTensor> _tensors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _metadata = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, StoredTensor> Tensors => _tensors;

    public IReadOnlyDictionary<string, string> Metadata => _metadata;

    /// <exception cref="ModelFormatException">The header is not what the format says, or contradicts the file.</exception>
    public void Read(ReadOnlyMemory<byte> header)
    {
        try
        {
            using var document = JsonDocument.Parse(header, Strict);
            if (header.Span[0] != (byte)'{')
            {
                throw Damaged("does not begin with an object");
            }

            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                ReadEntry(property.Name, property.Value);
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The second one where a name or text has half of a surrogate pair, or bytes that are no UTF-8.
            throw new ModelFormatException(path, $"the header is not valid JSON: {e.Message}", e);
        }

        RequireNoGaps();
    }

    private void ReadEntry(string name, JsonElement value)
    {
        if (name == MetadataKey)
        {
            ReadMetadata(value);
            return;
        }

        if (name.Length is 0 or > LongestName || name.Any(char.IsControl))
        {
            throw Damaged($"has a tensor whose name is empty, longer than {LongestName} characters, or has a control character");
        }

        string type = Member(name, value, "dtype", JsonValueKind.String).GetString()!;
        StoredType stored = StoredTypes.Find(type)
            ?? throw Damaged($"says that '{name}' has elements of '{Shortened(type)}'; known are {string.Join(", ", StoredTypes.Names)}");
        long[] shape = WholeNumbers(name, value, "shape");
        if (WholeNumbers(name, value, "data_offsets") is not [long start, long end] || start > end || end > fileLength - dataStart)
        {
            throw Damaged($"gives '{name}' bytes that are not inside of the file ({fileLength - dataStart} bytes behind the header)");
        }

        if (end - start != BytesOf(name, shape, stored))
        {
            throw Damaged($"gives '{name}' {end - start} bytes, but {type} of shape [{string.Join(", ", shape)}] has another number");
        }

        _tensors.Add(name, new StoredTensor(name, stored, shape, path, dataStart + start, end - start));
    }

    private void ReadMetadata(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            throw Damaged($"has {MetadataKey} that is no object");
        }

        foreach (JsonProperty property in value.EnumerateObject())
        {
            _metadata[property.Name] = property.Value.ValueKind == JsonValueKind.String
                ? property.Value.GetString()!
                : throw Damaged($"has {MetadataKey} in which '{Shortened(property.Name)}' is no text");
        }
    }

    private JsonElement Member(string name, JsonElement value, string key, JsonValueKind kind) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(key, out JsonElement member) && member.ValueKind == kind
            ? member
            : throw Damaged($"has no '{key}' for '{name}', or one that is no {kind}");

    private long[] WholeNumbers(string name, JsonElement value, string key)
    {
        JsonElement list = Member(name, value, key, JsonValueKind.Array);
        if (list.GetArrayLength() > MostDimensions)
        {
            throw Damaged($"has a '{key}' of {list.GetArrayLength()} numbers for '{name}'");
        }

        return [.. list.EnumerateArray().Select(element => element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out long number) && number >= 0
            ? number
            : throw Damaged($"has a '{key}' for '{name}' that is no list of whole numbers from 0"))];
    }

    private long BytesOf(string name, long[] shape, StoredType type)
    {
        try
        {
            return shape.Aggregate((long)StoredTypes.SizeOf(type), (bytes, extent) => checked(bytes * extent));
        }
        catch (OverflowException e)
        {
            throw new ModelFormatException(path, $"the header gives '{name}' the shape [{string.Join(", ", shape)}], which is larger than any file.", e);
        }
    }

    // Tensors that share bytes, and bytes that nobody owns, are how a file is made that two readers understand differently.
    private void RequireNoGaps()
    {
        long next = dataStart;
        foreach (StoredTensor tensor in _tensors.Values.OrderBy(tensor => tensor.Offset).ThenBy(tensor => tensor.Length))
        {
            if (tensor.Offset != next)
            {
                throw Damaged(tensor.Offset < next ? $"gives bytes of '{tensor.Name}' to another tensor, too" : $"leaves {tensor.Offset - next} bytes before '{tensor.Name}' to no tensor");
            }

            next += tensor.Length;
        }

        if (next != fileLength)
        {
            throw Damaged($"leaves the last {fileLength - next} bytes of the file to no tensor");
        }
    }

    private ModelFormatException Damaged(string how) => new(path, $"the header {how}.");

    private static string Shortened(string text) => text.Length <= 40 ? text : string.Concat(text.AsSpan(0, 40), "...");
}
