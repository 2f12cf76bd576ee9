using System.Globalization;
using System.Text.Json;
using DiffusionSharp.ImageSharp;
using Microsoft.Extensions.AI;

namespace DiffusionSharp.Extensions.AI;

/// <summary>Reads from additional properties what options do not say themselves.</summary>
internal static class AdditionalOptions
{
    /// <summary>Options with everything that options and their additional properties say.</summary>
    public static DiffusionImageOptions Read(ImageGenerationOptions? options)
    {
        var all = new DiffusionImageOptions(options);
        if (options?.AdditionalProperties is { } more)
        {
            all.Seed ??= Number<long>(more, nameof(all.Seed));
            all.Steps ??= Number<int>(more, nameof(all.Steps));
            all.GuidanceScale ??= Number<float>(more, nameof(all.GuidanceScale));
            all.Strength ??= Number<double>(more, nameof(all.Strength));
            all.NegativePrompt ??= Text(more, nameof(all.NegativePrompt));
            all.Scheduler ??= Text(more, nameof(all.Scheduler));
            all.Mask ??= Picture(more, nameof(all.Mask));
            all.MaskChannel ??= Channel(more, nameof(all.MaskChannel));
            all.Progress ??= Find(more, nameof(all.Progress)) switch
            {
                null => null,
                IProgress<GenerationProgress> progress => progress,
                object other => throw Wrong(nameof(all.Progress), other, $"an IProgress<{nameof(GenerationProgress)}>"),
            };
        }

        return all;
    }

    private static object? Find(AdditionalPropertiesDictionary more, string name) => more.TryGetValue(name, out object? value) ? value : null;

    private static T? Number<T>(AdditionalPropertiesDictionary more, string name)
        where T : struct, IParsable<T>
    {
        string? text = Text(more, name);
        return text is null ? null : T.TryParse(text, CultureInfo.InvariantCulture, out T value) ? value : throw Wrong(name, text, $"a number ({typeof(T).Name})");
    }

    private static string? Text(AdditionalPropertiesDictionary more, string name) => Find(more, name) switch
    {
        null or JsonElement { ValueKind: JsonValueKind.Null } => null,
        JsonElement json => json.ToString(),
        object value => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    private static MaskChannel? Channel(AdditionalPropertiesDictionary more, string name)
    {
        string? text = Text(more, name);
        return text is null ? null : Enum.TryParse(text, ignoreCase: true, out MaskChannel channel) && Enum.IsDefined(channel) ? channel : throw Wrong(name, text, $"one of {string.Join(", ", Enum.GetNames<MaskChannel>())}");
    }

    private static DataContent? Picture(AdditionalPropertiesDictionary more, string name) => Find(more, name) switch
    {
        null => null,
        DataContent content => content,
        byte[] bytes => new DataContent(bytes, "image/*"),
        object other when Text(more, name) is { } uri => uri.StartsWith("data:", StringComparison.OrdinalIgnoreCase) ? new DataContent(uri) : throw Wrong(name, other, "a picture: DataContent, bytes or a data URI"),
        _ => null,
    };

    private static ArgumentException Wrong(string name, object value, string expected) => new($"The additional property '{name}' is {value}, but must be {expected}.", name);
}
