using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace DiffusionSharp.Serialization;

/// <summary>Converters that stand on another type: what JSON has in place of theirs.</summary>
internal static class ConverterExtensions
{
    public static T Read<T>(this ref Utf8JsonReader reader, JsonSerializerOptions options)
        where T : class => JsonSerializer.Deserialize(ref reader, (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T))) ?? throw new JsonException("A value is null.");

    public static void Write<T>(this Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value, (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T)));
}
