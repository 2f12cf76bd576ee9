using System.Text.Json;
using System.Text.Json.Serialization;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Serialization;

/// <summary>τ of SA-Solver, the one option that is a function. The default one has a name.</summary>
internal sealed class TauConverter : JsonConverter<Func<double, double>>
{
    private const string Name = "default";

    public override Func<double, double> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && reader.ValueTextEquals(Name)
            ? SaSolverOptions.DefaultTau
            : throw new JsonException($"{nameof(SaSolverOptions)}.{nameof(SaSolverOptions.Tau)} can only be \"{Name}\".");

    public override void Write(Utf8JsonWriter writer, Func<double, double> value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value == SaSolverOptions.DefaultTau
            ? Name
            : throw new NotSupportedException($"{nameof(SaSolverOptions)}.{nameof(SaSolverOptions.Tau)} is a function of your own, which JSON cannot carry: keep its default, or the scheduler out of the request."));
}
