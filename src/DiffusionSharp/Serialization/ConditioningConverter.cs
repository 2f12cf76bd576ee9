using System.Text.Json;
using System.Text.Json.Serialization;
using DiffusionSharp.Conditions;

namespace DiffusionSharp.Serialization;

/// <summary>Conditions as their parts, in order.</summary>
internal sealed class ConditioningConverter : JsonConverter<Conditioning>
{
    public override Conditioning Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        Conditioning conditioning = Conditioning.None;
        foreach (ConditionPart? part in reader.Read<ConditionPart?[]>(options))
        {
            conditioning = part is null || conditioning[part.Name] is not null
                ? throw new JsonException(part is null ? "A condition is null." : $"There are two conditions of the name '{part.Name}'.")
                : conditioning.With(part);
        }

        return conditioning;
    }

    public override void Write(Utf8JsonWriter writer, Conditioning value, JsonSerializerOptions options) =>
        writer.Write<ConditionPart[]>([.. value.Parts], options);
}
