using System.Text.Json;

namespace DiffusionSharp.AspNetCore;

/// <summary>A field of a request as it came in.</summary>
/// <param name="Text">The text, or a number as it is written.</param>
/// <param name="Kind">What it is in JSON; undefined in a form, where everything is text.</param>
internal readonly record struct FieldValue(string Text, JsonValueKind Kind)
{
    /// <summary>Whether it may be read as a kind of JSON value.</summary>
    public bool CanBe(params ReadOnlySpan<JsonValueKind> kinds) => Kind == JsonValueKind.Undefined || kinds.Contains(Kind);

    /// <summary>What to call it in an error.</summary>
    public string Describe() => Kind switch
    {
        JsonValueKind.String => "a string",
        JsonValueKind.Number => $"the number {Text}",
        JsonValueKind.True or JsonValueKind.False => $"the boolean {Text}",
        JsonValueKind.Array => "an array",
        JsonValueKind.Object => "an object",
        _ => $"'{Text}'",
    };
}
