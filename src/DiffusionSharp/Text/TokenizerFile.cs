using System.Text;
using System.Text.Json;

namespace DiffusionSharp.Text;

/// <summary>Reads the files of a tokenizer; whatever is wrong with one is a <see cref="ModelFormatException"/> that names it.</summary>
internal static class TokenizerFile
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads the bytes of a file, less a byte order mark.</summary>
    public static ReadOnlyMemory<byte> ReadBytes(string path)
    {
        try
        {
            byte[] bytes = File.ReadAllBytes(path);
            bool hasMark = bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble);
            return hasMark ? bytes.AsMemory(Encoding.UTF8.Preamble.Length) : bytes;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ModelFormatException(path, "the file is missing.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelFormatException(path, $"the file cannot be read: {e.Message}", e);
        }
    }

    public static string ReadText(string path)
    {
        ReadOnlyMemory<byte> bytes = ReadBytes(path);
        try
        {
            return StrictUtf8.GetString(bytes.Span);
        }
        catch (DecoderFallbackException e)
        {
            throw new ModelFormatException(path, $"expected UTF-8 text, found an invalid byte at offset {e.Index}.", e);
        }
    }

    /// <summary>Reads a JSON object.</summary>
    /// <returns>The object, or null when the file does not exist.</returns>
    public static JsonElement? ReadOptionalObject(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        JsonElement root;
        try
        {
            using var document = JsonDocument.Parse(ReadBytes(path));
            root = document.RootElement.Clone();
        }
        catch (JsonException e)
        {
            throw new ModelFormatException(path, $"is not valid JSON: {e.Message}", e);
        }

        return root.ValueKind == JsonValueKind.Object ? root : throw new ModelFormatException(path, $"expected a JSON object, found {root.ValueKind}.");
    }
}
