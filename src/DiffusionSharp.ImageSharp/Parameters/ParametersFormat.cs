using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace DiffusionSharp.ImageSharp;

/// <summary>The text format of AUTOMATIC1111's web UI (its <c>modules/infotext_utils.py</c>).</summary>
internal static partial class ParametersFormat
{
    private const string Negative = "Negative prompt:";

    /// <summary>
    /// Written only where a prompt has a line that reads like the start of the negative one: how many lines are the prompt's. The web UI
    /// passes over settings that it does not know.
    /// </summary>
    private const string PromptLines = "Prompt lines";

    /// <summary>With fewer settings than this, the web UI takes the last line for a part of the prompt.</summary>
    private const int FewestSettings = 3;

    public static bool IsName(string name) => Name().IsMatch(name);

    public static string Number<T>(T number)
        where T : IFormattable => number.ToString(null, CultureInfo.InvariantCulture);

    /// <summary>Whether a text that may be about anything is one of these.</summary>
    public static bool IsLikely(string text)
    {
        string trimmed = WithPlainLines(text).TrimEnd();
        Dictionary<string, string> settings = ReadSettings(trimmed[(trimmed.LastIndexOf('\n') + 1)..]);
        return settings.Count >= FewestSettings && settings.ContainsKey("Steps");
    }

    public static string Format(GenerationParameters parameters)
    {
        parameters = parameters with { Prompt = WithPlainLines(parameters.Prompt), NegativePrompt = WithPlainLines(parameters.NegativePrompt) };
        var lines = new List<string>();
        if (parameters.Prompt.Length > 0)
        {
            lines.Add(parameters.Prompt);
        }

        if (parameters.NegativePrompt.Length > 0)
        {
            lines.Add($"{Negative} {parameters.NegativePrompt}");
        }

        string settings = string.Join(", ", Settings(parameters).Select(setting => $"{setting.Name}: {Quote(setting.Value)}"));
        if (settings.Length > 0)
        {
            lines.Add(settings);
        }

        return string.Join('\n', lines);
    }

    public static GenerationParameters Parse(string text)
    {
        string trimmed = WithPlainLines(text).TrimEnd();
        int lastBreak = trimmed.LastIndexOf('\n');
        Dictionary<string, string> settings = ReadSettings(trimmed[(lastBreak + 1)..]);
        if (settings.Count < FewestSettings)
        {
            (settings, lastBreak) = ([], trimmed.Length);
        }

        string? head = lastBreak < 0 ? null : trimmed[..lastBreak];
        (string prompt, string negative) = Prompts(head, Take<int>(settings, PromptLines));
        (int Width, int Height)? size = TakeSize(settings);
        return new GenerationParameters
        {
            Prompt = prompt,
            NegativePrompt = negative,
            Steps = Take<int>(settings, "Steps"),
            Sampler = settings.Remove("Sampler", out string? sampler) ? sampler : null,
            GuidanceScale = Take<float>(settings, "CFG scale"),
            Seed = Take<long>(settings, "Seed"),
            Width = size?.Width,
            Height = size?.Height,
            Strength = Take<double>(settings, "Denoising strength"),
            Other = settings,
        };
    }

    // Lines end as on any system, and a file's byte order mark is no part of the prompt.
    private static string WithPlainLines(string text) => text.TrimStart('\uFEFF').Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');

    private static IEnumerable<(string Name, string Value)> Settings(GenerationParameters parameters)
    {
        if (parameters.Steps is { } steps)
        {
            yield return ("Steps", Number(steps));
        }

        if (parameters.Sampler is { } sampler)
        {
            yield return ("Sampler", sampler);
        }

        if (parameters.GuidanceScale is { } scale)
        {
            yield return ("CFG scale", Number(scale));
        }

        if (parameters.Seed is { } seed)
        {
            yield return ("Seed", Number(seed));
        }

        if (parameters is { Width: { } width, Height: { } height })
        {
            yield return ("Size", $"{Number(width)}x{Number(height)}");
        }

        if (parameters.Strength is { } strength)
        {
            yield return ("Denoising strength", Number(strength));
        }

        string[] lines = parameters.Prompt.Split('\n');
        if (lines.Any(StartsNegative))
        {
            yield return (PromptLines, Number(lines.Length));
        }

        foreach ((string name, string value) in parameters.Other)
        {
            yield return (name, value);
        }
    }

    private static (string Prompt, string Negative) Prompts(string? head, int? promptLines)
    {
        if (head is null)
        {
            return ("", "");
        }

        string[] lines = head.Split('\n');
        int count = promptLines >= 0 && promptLines <= lines.Length ? promptLines.Value : lines.TakeWhile(line => !StartsNegative(line)).Count();
        string negative = string.Join('\n', lines[count..]);
        if (StartsNegative(negative))
        {
            negative = negative.TrimStart()[Negative.Length..];
            negative = negative.StartsWith(' ') ? negative[1..] : negative;
        }

        return (string.Join('\n', lines[..count]), negative);
    }

    private static bool StartsNegative(string line) => line.AsSpan().TrimStart().StartsWith(Negative, StringComparison.Ordinal);

    private static Dictionary<string, string> ReadSettings(string line)
    {
        var settings = new Dictionary<string, string>();
        foreach (Match match in Setting().Matches(line))
        {
            settings[match.Groups["name"].Value] = Unquote(match.Groups["value"].Value);
        }

        return settings;
    }

    /// <summary>Takes a number out of the settings; what is not one stays there.</summary>
    private static T? Take<T>(Dictionary<string, string> settings, string name)
        where T : struct, IParsable<T>
    {
        if (settings.TryGetValue(name, out string? text) && T.TryParse(text, CultureInfo.InvariantCulture, out T value))
        {
            settings.Remove(name);
            return value;
        }

        return null;
    }

    private static (int Width, int Height)? TakeSize(Dictionary<string, string> settings)
    {
        if (settings.TryGetValue("Size", out string? text)
            && text.Split('x') is [string first, string second]
            && int.TryParse(first, CultureInfo.InvariantCulture, out int width)
            && int.TryParse(second, CultureInfo.InvariantCulture, out int height))
        {
            settings.Remove("Size");
            return (width, height);
        }

        return null;
    }

    private static string Quote(string value)
    {
        bool plain = value.Length > 0 && value[0] != '"' && value.AsSpan().Trim().Length == value.Length && value.AsSpan().IndexOfAny(",:\r\n") < 0;
        return plain ? value : $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(value)}\"";
    }

    private static string Unquote(string value)
    {
        if (value is not ['"', .., '"'])
        {
            return value;
        }

        try
        {
            using var json = JsonDocument.Parse(value);
            return json.RootElement.GetString()!;
        }
        catch (JsonException)
        {
            return value;
        }
    }

    [GeneratedRegex(@"^\w[\w \-/]+\z")]
    private static partial Regex Name();

    // As in the web UI, but a setting begins only after a comma, which keeps long lines of anything else fast.
    [GeneratedRegex(@"(?<=^|,)\s*(?<name>\w[\w \-/]+):\s*(?<value>""(?:\\.|[^\\""])+""|[^,]*)(?:,|\z)")]
    private static partial Regex Setting();
}
