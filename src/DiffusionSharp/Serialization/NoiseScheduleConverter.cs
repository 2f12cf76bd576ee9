using System.Text.Json;
using System.Text.Json.Serialization;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Serialization;

/// <summary>
/// A noise schedule as its betas, of whatever shape they were made, so that another version of the library has the very same: float32,
/// little-endian, in base64.
/// </summary>
public sealed class NoiseScheduleConverter : JsonConverter<NoiseSchedule>
{
    /// <inheritdoc/>
    public override NoiseSchedule Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        NoiseSchedule.FromBetas(Float32.FromBytes(reader.GetBytesFromBase64()));

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, NoiseSchedule value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        writer.WriteBase64StringValue(Float32.ToBytes(value.Betas));
    }
}
